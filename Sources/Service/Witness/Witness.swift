// SPDX-License-Identifier: Apache-2.0

import Archive
package import Audit
package import DER
import FoundationEssentials
package import HTTP
package import Keys
import Threads

/// ENG-witness: cosigns checkpoints of logs that only ever grow (C2SP tlog-witness).
///
/// Of each log it keeps the last checkpoint that it cosigned, durably before it answers. A
/// checkpoint that does not continue it is refused, whoever signed it: two histories of one log
/// cannot both have this witness's signature.
package final class Witness: Sendable {
  /// The path at which checkpoints are handed in.
  package static let path = "/add-checkpoint"
  /// The most octets of a request: a proof of 63 hashes and a note.
  package static let octetsMax = 65_536
  private static let proofMax = 63

  private let name: String
  private let key: SoftwareKey
  private let logs: [NoteKey]
  private let folder: String
  private let clock: @Sendable () -> Time
  /// Held while a request is decided: two at once could fork what one alone could not.
  private let isDeciding = Guarded(())

  /// A witness.
  ///
  /// - Parameters:
  ///   - name: what it calls itself in its signatures.
  ///   - key: an Ed25519 key that signs nothing else.
  ///   - logs: the keys of the logs that it watches.
  ///   - folder: where it keeps what it has cosigned; one witness only.
  ///   - clock: tells the time.
  /// - Throws: a failure of the folder.
  package init(
    name: String, key: SoftwareKey, logs: [NoteKey], folder: String,
    clock: @escaping @Sendable () -> Time
  ) throws {
    self.name = name
    self.key = key
    self.logs = logs
    self.folder = folder
    self.clock = clock
    try FileSystem.makeFolder(folder)
  }

  /// The public half of its key, as logs and auditors are given it.
  package var noteKey: NoteKey {
    get throws { try NoteKey(name, key.publicKey, kind: .cosignature) }
  }

  /// The route of the witness.
  package var route: Route {
    Route("POST", Self.path, bodyLimit: Self.octetsMax) { [self] request in
      do {
        return Response(type: "text/plain; charset=utf-8", text: try add(request.body))
      } catch let refusal as WitnessRefusal {
        return refusal.response
      }
    }
  }

  /// Decides on a checkpoint.
  ///
  /// - Returns: the line of its signature.
  /// - Throws: `WitnessRefusal`, or a failure to keep what was decided.
  func add(_ body: [UInt8]) throws -> String {
    let request = try WitnessRequest(body)
    guard let log = logs.first(where: { $0.name == request.checkpoint.origin }) else {
      throw WitnessRefusal.unknownLog(request.checkpoint.origin)
    }
    do {
      try request.note.verify([log])
    } catch {
      throw WitnessRefusal.unsigned
    }
    guard request.old <= request.checkpoint.size else {
      throw WitnessRefusal.malformed("old \(request.old) of a tree of \(request.checkpoint.size)")
    }
    return try isDeciding.change { _ in try decide(request) }
  }

  private func decide(_ request: WitnessRequest) throws -> String {
    let last = try last(of: request.checkpoint.origin)
    guard request.old == last?.size ?? 0 else { throw WitnessRefusal.otherSize(last?.size ?? 0) }
    do {
      try MerkleTree.checkConsistency(
        from: request.old, root: last?.root ?? MerkleTree.emptyRoot, to: request.checkpoint.size,
        root: request.checkpoint.root, proof: request.proof)
    } catch {
      if let last, last.size == request.checkpoint.size {
        throw WitnessRefusal.otherSize(last.size)
      }
      throw WitnessRefusal.fork
    }
    let cosigned = try request.note.cosigned(by: key, as: name, at: clock())
    let own = try noteKey
    guard let line = cosigned.encoded.split(separator: "\n").last(where: { $0.hasPrefix("— ") }),
      cosigned.signatures.last?.id == own.id
    else { throw WitnessRefusal.unsigned }
    try keep(cosigned, of: request.checkpoint.origin)
    return line + "\n"
  }

  private func path(of origin: String) -> String {
    "\(folder)/\(Hex.encode(Digest.sha256(Array(origin.utf8))).lowercased().prefix(32))"
  }

  /// The last checkpoint of a log that was cosigned.
  package func last(of origin: String) throws -> Checkpoint? {
    let path = path(of: origin)
    guard FileSystem.size(path) != nil else { return nil }
    let note = try SignedNote(FileReader(path).read(at: 0, count: SignedNote.octetsMax))
    try note.verify([noteKey])
    return try Checkpoint(text: note.text)
  }

  private func keep(_ note: SignedNote, of origin: String) throws {
    let path = path(of: origin)
    try FileSystem.remove(path + ".new")
    let writer = try FileWriter(new: path + ".new")
    try writer.write(Array(note.encoded.utf8))
    try writer.sync()
    try FileSystem.move(path + ".new", to: path)
  }

  /// A request as C2SP has it: the size that the asker believes is the last, a proof, a note.
  struct WitnessRequest {
    let old: Int
    let proof: [MerkleTree.Hash]
    let note: SignedNote
    let checkpoint: Checkpoint

    init(_ body: [UInt8]) throws(WitnessRefusal) {
      let bytes = body[...]
      guard
        let blank = bytes.indices.dropFirst().first(where: {
          bytes[$0] == 0x0A && bytes[$0 - 1] == 0x0A
        })
      else { throw .malformed("no empty line before the checkpoint") }
      let lines = String(decoding: bytes[..<blank], as: UTF8.self).split(separator: "\n")
        .map { String($0) }
      guard let first = lines.first, first.hasPrefix("old "), let old = Int(first.dropFirst(4)),
        old >= 0, "old \(old)" == first, lines.count <= Witness.proofMax + 1
      else { throw .malformed("the first line is old and a size, a proof of 63 hashes at most") }
      var proof: [MerkleTree.Hash] = []
      for line in lines.dropFirst() {
        guard let hash = Base64.decode(line.utf8), hash.count == MerkleTree.hashOctets else {
          throw .malformed("a line of the proof that is no hash")
        }
        proof.append(hash)
      }
      do {
        note = try SignedNote(bytes[(blank + 1)...])
        checkpoint = try Checkpoint(text: note.text)
      } catch {
        throw .malformed("\(error)")
      }
      self.old = old
      self.proof = proof
    }
  }
}

/// Why a witness does not sign, with the status that C2SP gives to it.
package enum WitnessRefusal: Error, Hashable, Sendable {
  /// 400: the request is none.
  case malformed(String)
  /// 404: another log than those that are watched.
  case unknownLog(String)
  /// 403: no known key has signed the checkpoint.
  case unsigned
  /// 409: the witness cosigned this size last, or another tree of this size.
  case otherSize(Int)
  /// 422: the tree does not continue the one that was cosigned last.
  case fork

  var response: Response {
    switch self {
    case .malformed(let reason): Self.text(400, "malformed: \(reason)")
    case .unknownLog(let origin): Self.text(404, "unknown log \(origin.prefix(100))")
    case .unsigned: Self.text(403, "no known key has signed the checkpoint")
    case .otherSize(let size):
      Response(status: 409, type: "text/x.tlog.size", body: Array("\(size)\n".utf8))
    case .fork: Self.text(422, "the tree does not continue the one that was cosigned last")
    }
  }

  private static func text(_ status: Int, _ text: String) -> Response {
    Response(status: status, type: "text/plain; charset=utf-8", body: Array((text + "\n").utf8))
  }
}
