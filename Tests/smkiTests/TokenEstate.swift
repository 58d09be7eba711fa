// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestToken
import Testing

/// An estate with its keys in tokens of its own, in a folder that goes with it.
final class TokenEstate {
  let place: String

  private static let tokens = Result { try Pattern { try prepare($0) } }
  private static let test = Result { try pattern("--test --samples") }
  private static let live = Result {
    try pattern(
      "--live --name L --device-policy 1.3.6.1.4.1.99999.1 --organisation-policy "
        + "1.3.6.1.4.1.99999.2 --iki-policy 1.3.6.1.4.1.99999.3 --officer Ada", isLive: true)
  }

  private static func pattern(_ kind: String, isLive: Bool = false) throws -> Pattern {
    try Pattern { place in
      try prepare(place)
      if isLive {
        try #require(
          FileManager.default.createFile(
            atPath: "\(place)/credentials/smki-passphrase", contents: Data("correct horse".utf8),
            attributes: [.posixPermissions: 0o600]))
      }
      let made = try run(
        "init \(kind) --module \(TestToken.softHSM) --token ca --root-token roots --pin-fd 4",
        in: place)
      try #require(made.code == 0, "\(made.errors)")
    }
  }

  private static func prepare(_ place: String) throws {
    try TestToken.prepare(place, labels: ["ca", "roots", "wrong"])
    // Where the service manager would put it: not every command takes it from a descriptor.
    try FileManager.default.createDirectory(
      atPath: "\(place)/credentials", withIntermediateDirectories: false)
  }

  init(live: Bool = false, isMade: Bool = true) throws {
    place = try (isMade ? (live ? Self.live : Self.test) : Self.tokens).get().copied()
    try TestToken.configure(place)
  }

  deinit { try? FileManager.default.removeItem(atPath: place) }

  /// Runs a command as a person types it, with passphrase and PIN at hand.
  func run(
    _ line: String, pin: String = TestToken.pin, stopAt step: String = "", folder: String = "var"
  ) throws -> Program.Outcome {
    try Self.run(line, pin: pin, stopAt: step, folder: folder, in: place)
  }

  private static func run(
    _ line: String, pin: String = TestToken.pin, stopAt step: String = "", folder: String = "var",
    in place: String
  ) throws -> Program.Outcome {
    try Program.shell(
      """
      export SMKI_STOP_CEREMONY_AT='\(step)' SOFTHSM2_CONF='\(place)/softhsm2.conf'
      export CREDENTIALS_DIRECTORY='\(place)/credentials'
      '\(Program.path)' \(line) --estate \(folder) 4<<<'\(pin)'
      """, in: place)
  }

  /// The labels of the private keys in a token, as other people's tool lists them.
  func keys(_ token: String) throws -> [String] {
    let text = try TestToken.run(
      "/usr/bin/pkcs11-tool",
      [
        "--module", TestToken.softHSM, "--token-label", token, "--login", "--pin", TestToken.pin,
        "--list-objects", "--type", "privkey",
      ], environment: ["SOFTHSM2_CONF": "\(place)/softhsm2.conf"])
    return text.split(separator: "\n").filter { $0.contains("label:") }.map {
      String($0.split(separator: " ").last ?? "")
    }.sorted()
  }
}
