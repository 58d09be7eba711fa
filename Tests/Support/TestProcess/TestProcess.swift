// SPDX-License-Identifier: Apache-2.0

package import Foundation

extension Process {
  /// Waits for the end of a program that was started, and looks every millisecond.
  ///
  /// Foundation's own wait looks a few times a second, which is longer than most programs of the
  /// tests run: of 38 s that a test took, it waited 29.
  package func waitForEnd() {
    while isRunning { usleep(1_000) }
  }
}
