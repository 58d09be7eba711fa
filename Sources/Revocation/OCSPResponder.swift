// SPDX-License-Identifier: Apache-2.0

package import DER
import Keys
import Profiles
package import Records
import Repository
import SEC
import Threads
package import X509

/// Says whether an Organisation Certificate is good, revoked or unknown (RFC6960).
///
/// RFC5019: answers carry no nonce, are signed once and given again until shortly before they
/// lapse; the job signs those that were asked for anew in time. What was revoked is said at once.
package final class OCSPResponder: Sendable {
  /// How long an answer stands, in seconds [assumed]: an hour, so that none outlives the time in
  /// which a list must tell of a revocation (C3-159-row-6).
  package static let standSeconds: Int64 = 3600
  /// How long before it lapses an answer is signed anew, in seconds: a quarter of its life.
  package static let renewSeconds: Int64 = 900
  /// The most answers that are kept; the oldest go first.
  package static let keptMax = 20_000

  /// Signs answers with the key of an issuing authority, by the authority's number.
  package typealias Sign = @Sendable ([OCSPResponse.Single], Int, Time) throws -> [UInt8]

  /// An answer that was signed.
  package struct Answer: Hashable, Sendable {
    /// The whole answer as DER.
    package let octets: [UInt8]
    /// From when and until when it stands; nil for one that is not signed.
    package let thisUpdate: Time?
    package let nextUpdate: Time?
  }

  private struct Kept: Sendable {
    let answer: Answer
    let status: OCSPResponse.Status
    let asked: Time
  }

  private let records: Records
  private let clock: @Sendable () -> Time
  private let sign: Sign
  private let kept = Guarded<[OCSPRequest.CertificateID: Kept]>([:])

  /// A responder for the certificates that these records hold.
  package init(
    records: Records, clock: @escaping @Sendable () -> Time, sign: @escaping Sign
  ) {
    self.records = records
    self.clock = clock
    self.sign = sign
  }

  /// Answers one request; whatever it is, something can be sent back.
  ///
  /// - Throws: a failure of the store or the key.
  package func answer(_ octets: [UInt8]) throws -> Answer {
    guard let request = try? OCSPRequest(parsing: octets) else { return failed(.malformedRequest) }
    let moment = clock()
    let issuers = try records.read { try ListIssuer.all(in: $0) }.filter {
      $0.kind == .issuingOCA
    }
    var found: [(certificate: OCSPRequest.CertificateID, status: OCSPResponse.Status)] = []
    var authorities: Set<Int> = []
    for certificate in request.certificates {
      guard let issuer = issuers.first(where: { certificate.isIssued(by: $0.certificate) }),
        let authority = issuer.authority
      else { return failed(.unauthorized) }
      authorities.insert(authority)
      found.append((certificate, try status(of: certificate, by: issuer)))
    }
    guard authorities.count == 1, let authority = authorities.first else {
      return failed(.unauthorized)
    }
    guard found.count == 1, let one = found.first else {
      return try sign(found, authority, at: moment)
    }
    if let known = kept.value[one.certificate], known.status == one.status,
      let end = known.answer.nextUpdate, let start = known.answer.thisUpdate,
      start <= moment, moment < end.adding(seconds: -Self.renewSeconds)
    {
      return known.answer
    }
    let answer = try sign(found, authority, at: moment)
    if one.status != .unknown { keep(answer, one.certificate, one.status, at: moment) }
    return answer
  }

  /// RFC5019: signs the kept answers anew that are about to lapse, and forgets those that nobody
  /// asked for since they were signed.
  ///
  /// - Returns: when to look again.
  package func renew(at moment: Time) throws -> Time {
    for (certificate, known) in kept.value {
      guard let end = known.answer.nextUpdate else { continue }
      if end.adding(seconds: -Self.renewSeconds) <= moment {
        kept.change { $0[certificate] = nil }
        if known.asked.adding(seconds: 2 * Self.standSeconds) > moment {
          _ = try answer(OCSPRequest([certificate]).encoded)
          kept.change { all in
            guard let fresh = all[certificate] else { return }
            all[certificate] = Kept(
              answer: fresh.answer, status: fresh.status, asked: known.asked)
          }
        }
      }
    }
    return moment.adding(seconds: Self.renewSeconds / 3)
  }

  /// How many answers are kept.
  package var keptCount: Int { kept.value.count }

  private func status(
    of certificate: OCSPRequest.CertificateID, by issuer: ListIssuer
  ) throws -> OCSPResponse.Status {
    let serial = Array(certificate.serialNumber.magnitude)
    return try records.read { reading in
      guard let lodged = try Repository.certificate(serial: serial, in: reading),
        lodged.kind == .organisation,
        let parsed = try? Certificate(parsing: lodged.der),
        parsed.authorityKeyIdentifier?.description == issuer.id
      else { return .unknown }
      guard let entry = try RevocationRecords.entry(serial: serial, in: reading) else {
        return .good
      }
      return .revoked(entry.revoked.wholeSecond, entry.reason)
    }
  }

  private func sign(
    _ found: [(certificate: OCSPRequest.CertificateID, status: OCSPResponse.Status)],
    _ authority: Int, at moment: Time
  ) throws -> Answer {
    let end = moment.wholeSecond.adding(seconds: Self.standSeconds)
    let singles = found.map {
      OCSPResponse.Single(
        certificate: $0.certificate, status: $0.status, thisUpdate: moment, nextUpdate: end)
    }
    return Answer(
      octets: try sign(singles, authority, moment), thisUpdate: moment.wholeSecond,
      nextUpdate: end)
  }

  private func keep(
    _ answer: Answer, _ certificate: OCSPRequest.CertificateID, _ status: OCSPResponse.Status,
    at moment: Time
  ) {
    kept.change { kept in
      if kept.count >= Self.keptMax {
        // The half that was signed first: rare, and cheaper than keeping them in order.
        let oldest = kept.sorted { $0.value.asked < $1.value.asked }.prefix(Self.keptMax / 2)
        for (certificate, _) in oldest { kept[certificate] = nil }
      }
      kept[certificate] = Kept(answer: answer, status: status, asked: moment)
    }
  }

  private func failed(_ failure: OCSPResponse.Failure) -> Answer {
    Answer(octets: failure.encoded, thisUpdate: nil, nextUpdate: nil)
  }
}

extension OCSPRequest.CertificateID {
  /// RFC6960: whether the hashes are those of an authority, by SHA-1 or SHA-256.
  func isIssued(by authority: Certificate) -> Bool {
    let name = authority.subject.encoded
    let key = Array(authority.tbs.subjectPublicKeyInfo.bits.octets)
    return switch algorithm.algorithm {
    case .sha1: nameHash == Digest.sha1(name) && keyHash == Digest.sha1(key)
    case .sha256: nameHash == Digest.sha256(name) && keyHash == Digest.sha256(key)
    default: false
    }
  }
}
