// SPDX-License-Identifier: Apache-2.0

import DER
import Records
import Repository
import Revocation
import SEC
import Service

extension Command {
  /// ENG-search: finds certificates by everything that describes them.
  static let find = Command(
    name: "find", summary: "find certificates of the Repository, or one with its chain and lists",
    notes: """
      All that is said must hold, and something must leave few certificates: an identifier, a \
      key identifier, an issuer, a role, a subject, or a stretch of time. A page ends with the \
      cursor of the next. Ends with 4 when nothing is found.
      """,
    options: searchOptions + [
      .flag("--chain", "with --serial: the certificate, those above it, and their newest lists")
    ], example: "smki find --device 90-B3-D5-1F-30-01-00-00 --usage DS"
  ) { invocation in
    // What is mistyped is said before any estate is looked for.
    if let device = invocation.value("--device") { _ = try invocation.entity(device) }
    _ = try LocalSearch.query(invocation)
    _ = try LocalSearch.limit(invocation)
    let opening = try Opening(invocation)
    let revocation = Revocation(records: opening.records)
    let search = LocalSearch(
      repository: opening.repository, revocations: revocation.known,
      status: { try revocation.status(of: $0, at: $1) }, estate: opening.estate.name)
    if invocation.has("--chain") {
      let serial = try invocation.serial(invocation.required("--serial"))
      let chain = try FoundChain.find(
        serial, in: opening.repository, at: opening.now(), revocation: revocation,
        list: { issuer in
          try opening.records.read { reading in
            try RevocationRecords.newestList(of: issuer, in: reading).map {
              try RevocationRecords.octets(of: $0, in: reading)
            }
          }
        })
      try invocation.show(chain) { chain.text }
      return .done
    }
    return try search.run(invocation)
  }

  /// The words of a search as options.
  static let searchOptions: [Option] =
    CertificateQuery.words.map { name, form in
      .value(
        "--\(name)", name.contains("-from") || name.contains("-before") ? "TIME" : "WORD", form)
    } + [
      .value(
        "--limit", "N", "certificates of a page, \(Repository.pageMax) at most and by default"),
      .value("--cursor", "CURSOR", "goes on behind the page before"),
    ]
}

/// A search in a store that is on this machine.
struct LocalSearch {
  let repository: Repository
  let revocations: Revocations
  let status: (LodgedCertificate, Time) throws -> CertificateStatus
  /// The name of the estate, to which cursors are bound.
  let estate: String

  /// What a command asks for; a word that cannot be what its option says is a mistake of typing.
  static func query(_ invocation: Invocation) throws -> CertificateQuery {
    do throws(Refusal) {
      return try CertificateQuery { name in
        guard let text = invocation.value("--\(name)") else { return nil }
        guard name == "serial", let octets = try? invocation.serial(text) else { return text }
        return Hex.encode(octets)
      }
    } catch {
      throw UsageError(
        "--\(error.field): \(error.expected), not \(error.found)", invocation.command)
    }
  }

  /// How many a page may have, if that is said.
  static func limit(_ invocation: Invocation) throws -> Int? {
    try invocation.number("--limit", in: 1...Repository.pageMax)
  }

  /// Shows a page of what a command asks for.
  func run(_ invocation: Invocation) throws -> ExitCode {
    let query = try Self.query(invocation)
    guard query != CertificateQuery() else {
      throw UsageError("what is looked for has to be said", invocation.command)
    }
    let limit = try Self.limit(invocation)
    let moment = SystemClock.now()
    let page = try repository.search(
      query, after: invocation.value("--cursor"), most: limit ?? Repository.pageMax,
      for: "command", sealedBy: Array("cursor of \(estate)".utf8), at: moment,
      revocations: revocations)
    let rows = try page.certificates.map {
      CertificateRow(
        $0, status: try status($0, moment),
        isForManufacture: try repository.isForManufacture($0))
    }
    try invocation.show(rows) { rows.isEmpty ? "" : CertificateRow.table(rows) }
    if let cursor = page.cursor {
      Terminal.complain("smki: there may be more: --cursor \(cursor)")
      return .done
    }
    guard rows.isEmpty else { return .done }
    let sought = CertificateQuery.words.compactMap { name, _ in
      invocation.value("--\(name)").map { "--\(name) \($0)" }
    }
    if !invocation.isJSON {
      Terminal.complain("smki: nothing is lodged with \(sought.joined(separator: " "))")
    }
    return .faults
  }
}

extension FoundChain {
  /// For a person: the certificate and those above it in PEM, and where the lists are.
  fileprivate var text: String {
    let all = [certificate] + chain
    let blocks = all.map { found in
      "\(found.kind) \(found.serial), status \(found.status), until \(found.notAfter)\n"
        + PEM(
          label: "CERTIFICATE", bytes: Base64.decode(found.certificate.utf8) ?? []
        ).text
    }
    let revoked = lists.sorted { $0.key < $1.key }.map { issuer, list in
      "list of \(issuer)\n"
        + PEM(label: "X509 CRL", bytes: Base64.decode(list.utf8) ?? []).text
    }
    return (blocks + revoked).joined(separator: "\n")
  }
}

/// A certificate of the Repository in one line.
struct CertificateRow: Encodable {
  let serial: String
  let kind: String
  let status: String
  let entity: String?
  let keyIdentifier: String
  let issuer: String
  let usage: String?
  let role: Int?
  let manufacturing: Bool?
  let party: String?
  let issued: String
  let notAfter: String
  let certificate: String

  init(
    _ lodged: LodgedCertificate, status: CertificateStatus, isForManufacture: Bool = false
  ) {
    serial = Hex.encode(lodged.serial)
    kind = lodged.kind.rawValue
    self.status = status.rawValue
    keyIdentifier = Hex.encode(lodged.keyIdentifier)
    issuer = Hex.encode(Repository.issuer(of: lodged))
    entity = lodged.entity?.description
    usage = lodged.usage?.rawValue
    role = lodged.role.map { Int($0.value) }
    manufacturing = lodged.kind == .organisation ? isForManufacture : nil
    party = lodged.party
    issued = lodged.issued.rfc3339
    notAfter = lodged.notAfter.rfc3339
    certificate = PEM(label: "CERTIFICATE", bytes: lodged.der).text
  }

  /// A line of 80 columns for a device's certificate, its serial number whole.
  ///
  /// An organisation's has its role too; M is for loading at manufacture (L3.11). JSON has all.
  static func table(_ rows: [CertificateRow]) -> String {
    let hasRoles = rows.contains { $0.role != nil }
    var headings = ["serial", "kind", "identifier", "state", "until"]
    if hasRoles { headings.insert("role", at: 3) }
    return Table(headings: headings, rows: rows.map { $0.columns(withRole: hasRoles) }).text()
  }

  private func columns(withRole: Bool) -> [String] {
    let use = usage.map { " \($0)" } ?? ""
    var columns = [
      serial, kind + use, entity.map { $0.filter { $0 != "-" } } ?? "-",
      status + (manufacturing == true ? " M" : ""), String(notAfter.prefix(10)),
    ]
    if withRole { columns.insert(role.map(String.init) ?? "-", at: 3) }
    return columns
  }
}

extension Invocation {
  /// A serial number of 16 octets: 32 hexadecimal digits, or decimal.
  func serial(_ text: String) throws -> [UInt8] {
    if text.utf8.count == 32, let octets = Hex.decode(text) { return octets }
    var octets = [UInt8](repeating: 0, count: 16)
    for digit in text.utf8 {
      guard (48...57).contains(digit) else {
        throw UsageError("\(text) is no serial number", command)
      }
      var carry = Int(digit - 48)
      for index in octets.indices.reversed() {
        carry += Int(octets[index]) * 10
        octets[index] = UInt8(carry & 0xFF)
        carry >>= 8
      }
      guard carry == 0 else { throw UsageError("\(text) is no serial number", command) }
    }
    guard !text.isEmpty else { throw UsageError("the serial number is empty", command) }
    return octets
  }
}
