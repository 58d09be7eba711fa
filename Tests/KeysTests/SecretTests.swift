// SPDX-License-Identifier: Apache-2.0

import Foundation
import Keys
import Testing

@Suite("Secrets")
struct SecretTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(
    "a passphrase is what stands in the file, less one line end",
    arguments: [
      ("correct horse", "correct horse"), ("correct horse\n", "correct horse"),
      ("two\n\n", "two\n"), ("\n\n", "\n"), ("a\r\n", "a\r"),
    ])
  func file(content: String, passphrase: String) throws {
    try folder.write("p", Array(content.utf8))
    let secret = try Secret(readingFile: folder.file("p"))
    let octets = secret.octets
    #expect(octets == Array(passphrase.utf8))
    let count = secret.count
    #expect(count == octets.count)
  }

  @Test("a passphrase comes from a file descriptor, which stays open")
  func descriptor() throws {
    let pipe = Pipe()
    pipe.fileHandleForWriting.write(Data("from a pipe\n".utf8))
    try pipe.fileHandleForWriting.close()
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    let octets = try Secret(fileDescriptor: descriptor).octets
    #expect(octets == Array("from a pipe".utf8))
    try pipe.fileHandleForReading.close()
  }

  @Test("a passphrase has 1 to 1,024 octets", arguments: [0, 1, 1024, 1025, 5000])
  func length(count: Int) throws {
    try folder.write("p", [UInt8](repeating: 65, count: count) + [10])
    guard !(1...1024).contains(count) else {
      let found = try Secret(readingFile: folder.file("p")).count
      #expect(found == count)
      return
    }
    let error = #expect(throws: KeyError.self) { _ = try Secret(readingFile: folder.file("p")) }
    #expect(error?.code == .wrongLength)
  }

  @Test(
    "a file that others can read or write is not taken",
    arguments: [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o620, false)])
  func mode(mode: Int, isTaken: Bool) throws {
    try folder.write("p", Array("x".utf8), mode: mode)
    do {
      _ = try Secret(readingFile: folder.file("p"))
      #expect(isTaken)
    } catch let error as KeyError {
      #expect(!isTaken && error.code == .tooOpen)
    }
  }

  @Test(
    "root's file that a service may read but not write is taken: a credential of systemd",
    .enabled(if: geteuid() == 0, "needs root, to become somebody else"))
  func credential() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
      let modes = [0o440, 0o460, 0o444]
      for mode in modes { try folder.write("p\(mode)", Array("x".utf8), mode: mode) }
      try #require(seteuid(65534) == 0)
      let found = modes.map { mode in
        do {
          return try Secret(readingFile: folder.file("p\(mode)")).count == 1
        } catch {
          return false
        }
      }
      try #require(seteuid(0) == 0)
      #expect(found == [true, false, false])
    }
  }

  @Test("a missing file and a folder say so")
  func missing() throws {
    for path in [folder.file("none"), folder.path] {
      let error = #expect(throws: KeyError.self) { _ = try Secret(readingFile: path) }
      #expect(error?.code == .fileSystem)
    }
  }

  @Test("random secrets differ")
  func random() throws {
    let one = try Secret.random(32).octets
    let two = try Secret.random(32).octets
    #expect(one.count == 32 && two.count == 32 && one != two)
  }
}
