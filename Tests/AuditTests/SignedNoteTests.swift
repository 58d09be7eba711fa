// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Keys
import Testing

/// The vectors of the Go checksum database's package for notes, and of the C2SP documents.
enum Notes {
  static let peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
  static let enoch = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
  static let text = """
    If you think cryptography is the answer to your problem,
    then you don't know what your problem is.

    """
  static let peterLine =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
  static let enochLine =
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
  static let sofa = """
    example.com/behind-the-sofa
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
    — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==

    """
}

@Suite("Signed notes")
struct SignedNoteTests {
  @Test("published notes verify under their published keys")
  func published() throws {
    let peter = try NoteKey(Notes.peter)
    let enoch = try NoteKey(Notes.enoch)
    #expect(peter.id == 0xC74F_20A3)
    #expect(peter.description == Notes.peter)
    let bytes = Notes.text + "\n" + Notes.peterLine + Notes.enochLine
    let note = try SignedNote(bytes.utf8)
    #expect(note.text == Notes.text)
    #expect(note.encoded == bytes)
    #expect(try note.verify([peter]) == [peter])
    #expect(try note.verify([enoch, peter]) == [peter, enoch])
    #expect(throws: AuditError.self) { try note.verify([]) }
  }

  @Test("one wrong signature of a known key spoils the note, one of an unknown key does not")
  func wrong() throws {
    let peter = try NoteKey(Notes.peter)
    let enoch = try NoteKey(Notes.enoch)
    let spoilt = Notes.enochLine.replacing("5n2t", with: "5n2s")
    let note = try SignedNote((Notes.text + "\n" + Notes.peterLine + spoilt).utf8)
    #expect(try note.verify([peter]) == [peter])
    #expect(throws: AuditError.self) { try note.verify([peter, enoch]) }
  }

  @Test(
    "what is no note is refused",
    arguments: [
      "", "\n", "\n\n", Notes.text, Notes.text + "\n",
      Notes.text + "\n" + String(Notes.peterLine.dropLast()),
      "\u{1}" + Notes.text + "\n" + Notes.peterLine,
      Notes.text + "\n" + Notes.peterLine + "Unexpected line.\n",
      Notes.text + "\n— Bad Name x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAc=\n",
      Notes.text + "\n— Bad+Name x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAc=\n",
      Notes.text + "\n— a\u{A0}b x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAc=\n",
      Notes.text + "\n— Name AAAA\n", Notes.text + "\n—  AAAAAAAA\n", Notes.text + "\n— Name\n",
      Notes.text + "\n- Name AAAAAAAA\n", Notes.text + "\n— Name AAAA AAAA\n",
    ])
  func malformed(text: String) {
    #expect(throws: AuditError.self) { try SignedNote(text.utf8) }
  }

  @Test("a note of more than 100 signatures or 131,072 octets is refused")
  func large() throws {
    let line = "\n" + Notes.peterLine
    let empty = (Notes.text + line).utf8.count
    for (count, fits) in [(SignedNote.octetsMax, true), (SignedNote.octetsMax + 1, false)] {
      let text = String(repeating: "a", count: count - empty) + Notes.text + line
      #expect(((try? SignedNote(text.utf8)) != nil) == fits)
    }
    for (count, fits) in [(100, true), (101, false)] {
      let text = Notes.text + "\n" + String(repeating: Notes.peterLine, count: count)
      #expect(((try? SignedNote(text.utf8)) != nil) == fits)
    }
  }

  @Test("bytes that are not UTF-8 are refused")
  func notText() {
    #expect(throws: AuditError.self) {
      try SignedNote([0xFF] + Array((Notes.text + "\n" + Notes.peterLine).utf8))
    }
  }

  @Test("16 signatures are accepted")
  func sixteen() throws {
    let note = try SignedNote(
      (Notes.text + "\n" + String(repeating: Notes.peterLine, count: 16)).utf8)
    #expect(note.signatures.count == 16)
    #expect(try note.verify([NoteKey(Notes.peter)]).count == 1)
  }

  @Test(
    "keys written otherwise are refused",
    arguments: [
      "PeterNeumann", "PeterNeumann+c74f20a3",
      "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
      "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ])
  func badKeys(text: String) {
    #expect(throws: AuditError.self) { try NoteKey(text) }
  }

  @Test("log and witness sign one note; each signs once")
  func signing() throws {
    let log = try SoftwareKey.generate(.ed25519)
    let witness = try SoftwareKey.generate(.ed25519)
    let checkpoint = try Checkpoint(origin: "example.com/log", size: 7, root: Reference.roots[7])
    let note = try checkpoint.signed(by: log).signed(by: log, as: "example.com/log")
      .cosigned(by: witness, as: "witness", at: Time(seconds: 1_700_000_000))
    #expect(note.signatures.count == 2)
    let keys = [
      try NoteKey("example.com/log", log.publicKey),
      try NoteKey("witness", witness.publicKey, kind: .cosignature),
    ]
    let read = try SignedNote(note.encoded.utf8)
    #expect(try read.verify(keys) == keys)
    #expect(
      try Checkpoint(note: note.encoded.utf8, keys: keys, origin: "example.com/log") == checkpoint)
    #expect(throws: AuditError.self) {
      try Checkpoint(note: note.encoded.utf8, keys: keys, origin: "example.com/other")
    }
    let stranger = try NoteKey("example.com/log", witness.publicKey)
    #expect(throws: AuditError.self) {
      try Checkpoint(note: note.encoded.utf8, keys: [stranger], origin: "example.com/log")
    }
    // A log's signature is not a witness's.
    let confused = try NoteKey("witness", witness.publicKey)
    #expect(throws: AuditError.self) { try read.verify([confused]) }
  }

  @Test("each changed character of a signed checkpoint is found")
  func changed() throws {
    let log = try SoftwareKey.generate(.ed25519)
    let keys = [try NoteKey("o", log.publicKey)]
    let note = try Array(
      Checkpoint(origin: "o", size: 7, root: Reference.roots[7]).signed(by: log).encoded.utf8)
    for index in note.indices {
      var wrong = note
      wrong[index] ^= 1
      #expect(throws: AuditError.self, "octet \(index)") {
        try Checkpoint(note: wrong, keys: keys, origin: "o")
      }
    }
  }

  @Test("only Ed25519 keys sign notes")
  func otherKinds() throws {
    let key = try SoftwareKey.generate(.p256)
    #expect(throws: AuditError.self) { try NoteKey("name", key.publicKey) }
  }
}

@Suite("Checkpoints")
struct CheckpointTests {
  @Test("the checkpoint of the C2SP document is read")
  func published() throws {
    let note = try SignedNote(Notes.sofa.utf8)
    let checkpoint = try Checkpoint(text: note.text)
    #expect(checkpoint.origin == "example.com/behind-the-sofa")
    #expect(checkpoint.size == 20_852_163)
    #expect(Base64.encode(checkpoint.root) == "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    #expect(checkpoint.text == note.text)
    #expect(note.encoded == Notes.sofa)
    #expect(note.signatures.map(\.name).last == "witness.example.com/w1")
    #expect(note.signatures.map(\.id) == [0x033D_E0AE, 0x8D66_CF3F])
  }

  @Test("extension lines are kept")
  func extensions() throws {
    let root = Base64.encode(Reference.roots[1])
    let checkpoint = try Checkpoint(text: "o\n1\n\(root)\nmore\n")
    #expect(checkpoint.extensions == ["more"])
    #expect(checkpoint.text == "o\n1\n\(root)\nmore\n")
  }

  @Test(
    "text that is no checkpoint is refused",
    arguments: [
      "", "o\n", "o\n1\n", "\n1\nR\n", "o\n01\nR\n", "o\n-1\nR\n", "o\n+1\nR\n", "o\n1\nAAAA\n",
      "o\n1\nR", "o\n1\nR\n\n", "o\n1\n R\n", "o\n9223372036854775808\nR\n", "o\n1 \nR\n",
    ])
  func malformed(pattern: String) {
    let text = pattern.replacing("R", with: Base64.encode(Reference.roots[1]))
    #expect(throws: AuditError.self) { try Checkpoint(text: text) }
  }
}
