// SPDX-License-Identifier: Apache-2.0

import Foundation
import Threads

/// Folders that all tests of a run share, and that go with the run.
package enum Leftovers {
  private static let folders = Guarded<[String]>([])

  /// Removes a folder when the process ends.
  package static func remove(_ folder: String) {
    let isFirst = folders.change { folders in
      folders.append(folder)
      return folders.count == 1
    }
    guard isFirst else { return }
    atexit {
      for folder in Leftovers.folders.value {
        try? FileManager.default.removeItem(atPath: folder)
      }
    }
  }
}
