// SPDX-License-Identifier: Apache-2.0

import DER
import JSON
import Keys
import Profiles
import X509

// How what was made stands in a transcript.

extension Made {
  init(_ members: inout Members) throws(JSONError) {
    steps = try members.list("steps") { value, place throws(JSONError) in
      try Step(value, at: place)
    }
    keys = try members.list("keys") { value, place throws(JSONError) in
      try MadeKey(value, at: place)
    }
    authorities = try members.list("authorities") { value, place throws(JSONError) in
      try OfflineAuthority(value, at: place)
    }
    lists = try members.list("lists") { value, place throws(JSONError) in
      try List(value, at: place)
    }
    requests = try members.list("requests") { value, place throws(JSONError) in
      try Request(value, at: place)
    }
    shares = try members.list("shares") { value, place throws(JSONError) in
      try ShareRecord(try Members(value, at: place))
    }
  }
}

extension Made.Step {
  var json: JSONValue {
    var members: [String: JSONValue] = [
      "time": .string(time.rfc3339), "text": .string(text),
    ]
    if let act { members["act"] = .integer(Int64(act)) }
    return .object(members)
  }

  fileprivate init(_ value: JSONValue, at place: String) throws(JSONError) {
    var members = try Members(value, at: place)
    time = try members.time("time")
    text = try members.string("text")
    act = try members.integerIfPresent("act", in: 0...(CeremonyFile.actsMax - 1))
    try members.end()
  }
}

extension MadeKey {
  var json: JSONValue {
    .object([
      "place": .string(place), "label": .string(label), "use": .string(use),
      "public": .string(publicKey.isEmpty ? "symmetric" : Base64.encode(publicKey)),
    ])
  }

  fileprivate init(_ value: JSONValue, at place: String) throws(JSONError) {
    var members = try Members(value, at: place)
    self.place = try members.string("place")
    label = try members.string("label")
    use = try members.string("use")
    publicKey = try members.word(
      "public", { $0 == "symmetric" ? [] : Base64.decode(Array($0.utf8)) }, expected: "Base64")
    try members.end()
  }
}

extension OfflineAuthority {
  var json: JSONValue {
    .object([
      "kind": .string(kind.rawValue), "name": .string(name), "key-label": .string(keyLabel),
      "place": .string("\(place)"), "certificate": .string(Base64.encode(certificate.encoded)),
      "ceremony": .string(ceremony),
    ])
  }

  fileprivate init(_ value: JSONValue, at place: String) throws(JSONError) {
    var members = try Members(value, at: place)
    kind = try members.word(
      "kind", AuthorityKind.init(rawValue:), expected: "the kind of an authority")
    name = try members.string("name")
    keyLabel = try members.string("key-label")
    self.place = try members.word("place", KeyPlace.init(text:), expected: "a place of keys")
    let certificate = try members.take("certificate")
    self.certificate = try certificate.certificate(at: members.place(of: "certificate"))
    ceremony = try members.string("ceremony")
    try members.end()
  }
}

extension KeyPlace {
  /// Reads what `description` writes.
  fileprivate init?(text: String) {
    let words = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    if words == ["folder"] {
      self = .folder
    } else if words.count == 3, words[0] == "token" {
      self = .token(module: String(words[1]), token: String(words[2]))
    } else {
      return nil
    }
  }
}

extension Made.List {
  var json: JSONValue {
    .object([
      "root": .string(root), "hierarchy": .string(hierarchy.rawValue),
      "number": .integer(Int64(number)), "data": .string(Base64.encode(der)),
    ])
  }

  fileprivate init(_ value: JSONValue, at place: String) throws(JSONError) {
    var members = try Members(value, at: place)
    root = try members.string("root")
    hierarchy = try members.word(
      "hierarchy", AuthorityKind.Hierarchy.init(rawValue:), expected: "a hierarchy")
    number = try members.integer("number", in: 1...1_000_000)
    der = try members.base64("data")
    try members.end()
  }
}

extension Made.Request {
  var json: JSONValue {
    .object(["name": .string(name), "data": .string(Base64.encode(der))])
  }

  fileprivate init(_ value: JSONValue, at place: String) throws(JSONError) {
    var members = try Members(value, at: place)
    name = try members.string("name")
    der = try members.base64("data")
    try members.end()
  }
}

extension JSONValue {
  func certificate(at place: String) throws(JSONError) -> Certificate {
    guard let der = Base64.decode(Array(try string(at: place).utf8)),
      let certificate = try? Certificate(parsing: der)
    else {
      throw JSONError(.wrongValue, at: place, expected: "a certificate", found: kind)
    }
    return certificate
  }
}

extension Members {
  /// A SHA-256 in hexadecimal digits.
  mutating func digest(_ name: String) throws(JSONError) -> [UInt8] {
    try word(
      name, { text in Hex.decode(text).flatMap { $0.count == 32 ? $0 : nil } },
      expected: "64 hexadecimal digits")
  }

  mutating func time(_ name: String) throws(JSONError) -> Time {
    try word(name, { Time(rfc3339: $0) }, expected: "a time of RFC 3339")
  }

  mutating func base64(_ name: String) throws(JSONError) -> [UInt8] {
    try word(name, { Base64.decode(Array($0.utf8)) }, expected: "Base64")
  }

  mutating func list<Value>(
    _ name: String, _ read: (JSONValue, String) throws(JSONError) -> Value
  ) throws(JSONError) -> [Value] {
    var values: [Value] = []
    for (value, place) in try array(name) { values.append(try read(value, place)) }
    return values
  }
}
