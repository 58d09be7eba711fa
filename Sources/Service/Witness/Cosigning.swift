// SPDX-License-Identifier: Apache-2.0

import Archive
package import Audit
import Client
import DER
import FoundationEssentials
import Keys
package import Records
import Threads

extension Configuration {
  /// ENG-witness: somebody else who cosigns checkpoints of the audit.
  package struct WitnessSetting: Codable, Hashable, Sendable {
    /// Where it listens, such as `https://witness.example:9000`.
    package var url: String
    /// Its key, `name+id+base64`, as it was given to the estate.
    package var key: String
    /// File with the certificate that its server goes back to, PEM; nil takes the system's.
    package var authority: String?

    /// A witness.
    package init(url: String, key: String, authority: String? = nil) {
      self.url = url
      self.key = key
      self.authority = authority
    }
  }
}

/// ENG-witness: has witnesses cosign the last checkpoint, and keeps it with their signatures.
package final class Cosigning: Sendable {
  /// Why a witness did not cosign.
  package enum Failure: Error, Hashable, Sendable {
    /// It says that this audit does not continue the one that it has cosigned: one of the two was
    /// changed, and nobody may go on before it is known which.
    case fork(witness: String)
    /// It answered with this status.
    case status(witness: String, Int)
    /// It signed something else, or with another key.
    case signature(witness: String)
  }

  private let records: Records
  private let origin: String
  private let settings: [Configuration.WitnessSetting]
  private let path: String
  /// The size that each witness has cosigned last, as far as is known.
  private let sizes = Guarded<[String: Int]>([:])

  /// A job over the audit of a store; the cosigned checkpoint is kept in a file.
  package init(
    records: Records, origin: String, witnesses: [Configuration.WitnessSetting], path: String
  ) {
    self.records = records
    self.origin = origin
    settings = witnesses
    self.path = path
  }

  /// The last checkpoint with the signatures of witnesses, or as the node alone has signed it.
  package var checkpoint: SignedNote? {
    get throws {
      if !settings.isEmpty, FileSystem.size(path) != nil,
        let note = try? SignedNote(FileReader(path).read(at: 0, count: SignedNote.octetsMax))
      {
        return note
      }
      return try records.audit.checkpoint
    }
  }

  /// Asks every witness for its signature on the last checkpoint.
  ///
  /// - Returns: how many have signed.
  /// - Throws: what kept the last of those that did not; the others' signatures are kept.
  @discardableResult
  package func ask() throws -> Int {
    guard !settings.isEmpty, var note = try records.audit.checkpoint else { return 0 }
    let checkpoint = try Checkpoint(text: note.text)
    if let held = try self.checkpoint, held.text == note.text { note = held }
    var failure: (any Error)?
    var count = 0
    for setting in settings {
      do {
        let key = try NoteKey(setting.key)
        if !note.signatures.contains(where: { $0.name == key.name && $0.id == key.id }) {
          note = try cosign(note, checkpoint, setting, key)
        }
        count += 1
      } catch {
        failure = error
      }
    }
    if count > 0 { try keep(note) }
    if let failure { throw failure }
    return count
  }

  private func cosign(
    _ note: SignedNote, _ checkpoint: Checkpoint, _ setting: Configuration.WitnessSetting,
    _ key: NoteKey
  ) throws -> SignedNote {
    var options = HTTPClient.Options()
    options.authoritiesPath = setting.authority
    options.totalSecondsMax = 20
    options.bodyOctetsMax = Witness.octetsMax
    let client = try HTTPClient(options)
    var old = sizes.value[key.name] ?? 0
    for _ in 0..<2 {
      // The witness has seen more than there is: what it saw is not here.
      guard old <= checkpoint.size else { throw Failure.fork(witness: key.name) }
      let response = try client.post(
        setting.url + Witness.path, type: "text/plain; charset=utf-8",
        body: request(note, checkpoint, from: old))
      switch response.status {
      case 200:
        let signed = try note.with(signatureLine: String(decoding: response.body, as: UTF8.self))
        guard (try? signed.verify([key])) == [key] else {
          throw Failure.signature(witness: key.name)
        }
        sizes.change { $0[key.name] = checkpoint.size }
        return signed
      case 409:
        let text = String(decoding: response.body.prefix(20), as: UTF8.self)
          .filter { !$0.isNewline }
        guard let size = Int(text), size != old else { throw Failure.fork(witness: key.name) }
        old = size
      case 422: throw Failure.fork(witness: key.name)
      default: throw Failure.status(witness: key.name, response.status)
      }
    }
    throw Failure.fork(witness: key.name)
  }

  private func request(
    _ note: SignedNote, _ checkpoint: Checkpoint, from old: Int
  ) throws -> [UInt8] {
    let proof =
      old == 0 || old == checkpoint.size
      ? [] : try records.audit.consistencyProof(from: old, to: checkpoint.size)
    let lines = ["old \(old)"] + proof.map { Base64.encode($0) }
    return Array((lines.map { $0 + "\n" }.joined() + "\n" + note.encoded).utf8)
  }

  private func keep(_ note: SignedNote) throws {
    try FileSystem.remove(path + ".new")
    let writer = try FileWriter(new: path + ".new")
    try writer.write(Array(note.encoded.utf8))
    try writer.sync()
    try FileSystem.move(path + ".new", to: path)
  }
}
