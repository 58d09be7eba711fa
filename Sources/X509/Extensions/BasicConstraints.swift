// SPDX-License-Identifier: Apache-2.0

package import DER

/// Whether the subject is a certification authority, and how many more may follow (RFC 5280,
/// 4.2.1.9).
package struct BasicConstraints: ExtensionValue {
  /// extnID.
  package static let identifier = ObjectIdentifier.basicConstraints
  /// The longest path that is read; the hierarchies here have one issuing authority.
  package static let pathLengthMax = 255

  /// Whether it may issue certificates.
  package let isAuthority: Bool
  /// How many authorities may stand between it and an end entity; nil is no bound.
  package let pathLength: Int?

  /// An end entity.
  package static let endEntity = BasicConstraints(isAuthority: false, pathLength: nil)

  /// An authority, with at most so many authorities below it.
  package static func authority(pathLength: Int? = nil) -> BasicConstraints {
    BasicConstraints(isAuthority: true, pathLength: pathLength)
  }

  private init(isAuthority: Bool, pathLength: Int?) {
    self.isAuthority = isAuthority
    self.pathLength = pathLength
  }

  /// Reads the value.
  package init(from reader: inout Reader) throws(DERError) {
    var inside = try reader.enter(.sequence)
    isAuthority = try inside.booleanDefaultFalse()
    let start = inside.offset
    pathLength = inside.isAtEnd ? nil : try inside.integer(max: Self.pathLengthMax)
    guard isAuthority || pathLength == nil else {
      throw DERError(.badValue, at: start, "a path length for an end entity")
    }
    try inside.finish()
  }

  /// Writes the value.
  package func write(into writer: inout Writer) {
    writer.sequence {
      if isAuthority { $0.boolean(true) }
      if let pathLength { $0.integer(pathLength) }
    }
  }
}
