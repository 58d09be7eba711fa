// SPDX-License-Identifier: Apache-2.0

import DER
import Profiles
package import Records
import Registration
import SEC
import X509

/// C3-47-3: the signed requests that stand behind certificates, for whoever denies one later.
///
/// Those for organisations, systems and connections are kept whole. Of those for devices, of which
/// there are many millions, the certificate's row has the SHA-256.
package enum SignedRequests {
  /// By the serial number of the certificate that was recorded for it.
  static let table = KeptTable(
    "signed_request", key: ["serial"], columns: ["request"], changesStanding: false)

  /// The table's definition.
  package static let migrations = [
    Migration(
      name: "signed-request-1",
      statements: [
        "CREATE TABLE signed_request (serial BLOB NOT NULL PRIMARY KEY, request BLOB NOT NULL)"
      ])
  ]

  /// Keeps the requests of what is recorded, in the transaction that records it.
  static func keep(_ items: [Recorded.Item], in transaction: Transaction) throws {
    for item in items {
      guard let request = item.prepared.signedRequest else { continue }
      try transaction.keep(table, [.blob(item.serial.octets), .blob(request)])
    }
  }

  /// The request for the certificate with a serial number, PKCS#10 in DER.
  ///
  /// - Throws: `signed-request-unknown`.
  package static func request(serial: [UInt8], in records: Records) throws -> [UInt8] {
    let row = try records.read { reading in
      try reading.first("SELECT request FROM signed_request WHERE serial = \(serial)")?
        .blob("request")
    }
    guard let row else { throw Refusal.signedRequestUnknown(Hex.encode(serial)) }
    return row
  }
}

extension PreparedCertificate {
  /// C3-47-3: the request as it was received, where it is kept whole.
  var signedRequest: [UInt8]? {
    switch request {
    case .device: return nil
    case .organisation(let request): return request.request.encoded
    case .iki(let request, _, _): return request.request.encoded
    case .dccki(let request): return request.request.encoded
    }
  }
}
