// SPDX-License-Identifier: Apache-2.0

package import DER
package import Keys

/// An answer about the status of a certificate (RFC 6960, 4.2), as it is written here.
package enum OCSPResponse {
  /// RFC 6960, 4.2.2.3: answers without a status, which are not signed.
  package enum Failure: UInt8, Sendable {
    /// The request cannot be read.
    case malformedRequest = 1
    /// A failure of the responder.
    case internalError = 2
    /// Try again later.
    case tryLater = 3
    /// The responder does not speak for the issuer (RFC 5019, 2.2.3).
    case unauthorized = 6

    /// The answer as DER.
    package var encoded: [UInt8] {
      Writer.write { writer in writer.sequence { $0.element(.enumerated, [rawValue]) } }
    }
  }

  /// What is known of a certificate (RFC 6960, 2.2).
  package enum Status: Hashable, Sendable {
    /// It was issued and is not revoked.
    case good
    /// It was revoked at a moment, for a reason.
    case revoked(Time, RevocationReason)
    /// It was not issued here.
    case unknown
  }

  /// What is said of one certificate, from when and until when.
  package struct Single: Hashable, Sendable {
    /// Which certificate, in the words of the request.
    package let certificate: OCSPRequest.CertificateID
    package let status: Status
    /// RFC 5019, 2.2.4: when this was known to be so, and when there will be newer word.
    package let thisUpdate: Time
    package let nextUpdate: Time

    /// A statement, whole.
    package init(
      certificate: OCSPRequest.CertificateID, status: Status, thisUpdate: Time, nextUpdate: Time
    ) {
      self.certificate = certificate
      self.status = status
      self.thisUpdate = thisUpdate.wholeSecond
      self.nextUpdate = nextUpdate.wholeSecond
    }

    fileprivate func write(into writer: inout Writer) {
      writer.sequence { writer in
        certificate.write(into: &writer)
        switch status {
        case .good: writer.element(.context(0, constructed: false), [])
        case .unknown: writer.element(.context(2, constructed: false), [])
        case .revoked(let time, let reason):
          writer.element(.context(1, constructed: true)) { writer in
            writer.generalizedTime(time)
            guard reason != .unspecified else { return }
            writer.element(.context(0, constructed: true)) { reason.write(into: &$0) }
          }
        }
        writer.generalizedTime(thisUpdate)
        writer.element(.context(0, constructed: true)) { $0.generalizedTime(nextUpdate) }
      }
    }
  }

  /// Signs a successful answer and verifies what was signed (ENG-self-check).
  ///
  /// - Parameters:
  ///   - singles: what is said.
  ///   - responder: the certificate of who signs; its key identifier names it.
  ///   - isDelegate: whether the responder's certificate is sent along, since it is not the issuer.
  ///   - moment: when it is made.
  ///   - key: the responder's key.
  /// - Returns: the whole answer as DER.
  /// - Throws: `UnverifiedList`, or a failure of the key.
  package static func sign(
    _ singles: [Single], by responder: Certificate, isDelegate: Bool, at moment: Time,
    with key: any SigningKey
  ) throws -> [UInt8] {
    let data = Writer.write { writer in
      writer.sequence { writer in
        // byKey: SHA-1 over the responder's public key (RFC 6960, 4.2.1).
        writer.element(.context(2, constructed: true)) {
          $0.octetString(Digest.sha1(responder.tbs.subjectPublicKeyInfo.bits.octets))
        }
        writer.generalizedTime(moment)
        writer.sequence { writer in
          for single in singles { single.write(into: &writer) }
        }
      }
    }
    let signature = try key.sign(data)
    guard key.publicKey.isValid(signature[...], over: data[...]) else {
      throw UnverifiedList(description: "the signature of an answer of \(responder.subject)")
    }
    let basic = Writer.write { writer in
      writer.sequence { writer in
        writer.raw(data)
        AlgorithmIdentifier(signingWith: key.publicKey).write(into: &writer)
        writer.bitString(signature[...])
        if isDelegate {
          writer.element(.context(0, constructed: true)) { writer in
            writer.sequence { $0.raw(responder.encoded) }
          }
        }
      }
    }
    return Writer.write { writer in
      writer.sequence { writer in
        writer.element(.enumerated, [0])
        writer.element(.context(0, constructed: true)) { writer in
          writer.sequence {
            $0.objectIdentifier(.basicOCSPResponse)
            $0.octetString(basic)
          }
        }
      }
    }
  }
}
