// SPDX-License-Identifier: Apache-2.0

import DER
import Repository
import SEC

extension Command {
  /// Finds certificates by whom they are for or by serial number.
  static let find = Command(
    name: "find", summary: "find certificates of a device or organisation, or by serial number",
    notes: "Ends with 4 when nothing is lodged under the identifier or serial number.",
    options: [
      .value("--device", "EUI64", "the device"),
      .value("--organisation", "EUI64", "the organisation"),
      .value("--serial", "SERIAL", "the serial number: 32 hexadecimal digits, or decimal"),
    ], example: "smki find --device 90-B3-D5-1F-30-01-00-00"
  ) { invocation in
    let names = ["--device", "--organisation", "--serial"].filter { invocation.value($0) != nil }
    guard names.count == 1 else {
      throw UsageError("one of --device, --organisation and --serial is needed", invocation.command)
    }
    let found: [LodgedCertificate]
    if let text = invocation.value("--serial") {
      let serial = try invocation.serial(text)
      found = try [Opening(invocation).repository.certificate(serial: serial)].compactMap(\.self)
    } else {
      let kind: CertificateClass = names == ["--device"] ? .device : .organisation
      let entity = try invocation.entity(invocation.required(names[0]))
      found = try Opening(invocation).repository.certificates(of: entity)
        .filter { $0.kind == kind }
    }
    let rows = found.map(CertificateRow.init)
    try invocation.show(rows) { rows.isEmpty ? "" : CertificateRow.table(rows) }
    guard rows.isEmpty else { return .done }
    if !invocation.isJSON {
      Terminal.complain("smki: nothing is lodged under \(try invocation.required(names[0]))")
    }
    return .faults
  }
}

/// A certificate of the Repository in one line.
struct CertificateRow: Encodable {
  let serial: String
  let kind: String
  let entity: String?
  let usage: String?
  let role: Int?
  let party: String?
  let issued: String
  let notAfter: String
  let certificate: String

  init(_ lodged: LodgedCertificate) {
    serial = Hex.encode(lodged.serial)
    kind = lodged.kind.rawValue
    entity = lodged.entity?.description
    usage = lodged.usage?.rawValue
    role = lodged.role.map { Int($0.value) }
    party = lodged.party
    issued = lodged.issued.rfc3339
    notAfter = lodged.notAfter.rfc3339
    certificate = PEM(label: "CERTIFICATE", bytes: lodged.der).text
  }

  static func table(_ rows: [CertificateRow]) -> String {
    Table(
      headings: ["serial", "kind", "identifier", "usage", "role", "party", "issued", "until"],
      rows: rows.map {
        [
          $0.serial, $0.kind, $0.entity ?? "-", $0.usage ?? "-", $0.role.map { "\($0)" } ?? "-",
          $0.party ?? "-", $0.issued, $0.notAfter,
        ]
      }
    ).text()
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
