// SPDX-License-Identifier: Apache-2.0

import DER
import X509

/// What somebody handed over: a certificate or a certification request, in any encoding.
enum Examined {
  case certificate(Certificate)
  case request(CertificationRequest)

  /// Reads everything that a file holds: parts of PEM, Base64 or DER.
  ///
  /// Parts that are neither, such as a private key, are passed over.
  ///
  /// - Throws: `DERError`, the reader's word on the first part that cannot be read.
  static func read(_ bytes: [UInt8]) throws -> [Examined] {
    let space = Array(" \t\r\n".utf8)
    guard !bytes.allSatisfy(space.contains) else {
      throw DERError(.empty, at: 0, "there is nothing in it")
    }
    guard let parts = try? PEM.read(bytes) else {
      do {
        return [try Examined(der: try RequestText.read(bytes))]
      } catch let error as DERError where error.code == .empty {
        // Not empty, but without a part that begins and ends.
        throw DERError(.badText, at: 0, "neither PEM nor Base64 nor DER")
      }
    }
    let read = try parts.compactMap { part -> Examined? in
      switch part.label {
      case "CERTIFICATE": .certificate(try Certificate(parsing: part.bytes))
      case let label where RequestText.labels.contains(label):
        .request(try CertificationRequest(parsing: part.bytes))
      default: nil
      }
    }
    guard !read.isEmpty else {
      throw DERError(.badText, at: 0, "neither a certificate nor a request")
    }
    return read
  }

  /// Reads DER: a request if it parses as one, else a certificate.
  init(der: [UInt8]) throws {
    if let request = try? CertificationRequest(parsing: der) {
      self = .request(request)
    } else {
      self = .certificate(try Certificate(parsing: der))
    }
  }
}
