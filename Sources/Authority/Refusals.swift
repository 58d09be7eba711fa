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
      remedy: "Contact the Service Desk; an officer can raise the limit for this device.")
  }

  /// C3-118-4: only an authority that signs can be taken off line.
  package static func authorityNotOnLine(_ id: Int) -> Refusal {
    Refusal(
      "authority-not-on-line", clause: "C3-118-4", field: "authority",
      expected: "an issuing authority that is on line", found: "authority \(id)",
      remedy: "smki authorities shows which are.")
  }

  /// C3-120: an authority is not taken off line without one that takes over.
  package static func noSuccessor(_ authority: String) -> Refusal {
    Refusal(
      "no-successor", clause: "C3-120", field: "authority",
      expected: "another authority of the hierarchy in stock", found: "none beside \(authority)",
      remedy: "Certify a stock by a ceremony first.")
  }

  /// C3-190-1: keys of a live estate's authorities are in a module.
  package static func keyOutsideModule() -> Refusal {
    Refusal(
      "software-keys", clause: "C3-190-1", field: "keys",
      expected: "keys in a module of FIPS 140-2 or 140-3 level 3", found: "a key in a file",
      remedy: "Make the authorities in a module: smki init --module and --token.")
  }

  /// C3-190-1: the module of a live estate's key is in the register, certified to level 3.
  package static func moduleUnfit(_ name: String, _ module: CryptographicModule?) -> Refusal {
    Refusal(
      "module-unfit", clause: "C3-190-1", field: "module",
      expected: "a record of the module \(name): owner dcc, FIPS 140-2 or 140-3 level 3 or more",
      found: module.map { "\($0.owner), \($0.standard.rawValue) level \($0.level)" } ?? "none",
      remedy: "Enter its certificate with smki module add, if it has one.")
  }

  /// C3-190-1: a level is that of a certificate.
  package static func moduleLevel(_ module: CryptographicModule) -> Refusal {
    Refusal(
      "module-level", clause: "C3-190-1", field: "level",
      expected: "a standard, a level of 1 to 4 and a certificate's number, or none of them",
      found: "\(module.standard.rawValue), level \(module.level), "
        + "certificate '\(module.certificate)'",
      remedy: "Take all three from the certificate of the module.")
  }

  /// C3-187: where a component stands is known.
  package static func moduleLocation(_ module: CryptographicModule) -> Refusal {
    Refusal(
      "module-location", clause: "C3-187", field: "location",
      expected: "a name, a location and a country of two letters",
      found: "'\(module.name)', '\(module.location)', '\(module.country)'",
      remedy: "Say where it stands: --location and --country.")
  }

  /// C3-188-1: only what is in the register is attested.
  package static func moduleUnknown(_ name: String) -> Refusal {
    Refusal(
      "module-unknown", clause: "C3-188-1", field: "module",
      expected: "a component of the register", found: name,
      remedy: "Enter it with smki module add first.")
  }

  /// C3-188-1: an attestation rests on something.
  package static func attestationEvidence() -> Refusal {
    Refusal(
      "attestation-evidence", clause: "C3-188-1", field: "evidence",
      expected: "what shows it: the number of a report or letter", found: "nothing",
      remedy: "Give it with --evidence.")
  }
}
