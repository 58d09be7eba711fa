// SPDX-License-Identifier: Apache-2.0

import Authority
import FoundationEssentials
import HTTP
import Profiles
import SEC

/// ENG-serial: another cluster of the same estate, and where its Repository is.
package struct ShardSetting: Codable, Hashable, Sendable {
  /// The shard in the serial numbers of its certificates.
  package var shard: UInt16
  /// What stands before the paths of its Repository, such as `https://smki-2.example:8444`.
  package var repository: String

  /// A cluster and its shard.
  package init(shard: UInt16, repository: String) {
    self.shard = shard
    self.repository = repository
  }
}

/// ENG-serial: finds by its serial number the cluster that holds a certificate.
struct ShardMap: Sendable {
  /// That another cluster holds what is asked for.
  struct Elsewhere: Error {
    let shard: UInt16
    /// The same request there.
    let location: String
  }

  private let places: [UInt16: String]

  /// The clusters of a configuration, without its own.
  init(_ configuration: Configuration) {
    places = Dictionary(
      configuration.shards.filter { $0.shard != configuration.shard }.map {
        ($0.shard, $0.repository)
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Goes on when a serial number may be one of this cluster, or of one that nobody knows.
  ///
  /// - Throws: `Elsewhere`, with the place of the same request.
  func check(_ serial: [UInt8], _ request: Request) throws(Elsewhere) {
    guard let shard = SerialNumber(octets: serial)?.shard, let place = places[shard] else { return }
    let query = request.query.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
    throw Elsewhere(
      shard: shard,
      location: place + request.path + (query.isEmpty ? "" : "?" + query.joined(separator: "&")))
  }

  /// RFC 3986, 2.3: what is reserved is written as its octets.
  private static func encoded(_ text: String) -> String {
    text.utf8.map { octet in
      let character = Character(Unicode.Scalar(octet))
      let isFree = octet < 128 && (character.isLetter || character.isNumber)
      return isFree || "-._~".contains(character)
        ? String(character) : "%" + (octet < 16 ? "0" : "") + String(octet, radix: 16).uppercased()
    }.joined()
  }
}

extension ShardMap.Elsewhere {
  /// Where to ask instead; method and body stay as they are (RFC 9110, 15.4.8).
  var response: Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let body = try? encoder.encode(["shard": "\(shard)", "location": location])
    var response = Response(
      status: 307, type: "application/json", body: body.map(Array.init) ?? [])
    response.headers.append(("Location", location))
    response.headers.append(("Cache-Control", "no-store"))
    response.told["elsewhere"] = "\(shard)"
    return response
  }
}

extension Configuration {
  /// ENG-serial: whether each other cluster is named once, at an address that clients can follow.
  package func hasUsableShards(isLive: Bool) -> Bool {
    Set(shards.map(\.shard)).count == shards.count
      && shards.allSatisfy { setting in
        let isPlace = setting.repository.wholeMatch(of: /https?:\/\/[^\/?#\s]+/) != nil
        return isPlace && (!isLive || setting.repository.hasPrefix("https://"))
      }
  }
}
