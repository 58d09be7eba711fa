// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Foundation
import Testing

@Suite("Entries")
struct EntryTests {
  static let entry = Entry(
    time: Time(milliseconds: 1_800_000_000_123), actor: "Ada \"A\" Byron", role: "operator",
    action: "certificate.issue", clause: "L8.2",
    facts: ["serial": "40AB", "note": "a\\b\n\u{1}\u{7F}é—𐐷", "": "empty"])

  @Test("an entry is written in the one canonical way")
  func canonical() {
    let text = String(decoding: Self.entry.encoded(), as: UTF8.self)
    #expect(
      text
        == #"{"action":"certificate.issue","actor":"Ada \"A\" Byron","clause":"L8.2","facts":{"":"empty","note":"a\\b\n\u0001\#u{7F}é—𐐷","serial":"40AB"},"role":"operator","time":"2027-01-15T08:00:00.123Z"}"#
    )
  }

  @Test("facts are in the order of RFC 8785, by UTF-16 code units")
  func order() {
    // U+FB33 has a higher code unit than the first of the pair that writes U+1F600.
    let entry = Entry(
      time: Time(seconds: 0), actor: "", role: "", action: "", clause: "",
      facts: ["\u{FB33}": "1", "\u{1F600}": "2", "\u{20AC}": "3", "\r": "4", "1": "5"])
    let text = String(decoding: entry.encoded(), as: UTF8.self)
    #expect(
      text.contains(
        "{\"\\r\":\"4\",\"1\":\"5\",\"\u{20AC}\":\"3\",\"\u{1F600}\":\"2\",\"\u{FB33}\":\"1\"}"))
  }

  @Test("another JSON reader reads the same")
  func otherReader() throws {
    struct Foreign: Decodable {
      let action, actor, clause, role, time: String
      let facts: [String: String]
    }
    let read = try JSONDecoder().decode(Foreign.self, from: Data(Self.entry.encoded()))
    #expect(read.action == Self.entry.action && read.actor == Self.entry.actor)
    #expect(read.facts == Self.entry.facts)
  }

  @Test(
    "an entry is read back",
    arguments: [
      entry, entry.adding(["x": "y"]),
      Entry(time: Time(seconds: -1), actor: "", role: "", action: "", clause: ""),
    ])
  func roundTrip(entry: Entry) throws {
    #expect(try Entry.decode(entry.encoded()) == entry)
  }

  @Test("facts of the same name are replaced")
  func replaced() {
    #expect(Self.entry.adding(["serial": "1"]).facts["serial"] == "1")
  }

  @Test("each changed bit is refused or gives another entry")
  func bits() {
    let bytes = Self.entry.encoded()
    for index in bytes.indices {
      for bit in 0..<8 {
        var wrong = bytes
        wrong[index] ^= 1 << bit
        let read = try? Entry.decode(wrong)
        #expect(read == nil || read?.encoded() == wrong)
      }
      #expect(throws: AuditError.self) { try Entry.decode(bytes.prefix(index)) }
    }
    #expect(throws: AuditError.self) { try Entry.decode(bytes + [0x20]) }
  }

  @Test(
    "JSON that says the same in another way is refused",
    arguments: [
      #"{"action":"a","actor":"b","clause":"","facts":{},"role":"","time":"1970-01-01T00:00:00Z"}"#,
      #"{"action":"\u0061","actor":"b","clause":"","facts":{},"role":"","time":"1970-01-01T00:00:00.000Z"}"#,
      #"{"action":"a","actor":"b","clause":"","facts":{"b":"","a":""},"role":"","time":"1970-01-01T00:00:00.000Z"}"#,
      #"{"action":"a","actor":"b","clause":"","facts":{"a":"","a":""},"role":"","time":"1970-01-01T00:00:00.000Z"}"#,
      #"{"action":"a","actor":"b","clause":"","facts":{"a":""},"role":"\n","time":"never"}"#,
      #"{"action":"a","actor":"b","clause":"","facts":{"a":1},"role":"","time":"1970-01-01T00:00:00.000Z"}"#,
      #"{ "action":"a","actor":"b","clause":"","facts":{},"role":"","time":"1970-01-01T00:00:00.000Z"}"#,
      #"{"action":"a/","actor":"\/","clause":"","facts":{},"role":"","time":"1970-01-01T00:00:00.000Z"}"#,
      #"{"action":"\u001G","actor":"","clause":"","facts":{},"role":"","time":"1970-01-01T00:00:00.000Z"}"#,
      #"{"action":"\u001F","actor":"","clause":"","facts":{},"role":"","time":"1970-01-01T00:00:00.000Z"}"#,
      #"{"action":"\"#,
      "",
    ])
  func otherForms(text: String) {
    #expect(throws: AuditError.self) { try Entry.decode(text.utf8) }
  }

  @Test("an entry holds 256 facts and not one more")
  func facts() throws {
    let facts = Dictionary(uniqueKeysWithValues: (0..<257).map { ("\($0)", "") })
    var entry = Entry(
      time: Time(seconds: 0), actor: "", role: "", action: "", clause: "", facts: facts)
    #expect(throws: AuditError.self) { try entry.checked() }
    #expect(throws: AuditError.self) { try Entry.decode(entry.encoded()) }
    entry = Entry(
      time: Time(seconds: 0), actor: "", role: "", action: "", clause: "",
      facts: facts.filter { $0.key != "0" })
    #expect(try Entry.decode(entry.checked()) == entry)
  }

  @Test("an entry holds 65,535 octets and not one more")
  func octets() throws {
    let empty = Entry(time: Time(seconds: 0), actor: "", role: "", action: "", clause: "")
    let room = Entry.encodedOctetsMax - empty.encoded().count
    for (count, fits) in [(room, true), (room + 1, false)] {
      let entry = Entry(
        time: Time(seconds: 0), actor: String(repeating: "a", count: count), role: "", action: "",
        clause: "")
      if fits {
        #expect(try Entry.decode(entry.checked()) == entry)
      } else {
        #expect(throws: AuditError.self) { try entry.checked() }
        #expect(throws: AuditError.self) { try Entry.decode(entry.encoded()) }
      }
    }
  }

  @Test(
    "a time that RFC 3339 cannot write is refused",
    arguments: [253_402_300_800, -62_167_219_201] as [Int64])
  func years(seconds: Int64) {
    let entry = Entry(
      time: Time(seconds: seconds), actor: "", role: "", action: "", clause: "")
    #expect(throws: AuditError.self) { try entry.checked() }
  }
}
