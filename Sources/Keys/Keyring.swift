// SPDX-License-Identifier: Apache-2.0

/// The private keys of one estate wherever they live: in its folder and in tokens.
package final class Keyring: Sendable {
  /// The folder of sealed key files.
  package let folder: KeyStore
  private let tokens: [KeyPlace: Token]

  /// A folder, and the tokens that are known beside it.
  package init(_ folder: KeyStore, tokens: [KeyPlace: Token] = [:]) {
    self.folder = folder
    self.tokens = tokens
  }

  /// A folder, and the tokens of the modules that the configuration names; their PINs lie in the
  /// folder, sealed as its keys are, so that one passphrase opens all.
  ///
  /// `owner` is kind and name of the estate, which stand in the label of each key.
  ///
  /// - Throws: `KeyError` when the folder cannot be read; a missing PIN is a fault of its token.
  package init(_ folder: KeyStore, tokens: [TokenSetting], owner: String) throws {
    self.folder = folder
    var opened: [KeyPlace: Token] = [:]
    for setting in tokens {
      do {
        opened[setting.place] = try Token(
          modulePath: setting.path, label: setting.token, owner: owner,
          pin: folder.secret(label: setting.pinLabel), settings: setting.settings)
      } catch let error as KeyError where error.code == .noSuchKey {
        opened[setting.place] = try Token.withoutPIN(setting, owner: owner)
      }
    }
    self.tokens = opened
  }

  /// The token of a place.
  ///
  /// - Throws: `KeyError.noSuchStore` when the configuration has no such token.
  package func token(_ place: KeyPlace) throws(KeyError) -> Token {
    guard let token = tokens[place] else {
      throw KeyError(.noSuchStore, "the configuration names no \(place)")
    }
    return token
  }

  /// Every token, with its place.
  package var allTokens: [(place: KeyPlace, token: Token)] {
    tokens.map { ($0.key, $0.value) }.sorted { $0.place.description < $1.place.description }
  }

  /// Makes a key at a place.
  ///
  /// - Throws: `KeyError`, `TokenFault`.
  package func generate(
    label: String, kind: SoftwareKey.Kind, at place: KeyPlace = .folder
  ) throws -> any SigningKey {
    switch place {
    case .folder: try folder.generate(label: label, kind: kind)
    case .token: try token(place).generate(label: label, kind: kind)
    }
  }

  /// The key with a label at a place; where `publicKey` is given, a token is not asked before the
  /// first signature.
  ///
  /// - Throws: `KeyError`, `TokenFault`.
  package func key(
    label: String, at place: KeyPlace = .folder, publicKey: PublicKey? = nil
  ) throws -> any SigningKey {
    switch place {
    case .folder: return try folder.key(label: label)
    case .token:
      let token = try token(place)
      guard let publicKey else { return try token.key(label: label) }
      return try token.key(label: label, publicKey: publicKey)
    }
  }

  /// The labels of the keys at a place, sorted.
  package func labels(at place: KeyPlace = .folder) throws -> [String] {
    switch place {
    case .folder: try folder.labels()
    case .token: try token(place).labels()
    }
  }

  /// C3-119: destroys a key, so that nobody can find it again at its place.
  ///
  /// - Throws: `KeyError.noSuchKey` when it is not there; `TokenFault`.
  package func destroy(label: String, at place: KeyPlace = .folder) throws {
    switch place {
    case .folder: try folder.destroy(label: label)
    case .token: try token(place).destroy(label: label)
    }
  }

  /// C3-119: destroys a key if it is still there, and makes sure that it cannot be found again.
  ///
  /// - Returns: how, in words for the record.
  /// - Throws: `KeyError`, `TokenFault`; the key may then still be there.
  package func destroyForGood(label: String, at place: KeyPlace) throws -> String {
    let method =
      switch place {
      case .folder: "file overwritten with random octets, then removed"
      case .token: "C_DestroyObject on both halves"
      }
    let wasThere = try labels(at: place).contains(label)
    if wasThere { try destroy(label: label, at: place) }
    guard try !labels(at: place).contains(label) else {
      throw KeyError(.labelTaken, "the key \(label) is still there after it was destroyed")
    }
    return wasThere
      ? "\(method); looked for again and not found"
      : "not found: destroyed before a record of it could be written (\(method))"
  }

  /// Ends the sessions with every token.
  package func close() {
    for token in tokens.values { token.close() }
  }
}
