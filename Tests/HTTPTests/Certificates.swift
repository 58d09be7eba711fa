// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestProcess

/// Throw-away certification authority, server and client certificates, made by `openssl`.
struct Certificates: Sendable {
  let folder: String

  /// The authority that signed the server and the clients, PEM.
  var authority: String { folder + "/ca.crt" }
  /// The server's certificate and key, PEM; its name is localhost.
  var server: (certificate: String, key: String) { pair("server") }
  /// A client in its time.
  var client: (certificate: String, key: String) { pair("client") }
  /// A client whose time is over.
  var expired: (certificate: String, key: String) { pair("expired") }
  /// A client of an authority that nobody announced.
  var stranger: (certificate: String, key: String) { pair("stranger") }

  /// One set for all tests of a run.
  static let shared: Result<Certificates, any Error> = Result { try Certificates() }

  init() throws {
    folder = NSTemporaryDirectory() + "smki-http-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try makeAuthority("ca")
    try makeAuthority("other")
    try make("server", by: "ca", days: "30")
    try make("client", by: "ca", days: "30")
    try make("expired", by: "ca", days: "-1")
    try make("stranger", by: "other", days: "30")
  }

  func pair(_ name: String) -> (certificate: String, key: String) {
    (folder + "/\(name).crt", folder + "/\(name).key")
  }

  /// The DER of a certificate file.
  static func der(_ path: String) throws -> [UInt8] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }
    return Array(Data(base64Encoded: lines.joined()) ?? Data())
  }

  private func makeAuthority(_ name: String) throws {
    try openssl(
      "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=\(name)",
      "-keyout", "\(name).key", "-out", "\(name).crt")
  }

  /// Makes or replaces a certificate with its key.
  func make(_ name: String, by authority: String, days: String) throws {
    try openssl(
      "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=\(name)",
      "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
      "-keyout", "\(name).key", "-out", "\(name).csr")
    try openssl(
      "x509", "-req", "-in", "\(name).csr", "-CA", "\(authority).crt",
      "-CAkey", "\(authority).key", "-set_serial", "\(UInt32.random(in: 1...UInt32.max))", "-days",
      days, "-copy_extensions", "copy",
      "-out", "\(name).crt")
  }

  private struct Failure: Error { let text: String }

  private func openssl(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let output = Pipe()
    process.standardError = output
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitForEnd()
    guard process.terminationStatus == 0 else {
      throw Failure(text: String(decoding: text, as: UTF8.self))
    }
  }
}
