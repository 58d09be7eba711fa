// SPDX-License-Identifier: Apache-2.0

import DER

/// A property that does not hold: a defect of a reader, or of the property.
package struct Violation: Error, CustomStringConvertible {
  /// What was found, in one line.
  package let description: String

  /// A property that does not hold.
  package init(_ description: String) {
    self.description = description
  }

  /// Says that a property does not hold unless it does.
  static func unless(
    _ isTrue: Bool, _ what: @autoclosure () -> String
  ) throws(Violation) {
    guard isTrue else { throw Violation(what()) }
  }
}

extension DERError {
  /// Holds an error's offset inside the input; its end is inside.
  func require(within input: [UInt8]) throws(Violation) {
    try Violation.unless((0...input.count).contains(offset), "\(self), input of \(input.count)")
  }
}

extension [UInt8] {
  /// Whether this is one element with a definite length that ends where the octets end.
  var isOneElement: Bool {
    guard count >= 2 else { return false }
    let first = Int(self[1])
    guard first >= 0x80 else { return count == 2 + first }
    let octets = first & 0x7F
    guard (1...4).contains(octets), count >= 2 + octets else { return false }
    return count == 2 + octets + self[2..<(2 + octets)].reduce(0) { $0 << 8 | Int($1) }
  }
}
