// SPDX-License-Identifier: Apache-2.0

package import SEC

/// Every way in which the certification authorities say no.
extension Refusal {
  /// ENG-refused-key: a key is certified for one identifier and one usage only.
  package static func keyCertifiedElsewhere(_ serial: String) -> Refusal {
    Refusal(
      "key-certified-elsewhere", clause: "ENG-refused-key", field: "subjectPublicKey",
      expected: "a key that no certificate holds for another identifier or usage",
      found: "the key of certificate \(serial)",
      remedy: "Make a new key pair on the device and a new request.")
  }

  /// ENG-refused-key: a key reported compromised, or one of the authorities' own.
  package static func keyRefused(_ reason: String) -> Refusal {
    Refusal(
      "key-refused", clause: "ENG-refused-key", field: "subjectPublicKey",
      expected: "a key that was not reported", found: reason,
      remedy: "Make a new key pair and a new request.")
  }

  /// M8-2.4-status: the same key for the same identifier and usage again, in another request.
  package static func duplicateCertificate(_ serial: String) -> Refusal {
    Refusal(
      "duplicate-certificate", clause: "M8-2.4-status", field: "subjectPublicKey",
      expected: "a key that has no certificate yet",
      found: "certificate \(serial) for this key",
      remedy: "Use that certificate, or make a new key pair and a new request.")
  }

  /// M8-2.3.1.8: fewer than 100 certificates for one device without an officer's look.
  package static func certificatesOfDevice(_ device: EntityID, _ limit: Int) -> Refusal {
    Refusal(
      "certificates-of-device", clause: "M8-2.3.1.8", field: "subjectAltName",
      expected: "fewer than \(limit) certificates issued for the device", found: "\(device)",
      remedy: "Contact the Service Desk; an officer can raise the limit of this device: "
        + "smki device limit.")
  }

  /// M8-2.3.1.8: a limit is only ever raised.
  package static func deviceLimitTooLow(_ found: Int, _ usual: Int) -> Refusal {
    Refusal(
      "device-limit-too-low", clause: "M8-2.3.1.8", field: "limit",
      expected: "more than \(usual)", found: "\(found)",
      remedy: "Leave the device as it is, or give it more.")
  }
}
