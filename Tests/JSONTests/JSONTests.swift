// SPDX-License-Identifier: Apache-2.0

import JSON
import Testing

@Suite("JSON is read strictly and written in one form")
struct JSONTests {
  private static func read(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8))
  }

  @Test(
    "what is written is what was read, in canonical form",
    arguments: [
      ("null", "null"), (" true ", "true"), ("[ ]", "[]"), ("{ }", "{}"), ("-0", "0"),
      ("{\"b\" : 1,\"a\":[false, -12]}", "{\"a\":[false,-12],\"b\":1}"),
      ("\"\\u0041\\n\\/\\ud83d\\ude00\"", "\"A\\n/\u{1F600}\""),
      ("\"\\u001f\\\\\"", "\"\\u001f\\\\\""),
      ("9223372036854775807", "9223372036854775807"),
    ])
  func canonical(text: String, canonical: String) throws {
    let value = try Self.read(text)
    #expect(String(decoding: value.canonical, as: UTF8.self) == canonical)
    #expect(try JSONValue(parsing: value.canonical) == value)
    #expect(try JSONValue(parsing: Array(value.text.utf8)) == value)
  }

  @Test("the form for people has a line for each member")
  func text() throws {
    #expect(
      try Self.read("{\"a\":[1,{}],\"b\":[]}").text
        == "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}\n")
  }

  @Test(
    "what is no JSON of this kind is refused, with its place",
    arguments: [
      ("", JSONError.Code.malformed), ("nul", .malformed), ("1.5", .malformed),
      ("1e3", .malformed), ("01", .malformed), ("-", .malformed),
      ("9223372036854775808", .malformed),
      ("[1,]", .malformed), ("{\"a\":1,}", .malformed), ("{a:1}", .malformed), ("\"a", .malformed),
      ("\"\t\"", .malformed), ("\"\\x\"", .malformed), ("\"\\ud83d\"", .malformed),
      ("\"\\u+041\"", .malformed), ("\"\\ud83dA\"", .malformed), ("1 2", .malformed),
      ("{\"a\":1,\"a\":2}", .twice), ("[", .malformed), ("[1", .malformed), ("{\"a\"", .malformed),
    ])
  func malformed(text: String, code: JSONError.Code) throws {
    let error = #expect(throws: JSONError.self) { try Self.read(text) }
    #expect(error?.code == code)
    #expect(error?.place.isEmpty == false)
  }

  @Test("octets that are no UTF-8 are refused")
  func encoding() {
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xC3, 0x22]) }
  }

  @Test("values may lie so deep within each other and no deeper")
  func depth() throws {
    let depth = JSONValue.depthMax
    func nested(_ count: Int) -> String {
      String(repeating: "[", count: count) + String(repeating: "]", count: count)
    }
    _ = try Self.read(nested(depth + 1))
    let error = #expect(throws: JSONError.self) { try Self.read(nested(depth + 2)) }
    #expect(error?.code == .tooDeep)
  }

  @Test("members are taken by name and kind, and what is left over is refused")
  func members() throws {
    let value = try Self.read(
      "{\"name\":\"a\",\"count\":3,\"list\":[\"x\"],\"in\":{},\"more\":1,\"empty\":\"\"}")
    var members = try Members(value, at: "top")
    #expect(try members.string("name") == "a")
    #expect(try members.integer("count", in: 1...3) == 3)
    #expect(try members.strings("list") == ["x"])
    #expect(try members.members("in").place == "top.in")
    #expect(try members.stringIfPresent("none") == nil)
    #expect(try members.integerIfPresent("none", in: 0...1) == nil)
    #expect(throws: JSONError.self) { try members.string("empty") }
    let missing = #expect(throws: JSONError.self) { try members.string("name") }
    #expect(missing?.code == .missingMember)
    #expect(missing?.place == "top.name")
    let left = #expect(throws: JSONError.self) { try members.end() }
    #expect(left?.code == .unknownMember)
    #expect(left?.found == "more")
    _ = members.takeIfPresent("more")
    try members.end()
  }

  @Test("a member of another kind is refused")
  func kinds() throws {
    for text in ["{\"a\":1}", "{\"a\":\"x\"}", "{\"a\":[1]}"] {
      var members = try Members(try Self.read(text), at: "")
      let error = #expect(throws: JSONError.self) { try members.members("a") }
      #expect(error?.code == .wrongValue)
    }
    var wrong = try Members(try Self.read("{\"a\":7,\"b\":[7],\"c\":\"q\"}"), at: "")
    #expect(throws: JSONError.self) { try wrong.integer("a", in: 1...6) }
    #expect(throws: JSONError.self) { try wrong.strings("b") }
    #expect(throws: JSONError.self) {
      try wrong.word("c", { $0 == "z" ? 1 : nil }, expected: "z")
    }
    #expect(throws: JSONError.self) { try Members(.array([]), at: "x") }
  }
}
