// SPDX-License-Identifier: Apache-2.0

extension SQL {
  /// The text of a statement in pieces, by which its prepared form is found again.
  ///
  /// A constant is known by its address, so that neither is a text put together nor one hashed
  /// for each row: that cost more than running the statement. The same text written at two places
  /// of the program is prepared twice, which harms nobody.
  struct Form: Hashable, Sendable {
    /// A part of the text.
    enum Piece: Sendable {
      /// Text that the program carries, at an address of its own for as long as it runs.
      case constant(StaticString)
      /// Text that the program made.
      case text(String)
      /// A place for a value.
      case place
    }

    private var pieces: [Piece] = []
    /// Made from the pieces; equal for equal pieces.
    private var digest: UInt = 0

    mutating func reserve(places: Int) {
      pieces.reserveCapacity(2 * places + 1)
    }

    mutating func append(_ piece: Piece) {
      pieces.append(piece)
      digest = digest &* 31 &+ piece.digest
    }

    mutating func append(_ other: Form) {
      for piece in other.pieces { append(piece) }
    }

    /// The text with `$1`, `$2`, … at the places.
    var text: String {
      var text = ""
      var places = 0
      for piece in pieces {
        switch piece {
        case .constant(let constant): text += "\(constant)"
        case .text(let part): text += part
        case .place:
          places += 1
          text += "$\(places)"
        }
      }
      return text
    }

    static func == (left: Form, right: Form) -> Bool {
      left.digest == right.digest && left.pieces == right.pieces
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(digest)
    }
  }
}

extension SQL.Form.Piece: Equatable {
  /// A constant of the program.
  init(_ constant: StaticString) {
    self = constant.hasPointerRepresentation ? .constant(constant) : .text("\(constant)")
  }

  fileprivate var digest: UInt {
    switch self {
    case .constant(let text): unsafe UInt(bitPattern: text.utf8Start)
    case .text(let text): UInt(bitPattern: text.hashValue)
    case .place: 1
    }
  }

  static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.constant(let left), .constant(let right)):
      unsafe left.utf8Start == right.utf8Start && left.utf8CodeUnitCount == right.utf8CodeUnitCount
    case (.text(let left), .text(let right)): left == right
    case (.place, .place): true
    default: false
    }
  }
}
