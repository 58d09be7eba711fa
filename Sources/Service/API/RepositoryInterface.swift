// SPDX-License-Identifier: Apache-2.0

package import DER
package import HTTP
import Registration
package import Repository
import Revocation
import SEC
import XML

/// The Repository's web service, as DCC's own public client speaks it (K-search, K-retrieve).
///
/// Who has no API key gets 403 and the refusal in JSON before the body is looked at
/// (P3-App-B-api-key); every other answer is XML.
package struct RepositoryInterface: Sendable {
  /// The most octets of a request.
  package static let requestOctetsMax = 4096
  /// The most characters of an identifier or serial number in the access log.
  static let subjectShownMax = 64
  /// K-test-api-key: the key that is fixed in DCC's public client.
  package static let testAPIKey = "u3bg9gt38htd0j2"

  private let repository: Repository
  private let revocation: Revocation
  private let shards: ShardMap
  private let acceptsTestKey: Bool
  private let others: @Sendable (Request) throws -> RepositoryReader
  private let clock: @Sendable () -> Time
  private let random: @Sendable (Int) -> [UInt8]
  private let log: Log

  /// The interface to a Repository.
  ///
  /// It accepts the fixed key of the public client on the plain door of a test estate only;
  /// `random` gives so many unpredictable octets, `reader` tells who asks with another key.
  init(
    repository: Repository, revocation: Revocation, shards: ShardMap,
    acceptsTestKey: Bool, clock: @escaping @Sendable () -> Time,
    random: @escaping @Sendable (Int) -> [UInt8], log: Log,
    reader: @escaping @Sendable (Request) throws -> RepositoryReader
  ) {
    others = reader
    self.repository = repository
    self.revocation = revocation
    self.shards = shards
    self.acceptsTestKey = acceptsTestKey
    self.clock = clock
    self.random = random
    self.log = log
  }

  /// K-search: every certificate of one device or organisation.
  package func search(_ request: Request) -> Response {
    answer(request, "CertificateSearchResponse") { root in
      let name = try Self.value(
        in: root, named: "CertificateSearchRequest",
        oneOf: ["CertificateSubjectName", "CertificateSubjectAltName"])
      let isDevice = name.element == "CertificateSubjectAltName"
      guard name.text.utf8.count == 23, name.text.contains("-"),
        let entity = EntityID(name.text)
      else { throw Refusal.identifierForm(name.element, found: name.text) }
      let found = try repository.certificates(of: entity).filter {
        $0.kind == (isDevice ? .device : .organisation)
      }
      guard !found.isEmpty else { throw Refusal.certificateNotFound(name.element, name.text) }
      let moment = clock()
      return try found.map { certificate in
        var fields = Fields()
        fields.add("CertificateSerial", Hex.encode(certificate.serial))
        fields.add(name.element, entity.description)
        fields.add("CertificateStatus", try revocation.status(of: certificate, at: moment).rawValue)
        fields.addUse(of: certificate, try repository.isForManufacture(certificate))
        return XML.Element("Result", children: fields.elements)
      }
    }
  }

  /// K-retrieve: one certificate by its serial number.
  package func retrieve(_ request: Request) -> Response {
    answer(request, "CertificateDataResponse") { root in
      let serial = try Self.value(
        in: root, named: "CertificateDataRequest", oneOf: ["CertificateSerial"])
      guard serial.text.utf8.count == 32, let octets = Hex.decode(serial.text) else {
        throw Refusal.serialForm(found: serial.text)
      }
      // L5.1: credentials of people and systems are no part of the Repository.
      guard let certificate = try repository.certificate(serial: octets), certificate.kind != .iki
      else {
        try shards.check(octets, request)
        throw Refusal.certificateNotFound(serial.element, serial.text)
      }
      var fields = Fields()
      if let entity = certificate.entity {
        let name =
          certificate.kind == .device ? "CertificateSubjectAltName" : "CertificateSubjectName"
        fields.add(name, entity.description)
      }
      fields.add("CertificateSerial", Hex.encode(certificate.serial))
      fields.add("CertificateStatus", try revocation.status(of: certificate, at: clock()).rawValue)
      fields.add("CertificateBody", Base64.encode(certificate.der))
      fields.addUse(of: certificate, try repository.isForManufacture(certificate))
      return [XML.Element("CertificateResponse", children: fields.elements)]
    }
  }

  /// Checks the key, reads the body, and writes what was found or why nothing is.
  private func answer(
    _ request: Request, _ name: String, _ find: (XML.Element) throws -> [XML.Element]
  ) -> Response {
    var told: [String: String] = [:]
    var response: Response
    do {
      let reader = try reader(of: request)
      told = reader.told(nil)
      let root = try XMLBody.read(
        request.body, mediaType: request.headers["content-type"],
        octetsMax: Self.requestOctetsMax)
      told["subject"] = root.children.first.map { String($0.text.prefix(Self.subjectShownMax)) }
      response = self.response(200, "Success", name, try find(root))
    } catch let refusal as Refusal {
      guard let status = Self.status(of: refusal) else { return ErrorBody.response(to: refusal) }
      told["reason"] = refusal.code
      response = self.response(status, refusal.description, name, [])
    } catch let elsewhere as ShardMap.Elsewhere {
      response = elsewhere.response
    } catch {
      return ErrorBody.response(to: error, log: log, at: request.path)
    }
    response.told.merge(told) { own, _ in own }
    return response
  }

  /// P3-App-B-api-key, K-test-api-key: who reads.
  private func reader(of request: Request) throws -> RepositoryReader {
    let key = request.queryValue("apikey")
    if acceptsTestKey, key == Self.testAPIKey {
      return RepositoryReader(
        Actor(name: "DCC public client", role: .reader), for: "trying the interface")
    }
    return try others(request)
  }

  /// K-status-codes: 402 where nothing is found, 401 for every wrong parameter; nil for the asker.
  private static func status(of refusal: Refusal) -> Int? {
    switch refusal.code {
    case "api-key-unknown", "purpose-not-stated", "agreement-open", "party-has-left",
      "account-unknown",
      "account-locked", "password-to-be-changed":
      nil
    case "certificate-not-found": 402
    default: 401
    }
  }

  /// The one element of a request and its text.
  private static func value(
    in root: XML.Element, named name: String, oneOf names: [String]
  ) throws(Refusal) -> (element: String, text: String) {
    let clause: Clause = names.count == 1 ? "K-retrieve" : "K-search"
    guard root.name == name else {
      throw .xmlElement(clause, expected: name, found: root.name, line: root.line)
    }
    try XMLBody.check(root, isLeaf: false, clause: clause)
    guard let first = root.children.first, names.contains(first.name) else {
      throw .xmlElement(
        clause, expected: "\(names.joined(separator: " or ")) in \(name)",
        found: root.children.first?.name ?? "nothing", line: root.line)
    }
    let texts = try XMLBody.texts(of: root, [first.name], clause: clause)
    return (first.name, texts[0])
  }

  private func response(
    _ status: Int, _ message: String, _ name: String, _ found: [XML.Element]
  ) -> Response {
    var fields = Fields()
    fields.add("ResponseCode", String(status))
    fields.add("ResponseMessage", message)
    let reference = auditReference()
    fields.add("AuditReference", reference)
    var writer = XMLWriter()
    writer.reserve(512 + found.count * 512)
    writer.start(name)
    for child in fields.elements + found { writer.element(child) }
    writer.end()
    var response = Response(
      status: status, type: AdHocAnswer.mediaType, body: writer.finished())
    response.headers.append(("Cache-Control", "no-store"))
    response.told["reference"] = reference
    return response
  }

  /// K-audit-reference: the second of the answer, and nine hexadecimal digits that tell it from
  /// the others of that second.
  private func auditReference() -> String {
    let digits = Hex.encode(random(5)).lowercased().prefix(9)
    return "\(clock().seconds)-\(digits)"
  }
}

extension RepositoryReader {
  /// L5.11: what the access log keeps of a read: who, for whom, for which purpose and of what.
  func told(_ subject: String?) -> [String: String] {
    var told = ["reader": actor.name, "purpose": purpose]
    told["party"] = actor.party
    told["subject"] = subject.map { String($0.prefix(RepositoryInterface.subjectShownMax)) }
    return told
  }
}

/// K-certificate-status: the letters by which the interface tells the state of a certificate.
package enum CertificateStatus: String, Hashable, Sendable, CaseIterable {
  case pending = "P"
  case inUse = "I"
  case notInUse = "N"
  case expired = "E"
  case revoked = "R"
}

extension LodgedCertificate {
  /// K-certificate-status: in use from its lodging until its end.
  package func status(at moment: Time) -> CertificateStatus {
    moment > notAfter ? .expired : .inUse
  }
}

/// Elements that hold only text, in the order of the answer.
private struct Fields {
  private(set) var elements: [XML.Element] = []

  mutating func add(_ name: String, _ text: String) {
    elements.append(XML.Element(name, text: text))
  }

  /// K-certificate-role, K-certificate-usage, L3.11: the last elements of a certificate's
  /// description.
  mutating func addUse(of certificate: LodgedCertificate, _ isForManufacture: Bool) {
    if let role = certificate.role { add("CertificateRole", String(role.value)) }
    if let usage = certificate.usage { add("CertificateUsage", usage.rawValue) }
    add("ManufacturingFlag", "\(isForManufacture)")
  }
}
