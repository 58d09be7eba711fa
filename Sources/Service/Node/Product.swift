// SPDX-License-Identifier: Apache-2.0

/// What this program calls itself.
package enum Product {
  /// The version, by semantic versioning; the Ad Hoc service names it as its build.
  package static let version = "0.1.0"
}
