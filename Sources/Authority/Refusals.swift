// SPDX-License-Identifier: Apache-2.0

package import DER
package import JSON
package import Repository
package import SEC

/// Every way in which the certification authorities say no.
extension Refusal {
  /// ENG-refused-key: a key is certified for one identifier and one usage only.
  ///
  /// `serial` is nil when the certificate is another party's.
  package static func keyCertifiedElsewhere(_ serial: String?) -> Refusal {
    Refusal(
      "key-certified-elsewhere", clause: "ENG-refused-key", field: "subjectPublicKey",
      expected: "a key that no certificate holds for another identifier or usage",
      found: serial.map { "the key of certificate \($0)" }
        ?? "the key of another party's certificate",
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

  /// M8-2.4-status: the same, and the certificate is another party's; which one is not told.
  package static func duplicateOfAnother() -> Refusal {
    Refusal(
      "duplicate-certificate", clause: "M8-2.4-status", field: "subjectPublicKey",
      expected: "a key that has no certificate yet",
      found: "a certificate for this key that another party asked for",
      remedy: "Make a new key pair on the device and a new request.")
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

  /// OCP-ceremony: a file that this program signed, unaltered.
  package static func signedDocumentForm(
    _ kind: SignedDocument.Kind, _ detail: String
  ) -> Refusal {
    Refusal(
      "signed-document-form", clause: "OCP-ceremony", field: kind.rawValue,
      expected: "one line of JSON and the note that signs it", found: detail,
      remedy: "Copy the file again from the ceremony's folder; nothing of it may change.")
  }

  /// OCP-ceremony: signed by the key that the estate knows.
  package static func signedDocumentSignature(
    _ kind: SignedDocument.Kind, _ detail: String
  ) -> Refusal {
    Refusal(
      "signed-document-signature", clause: "OCP-ceremony", field: kind.rawValue,
      expected: "a signature by the estate's ceremony key", found: detail,
      remedy: "Ask the ceremony's witnesses for the file and the key; do not use this one.")
  }

  /// OCP-ceremony: a package says what it must, and each part is what its SHA-256 says.
  package static func packageForm(_ error: JSONError) -> Refusal {
    Refusal(
      "package-form", clause: "OCP-ceremony", field: error.place, expected: error.expected,
      found: error.found, remedy: "Use a package made by this version of the program.")
  }

  /// C3-84-2: test and live never meet.
  package static func packageOtherKind(_ estate: Estate, _ found: Estate) -> Refusal {
    Refusal(
      "package-other-kind", clause: "C3-84-2", field: "estate.kind",
      expected: "a package of the \(estate.kind.rawValue) estate \(estate.name)",
      found: "one of the \(found.kind.rawValue) estate \(found.name)",
      remedy: "Import it into the estate that it was made for.")
  }

  /// C3-84-2: a package belongs to one estate, its policies included.
  package static func packageOtherEstate(_ estate: Estate, _ found: Estate) -> Refusal {
    Refusal(
      "package-other-estate", clause: "C3-84-2", field: "estate",
      expected: "a package of the estate \(estate.name) with its policy identifiers",
      found: found.name == estate.name ? "other policy identifiers" : "one of \(found.name)",
      remedy: "Import it into the estate that it was made for.")
  }

  /// OCP-ceremony: an estate that was founded without a package knows no key to believe.
  package static func packageWithoutKey(_ estate: Estate) -> Refusal {
    Refusal(
      "package-without-key", clause: "OCP-ceremony", field: "estate",
      expected: "an estate that was founded from a package", found: estate.name,
      remedy: "Found an estate with smki init; one made before packages cannot take any.")
  }

  /// OCP-ceremony: a package is imported once.
  package static func packageReplayed(_ ceremony: String, _ number: Int) -> Refusal {
    Refusal(
      "package-replayed", clause: "OCP-ceremony", field: "number",
      expected: "a package that was not imported yet", found: "package \(number) of \(ceremony)",
      remedy: "Nothing is to be done: smki ceremony packages lists what was imported.")
  }

  /// OCP-ceremony: packages are imported in their order, so that none is held back.
  package static func packageOutOfOrder(_ expected: Int, _ found: Int) -> Refusal {
    Refusal(
      "package-out-of-order", clause: "OCP-ceremony", field: "number",
      expected: "package \(expected)", found: "package \(found)",
      remedy: "Import the packages between first.")
  }

  /// OCP-ceremony: each part of a package is what it is called.
  package static func packagePart(_ name: String, expected: String, found: String) -> Refusal {
    Refusal(
      "package-part", clause: "OCP-ceremony", field: "parts: \(name)", expected: expected,
      found: found, remedy: "Hold the ceremony again; this package is not to be used.")
  }

  /// C3-74-2: an authority is only taken on line with its own key at hand.
  package static func packageKeyMissing(_ label: String, _ name: String) -> Refusal {
    Refusal(
      "package-key-missing", clause: "C3-74-2", field: "key \(label)",
      expected: "the key of \(name) in the on-line store", found: "no such key, or another one",
      remedy: "Make the key on line and have its request certified, or bring the right store.")
  }

  /// OCP-names: the name of an authority is given once.
  package static func authorityNameTaken(_ name: String) -> Refusal {
    Refusal(
      "authority-name-taken", clause: "OCP-names", field: "subject.commonName",
      expected: "a name that no authority has", found: name,
      remedy: "Take the next name in the row.")
  }

  /// C3-75: authorities share no key.
  package static func authorityKeyTaken(_ name: String) -> Refusal {
    Refusal(
      "authority-key-taken", clause: "C3-75", field: "subjectPublicKey",
      expected: "a key that no certificate has", found: "the key of \(name), certified before",
      remedy: "Make a new key for each authority.")
  }

  /// OCP-annex-B-arl: lists of one root go forward in number and in time.
  package static func listGoesBack(_ root: String, after: Int64, found: Int64) -> Refusal {
    Refusal(
      "list-goes-back", clause: "OCP-annex-B-arl", field: "cRLNumber",
      expected: "a list of \(root) after number \(after), no older than it",
      found: "number \(found)", remedy: "Sign a new list in a ceremony, with the next number.")
  }

  /// C3-80-dca, C3-80-oca: the request of an issuing authority is the DCC's own, for one name.
  package static func authorityRequest(
    _ field: String, expected: String, found: String
  ) -> Refusal {
    Refusal(
      "authority-request", clause: "C3-74-2", field: field, expected: expected, found: found,
      remedy: "Make the request on line with smki ceremony request, for the name in the file.")
  }

  /// L1.17(q): a registered PKI is called by a short name and has a provider.
  package static func pkiName(_ found: String) -> Refusal {
    Refusal(
      "pki-name", clause: "L1.17(q)", field: "pki",
      expected: "1 to 40 lower-case letters, digits and hyphens, and a provider", found: found,
      remedy: "Choose another name, such as s1spki-north.")
  }

  /// L1.17(q): a PKI is registered once.
  package static func pkiExists(_ id: String) -> Refusal {
    Refusal(
      "pki-exists", clause: "L1.17(q)", field: "pki", expected: "a name that no PKI has",
      found: id, remedy: "Lodge documents with the PKI that is registered.")
  }

  /// L1.17(q): documents belong to a registered PKI.
  package static func pkiUnknown(_ id: String) -> Refusal {
    Refusal(
      "pki-unknown", clause: "L1.17(q)", field: "pki", expected: "a registered PKI", found: id,
      remedy: "Register it with smki pki add.")
  }

  /// C3-47-3: the request of which certificate is asked for.
  package static func signedRequestUnknown(_ serial: String) -> Refusal {
    Refusal(
      "signed-request-unknown", clause: "C3-47-3", field: "serial",
      expected: "a certificate of an organisation, a system or a connection", found: serial,
      remedy: "For a device the audit's proof has the SHA-256 of the request.")
  }

  /// C3-112: a version of a policy begins after the one before it, and not in the past.
  package static func policyVersion(
    _ version: String, _ since: Time, after last: Time?, _ evidence: String
  ) -> Refusal {
    if version.isEmpty || evidence.isEmpty {
      return Refusal(
        "policy-version", clause: "C3-112", field: version.isEmpty ? "version" : "evidence",
        expected: version.isEmpty
          ? "a version as the document names it" : "the decision of the SMKI PMA",
        found: "nothing", remedy: "Say it and try again.")
    }
    let before = last.map { ", and later than \($0.rfc3339), since when the last one stands" } ?? ""
    return Refusal(
      "policy-version", clause: "C3-112", field: "since",
      expected: "a moment that is still to come\(before)", found: since.rfc3339,
      remedy: "Choose a later moment; what was issued keeps its version.")
  }

  /// C3-112: nothing is issued under a policy that nobody can read.
  package static func policyNotLodged(_ kind: DocumentKind, _ version: String) -> Refusal {
    Refusal(
      "policy-not-lodged", clause: "C3-112", field: "version",
      expected: "a version that the Repository holds", found: "\(kind.rawValue) \(version)",
      remedy: "Lodge it first: smki document lodge --kind \(kind.rawValue).")
  }

  /// L1.17(r): a version of a document never changes.
  package static func pkiDocumentExists(
    _ kind: PKIDocument.Kind, _ version: String
  ) -> Refusal {
    Refusal(
      "pki-document-exists", clause: "L1.17(r)", field: "version",
      expected: "a version that is not lodged yet", found: "\(kind.rawValue) \(version)",
      remedy: "Lodge the changed document under the next version.")
  }

  /// L1.17(p): what is decided on was lodged.
  package static func pkiDocumentUnknown(_ version: String) -> Refusal {
    Refusal(
      "pki-document-unknown", clause: "L1.17(p)", field: "version",
      expected: "a version of the Certification Practice Statement that was lodged",
      found: version, remedy: "Lodge it first with smki pki lodge.")
  }

  /// L1.17(p): a version is decided on once: what was rejected is not used afterwards.
  package static func pkiDocumentDecided(
    _ version: String, _ outcome: PKIDocument.Outcome?
  ) -> Refusal {
    Refusal(
      "pki-document-decided", clause: "L1.17(p)", field: "version",
      expected: "a version under review",
      found: "\(version), which is \(outcome?.rawValue ?? "decided")",
      remedy: "Lodge an amended version and have it reviewed.")
  }
}
