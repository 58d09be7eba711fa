// SPDX-License-Identifier: Apache-2.0

extension Command {
  /// Says which program this is.
  static let version = Command(
    name: "version", summary: "print the version of the program", example: "smki version"
  ) { invocation in
    try invocation.show(["version": Program.version]) { "smki \(Program.version)" }
    return .done
  }
}
