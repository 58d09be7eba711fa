// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import Foundation
import HTTP
import Keys
import Records
import SEC
import Service
import Testing
import Threads

/// A witness that listens, and an estate that asks it.
final class WitnessSetting: Sendable {
  let estate: ServingEstate
  let witness: Witness
  let folder: String
  private let server: Server

  init() throws {
    let folder = NSTemporaryDirectory() + "smki-witness-\(UUID().uuidString)"
    self.folder = folder
    let key = try SoftwareKey.generate(.ed25519)
    let name = "pma.example/w1"
    let line = try NoteKey(name, key.publicKey, kind: .cosignature).description
    // The address is known once the witness listens, and the witness must know the log.
    let known = Guarded<Witness?>(nil)
    server = Server(
      Server.Configuration(.tcp("127.0.0.1", port: 0)),
      routes: [
        Route("POST", Witness.path, bodyLimit: Witness.octetsMax) { request in
          guard let witness = known.value,
            case .blocking(let handle) = witness.route.handler
          else { return Response(status: 503) }
          return try handle(request)
        }
      ])
    try server.start()
    let port = server.port
    estate = try ServingEstate { configuration in
      configuration.witnesses = [
        Configuration.WitnessSetting(url: "http://127.0.0.1:\(port)", key: line)
      ]
    }
    let estate = estate
    witness = try Witness(
      name: name, key: key,
      logs: [try estate.node.checkpointNoteKey],
      folder: folder, clock: { estate.now })
    known.change { [witness] in $0 = witness }
  }

  deinit {
    server.stop(within: 2)
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// The key of the log, with which a log that lies would sign too.
  var signer: SoftwareKey {
    get throws { try estate.node.keyring.folder.key(label: Node.checkpointKeyLabel) }
  }

  /// Hands a request in without a socket.
  func hand(_ old: Int, _ proof: [MerkleTree.Hash], _ note: SignedNote) throws -> Response {
    try hand(
      "old \(old)\n" + proof.map { Base64.encode($0) + "\n" }.joined() + "\n" + note.encoded)
  }

  func hand(_ text: String) throws -> Response {
    guard case .blocking(let handle) = witness.route.handler else { return Response(status: 500) }
    return try handle(Request(method: "POST", path: Witness.path, body: Array(text.utf8)))
  }

  /// Makes the audit longer and signs it.
  func grow() throws -> (checkpoint: Checkpoint, note: SignedNote) {
    try estate.node.records.write(
      Entry(ServingEstate.officer, "test", clause: "ENG-witness", at: estate.now)
    ) { _ in }
    return try estate.node.signCheckpoint()
  }

  func get(_ path: String) throws -> Response {
    try estate.send("GET", path, at: .repository)
  }
}

@Suite("Witnesses cosign what continues, and nothing else", .clause("ENG-witness"), .serialized)
struct WitnessTests {
  let setting: WitnessSetting

  init() throws { setting = try WitnessSetting() }

  @Test("a node has its checkpoints cosigned, and shows them so", .clause("ENG-audit-tree"))
  func cosigned() throws {
    let key = try setting.witness.noteKey
    for _ in 0..<3 {
      let signed = try setting.grow()
      #expect(try setting.estate.node.cosigning.ask() == 1)
      let response = try setting.get(TileInterface.checkpoint)
      #expect(response.status == 200)
      let note = try SignedNote(response.body)
      #expect(note.text == signed.note.text)
      #expect(Set(try note.verify([key, setting.estate.node.checkpointNoteKey])).count == 2)
      #expect(try setting.witness.last(of: signed.checkpoint.origin) == signed.checkpoint)
    }
  }

  @Test("a tree that was forked is refused, by witness and node")
  func fork() throws {
    let honest = try setting.grow()
    #expect(try setting.hand(0, [], honest.note).status == 200)
    // Another history of the same log, signed by its own key: one leaf is another.
    var other = Frontier()
    for index in 0..<honest.checkpoint.size + 2 {
      other.append(MerkleTree.leafHash([UInt8(index & 0xFF)]))
    }
    let forged = try Checkpoint(
      origin: honest.checkpoint.origin, size: other.size, root: other.root
    ).signed(by: setting.signer)
    #expect(try setting.hand(honest.checkpoint.size, [], forged).status == 422)
    let same = try Checkpoint(
      origin: honest.checkpoint.origin, size: honest.checkpoint.size, root: other.root
    ).signed(by: setting.signer)
    #expect(try setting.hand(honest.checkpoint.size, [], same).status == 409)
    #expect(try setting.witness.last(of: honest.checkpoint.origin) == honest.checkpoint)
    // The node notices that the witness has seen another history: here, a longer one.
    let longer = try Checkpoint(
      origin: honest.checkpoint.origin, size: honest.checkpoint.size + 1_000, root: other.root)
    let note = try longer.signed(by: setting.signer)
      .cosigned(by: try SoftwareKey.generate(.ed25519), as: "x", at: setting.estate.now)
    #expect(try setting.hand(honest.checkpoint.size, [], note).status == 422)
  }

  @Test("what is no request, an unknown log, no signature, a wrong size and proof are refused")
  func refusals() throws {
    let first = try setting.grow()
    let size = first.checkpoint.size
    let stranger = try SoftwareKey.generate(.ed25519)
    let unsigned = try first.checkpoint.signed(by: stranger)
    let unknown = try Checkpoint(origin: "another", size: 1, root: first.checkpoint.root)
      .signed(by: stranger)
    for (text, status) in [
      ("", 400), ("old 0\n", 400), ("old -1\n\n" + first.note.encoded, 400),
      ("old 0\nxyz\n\n" + first.note.encoded, 400), ("old 00\n\n" + first.note.encoded, 400),
      ("old \(size + 1)\n\n" + first.note.encoded, 400), ("old 0\n\n" + unknown.encoded, 404),
      ("old 0\n\n" + unsigned.encoded, 403), ("old 1\n\n" + first.note.encoded, 409),
    ] {
      #expect(try setting.hand(text).status == status, "\(text.prefix(40))")
    }
    #expect(try setting.hand(0, [], first.note).status == 200)
    let second = try setting.grow()
    let again = try setting.hand(0, [], second.note)
    #expect(again.status == 409)
    #expect(again.body == Array("\(size)\n".utf8))
    #expect(again.headers.contains { $0 == ("Content-Type", "text/x.tlog.size") })
    let proof = try setting.estate.node.records.audit.consistencyProof(
      from: size, to: second.checkpoint.size)
    #expect(try setting.hand(size, Array(proof.dropLast()), second.note).status == 422)
    #expect(try setting.hand(size, proof, second.note).status == 200)
  }

  @Test("tiles of hashes are for everybody, and are those of the tree", .clause("ENG-audit-tree"))
  func tiles() throws {
    let signed = try setting.grow()
    let width = signed.checkpoint.size % 256
    let tile = try Tile(level: 0, index: 0, width: width)
    let response = try setting.get("/audit/" + tile.path)
    #expect(response.status == 200)
    #expect(response.body.count == 32 * width)
    let hashes = stride(from: 0, to: response.body.count, by: 32).map {
      Array(response.body[$0..<$0 + 32])
    }
    #expect(MerkleTree.root(of: hashes) == signed.checkpoint.root)
    for path in ["000", "0/001", "0/000.p/\(width + 1)", "x/000", "0/../000", "1/000"] {
      let response = try setting.get("/audit/tile/" + path)
      #expect(response.status == 404, "\(path)")
      let body = try JSONDecoder().decode(ErrorBody.self, from: Data(response.body))
      #expect(body.code == "tile-unknown")
    }
    #expect(try setting.get(TileInterface.entries + "000.p/\(width)").status == 403)
  }
}
