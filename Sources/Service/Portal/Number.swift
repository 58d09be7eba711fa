// SPDX-License-Identifier: Apache-2.0

/// Numbers as people read them.
package enum Number {
  /// With a comma between each three digits: "12,345".
  package static func grouped(_ value: some BinaryInteger) -> String {
    var text = ""
    for (place, digit) in String(value.magnitude).reversed().enumerated() {
      if place > 0, place.isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + String(text.reversed())
  }
}
