// SPDX-License-Identifier: Apache-2.0

import Authority
import SEC

/// Which status and error code the Ad Hoc service gives for each reason: the one table.
package enum AdHocStatus {
  /// M8-2.4-status: status and error code of each refusal that can reach the service.
  ///
  /// `CR:9999` and `WF:L316` are given by the sources; the others are ours: letters that name the
  /// part of the request that is meant, so that a log can be read without a list.
  package static let table: [String: (status: AdHocAnswer.Status, code: String)] = [
    // The XML.
    "media-type": (.formatError, "FM:TYPE"),
    "xml-not-well-formed": (.formatError, "FM:XML"),
    "xml-forbidden": (.formatError, "FM:DTD"),
    "xml-too-large": (.formatError, "FM:LIMIT"),
    "xml-element": (.formatError, "FM:ELEMENT"),
    "xml-attribute": (.formatError, "FM:ATTR"),
    "request-id": (.formatError, "FM:ID"),
    "interface-version": (.formatError, "FM:VERSION"),
    "request-base64": (.formatError, "FM:BASE64"),
    // The request for a certificate.
    "malformed-request": (.csrError, "CR:DER"),
    "subject-not-empty": (.csrError, "CR:SUBJECT"),
    "attribute-not-in-profile": (.csrError, "CR:ATTR"),
    "extension-not-in-profile": (.csrError, "CR:EXT"),
    "key-usage-missing": (.csrError, "CR:NOUSAGE"),
    "key-usage-not-one": (.csrError, "CR:USAGE"),
    "subject-alt-name-missing": (.csrError, "CR:NOSAN"),
    "subject-alt-name-form": (.csrError, "CR:SAN"),
    "hardware-serial-length": (.csrError, "CR:EUI64"),
    "device-identifier-reserved": (.csrError, "CR:EUI64RS"),
    "public-key-algorithm": (.csrError, "CR:KEYALG"),
    "public-key-curve": (.csrError, "CR:CURVE"),
    "public-key-compressed": (.csrError, "CR:COMPR"),
    "public-key-form": (.csrError, "CR:KEYFORM"),
    "public-key-not-on-curve": (.csrError, "CR:POINT"),
    "signature-algorithm": (.csrError, "CR:SIGALG"),
    "signature-parameters": (.csrError, "CR:SIGPAR"),
    "possession-not-proven": (.csrError, "CR:SIG"),
    // What is issued already.
    "duplicate-certificate": (.csrError, "CR:9999"),
    "key-certified-elsewhere": (.csrError, "CR:KEYUSED"),
    "key-refused": (.csrError, "CR:KEYBAD"),
    "device-identifier-of-organisation": (.csrError, "CR:EUI64OR"),
    "unknown-device": (.unknownDevice, "UD:NEW"),
    "certificates-of-device": (.issuanceAnomaly, "CA:COUNT"),
    // What must not happen: our own certificate was found wrong and not issued.
    "departs-from-profile": (.caError, "CA:PROFILE"),
    // Who may ask for it.
    "not-eligible": (.workflowError, "WF:L316"),
  ]

  /// Refusals of the asker: they are answered as HTTP 403 in JSON, because the service does not
  /// speak with whom it does not know (M8-2.3-no-credential, M8-2.4-ad-hoc-roles).
  package static let ofTheAsker: Set<String> = [
    "credential-unknown", "credential-revoked", "credential-expired",
    "credential-for-other-interface", "interface-not-for-role", "not-an-authorised-subscriber",
    "party-suspended", "party-unknown", "party-has-left", "person-not-active", "agreement-open",
  ]

  /// M8-2.4-status: what is answered to an error; nil when it is no matter of this interface.
  package static func outcome(of error: any Error) -> AdHocAnswer.Outcome? {
    switch error {
    case let refusal as Refusal:
      if ofTheAsker.contains(refusal.code) { return nil }
      let entry = table[refusal.code] ?? (.workflowError, "WF:OTHER")
      return .error(entry.status, code: entry.code, text: refusal.description)
    case AuthorityError.busy, AuthorityError.stopping, AuthorityError.chunkVoided:
      return .error(.caError, code: "CA:BUSY", text: "Busy. Try again in a second.")
    case AuthorityError.outOfStock:
      return .error(
        .caError, code: "CA:STOCK",
        text: "No issuing authority can sign. Try again when the next one is on line.")
    case AuthorityError.signerDown, AuthorityError.badSignature:
      return .error(
        .caError, code: "CA:SIGNER",
        text: "The key of the authority cannot be used now. Try again in ten seconds.")
    default:
      return .error(.caError, code: "CA:FAILURE", text: "A failure of ours. Try again later.")
    }
  }
}
