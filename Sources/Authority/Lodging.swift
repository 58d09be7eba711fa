// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Keys
import Profiles
import Records
import Registration
import Repository
import SEC
import Threads
import X509

/// Certificates that were signed, verified and compared, and that nobody has seen yet.
struct Signed: ~Copyable, Sendable {
  let chunk: IssuanceChunk
  let certificates: [LodgedCertificate]
  /// Credentials to be registered in the transaction that lodges their certificates.
  let credentials: [SystemCredential]
  /// Who asked for them, in the words of the audit.
  let askers: String
}

extension Authority {
  /// ENG-self-check, GBCS-12.1: signs what was recorded; a chunk with one certificate that departs
  /// from its profile, or one wrong signature, is voided whole.
  ///
  /// All of a chunk goes to the key at once: one in a module has many calls under way.
  func sign(_ recorded: consuming Recorded) throws -> Signed {
    let chunk = recorded.chunk
    do {
      var certificates: [LodgedCertificate] = []
      certificates.reserveCapacity(recorded.items.count)
      var credentials: [SystemCredential] = []
      let signed = try recorded.signer.sign(recorded.items)
      for (position, (item, der)) in zip(recorded.items, signed).enumerated() {
        let prepared = item.prepared
        certificates.append(
          LodgedCertificate(
            serial: item.serial.octets, kind: prepared.hierarchy.certificateClass,
            entity: prepared.entity, keyIdentifier: prepared.keyIdentifier,
            usage: prepared.usage, role: prepared.role, chunk: chunk.id, position: position,
            party: prepared.party, requestHash: prepared.requestHash, issued: chunk.recorded,
            notAfter: item.notAfter, der: der))
        if case .iki(let request, let interface, let holder) = prepared.request {
          credentials.append(
            SystemCredential(
              serial: item.serial.description, party: prepared.party, interface: interface,
              name: request.subject.commonName, fingerprint: Digest.sha256(der),
              notAfter: item.notAfter, person: holder?.person, token: holder?.token))
        }
      }
      reached(.signed)
      return Signed(
        chunk: chunk, certificates: certificates, credentials: credentials,
        askers: Askers(of: recorded.items).description)
    } catch {
      if case AuthorityError.badSignature = error { wrongSignatures.change { $0 += 1 } }
      try void(chunk, because: "\(error)")
      guard let fault = error as? TokenFault else { throw error }
      throw AuthorityError.signerDown(fault.reason)
    }
  }

  /// ENG-two-commits, C3-116-6, M8-2.2-lodged: the second commit, by which certificates are in the
  /// Repository, and after which they may be answered.
  ///
  /// - Parameters:
  ///   - signed: what is lodged.
  ///   - finish: told on a thread of its own, once: the certificates in DER by position, when they
  ///     are durable, or what went wrong after the chunk was voided.
  /// - Throws: a failure of the store that came before anything was queued.
  func lodge(
    _ signed: consuming Signed, finish: @escaping @Sendable (Result<[[UInt8]], any Error>) -> Void
  ) throws {
    let chunk = signed.chunk
    let certificates = signed.certificates
    let credentials = signed.credentials
    let root = MerkleTree.root(of: certificates.map { MerkleTree.leafHash($0.leaf) })
    let moment = clock()
    let entry = Entry(
      Self.node, "certificates-lodged", clause: "L5.3(a)", at: moment,
      facts: [
        "chunk": String(chunk.id), "count": String(chunk.count),
        "certificate-root": Hex.encode(root), "policy": chunk.policy, "asked-by": signed.askers,
      ])
    underWay.change { $0 += 1 }
    do {
      // Few wait for the next first commit and share it; many are worth a commit of their own.
      let isBulk = certificates.count > Self.companyMax
      try records.write(entry, isPatient: !isBulk, isBulk: isBulk) { transaction in
        for credential in credentials {
          try Registration.checkName(
            credential.name, of: credential.party, for: credential.interface, at: moment,
            in: transaction)
          try Registration.add(credential, in: transaction)
        }
        try transaction.numberWithoutGap("certificate")
        try Repository.lodge(certificates, in: transaction)
        // Another node may have taken this one for dead, and voided the chunk.
        guard try AuthorityRecords.removeIntent(of: chunk, in: transaction) else {
          throw AuthorityError.chunkVoided(chunk.id)
        }
        try AuthorityRecords.keep(
          chunk.lodged(root: root, auditIndex: transaction.auditIndex), in: transaction)
      } finish: { [self] result in
        // The writer goes on at once; answering is another thread's work.
        _ = answers.add { [self] in
          switch result {
          case .success: reached(.lodged)
          case .failure(let error):
            if records.isWritable { try? void(chunk, because: "\(error)") }
          }
          finish(result.map { certificates.map(\.der) })
          reached(.answered)
          underWay.change { $0 -= 1 }
        }
      }
    } catch {
      underWay.change { $0 -= 1 }
      if records.isWritable { try? void(chunk, because: "\(error)") }
      throw error
    }
  }

  /// ENG-two-commits: gives up what was recorded and not lodged; its serial numbers, which the
  /// entry lists, are never used again.
  func void(_ chunk: IssuanceChunk, because reason: String) throws {
    let entry = Entry(
      Self.node, "certificates-voided", clause: "ENG-two-commits", at: clock(),
      facts: ["chunk": String(chunk.id), "count": String(chunk.count), "reason": reason])
    try records.write(entry) { transaction in
      let serials = try AuthorityRecords.intent(of: chunk.id, in: transaction).map {
        Hex.encode(try Self.serial(of: $0))
      }
      transaction.note("serials", serials.joined(separator: " "))
      guard try AuthorityRecords.removeIntent(of: chunk, in: transaction) else {
        throw AuthorityError.chunkVoided(chunk.id)
      }
      try AuthorityRecords.keep(
        chunk.voided(auditIndex: transaction.auditIndex), in: transaction)
    }
  }

  /// ENG-two-commits: voids what a process that ended had recorded and not lodged.
  func voidOpenChunks() throws {
    guard !records.isShared else { return try voidChunksOfDead(because: "open at start") }
    let open = try records.read { try AuthorityRecords.openChunks(in: $0) }
    for chunk in open { try void(chunk, because: "open at start") }
  }

  /// ENG-two-commits: voids what other nodes of the store had recorded and not lodged when they
  /// died; a node that was only taken for dead finds it voided and issues nothing of it.
  package func voidChunksOfDead(because reason: String = "its node is dead") throws {
    guard records.isShared else { return }
    let left = try records.read { reading in
      try reading.workOfTheDead().compactMap { work in
        try IssuanceChunk.id(ofWork: work.name).flatMap {
          try AuthorityRecords.openChunk($0, in: reading)
        }
      }
    }
    for chunk in left {
      do {
        try void(chunk, because: reason)
      } catch AuthorityError.chunkVoided {
        // Somebody else was quicker, or the node was not dead and has lodged it.
      }
    }
  }

  /// The octets of the serial number in a to-be-signed certificate.
  private static func serial(of toBeSigned: [UInt8]) throws -> ArraySlice<UInt8> {
    try Reader.read(toBeSigned) { (reader) throws(DERError) in
      try TBSCertificate(from: &reader).serialNumber.magnitude
    }
  }
}
