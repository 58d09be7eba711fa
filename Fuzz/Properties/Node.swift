// SPDX-License-Identifier: Apache-2.0

/// An element of a tree that is to be changed; read without the reader under test.
struct Node {
  /// The identifier octet.
  var identifier: UInt8
  /// The content octets, or what stands before the children: the count of unused bits.
  var content: [UInt8]
  /// What the content holds, where it holds elements; nil for a leaf.
  var children: [Node]?
  /// How the length is written.
  var length = Length.minimal

  /// Right or wrong forms of a length.
  enum Length: CaseIterable {
    /// As DER asks.
    case minimal
    /// With an octet that it does not need.
    case padded
    /// Left open, with end-of-contents octets.
    case indefinite
    /// One octet more than there is.
    case tooLong
    /// One octet less than there is.
    case tooShort
    /// In five octets.
    case huge
  }

  /// How deep a tree is read; below, content stays octets.
  private static let depthMax = 24

  /// A row of elements that fill the octets, or nil.
  static func row(_ octets: ArraySlice<UInt8>, depth: Int = 0) -> [Node]? {
    var nodes: [Node] = []
    var at = octets.startIndex
    while at < octets.endIndex {
      guard octets.endIndex - at >= 2, octets[at] & 0x1F != 0x1F else { return nil }
      let identifier = octets[at]
      var count = Int(octets[at + 1])
      at += 2
      if count >= 0x80 {
        let width = count & 0x7F
        guard (1...3).contains(width), octets.endIndex - at >= width else { return nil }
        count = octets[at..<(at + width)].reduce(0) { $0 << 8 | Int($1) }
        at += width
      }
      guard count <= octets.endIndex - at else { return nil }
      nodes.append(Node(identifier, octets[at..<(at + count)], depth: depth))
      at += count
    }
    return nodes
  }

  private init(_ identifier: UInt8, _ content: ArraySlice<UInt8>, depth: Int) {
    self.identifier = identifier
    let isConstructed = identifier & 0x20 != 0
    let isBits = identifier == 0x03 && content.first == 0
    let inside = isBits ? content.dropFirst() : content
    // Strings that hold an encoding are trees as well: extension values and keys.
    let mayHold = isConstructed || ((isBits || identifier == 0x04) && inside.count >= 2)
    if mayHold, depth < Self.depthMax, let row = Self.row(inside, depth: depth + 1) {
      self.content = isBits ? [0] : []
      children = row
    } else {
      self.content = Array(content)
      children = nil
    }
  }

  init(_ identifier: UInt8, content: [UInt8], children: [Node]? = nil) {
    self.identifier = identifier
    self.content = content
    self.children = children
  }

  /// Header and content, the members of each SET put in order when told so.
  func write(into octets: inout [UInt8], isSorted: Bool) {
    var inside = content
    if let children {
      if isSorted, identifier == 0x31, children.count > 1 {
        let members = children.map { child in
          var member: [UInt8] = []
          child.write(into: &member, isSorted: isSorted)
          return member
        }
        inside += members.sorted { $0.lexicographicallyPrecedes($1) }.joined()
      } else {
        for child in children { child.write(into: &inside, isSorted: isSorted) }
      }
    }
    octets.append(identifier)
    header(inside.count, into: &octets)
    octets += inside
    if length == .indefinite { octets += [0, 0] }
  }

  private func header(_ count: Int, into octets: inout [UInt8]) {
    let said: Int
    switch length {
    case .minimal, .padded: said = count
    case .tooLong: said = count + 1
    case .tooShort: said = max(0, count - 1)
    case .indefinite: return octets.append(0x80)
    case .huge: return octets += [0x85, 0, 0, 0, 0, UInt8(truncatingIfNeeded: count)]
    }
    if length == .padded { return octets += [0x82, UInt8(said >> 8 & 0xFF), UInt8(said & 0xFF)] }
    if said < 0x80 {
      octets.append(UInt8(said))
    } else if said < 0x100 {
      octets += [0x81, UInt8(said)]
    } else {
      octets += [0x82, UInt8(said >> 8 & 0xFF), UInt8(said & 0xFF)]
    }
  }
}
