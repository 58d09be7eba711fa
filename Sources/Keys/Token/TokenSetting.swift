// SPDX-License-Identifier: Apache-2.0

import DER

/// What the configuration says about a token.
package struct TokenSetting: Hashable, Sendable {
  /// The octets of the digest in a PIN's label.
  private static let digestOctets = 8

  /// The name that the configuration gives the module.
  package let module: String
  /// The file of the module.
  package let path: String
  /// The token's label.
  package let token: String
  /// How it is used.
  package let settings: Token.Settings

  /// A token of a module.
  package init(
    module: String, path: String, token: String, settings: Token.Settings = Token.Settings()
  ) {
    self.module = module
    self.path = path
    self.token = token
    self.settings = settings
  }

  /// Where a key in it lives.
  package var place: KeyPlace { .token(module: module, token: token) }

  /// Under which label the PIN lies in the folder; tokens have labels that files have not.
  package var pinLabel: String {
    "pin-" + Hex.encode(Digest.sha256("\(module)/\(token)".utf8).prefix(Self.digestOctets))
  }
}
