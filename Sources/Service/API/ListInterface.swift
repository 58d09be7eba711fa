// SPDX-License-Identifier: Apache-2.0

package import DER
import FoundationEssentials
package import HTTP
import Keys
import Profiles
import Records
package import Revocation
import SEC

/// The lists of revoked certificates as the Repository shows them (L5.1: all versions).
///
/// Anybody who reaches the port may have them [assumed]: whoever relies on a certificate looks at
/// its list, and the tools that do have no place for a key.
package struct ListInterface: Sendable {
  /// The path of the index; the lists stand below it.
  package static let index = "/crl"
  /// What follows a list's name in its path.
  private static let suffix = ".crl"
  /// RFC 5280, 4.2.1.13: the media type of a list.
  private static let mediaType = "application/pkix-crl"

  private let publisher: ListPublisher
  private let clock: @Sendable () -> Time

  /// The interface to what a publisher has published.
  package init(publisher: ListPublisher, clock: @escaping @Sendable () -> Time) {
    self.publisher = publisher
    self.clock = clock
  }

  /// C3-124-2: the newest list of each issuer, and where it and those before it are.
  package func index() throws -> Response {
    let rows = try publisher.standings().map { ListRow($0) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Response(type: "application/json", body: Array(try encoder.encode(rows)))
  }

  /// L5.1: a list: the newest by its issuer's key identifier, any other by its number as well.
  package func list(_ request: Request) throws -> Response {
    guard let place = Self.place(request.path) else {
      return Self.unknown(request.path)
    }
    let octets: [UInt8]
    let row: PublishedList
    if let number = place.number {
      guard let list = try publisher.list(of: place.issuer, number: number) else {
        return Self.unknown(request.path)
      }
      (row, octets) = list
    } else {
      guard let list = try publisher.newest(of: place.issuer) else {
        return Self.unknown(request.path)
      }
      (row, octets) = list
    }
    let tag = "\"\(Hex.encode(row.digest).lowercased())\""
    var headers = [(name: "ETag", value: tag)]
    headers.append(("Cache-Control", caching(of: row, isNewest: place.number == nil)))
    if request.headers["if-none-match"] == tag { return Response(status: 304, headers: headers) }
    headers.append(("Content-Type", Self.mediaType))
    return Response(status: 200, headers: headers, body: octets)
  }

  /// A version never changes; the newest is another as soon as something is revoked.
  private func caching(of row: PublishedList, isNewest: Bool) -> String {
    isNewest ? "public, max-age=60, must-revalidate" : "public, max-age=31536000, immutable"
  }

  /// The issuer and the number in `/crl/4F5688D7EC933BE2.crl` or `/crl/4F5688D7EC933BE2/12.crl`.
  private static func place(_ path: String) -> (issuer: String, number: Int?)? {
    guard path.hasPrefix(index + "/"), path.hasSuffix(suffix) else { return nil }
    let parts = path.dropFirst(index.utf8.count + 1).dropLast(suffix.utf8.count)
      .split(separator: "/", omittingEmptySubsequences: false)
    guard let issuer = parts.first, issuer.utf8.count == 16, Hex.decode(String(issuer)) != nil,
      parts.count <= 2
    else { return nil }
    guard parts.count == 2 else { return (issuer.uppercased(), nil) }
    guard let number = Int(parts[1]), number > 0, String(number) == parts[1] else { return nil }
    return (issuer.uppercased(), number)
  }

  private static func unknown(_ path: String) -> Response {
    ErrorBody.response(to: Refusal.listUnknown(path))
  }

  /// The path of a list.
  package static func path(of issuer: String, number: Int? = nil) -> String {
    index + "/" + issuer + (number.map { "/\($0)" } ?? "") + suffix
  }
}

/// The lists of an issuer in a few words.
package struct ListRow: Codable, Sendable {
  /// The issuer's common name, and its key identifier in hexadecimal digits.
  package let issuer: String
  package let keyIdentifier: String
  /// `crl` or `arl`.
  package let kind: String
  /// The number of the newest list, its times in RFC 3339, and how many certificates are on it; nil
  /// before the first.
  package let number: Int?
  package let thisUpdate: String?
  package let nextUpdate: String?
  package let entries: Int?
  /// SHA-256 of the list in hexadecimal digits.
  package let sha256: String?
  /// Where the newest list is.
  package let path: String
  /// When the next one is made by its period; nil before the first.
  package let due: String?
  /// Since when a revocation waits for a list; nil when none does.
  package let unlistedSince: String?

  /// The lists of an issuer as they stand.
  package init(_ standing: ListStanding) {
    issuer = standing.issuer.name
    keyIdentifier = standing.issuer.id
    kind = standing.issuer.listKind.rawValue
    number = standing.newest?.number
    thisUpdate = standing.newest?.thisUpdate.rfc3339
    nextUpdate = standing.newest?.nextUpdate.rfc3339
    entries = standing.newest?.entries
    sha256 = standing.newest.map { Hex.encode($0.digest).lowercased() }
    path = ListInterface.path(of: standing.issuer.id)
    due = standing.due?.rfc3339
    unlistedSince = standing.unlisted?.revoked.rfc3339
  }
}
