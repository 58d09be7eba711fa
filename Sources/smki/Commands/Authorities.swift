// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Profiles
import SEC
import Service
import X509

extension Command {
  static let authorityList = Command(
    name: "authority list", summary: "list the issuing authorities: state, use, what is left",
    example: "smki authority list"
  ) { invocation in
    let now = try invocation.now()
    let rows = try AuthorityRecords.all(in: Opening(invocation).records).map {
      AuthorityRow($0, at: now)
    }
    try invocation.show(rows) {
      Table(
        headings: ["id", "name", "hierarchy", "state", "signed", "left", "since", "ends"],
        rows: rows.map {
          [
            "\($0.id)", $0.name, $0.hierarchy, $0.state, "\($0.reserved)",
            $0.left.map { "\($0)" } ?? "no limit", $0.onLineSince ?? "-", $0.ends ?? "-",
          ]
        }
      ).text()
    }
    return .done
  }
}

/// An issuing authority in one line.
private struct AuthorityRow: Encodable {
  let id: Int
  let name: String
  let hierarchy: String
  let state: String
  let reserved: Int64
  let left: Int64?
  let onLineSince: String?
  let ends: String?

  init(_ authority: IssuingAuthority, at moment: Time) {
    id = authority.id
    name = authority.certificate.subject.commonName ?? "\(authority.certificate.subject)"
    hierarchy = authority.hierarchy.rawValue
    state = authority.state.rawValue
    reserved = authority.reserved
    left = authority.volumeLeft(at: moment)
    onLineSince = authority.onLineSince?.rfc3339
    ends = authority.onLineSince.flatMap { authority.life.ends(onLineSince: $0) }?.rfc3339
  }
}
