// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension Rule {
  /// GBCS-12.1-9: positive, at most 16 octets; zero and below do not parse.
  ///
  /// Also: ICP-serial.
  static let serialNumber = Rule(
    "serial-number", field: "serialNumber", clause: { $0.isRSA ? "ICP-serial" : "GBCS-12.1-9" },
    check: { examined in
      let count = examined.tbs.serialNumber.content.count
      guard count > SerialNumber.octetCount else { return nil }
      return Mismatch(
        expected: "at most \(SerialNumber.octetCount) octets", found: "\(count) octets")
    })
}
