// SPDX-License-Identifier: Apache-2.0

package import Keys

/// A cryptographic module as `estate.json` names it.
package struct HardwareModule: Codable, Sendable {
  /// Its name in the register of modules.
  package var name: String
  /// The file of the vendor's PKCS #11 code on this machine.
  package var path: String
  /// The labels of its tokens that this node uses.
  package var tokens: [String] = []
  /// Calls that each token bears at one time.
  package var sessions = Token.Settings.sessionsDefault
  /// Milliseconds that one call may take.
  package var callMilliseconds = Token.Settings.callMillisecondsDefault
  /// Milliseconds after a fault until a token is tried again.
  package var trialMilliseconds = Token.Settings.trialMillisecondsDefault

  /// A module with the usual settings.
  package init(name: String, path: String, tokens: [String]) {
    self.name = name
    self.path = path
    self.tokens = tokens
  }

  /// Reads what is there; a setting that is missing has its default.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try values.decode(String.self, forKey: .name),
      path: try values.decode(String.self, forKey: .path),
      tokens: try values.decode([String].self, forKey: .tokens))
    func value(_ key: CodingKeys, _ usual: Int) throws -> Int {
      try values.decodeIfPresent(Int.self, forKey: key) ?? usual
    }
    sessions = max(1, try value(.sessions, sessions))
    callMilliseconds = max(1, try value(.callMilliseconds, callMilliseconds))
    trialMilliseconds = max(1, try value(.trialMilliseconds, trialMilliseconds))
  }

  /// Its tokens as the keys want them.
  package var settings: [TokenSetting] {
    var settings = Token.Settings()
    settings.sessions = sessions
    settings.callMilliseconds = callMilliseconds
    settings.trialMilliseconds = trialMilliseconds
    return tokens.map {
      TokenSetting(module: name, path: path, token: $0, settings: settings)
    }
  }
}
