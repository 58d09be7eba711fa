// SPDX-License-Identifier: Apache-2.0

package import DER
import FoundationEssentials
package import HTTP
import Registration
package import Repository
package import Revocation
import SEC

/// ENG-search: certificates of the Repository by everything that describes them, and a certificate
/// with all that is needed to rely on it.
///
/// `GET services/certificates?apikey=` with the words of `CertificateQuery`, `limit` and `cursor`;
/// `GET services/chain?apikey=&serial=`. Answers are JSON, also those that say no.
package struct SearchInterface: Sendable {
  /// The certificates of a page unless the request says otherwise [assumed].
  static let pageUsual = 100

  private let repository: Repository
  private let revocation: Revocation
  private let publisher: ListPublisher
  private let shards: ShardMap
  /// Seals cursors; the same on every node of an estate.
  private let cursorKey: [UInt8]
  private let reader: @Sendable (Request) throws -> RepositoryReader
  private let clock: @Sendable () -> Time
  private let log: Log

  /// The interface to a Repository; `reader` tells who asks.
  init(
    repository: Repository, revocation: Revocation, publisher: ListPublisher, shards: ShardMap,
    cursorKey: [UInt8], clock: @escaping @Sendable () -> Time, log: Log,
    reader: @escaping @Sendable (Request) throws -> RepositoryReader
  ) {
    self.repository = repository
    self.revocation = revocation
    self.publisher = publisher
    self.shards = shards
    self.cursorKey = cursorKey
    self.reader = reader
    self.clock = clock
    self.log = log
  }

  /// A page of what was found.
  package func search(_ request: Request) -> Response {
    answer(request) { reader in
      let query = try CertificateQuery { request.queryValue($0) }
      let moment = clock()
      let page = try repository.search(
        query, after: request.queryValue("cursor"), most: Self.limit(request),
        for: "\(reader.party ?? "")/\(reader.name)", sealedBy: cursorKey, at: moment,
        revocations: revocation.known)
      if page.certificates.isEmpty, let serial = query.serial { try shards.check(serial, request) }
      return FoundPage(
        certificates: try page.certificates.map {
          FoundCertificate(
            $0, status: try revocation.status(of: $0, at: moment),
            isForManufacture: try repository.isForManufacture($0))
        }, cursor: page.cursor)
    }
  }

  /// A certificate, those above it, and the newest list of each issuer that has any.
  package func chain(_ request: Request) -> Response {
    answer(request) { _ in
      let text = request.queryValue("serial") ?? ""
      guard let serial = Hex.decode(text), serial.count == 16 else {
        throw Refusal.serialForm(found: text)
      }
      do {
        return try FoundChain.find(
          serial, in: repository, at: clock(), revocation: revocation,
          list: { try publisher.newest(of: $0)?.octets })
      } catch let refusal as Refusal {
        try shards.check(serial, request)
        throw refusal
      }
    }
  }

  private static func limit(_ request: Request) throws(Refusal) -> Int {
    guard let text = request.queryValue("limit") else { return pageUsual }
    guard let limit = Int(text) else {
      throw .searchWord("limit", "1 to \(Repository.pageMax)", text)
    }
    return limit
  }

  private func answer(_ request: Request, _ find: (Actor) throws -> some Encodable) -> Response {
    var told: [String: String] = [:]
    var response: Response
    do {
      let reader = try reader(request)
      told = reader.told(
        request.query.filter { !["apikey", "cursor", "purpose"].contains($0.name) }
          .map { "\($0.name)=\($0.value)" }.joined(separator: " "))
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      response = Response(
        type: "application/json", body: Array(try encoder.encode(find(reader.actor))))
      response.headers.append(("Cache-Control", "no-store"))
    } catch let elsewhere as ShardMap.Elsewhere {
      response = elsewhere.response
    } catch {
      response = ErrorBody.response(to: error, log: log, at: request.path)
    }
    response.told.merge(told) { own, _ in own }
    return response
  }
}

/// A certificate as searches show it.
package struct FoundCertificate: Codable, Sendable {
  /// 32 hexadecimal digits.
  package let serial: String
  /// Which of the Repository's certificates it is (L5.1).
  package let kind: String
  /// The EUI-64 of a device or organisation.
  package let entity: String?
  /// Hexadecimal digits, as is that of the issuer.
  package let keyIdentifier: String
  package let issuer: String
  /// DS or KA; nothing for authorities.
  package let usage: String?
  package let role: Int?
  /// K-certificate-status.
  package let status: String
  /// L3.11: whether it is meant for loading at manufacture; nothing but for organisations.
  package let manufacturing: Bool?
  /// RFC 3339.
  package let issued: String
  package let notAfter: String
  /// DER in Base64.
  package let certificate: String

  /// What is shown of a certificate.
  package init(
    _ lodged: LodgedCertificate, status: CertificateStatus, isForManufacture: Bool
  ) {
    serial = Hex.encode(lodged.serial)
    kind = lodged.kind.rawValue
    entity = lodged.entity?.description
    keyIdentifier = Hex.encode(lodged.keyIdentifier)
    issuer = Hex.encode(Repository.issuer(of: lodged))
    usage = lodged.usage?.rawValue
    role = lodged.role.map { Int($0.value) }
    self.status = status.rawValue
    manufacturing = lodged.kind == .organisation ? isForManufacture : nil
    issued = lodged.issued.rfc3339
    notAfter = lodged.notAfter.rfc3339
    certificate = Base64.encode(lodged.der)
  }
}

/// A page of a search.
package struct FoundPage: Codable, Sendable {
  /// In the order of the index that answered.
  package let certificates: [FoundCertificate]
  /// For the next page; nothing on the last.
  package let cursor: String?
}

/// A certificate with those above it and what was revoked by their issuers.
package struct FoundChain: Codable, Sendable {
  /// The certificate itself.
  package let certificate: FoundCertificate
  /// From the issuer up to the root.
  package let chain: [FoundCertificate]
  /// The newest list of each issuer of these, DER in Base64, by key identifier; an issuer that
  /// revokes nothing, as those of devices, has none.
  package let lists: [String: String]

  /// Finds it all by a serial number of 16 octets.
  ///
  /// - Throws: `certificate-not-found`.
  package static func find(
    _ serial: [UInt8], in repository: Repository, at moment: Time, revocation: Revocation,
    list: (String) throws -> [UInt8]?
  ) throws -> FoundChain {
    guard let found = try repository.certificate(serial: serial), found.kind != .iki else {
      throw Refusal.certificateNotFound("serial", Hex.encode(serial))
    }
    let chain = try repository.chain(above: found)
    var lists: [String: String] = [:]
    for issuer in Set(([found] + chain).map { Hex.encode(Repository.issuer(of: $0)) }) {
      lists[issuer] = try list(issuer).map { Base64.encode($0) }
    }
    func shown(_ certificate: LodgedCertificate) throws -> FoundCertificate {
      FoundCertificate(
        certificate, status: try revocation.status(of: certificate, at: moment),
        isForManufacture: try repository.isForManufacture(certificate))
    }
    return FoundChain(
      certificate: try shown(found), chain: try chain.map(shown), lists: lists)
  }
}

extension Revocation {
  /// What searches ask of revocations.
  package var known: Revocations {
    Revocations(
      isRevoked: { try entry(serial: $0) != nil },
      next: { try entries(after: Int($0), most: $1).map { (Int64($0.id), $0.serial) } })
  }

  /// K-certificate-status: revoked from the transaction that says so.
  package func status(
    of certificate: LodgedCertificate, at moment: Time
  ) throws -> CertificateStatus {
    guard certificate.kind != .device, try entry(serial: certificate.serial) != nil else {
      return certificate.status(at: moment)
    }
    return .revoked
  }
}
