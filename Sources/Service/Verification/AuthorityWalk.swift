// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Profiles
import Records
import SEC
import X509

/// An issuing authority as far as its certificates are held against it.
struct SigningAuthority: Sendable {
  let id: Int
  let hierarchy: Hierarchy
  let certificate: Certificate
  let life: IssuingKeyLife
  let onLineSince: Time?
  /// Knows this authority and nobody else: who else signed is found.
  let lint: Lint

  /// C3-118-4: why it may not have signed at a moment, or nil when it may.
  func mayNotSign(at moment: Time) -> String? {
    guard let onLineSince, onLineSince <= moment else { return "not on line yet" }
    if let end = life.ends(onLineSince: onLineSince), moment >= end {
      return "at the end of its operational period, \(end.rfc3339)"
    }
    let tbs = certificate.tbs
    return tbs.notBefore <= moment && moment.wholeSecond <= tbs.notAfter
      ? nil : "outside its certificate's validity"
  }
}

extension StoreWalk {
  /// One estate, and the one that was asked for.
  mutating func estate() throws {
    let count = try reading.query("SELECT name FROM estate").count
    guard count == 1, let estate = try EstateRecords.find(in: verification.records) else {
      report.add("estate", "", nil, "\(count) rows, not one")
      return
    }
    found = estate
    report.estate = estate.name
    if let expected = verification.estate, expected != estate {
      report.add("estate", estate.name, nil, "not the estate \(expected.name) as it was founded")
    }
  }

  /// Each issuing authority: its path to a root, its hierarchy, its limits.
  mutating func authorities() throws {
    var roots: [Certificate] = []
    var lodged: Set<[UInt8]> = []
    try reading.each("SELECT der FROM certificate WHERE chunk = 0") { row in
      let der = try row.blob("der")
      lodged.insert(der)
      // What cannot be read is a fault of its row, found in the walk of all certificates.
      if let certificate = try? Certificate(parsing: der), certificate.issuer == certificate.subject
      {
        roots.append(certificate)
      }
    }
    ceremonyLint = lint(roots)
    try evidence()
    for row in try reading.query(
      """
      SELECT id, hierarchy, certificate, volume_max, months_max, state, on_line_since, lodged
      FROM issuing_authority ORDER BY id
      """)
    {
      let name = "\(row.values[0])"
      do {
        try authority(row, roots: roots, lodged: lodged)
      } catch {
        report.add("issuing_authority", name, nil, "\(error)")
      }
    }
  }

  /// C3-74-3: each certificate that a package brought has its record; those of stores from before
  /// packages have none.
  private mutating func evidence() throws {
    let known = Set(try PackageRecords.evidence(in: reading).keys)
    var without: [String] = []
    try reading.each("SELECT serial FROM certificate WHERE chunk = 0 ORDER BY id") { row in
      let serial = Hex.encode(try row.blob("serial"))
      if !known.contains(serial) { without.append(serial) }
    }
    let allowed = told.ceremonies.filter { !$0.isOfPackage }.reduce(0) { $0 + $1.count }
    for serial in without.dropFirst(allowed) {
      report.add("authority_record", serial, nil, "no record of who verified the authority")
    }
  }

  private mutating func authority(
    _ row: Row, roots: [Certificate], lodged: Set<[UInt8]>
  ) throws {
    let id = try row.int("id")
    let certificate = try Certificate(parsing: row.blob("certificate"))
    guard case .authority(let kind) = CertificateKind(certificate), !kind.isRoot,
      kind.hierarchy.rawValue == (try row.text("hierarchy"))
    else {
      report.add("issuing_authority", "\(id)", "hierarchy", "not that of the certificate")
      return
    }
    if !lodged.contains(certificate.encoded) {
      report.add("issuing_authority", "\(id)", "certificate", "it was not lodged")
    }
    do {
      _ = try Path.find(
        from: certificate, to: roots, rules: PathRules(at: try row.time("lodged")))
    } catch let error as PathError {
      report.add("issuing_authority", "\(id)", "certificate", "no path to a root: \(error)")
    }
    let onLineSince = try row.optionalTime("on_line_since")
    let state = IssuingAuthority.State(rawValue: try row.text("state"))
    if state == nil || (state == .stock) != (onLineSince == nil) {
      report.add("issuing_authority", "\(id)", "state", "it does not fit on_line_since")
    }
    signers[id] = SigningAuthority(
      id: id, hierarchy: kind.hierarchy, certificate: certificate,
      life: IssuingKeyLife(
        volumeMax: try row.optionalInt("volume_max").map(Int64.init),
        monthsMax: try row.optionalInt("months_max")),
      onLineSince: onLineSince, lint: lint([certificate]))
  }

  /// A linter for the estate that knows these authorities.
  private func lint(_ authorities: [Certificate]) -> Lint {
    found.map { Lint(estate: $0, authorities: authorities) } ?? Lint(authorities: authorities)
  }
}
