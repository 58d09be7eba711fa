// SPDX-License-Identifier: Apache-2.0

package import DER

/// The policies under which a certificate was issued (RFC 5280, 4.2.1.4).
package struct CertificatePolicies: ExtensionValue {
  /// extnID.
  package static let identifier = ObjectIdentifier.certificatePolicies
  /// The most policies that are read; the profiles here have one.
  package static let countMax = 16

  /// One policy.
  package struct Policy: Hashable, Sendable {
    /// Which policy.
    package let identifier: ObjectIdentifier
    /// policyQualifiers as they were written; nil when absent, as the profiles here ask.
    package let qualifiers: ArraySlice<UInt8>?
  }

  /// The policies in order, at least one, none twice.
  package let policies: [Policy]

  /// Policies without qualifiers; at least one, none twice.
  package init(_ identifiers: ObjectIdentifier...) {
    precondition(!identifiers.isEmpty, "RFC 5280, 4.2.1.4: at least one policy")
    precondition(Set(identifiers).count == identifiers.count, "a policy stands once")
    policies = identifiers.map { Policy(identifier: $0, qualifiers: nil) }
  }

  /// Which policies.
  package var identifiers: [ObjectIdentifier] { policies.map(\.identifier) }

  /// Reads the value.
  package init(from reader: inout Reader) throws(DERError) {
    let start = reader.offset
    policies = try reader.sequence(of: 1...Self.countMax) { (reader) throws(DERError) in
      var inside = try reader.enter(.sequence)
      let identifier = try inside.objectIdentifier()
      let qualifiers = try Self.qualifiers(&inside)
      try inside.finish()
      return Policy(identifier: identifier, qualifiers: qualifiers)
    }
    guard Set(policies.map(\.identifier)).count == policies.count else {
      throw DERError(.duplicate, at: start, "a policy stands twice")
    }
  }

  private static func qualifiers(
    _ reader: inout Reader
  ) throws(DERError) -> ArraySlice<UInt8>? {
    guard !reader.isAtEnd else { return nil }
    let start = reader.offset
    let element = try reader.wellFormedElement()
    guard element.identifier == .sequence, !element.content.isEmpty else {
      throw DERError(.wrongTag, at: start, "policy qualifiers expected")
    }
    return element.whole
  }

  /// Writes the value.
  package func write(into writer: inout Writer) {
    writer.sequence { writer in
      for policy in policies {
        writer.sequence {
          $0.objectIdentifier(policy.identifier)
          if let qualifiers = policy.qualifiers { $0.raw(qualifiers) }
        }
      }
    }
  }
}
