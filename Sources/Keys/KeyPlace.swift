// SPDX-License-Identifier: Apache-2.0

/// Where a private key lives, apart from its label.
package enum KeyPlace: Hashable, Sendable {
  /// In the estate's folder of sealed key files.
  case folder
  /// In a token: the module by the name that the configuration gives it, and the token's label.
  case token(module: String, token: String)
}

extension KeyPlace: CustomStringConvertible {
  /// `folder`, or `token <module> <token>`.
  package var description: String {
    switch self {
    case .folder: "folder"
    case .token(let module, let token): "token \(module) \(token)"
    }
  }
}
