// SPDX-License-Identifier: Apache-2.0

package import DER

/// One reason for a writing: who did what, in which role, under which clause, and when.
///
/// Its bytes are canonical JSON (RFC 8785) with strings only, so that anybody can read an entry and
/// hash it again. The bytes are a leaf of the audit tree.
package struct Entry: Hashable, Sendable {
  /// The most octets of an encoded entry: C2SP tlog-tiles gives each a length of 16 bits.
  package static let encodedOctetsMax = 65_535
  /// The most facts in one entry [assumed]: an entry is a sentence, not a table.
  package static let factsMax = 256

  /// When it was done.
  package let time: Time
  /// A person's name, or the common name of a system's certificate.
  package let actor: String
  /// The role in which the actor did it.
  package let role: String
  /// What was done, in the words of the room that did it, such as `certificate.issue`.
  package let action: String
  /// The rule that asks for it or allows it; empty when there is none.
  package let clause: String
  /// What else was true, by name.
  package let facts: [String: String]

  /// An entry, whole.
  package init(
    time: Time, actor: String, role: String, action: String, clause: String,
    facts: [String: String] = [:]
  ) {
    self.time = time
    self.actor = actor
    self.role = role
    self.action = action
    self.clause = clause
    self.facts = facts
  }

  /// The same entry with further facts; a fact of the same name is replaced.
  package func adding(_ more: [String: String]) -> Entry {
    Entry(
      time: time, actor: actor, role: role, action: action, clause: clause,
      facts: facts.merging(more) { _, new in new })
  }

  /// The canonical bytes, whatever their number; `checked()` also holds them to the limits.
  package func encoded() -> [UInt8] {
    var writer = CanonicalJSON()
    writer.key("action", after: "{")
    writer.string(action)
    writer.key("actor", after: ",")
    writer.string(actor)
    writer.key("clause", after: ",")
    writer.string(clause)
    writer.key("facts", after: ",")
    var separator: Unicode.Scalar = "{"
    for (name, value) in facts.sorted(by: { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) })
    {
      writer.key(name, after: separator)
      writer.string(value)
      separator = ","
    }
    if facts.isEmpty { writer.punctuation("{") }
    writer.punctuation("}")
    writer.key("role", after: ",")
    writer.string(role)
    writer.key("time", after: ",")
    writer.string(time.rfc3339)
    writer.punctuation("}")
    return writer.bytes
  }

  /// The canonical bytes of an entry within its limits.
  ///
  /// - Throws: `entryTooLarge` for too many facts or octets, `malformedEntry` for a time outside
  ///   the years 0 to 9999, which RFC 3339 cannot write.
  package func checked() throws(AuditError) -> [UInt8] {
    guard facts.count <= Self.factsMax else {
      throw AuditError(.entryTooLarge, "\(facts.count) facts, at most \(Self.factsMax)")
    }
    guard (0...9999).contains(time.fields.year) else {
      throw AuditError(.malformedEntry, "a time outside the years 0 to 9999")
    }
    let bytes = encoded()
    guard bytes.count <= Self.encodedOctetsMax else {
      throw AuditError(
        .entryTooLarge, "\(bytes.count) octets, at most \(Self.encodedOctetsMax)")
    }
    return bytes
  }

  /// Reads canonical bytes: what `encoded()` would not write again is refused.
  ///
  /// - Throws: `malformedEntry` or `entryTooLarge`.
  package static func decode(_ bytes: some Collection<UInt8>) throws(AuditError) -> Entry {
    guard bytes.count <= encodedOctetsMax else {
      throw AuditError(.entryTooLarge, "\(bytes.count) octets, at most \(encodedOctetsMax)")
    }
    let bytes = Array(bytes)
    var reader = CanonicalJSON.Reader(bytes)
    try reader.expect("{\"action\":")
    let action = try reader.string()
    try reader.expect(",\"actor\":")
    let actor = try reader.string()
    try reader.expect(",\"clause\":")
    let clause = try reader.string()
    try reader.expect(",\"facts\":")
    let facts = try reader.strings(most: factsMax)
    try reader.expect(",\"role\":")
    let role = try reader.string()
    try reader.expect(",\"time\":")
    let text = try reader.string()
    try reader.expect("}")
    guard let time = Time(rfc3339: text) else {
      throw AuditError(.malformedEntry, "not a time: \(text)")
    }
    let entry = Entry(
      time: time, actor: actor, role: role, action: action, clause: clause, facts: facts)
    guard entry.encoded() == bytes else {
      throw AuditError(.malformedEntry, "not in canonical form")
    }
    return entry
  }
}
