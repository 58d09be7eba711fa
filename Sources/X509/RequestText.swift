// SPDX-License-Identifier: Apache-2.0

package import DER

/// The forms in which people hand in a certification request (Appendix M, 2.3).
///
/// PEM under either label, Base64 without a header on one line or in lines of 64 or of 76, ended by
/// LF or CRLF; and DER itself where the door takes bytes.
package enum RequestText {
  /// The most octets that are read: the longest request as Base64 with line ends and labels.
  package static let octetsMax = 16_384
  /// The labels in use: RFC 7468, section 7, and the older one.
  package static let labels = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"]

  /// The DER that was handed in; that it is a request is for `CertificationRequest` to say.
  ///
  /// - Throws: `too-long`; `empty` when there is nothing but space; `bad-text`.
  package static func read(_ input: [UInt8]) throws(DERError) -> [UInt8] {
    guard input.count <= octetsMax else {
      throw DERError(.tooLong, at: 0, "\(input.count) octets, at most \(octetsMax)")
    }
    // The first octet of a SEQUENCE is the digit 0, with which no Base64 of a request begins.
    if input.first == Identifier.sequence.octet { return input }
    let text = trimmed(input)
    guard !text.isEmpty else { throw DERError(.empty, at: 0, "no request") }
    if text.contains(UInt8(ascii: "-")) {
      let request = try PEM.readOne(Array(text), labels: labels, textOctetsMax: octetsMax)
      try checkNothingAround(text)
      return request
    }
    return try PEM.bytes(of: PEM.lines(of: text), at: text.startIndex)
  }

  /// M8-2.3-encodings: explanations, which other texts in PEM may have around a part, may hold
  /// another request for the eye than the one for the program.
  private static func checkNothingAround(_ text: ArraySlice<UInt8>) throws(DERError) {
    let lines = PEM.lines(of: text)
    guard lines.first?.starts(with: Array("-----BEGIN ".utf8)) == true,
      lines.last?.starts(with: Array("-----END ".utf8)) == true
    else {
      throw DERError(.badText, at: text.startIndex, "text before or after the request")
    }
  }

  /// The text without the space before and after it that pasting leaves.
  private static func trimmed(_ input: [UInt8]) -> ArraySlice<UInt8> {
    let space = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    var text = input.drop { space.contains($0) }
    while let last = text.last, space.contains(last) { text.removeLast() }
    return text
  }
}
