// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Records
import Repository

extension StoreWalk {
  /// L5.1: every version's octets are those that were lodged, and there are no others.
  mutating func documents() throws {
    var left: [[UInt8]: (name: String, size: Int)] = [:]
    for row in try reading.query("SELECT kind, version, size, digest FROM document") {
      let name = "\(try row.text("kind"))/\(try row.text("version"))"
      left[try row.blob("digest")] = (name, try row.int("size"))
    }
    var found = report
    try reading.each("SELECT digest, octets FROM document_content") { row in
      let digest = try row.blob("digest")
      let place = Hex.encode(digest)
      guard let document = left.removeValue(forKey: digest) else {
        found.add("document_content", place, nil, "no document has this digest")
        return
      }
      let octets = try row.blob("octets")
      if octets.count != document.size || Digest.sha256(octets) != digest {
        found.add("document_content", place, "octets", "not what was lodged as \(document.name)")
      }
    }
    report = found
    for (digest, document) in left {
      report.add(
        "document_content", Hex.encode(digest), nil, "the octets of \(document.name) are missing")
    }
  }
}
