// SPDX-License-Identifier: Apache-2.0

import Client
import FoundationEssentials
import Glibc
import Service

/// A party's connection to the service interface: it tries again where that can help.
struct PartyConnection {
  /// How often a request is sent when the network or a busy node is in the way.
  static let triesMax = 8
  /// Seconds that one exchange may take: an upload of 50,000 requests over a slow line.
  static let secondsMax = 900
  /// The most octets of an answer: the results of 50,000 requests.
  static let octetsMax = 256 * 1_024 * 1_024

  let url: String
  private let options: HTTPClient.Options

  /// The options by which every command of a party says who asks and whom.
  static let commandOptions: [Command.Option] = [
    .required("--cert", "FILE", "the system's IKI certificate, PEM"),
    .required("--key", "FILE", "the system's private key, PEM"),
    .value("--url", "URL", "the service interface; by default that of the estate's folder"),
    .value("--authority", "FILE", "whom the server must go back to; by default the estate's"),
  ]

  init(_ invocation: Invocation) throws {
    var options = HTTPClient.Options()
    options.certificatePath = try Self.readable(invocation.required("--cert"))
    options.keyPath = try Self.readable(invocation.required("--key"))
    options.authoritiesPath =
      try invocation.value("--authority").map(Self.readable)
      ?? (invocation.value("--url") == nil ? invocation.folder.serverAuthority : nil)
    options.totalSecondsMax = Self.secondsMax
    options.bodyOctetsMax = Self.octetsMax
    self.options = options
    if let url = invocation.value("--url") {
      self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
    } else {
      let doors = try Opening.configuration(of: invocation.folder).doors
      url = "https://\(doors.address):\(doors.service)"
    }
  }

  /// A file that is there: the TLS library does not say which one is not.
  private static func readable(_ path: String) throws -> String {
    _ = try Files.read(path)
    return path
  }

  func get(_ path: String) throws -> ClientResponse {
    try again { try $0.get(url + path) }
  }

  func post(
    _ path: String, type: String, body: [UInt8], headers: [(String, String)] = []
  ) throws -> ClientResponse {
    try again { try $0.post(url + path, type: type, body: body, headers: headers) }
  }

  /// Sends until there is an answer that is worth having: what was asked twice is done once.
  private func again(_ send: (HTTPClient) throws -> ClientResponse) throws -> ClientResponse {
    var seconds = 1
    for number in 1... {
      do {
        let response = try send(try HTTPClient(options))
        guard response.status == 503, number < Self.triesMax else {
          guard response.status == 200 else { throw Channel.error(in: response) }
          return response
        }
        seconds = response.header("retry-after").flatMap { Int($0) } ?? seconds
      } catch let error as ClientError {
        let helps = [.unreachable, .timedOut, .broken].contains(error.code)
        guard helps, number < Self.triesMax else { throw error }
      }
      sleep(UInt32(min(60, max(1, seconds))))
      seconds *= 2
    }
    throw Failure.Message(.unavailable, "\(url) does not answer")
  }
}
