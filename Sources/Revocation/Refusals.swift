// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// Every way in which revocation says no.
extension Refusal {
  /// C3-118-2: Device Certificates cannot be revoked.
  package static func deviceCertificate(_ serial: String) -> Refusal {
    Refusal(
      "device-certificate", clause: "C3-118-2", field: "serial",
      expected: "the certificate of an organisation, an authority or a credential",
      found: "\(serial), a certificate of the device hierarchy, which has no list",
      remedy: "Ask for another certificate for the device: devices do not look at lists, and a new "
        + "certificate takes the place of the old one.")
  }

  /// C3-74-1: a root signs its own certificate; no list could say that it is revoked.
  package static func rootCertificate(_ serial: String) -> Refusal {
    Refusal(
      "root-certificate", clause: "C3-74-1", field: "serial",
      expected: "a certificate with an authority above it", found: "\(serial), a root",
      remedy: "Follow the recovery procedure for a root.")
  }

  /// RAPP-8: what is to be revoked is in the Repository.
  package static func certificateToRevokeUnknown(_ serial: String) -> Refusal {
    Refusal(
      "certificate-to-revoke-unknown", clause: "RAPP-8", field: "serial",
      expected: "a certificate that was issued here", found: serial,
      remedy: "Look for the certificate with `smki find`.")
  }

  /// C3-124-1: revocation is for good, and once.
  package static func revokedAlready(_ entry: RevokedEntry) -> Refusal {
    Refusal(
      "revoked-already", clause: "C3-124-1", field: "serial",
      expected: "a certificate that is not revoked",
      found: "revoked at \(entry.revoked.rfc3339)", remedy: "Nothing is left to be done.")
  }

  /// C3-124-1c: a subscriber asks for its own certificates, and others as far as the policy lets
  /// them.
  package static func mayNotAsk(_ asker: Asker, of owner: String?) -> Refusal {
    Refusal(
      "may-not-ask", clause: "C3-124-1c", field: "asker",
      expected: owner.map { "a responsible officer of \($0), the DCC or the SMKI PMA" }
        ?? "the DCC or the SMKI PMA",
      found: "\(asker.capacity.rawValue)" + (asker.party.map { " of \($0)" } ?? ""),
      remedy: "Let the subscriber, the DCC or the SMKI PMA ask.")
  }

  /// M4-ra-revoke-who: credentials of the Registration Authority's personnel, by form A7.
  package static func personnelOnly(_ asker: Asker) -> Refusal {
    Refusal(
      "personnel-only", clause: "M4-ra-revoke-who", field: "asker",
      expected: "a credential of the Registration Authority's personnel, and form "
        + Asker.formOfPersonnel,
      found: asker.form.map { "form \($0)" } ?? "no form, or another's certificate",
      remedy: "Members of the PMA and the manager ask for personnel by this form only.")
  }

  /// C3-124-1: a ground belongs to who may give it.
  package static func groundNotOfAsker(_ ground: RevocationGround, _ asker: Asker) -> Refusal {
    Refusal(
      "ground-not-of-asker", clause: "C3-124-1", field: "ground",
      expected: "a ground that \(asker.capacity.rawValue) can give", found: ground.rawValue,
      remedy: "Name the ground that the asker gave.")
  }

  /// RAPP-8: nothing is done before the asker was verified.
  package static func askerNotVerified() -> Refusal {
    Refusal(
      "asker-not-verified", clause: "RAPP-8", field: "verification",
      expected: "how the asker was verified against the nomination data", found: "nothing",
      remedy: "Call the asker back on the nominated number, and enter what was found.")
  }

  /// M4-ra-revoke-how: somebody else decides than who entered the request.
  package static func sameOfficer(_ officer: String) -> Refusal {
    Refusal(
      "same-officer", clause: "M4-ra-revoke-how", field: "officer",
      expected: "a decision by another officer", found: "\(officer), who entered it",
      remedy: "Let another officer decide.")
  }

  /// M4-ra-revoke-how: a request is decided once.
  package static func requestNotOpen(_ id: Int, _ state: RevocationRequest.State?) -> Refusal {
    Refusal(
      "request-not-open", clause: "M4-ra-revoke-how", field: "request",
      expected: "a request that waits for a decision",
      found: state.map { "request \(id), which is \($0.rawValue)" } ?? "no request \(id)",
      remedy: "List the requests with `smki revoke list`.")
  }

  /// M4-solr: a delay is for a party, and ends after now.
  package static func delayEnd(_ until: Time, now: Time) -> Refusal {
    Refusal(
      "delay-end", clause: "M4-solr", field: "until", expected: "a time after \(now.rfc3339)",
      found: until.rfc3339, remedy: "Name the date until which the PMA delays.")
  }

  /// M4-solr: one delay for a party at a time, and none is lifted that does not stand.
  package static func delayStanding(_ party: String, stands: Bool) -> Refusal {
    Refusal(
      "delay-standing", clause: "M4-solr", field: "party",
      expected: stands ? "a party without a delay" : "a party whose revocations are delayed",
      found: party,
      remedy: stands ? "Lift the delay that stands first." : "List them with `smki revoke list`.")
  }

  /// M8-2.3.1.5: only a party that holds a certificate can reject it.
  package static func rejectedByOther(_ party: String) -> Refusal {
    Refusal(
      "rejected-by-other", clause: "M8-2.3.1.5", field: "party",
      expected: "the party to which the certificate was issued", found: party,
      remedy: "Let the subscriber reject it.")
  }
}

/// Why the gate does not let a list out.
extension Refusal {
  /// RFC5280-5.2.3: numbers grow.
  package static func listNumber(_ found: String, after previous: String) -> Refusal {
    Refusal(
      "list-number", clause: "RFC5280-5.2.3", field: "cRLNumber",
      expected: "a number above \(previous)", found: found,
      remedy: "Make the list again from the number of the last one.")
  }

  /// OCP-annex-B-crl: time does not go back from one list to the next.
  package static func listTime(_ found: Time, after previous: Time) -> Refusal {
    Refusal(
      "list-time", clause: "OCP-annex-B-crl", field: "thisUpdate",
      expected: "\(previous.rfc3339) or later", found: found.rfc3339,
      remedy: "Put the clock right, and make the list again.")
  }

  /// OCP-annex-B-crl: no entry vanishes before its certificate has ended.
  package static func listDropsEntry(_ serials: [String]) -> Refusal {
    Refusal(
      "list-drops-entry", clause: "OCP-annex-B-crl", field: "revokedCertificates",
      expected: "every entry of the list before whose certificate has not ended",
      found: "\(serials.count) missing: \(serials.prefix(3).joined(separator: ", "))",
      remedy: "Make the list again from all revocations.")
  }

  /// C3-124-2: a list holds all that was revoked until its time, and nothing else.
  package static func listCount(_ found: Int, expected: Int) -> Refusal {
    Refusal(
      "list-count", clause: "C3-124-2", field: "revokedCertificates",
      expected: "\(expected) entries, as many as were revoked", found: "\(found)",
      remedy: "Make the list again from all revocations.")
  }

  /// RFC5280-5.1: the list is one of an authority of this estate.
  package static func listIssuerUnknown(_ issuer: String) -> Refusal {
    Refusal(
      "list-issuer-unknown", clause: "RFC5280-5.1", field: "issuer",
      expected: "an authority of this estate that issues lists", found: issuer,
      remedy: "Look at the authorities with `smki crl list`.")
  }

  /// RFC5280-5.1: what is no revocation list is not read as one.
  package static func malformedList(_ error: DERError) -> Refusal {
    Refusal(
      "malformed-list", clause: "RFC5280-5.1", field: "CertificateList",
      expected: "a revocation list in DER, strictly", found: "\(error)",
      remedy: "Make the list again; nothing was taken over.")
  }

  /// C3-124-3: lists of authorities are signed offline by their root.
  package static func listSignedOffline(_ name: String) -> Refusal {
    Refusal(
      "list-signed-offline", clause: "C3-124-3", field: "issuer",
      expected: "an issuing authority, whose key is on line", found: "\(name), a root",
      remedy: "Sign the list in a ceremony, and enter it with `smki crl import`.")
  }
}
