// SPDX-License-Identifier: Apache-2.0

import DER
import FoundationEssentials
import Records
import Service

extension Command {
  static let nodes = Command(
    name: "node list", summary: "list the nodes that share an estate's records",
    notes: """
      Any number of nodes serve an estate whose records are on a PostgreSQL server. A node is \
      alive while its lease runs or its connection to the server stands; what a dead one had \
      begun the others void or finish. In records in a file there is nothing to list: one process \
      writes.
      """,
    options: [.flag("--all", "with nodes that have ended")],
    example: "smki node list"
  ) { invocation in
    let opening = try Opening(invocation)
    let all = try opening.records.nodes()
    let rows = all.filter { invocation.has("--all") || $0.ended == nil }.map(NodeRow.init)
    try invocation.show(rows) {
      guard opening.configuration.store != nil else {
        return "the records are in a file, which one process writes: "
          + (opening.records.isHeld ? "it is open" : "nobody has it open")
      }
      return Table(
        headings: ["id", "name", "version", "since", "seen", "state", "work"],
        rows: rows.map {
          ["\($0.id)", $0.name, $0.version, $0.since, $0.seen, $0.state, $0.summary]
        }
      ).text()
    }
    return .done
  }

  static let nodeAdd = Command(
    name: "node add", summary: "make the folder of a further node of an estate",
    notes: """
      The folder gets the keys as they are sealed, the server's credential and estate.json with \
      the new name; the records stay where they are. Carry it to the other machine over a channel \
      that you trust, change doors.address there, and give it the passphrase of the estate.
      """,
    operands: [Operand(name: "DIR", summary: "the folder to be made; it must not be there")],
    options: [.required("--name", "NAME", "the new node's name: letters, digits, . and -")],
    example: "smki node add /mnt/b/smki --name node-b"
  ) { invocation in
    let name = try invocation.required("--name")
    let isName = name.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45
        || $0 == 46
    }
    guard (1...63).contains(name.utf8.count), isName else {
      throw UsageError("--name is 1 to 63 letters, digits, . and -", invocation.command)
    }
    let target = Folder(invocation.operands[0])
    try FurtherNode(from: invocation.folder, to: target).make(named: name)
    let shown = ["node": name, "folder": target.path]
    try invocation.show(shown) {
      "\(target.path) is ready for \(name): smki serve --estate \(target.path)"
    }
    return .done
  }
}

/// A node in one line.
private struct NodeRow: Encodable {
  let id: Int
  let name: String
  let version: String
  let process: String
  let since: String
  let seen: String
  let ended: String?
  let state: String
  let work: [String]

  init(_ node: NodeStanding) {
    id = node.id
    name = node.name
    version = node.version
    process = node.process
    since = node.since.rfc3339
    seen = node.seen.rfc3339
    ended = node.ended?.rfc3339
    state = node.ended != nil ? "ended" : node.isAlive ? "alive" : "dead"
    work = node.work
  }

  /// What it alone does, chunks counted: `schedule, 3 chunks`.
  var summary: String {
    let chunks = work.count { $0.hasPrefix("work/") || $0.hasPrefix("batch/") }
    let others = work.filter { !$0.hasPrefix("work/") && !$0.hasPrefix("batch/") }
    let all = others + (chunks > 0 ? ["\(chunks) chunks"] : [])
    return all.isEmpty ? "-" : all.joined(separator: ", ")
  }
}

/// The folder of a further node, made from that of the first.
private struct FurtherNode {
  /// What belongs to one node only: its access log, its files of batches, its sockets.
  private static let leftOut: Set<String> = [
    "access", "batches", "control.sock", "offline", "estate.json", "backup.json", "last.checkpoint",
  ]

  let from: Folder
  let to: Folder

  func make(named name: String) throws {
    let files = FileManager.default
    var configuration = try Opening.configuration(of: from)
    guard configuration.store != nil else {
      throw Failure.Message(
        .failed, "the records are in a file, which one node serves at a time",
        remedy: "Move them to a PostgreSQL server first: smki export, then smki import.")
    }
    guard configuration.nodeName.name != name else {
      throw Failure.Message(.failed, "\(name) is the name of the node in \(from.path)")
    }
    guard !files.fileExists(atPath: to.path) else {
      throw Failure.Message(.failed, "\(to.path) is there already")
    }
    try Files.makeFolder(to.path)
    for entry in try files.contentsOfDirectory(atPath: from.path).sorted()
    where !Self.leftOut.contains(entry) && !entry.hasPrefix(".") {
      try files.copyItem(atPath: "\(from.path)/\(entry)", toPath: "\(to.path)/\(entry)")
    }
    configuration.node = name
    // Last: a folder without it is no estate.
    try configuration.write(to.path)
  }
}
