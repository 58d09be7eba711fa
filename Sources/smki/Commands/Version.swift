// SPDX-License-Identifier: Apache-2.0

import Service

extension Command {
  /// Says which program this is.
  static let version = Command(
    name: "version", summary: "print the version of the program", example: "smki version"
  ) { invocation in
    try invocation.show(["version": Product.version]) { "smki \(Product.version)" }
    return .done
  }
}
