// SPDX-License-Identifier: Apache-2.0

/// The members of an object while they are read: each is asked for by name, and what nobody asked
/// for is refused at the end.
package struct Members {
  /// Where the object stands, such as `acts[2]`; empty at the top.
  package let place: String
  private var left: [String: JSONValue]

  /// The members of a value that must be an object.
  package init(_ value: JSONValue, at place: String) throws(JSONError) {
    guard case .object(let members) = value else {
      throw JSONError(.wrongValue, at: place, expected: "an object", found: value.kind)
    }
    left = members
    self.place = place
  }

  /// The names of the members that nobody took yet.
  package var names: Set<String> { Set(left.keys) }

  /// The place of a member.
  package func place(of name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

  /// Takes a member, or nil where it is missing.
  package mutating func takeIfPresent(_ name: String) -> JSONValue? {
    left.removeValue(forKey: name)
  }

  /// Takes a member that must be there.
  package mutating func take(_ name: String) throws(JSONError) -> JSONValue {
    guard let value = left.removeValue(forKey: name) else {
      throw JSONError(
        .missingMember, at: place(of: name), expected: "the member \(name)", found: "none")
    }
    return value
  }

  /// Takes a text that must be there and is not empty.
  package mutating func string(_ name: String) throws(JSONError) -> String {
    try take(name).string(at: place(of: name))
  }

  /// Takes a text, or nil where it is missing.
  package mutating func stringIfPresent(_ name: String) throws(JSONError) -> String? {
    guard let value = takeIfPresent(name) else { return nil }
    return try value.string(at: place(of: name))
  }

  /// Takes a whole number within bounds that must be there.
  package mutating func integer(
    _ name: String, in range: ClosedRange<Int>
  ) throws(JSONError) -> Int {
    try take(name).integer(at: place(of: name), in: range)
  }

  /// Takes a whole number within bounds, or nil where it is missing.
  package mutating func integerIfPresent(
    _ name: String, in range: ClosedRange<Int>
  ) throws(JSONError) -> Int? {
    guard let value = takeIfPresent(name) else { return nil }
    return try value.integer(at: place(of: name), in: range)
  }

  /// Takes a list that must be there, with the place of each of its values.
  package mutating func array(
    _ name: String
  ) throws(JSONError) -> [(value: JSONValue, place: String)] {
    let value = try take(name)
    guard case .array(let values) = value else {
      throw JSONError(
        .wrongValue, at: place(of: name), expected: "a list", found: value.kind)
    }
    let place = place(of: name)
    return values.enumerated().map { ($1, "\(place)[\($0)]") }
  }

  /// Takes a list of texts that must be there.
  package mutating func strings(_ name: String) throws(JSONError) -> [String] {
    var texts: [String] = []
    for (value, place) in try array(name) { texts.append(try value.string(at: place)) }
    return texts
  }

  /// Takes an object that must be there.
  package mutating func members(_ name: String) throws(JSONError) -> Members {
    try Members(try take(name), at: place(of: name))
  }

  /// Takes a word that must be there and means a value.
  package mutating func word<Value>(
    _ name: String, _ read: (String) -> Value?, expected: String
  ) throws(JSONError) -> Value {
    let text = try string(name)
    guard let value = read(text) else {
      throw JSONError(.wrongValue, at: place(of: name), expected: expected, found: text)
    }
    return value
  }

  /// Refuses what nobody asked for.
  package func end() throws(JSONError) {
    guard let name = left.keys.sorted().first else { return }
    throw JSONError(
      .unknownMember, at: place(of: name), expected: "no such member", found: name)
  }
}

extension JSONValue {
  /// What it is, for people.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .integer(let number): "the number \(number)"
    case .string(let text): "'\(text)'"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// A text that is not empty.
  package func string(at place: String) throws(JSONError) -> String {
    guard case .string(let text) = self, !text.isEmpty else {
      throw JSONError(.wrongValue, at: place, expected: "a text that is not empty", found: kind)
    }
    return text
  }

  /// A whole number within bounds.
  package func integer(
    at place: String, in range: ClosedRange<Int>
  ) throws(JSONError) -> Int {
    guard case .integer(let number) = self, let value = Int(exactly: number),
      range.contains(value)
    else {
      throw JSONError(
        .wrongValue, at: place,
        expected: "a whole number from \(range.lowerBound) to \(range.upperBound)", found: kind)
    }
    return value
  }
}
