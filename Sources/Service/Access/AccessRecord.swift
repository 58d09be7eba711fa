// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER

/// One line of the access log: a read, or a refusal before anybody was authenticated.
package struct AccessRecord: Hashable, Sendable {
  /// What a line tells.
  package enum Kind: String, Sendable {
    /// Somebody was shown something.
    case read
    /// Somebody was turned away before it was known who asks.
    case refusal
    /// Reads or refusals of a minute beyond those that are listed one by one.
    case counted
    /// Lines of earlier minutes that could not be written.
    case lost
  }

  package let kind: Kind
  package let time: Time
  /// What else is known, by name: door, act, status, address, reader, party, subject, reference,
  /// reason.
  package let facts: [String: String]

  /// A line, whole.
  package init(_ kind: Kind, at time: Time, _ facts: [String: String]) {
    self.kind = kind
    self.time = time
    self.facts = facts
  }

  /// The octets of the line without its end.
  var encoded: [UInt8] {
    FlatObject.encode(
      facts.merging(["kind": kind.rawValue, "time": time.rfc3339]) { _, own in own })
  }

  /// Reads a line; nil when it is none of ours.
  package init?(_ line: ArraySlice<UInt8>) {
    guard var facts = try? FlatObject.decode(line),
      let kind = facts.removeValue(forKey: "kind").flatMap(Kind.init(rawValue:)),
      let time = facts.removeValue(forKey: "time").flatMap({ Time(rfc3339: $0) })
    else { return nil }
    self.init(kind, at: time, facts)
  }

  /// What is counted together when too many come in a minute: everything but who and what.
  var countedAs: [String: String] {
    var common = facts.filter { ["door", "act", "status", "reason"].contains($0.key) }
    common["of"] = kind.rawValue
    return common
  }
}
