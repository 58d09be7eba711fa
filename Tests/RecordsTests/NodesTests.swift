// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Foundation
import Records
import TestStore
import Testing
import Threads

@Suite("Several nodes on one store", .onServer)
struct NodesTests {
  let place: Place

  init() throws {
    place = try Place()
  }

  private func open(_ name: String) throws -> Records {
    try Records.open(
      place.path, as: NodeName(name, version: "1", leaseSeconds: 1),
      clock: { Time(seconds: 1_800_000_000) }, migrations: [.animals])
  }

  @Test("nodes that write at the same time make one tree, and each sees what the other wrote")
  func together() throws {
    let nodes = [try open("a"), try open("b"), try open("c")]
    RecordsTests.threads(6) { thread in
      for number in 0..<20 {
        try? nodes[thread % 3].add(animal: thread * 1_000 + number)
      }
    }
    for node in nodes {
      #expect(try node.animals() == 120)
      #expect(try node.audit.size == 120)
      #expect(try node.verifyAudit(keys: []).isSound)
      node.close()
    }
    let again = try open("a")
    #expect(try again.verifyAudit(keys: []).root == again.audit.root)
  }

  @Test("what a closure reads of another node's rows is still so when it is committed")
  func serialised() throws {
    let nodes = [try open("a"), try open("b")]
    RecordsTests.threads(4) { thread in
      for _ in 0..<25 {
        // The next number after the last one: two nodes that read the same would collide.
        _ = try? nodes[thread % 2].write(.test()) { transaction in
          let last = try transaction.first("SELECT max(id) AS last FROM animal")
          let next = try (last?.optionalInt("last") ?? 0) + 1
          try transaction.execute("INSERT INTO animal (id, name) VALUES (\(next), \("\(next)"))")
        }
      }
    }
    #expect(try nodes[0].animals() == 100)
  }

  @Test("a second node of a living one's name is refused; of an ended one's it is not")
  func names() throws {
    let first = try open("a")
    let error = #expect(throws: DatabaseError.self) { try open("a") }
    #expect(error?.code == .storeInUse)
    #expect(error?.message.contains("node a") == true)
    let other = try open("b")
    #expect(try Set(other.nodes().filter(\.isAlive).map(\.name)) == ["a", "b"])
    #expect(other.isHeld)
    first.close()
    let next = try open("a")
    #expect(next.node != first.node)
    let standings = try next.nodes()
    #expect(standings.count == 3)
    #expect(standings.first { $0.id == first.node }?.ended != nil)
    #expect(standings.first { $0.id == next.node }?.isAlive == true)
  }

  @Test("one node at a time has a claim, until it gives it back or ends")
  func claims() throws {
    let first = try open("a")
    let second = try open("b")
    #expect(try first.claim("schedule") && first.claim("schedule"))
    #expect(try !second.claim("schedule"))
    #expect(try second.claimedElsewhere("sched") == ["schedule"])
    try second.release(["schedule"])
    #expect(try !second.claim("schedule"), "only who has it gives it back")
    try first.release(["schedule"])
    #expect(try second.claim("schedule"))
    #expect(try !first.claim("schedule"))
    second.close()
    #expect(try first.claim("schedule"))
  }

  @Test("work that a node has begun is known to the others, and to nobody when it is undone")
  func work() throws {
    let first = try open("a")
    let second = try open("b")
    try first.write(.test()) { try $0.beginWork("chunk/1", note: [1, 2]) }
    _ = try? first.write(.test()) { transaction in
      try transaction.beginWork("chunk/2", note: [])
      throw CancellationError()
    }
    try second.write(.test()) { transaction in
      let others = try transaction.workElsewhere()
      #expect(others.map(\.name) == ["chunk/1"])
      #expect(try transaction.note(ofWork: "chunk/1") == [1, 2])
    }
    #expect(try second.read { try $0.workOfTheDead() } == [])
    first.close()
    let left = try second.read { try $0.workOfTheDead() }
    #expect(left.map(\.name) == ["chunk/1"])
    try second.write(.test()) { try $0.endWork("chunk/1") }
    #expect(try second.read { try $0.workOfTheDead() } == [])
  }

  @Test("a file that one node keeps another finds, piece by piece, until it is let go")
  func files() throws {
    let first = try open("a")
    let second = try open("b")
    let pieces: [[UInt8]] = [Array(repeating: 1, count: 300_000), [2, 3]]
    try first.share("file") { take in for piece in pieces { try take(piece) } }
    var found: [[UInt8]] = []
    #expect(try second.fetch("file") { found.append($0) })
    #expect(found == pieces)
    #expect(throws: CancellationError.self) {
      try first.share("half") { take in
        try take([1])
        throw CancellationError()
      }
    }
    #expect(try !second.fetch("half") { _ in })
    try second.unshare(["file"])
    #expect(try !first.fetch("file") { _ in })
  }

  @Test("nodes whose connections are cut again and again lose nothing and write nothing twice")
  func cut() throws {
    let nodes = [try open("a"), try open("b")]
    let answered = Guarded<Set<Int>>([])
    let refused = Guarded(0)
    let isDone = Guarded(false)
    let cutter = Worker(name: "test-cutter") { [place] in
      // Eight cuts, and more until one has met somebody who was writing: at most half a minute.
      for count in 0..<500 where count < 8 || refused.value == 0 {
        _ = Gate().wait(milliseconds: 60)
        _ = try? ServerTests.cut(place)
      }
      isDone.change { $0 = true }
    }
    RecordsTests.threads(4) { thread in
      var id = thread * 1_000_000
      repeat {
        id += 1
        if code(of: { try nodes[thread % 2].add(animal: id) }) == nil {
          answered.change { _ = $0.insert(id) }
        } else {
          refused.change { $0 += 1 }
        }
      } while !isDone.value
    }
    cutter.join()
    #expect(refused.value > 0)
    for (index, node) in nodes.enumerated() {
      try node.add(animal: -1 - index)
      answered.change { _ = $0.insert(-1 - index) }
    }
    let ids = try nodes[0].read {
      try $0.query("SELECT id FROM animal").map { try $0.int("id") }
    }
    #expect(Set(ids) == answered.value)
    #expect(try nodes[1].audit.size == ids.count)
    #expect(try nodes[1].verifyAudit(keys: []).isSound)
  }
}
