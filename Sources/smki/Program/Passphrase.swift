// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Keys
import SEC
import Service

/// Where the passphrase of an estate's keys comes from (decision 0011 and `smki help serve`).
enum Passphrase {
  /// The name of the credential that the service manager hands over.
  static let credentialName = "smki-passphrase"

  static let option = Command.Option.value(
    "--passphrase-fd", "N", "read the passphrase from this open file descriptor")

  /// From the descriptor that was named, the service manager's credential, the file of a test
  /// estate, or the person at the terminal; the first of these that is there.
  static func read(
    _ invocation: Invocation, for kind: Estate.Kind, isNew: Bool = false
  ) throws -> Secret {
    if let descriptor = try invocation.number("--passphrase-fd", in: 0...65_535) {
      return try Secret(fileDescriptor: Int32(descriptor))
    }
    if let folder = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"] {
      let path = "\(folder)/\(credentialName)"
      if FileManager.default.fileExists(atPath: path) { return try Secret(readingFile: path) }
    }
    let file = invocation.folder.passphrase
    if kind == .test, FileManager.default.fileExists(atPath: file) {
      return try Secret(readingFile: file)
    }
    guard isatty(STDIN_FILENO) == 1 else {
      throw Failure.Message(
        .failed, "there is no passphrase and nobody to ask for it",
        remedy: "Hand it over as the credential \(credentialName) or with --passphrase-fd.")
    }
    return try Secret(prompt: "Passphrase of the estate's keys: ", twice: isNew)
  }
}

/// Where the PIN of a token comes from: the same places as the passphrase.
enum PIN {
  /// The name of the credential that the service manager hands over.
  static let credentialName = "smki-pin"

  static let option = Command.Option.value(
    "--pin-fd", "N", "read the PIN of the token from this open file descriptor")

  /// From the descriptor that was named, the service manager's credential, the file `pin` of a
  /// test estate, or the person at the terminal; the first of these that is there.
  static func read(_ invocation: Invocation, for kind: Estate.Kind) throws -> Secret {
    if let descriptor = try invocation.number("--pin-fd", in: 0...65_535) {
      return try Secret(fileDescriptor: Int32(descriptor))
    }
    if let folder = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"] {
      let path = "\(folder)/\(credentialName)"
      if FileManager.default.fileExists(atPath: path) { return try Secret(readingFile: path) }
    }
    let file = invocation.folder.pin
    if kind == .test, FileManager.default.fileExists(atPath: file) {
      return try Secret(readingFile: file)
    }
    guard isatty(STDIN_FILENO) == 1 else {
      throw Failure.Message(
        .failed, "there is no PIN and nobody to ask for it",
        remedy: "Hand it over as the credential \(credentialName) or with --pin-fd; a test "
          + "estate may have it in the file \(file).")
    }
    return try Secret(prompt: "PIN of the token: ", twice: false)
  }
}
