// SPDX-License-Identifier: Apache-2.0

import DER

/// A share as its custodian has it: a private file of a few lines, which can be printed and typed.
///
/// Each line but the last is `name: value`; the last gives the octets in groups of four
/// hexadecimal digits. The SHA-256 of all octets of the file is what a transcript publishes: it
/// says nothing about a share of 32 random octets, and names the share that was changed.
package struct ShareFile: Sendable {
  /// What a share file begins with.
  static let heading = "smki key share 1"
  private static let octetsName = "octets: "
  /// Octets of one group of the printed form.
  private static let groupOctets = 2

  /// The lines above the octets, in their order.
  package let facts: [(name: String, value: String)]
  /// The share.
  package let share: SecretShare
  /// SHA-256 over all octets of the file.
  package let digest: [UInt8]
  private let text: Text

  /// The octets of the file, kept once for whoever holds it.
  private final class Text: Sendable {
    let octets: Secret
    init(_ octets: consuming Secret) { self.octets = octets }
  }

  /// The value of a line, or nil.
  package func value(_ name: String) -> String? { facts.first { $0.name == name }?.value }

  /// A share with what it belongs to; values are one line each.
  ///
  /// - Throws: `library` when there is no memory.
  package init(_ share: SecretShare, facts: [(name: String, value: String)]) throws {
    precondition(
      facts.allSatisfy { !$0.value.contains(where: \.isNewline) && !$0.name.contains(":") },
      "a line for each fact")
    let lines =
      ["\(Self.heading)"] + facts.map { "\($0.name): \($0.value)" } + [
        "index: \(share.index)", Self.octetsName,
      ]
    let head = Array(lines.joined(separator: "\n").utf8)
    let size = share.octets.count
    let groups = (size + Self.groupOctets - 1) / Self.groupOctets
    let octets = try unsafe Secret(capacity: head.count + size * 2 + groups) { room in
      unsafe room.copyBytes(from: head)
      var place = head.count
      unsafe share.octets.withBytes { octets in
        for number in 0..<octets.count {
          let octet = unsafe octets[number]
          if number > 0, number.isMultiple(of: Self.groupOctets) {
            unsafe room[place] = UInt8(ascii: " ")
            place += 1
          }
          unsafe room[place] = Self.digits[Int(octet >> 4)]
          unsafe room[place + 1] = Self.digits[Int(octet & 15)]
          place += 2
        }
      }
      unsafe room[place] = UInt8(ascii: "\n")
      return place + 1
    }
    try self.init(reading: octets)
  }

  /// Reads the file of a custodian, which nobody else may read.
  ///
  /// - Throws: `fileSystem`, `tooOpen`, `damaged`.
  package init(path: String) throws {
    try self.init(reading: Secret(readingKeyFile: path))
  }

  /// Writes the file of a custodian, which must not be there yet, in a folder that is made where
  /// it is missing; it is on the disk when this returns.
  ///
  /// - Throws: `labelTaken`, `fileSystem`.
  package func write(toNewFile path: String) throws {
    try unsafe text.octets.withBytes { try unsafe PrivateFile.writeNew(path, $0) }
  }

  private static let digits = Array("0123456789ABCDEF".utf8)

  private init(reading octets: consuming Secret) throws {
    var head: [UInt8] = []
    let name = Array(Self.octetsName.utf8)
    // The octets of the share stay where they are; only the lines above them become text.
    let secret: SecretShare? = try unsafe octets.withBytes { bytes in
      guard let start = unsafe Self.lastLine(bytes), unsafe bytes.last == UInt8(ascii: "\n"),
        unsafe bytes[start...].starts(with: name)
      else { return nil }
      head = unsafe Array(bytes[..<start])
      guard let index = Self.index(in: head) else { return nil }
      let digits = unsafe bytes[(start + name.count)..<(bytes.count - 1)]
      let share = try unsafe Secret(capacity: digits.count) { room in
        unsafe Self.decode(digits, into: room)
      }
      return share.count == 0 ? nil : SecretShare(index: index, octets: share)
    }
    guard let secret, let facts = Self.facts(head) else {
      throw KeyError(.damaged, "not the file of a key share")
    }
    share = secret
    self.facts = facts
    digest = unsafe octets.withBytes { unsafe Digest.sha256($0) }
    text = Text(octets)
  }

  /// Where the last line begins.
  private static func lastLine(_ bytes: UnsafeRawBufferPointer) -> Int? {
    unsafe bytes.dropLast().lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
  }

  private static func facts(_ head: [UInt8]) -> [(name: String, value: String)]? {
    guard let text = String(validating: head, as: UTF8.self) else { return nil }
    var lines = text.split(separator: "\n")[...]
    guard lines.popFirst().map(String.init) == heading else { return nil }
    var facts: [(name: String, value: String)] = []
    for line in lines {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1].first == " ",
        !facts.contains(where: { $0.name == parts[0] })
      else { return nil }
      facts.append((String(parts[0]), String(parts[1].dropFirst())))
    }
    return facts
  }

  private static func index(in head: [UInt8]) -> UInt8? {
    facts(head)?.first { $0.name == "index" }.flatMap { UInt8($0.value) }
      .flatMap { $0 == 0 ? nil : $0 }
  }

  /// Writes the octets of groups of digits; none where the text is another.
  private static func decode(
    _ digits: Slice<UnsafeRawBufferPointer>, into room: UnsafeMutableRawBufferPointer
  ) -> Int {
    var count = 0
    var high: UInt8?
    for place in unsafe digits.indices {
      let character = unsafe digits[place]
      if character == UInt8(ascii: " "), high == nil { continue }
      guard let digit = self.digits.firstIndex(of: character) else { return 0 }
      if let first = high {
        unsafe room[count] = first << 4 | UInt8(digit)
        count += 1
        high = nil
      } else {
        high = UInt8(digit)
      }
    }
    return high == nil ? count : 0
  }
}
