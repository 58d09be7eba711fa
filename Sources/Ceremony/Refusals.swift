// SPDX-License-Identifier: Apache-2.0

import DER
import JSON
import Keys
import Profiles
package import SEC

/// Every way in which a ceremony says no.
extension Refusal {
  /// OCP-ceremony: the file of a ceremony says what it must, and nothing else.
  static func ceremonyFile(_ error: JSONError) -> Refusal {
    Refusal(
      "ceremony-file", clause: "OCP-ceremony", field: error.place, expected: error.expected,
      found: error.found,
      remedy: "Put the file right, have it reviewed again, and rehearse it again.")
  }

  /// OCP-ceremony: a file fits what the offline store holds.
  static func ceremonyDoesNotFit(_ place: String, expected: String, found: String) -> Refusal {
    Refusal(
      "ceremony-does-not-fit", clause: "OCP-ceremony", field: place, expected: expected,
      found: found, remedy: "Put the file right, have it reviewed and rehearse it again.")
  }

  /// C3-84-2: a ceremony is held for the estate of the store.
  package static func ceremonyOtherEstate(_ store: Estate, _ found: Estate) -> Refusal {
    Refusal(
      "ceremony-other-estate", clause: "C3-84-2", field: "estate",
      expected: "the \(store.kind.rawValue) estate \(store.name) with its policy identifiers",
      found: "the \(found.kind.rawValue) estate \(found.name)",
      remedy: "Bring the offline store of that estate, or the file for this one.")
  }

  /// OCP-names: the name of an authority is given once.
  static func ceremonyNameTaken(_ name: String) -> Refusal {
    Refusal(
      "ceremony-name-taken", clause: "OCP-names", field: "name",
      expected: "a name that no authority has", found: name,
      remedy: "Take the next name in the row.")
  }

  /// OCP-ceremony: a ceremony is held once.
  static func ceremonyHeld(_ ceremony: String) -> Refusal {
    Refusal(
      "ceremony-held", clause: "OCP-ceremony", field: "ceremony",
      expected: "a ceremony that was not held yet", found: ceremony,
      remedy: "Its outputs lie in the offline store: smki ceremony outputs copies them again.")
  }

  /// OCP-ceremony: what is run was rehearsed, octet by octet.
  package static func ceremonyNotRehearsed(expected: [UInt8], found: String) -> Refusal {
    Refusal(
      "ceremony-not-rehearsed", clause: "OCP-ceremony", field: "SHA-256 of the file",
      expected: "a rehearsal of \(Hex.encode(expected)) by this version of the program",
      found: found, remedy: "Rehearse the file as it is now, and show the record to the witnesses.")
  }

  /// OCP-ceremony: a ceremony is witnessed, by people who do not hold it.
  package static func witnessesTooFew(least: Int, found: [String]) -> Refusal {
    Refusal(
      "witnesses-too-few", clause: "OCP-ceremony", field: "witnesses",
      expected: "at least \(least) people, each once, and not the one who holds the ceremony",
      found: found.isEmpty ? "nobody" : found.joined(separator: "; "),
      remedy: "Name the witnesses who are there, with --witness.")
  }

  /// C3-74-1: a root that this store has.
  static func rootUnknown(_ name: String) -> Refusal {
    Refusal(
      "root-unknown", clause: "C3-74-1", field: "by", expected: "a root of this store",
      found: name, remedy: "Name the root by its common name: smki ceremony status lists them.")
  }

  /// C3-75: no root certifies across hierarchies.
  static func rootOtherHierarchy(_ root: AuthorityKind, _ kind: AuthorityKind) -> Refusal {
    Refusal(
      "root-other-hierarchy", clause: "C3-75", field: "by",
      expected: "a root of the \(kind.hierarchy.rawValue) hierarchy", found: root.rawValue,
      remedy: "Name the root of the same hierarchy.")
  }

  /// OCP-ceremony: a request that is certified was brought along.
  static func requestMissing(_ digest: [UInt8]) -> Refusal {
    Refusal(
      "request-missing", clause: "OCP-ceremony", field: "key",
      expected: "the request with the SHA-256 \(Hex.encode(digest))", found: "none",
      remedy: "Bring the file of the request with --request.")
  }

  /// C3-74-2: a key that is made in the ceremony has an on-line place.
  static func onlinePlaceMissing(_ label: String) -> Refusal {
    Refusal(
      "online-place-missing", clause: "C3-74-2", field: "key",
      expected: "the on-line key store, for the key \(label)", found: "none",
      remedy: "Bring it with --online, or have a key made on line certified by its request.")
  }

  /// C3-84-2: an estate with a DCCKI has a policy for it.
  static func dcckiPolicyMissing() -> Refusal {
    Refusal(
      "dccki-policy-missing", clause: "C3-84-2", field: "estate.dccki-policy",
      expected: "the policy identifier of the DCCKI", found: "none",
      remedy: "Add dccki-policy to the estate before it is founded.")
  }

  /// OCP-two-person: a vault opens with so many shares.
  static func sharesTooFew(
    _ vault: Vault, threshold: Int, found: [ShareRecord]
  ) -> Refusal {
    Refusal(
      "shares-too-few", clause: "OCP-two-person", field: "shares of the \(vault.rawValue) vault",
      expected: "\(threshold)",
      found: "\(found.count): \(found.map(\.custodian).joined(separator: "; "))",
      remedy: "Ask further custodians to come, each with the file of a share.")
  }

  /// OCP-two-person: a share is the one that was handed out; the wrong one is named.
  static func shareWrong(_ record: ShareRecord, found: [UInt8]) -> Refusal {
    Refusal(
      "share-wrong", clause: "OCP-two-person",
      field: "share \(record.index) of the \(record.vault.rawValue) vault, of \(record.custodian)",
      expected: "SHA-256 \(Hex.encode(record.digest))", found: "SHA-256 \(Hex.encode(found))",
      remedy: "The share was changed since it was handed out; use another custodian's.")
  }

  /// OCP-two-person: each share counts once.
  static func shareTwice(_ record: ShareRecord) -> Refusal {
    Refusal(
      "share-twice", clause: "OCP-two-person",
      field: "share \(record.index) of the \(record.vault.rawValue) vault",
      expected: "each share once", found: "the share of \(record.custodian) twice",
      remedy: "Ask another custodian to come.")
  }

  /// OCP-two-person: a share of the sharing that stands.
  static func shareOtherCeremony(
    _ vault: Vault, _ expected: String, _ file: ShareFile
  ) -> Refusal {
    Refusal(
      "share-other-ceremony", clause: "OCP-two-person",
      field: "share \(file.share.index) of the \(vault.rawValue) vault",
      expected: "a share of the ceremony \(expected)",
      found: "one of \(file.value("ceremony") ?? "no ceremony"), generation "
        + (file.value("generation") ?? "none"),
      remedy: "Use the share that was handed out last; destroy the older one.")
  }

  /// C3-84-2: a share of this estate.
  static func shareOtherEstate(_ estate: Estate, _ file: ShareFile) -> Refusal {
    Refusal(
      "share-other-estate", clause: "C3-84-2", field: "share \(file.share.index)",
      expected: "a share of the \(estate.kind.rawValue) estate \(estate.name)",
      found: "one of the \(file.value("kind") ?? "unknown") estate "
        + (file.value("estate") ?? "without name"),
      remedy: "Bring the shares of this estate.")
  }

  /// OCP-two-person: whoever has ceased to be a custodian opens nothing.
  static func custodianCeased(_ record: ShareRecord) -> Refusal {
    Refusal(
      "custodian-ceased", clause: "OCP-two-person", field: "share \(record.index)",
      expected: "a custodian in office", found: "\(record.custodian), who has ceased",
      remedy: "Share the vault out again in a ceremony, to the custodians in office.")
  }

  /// OCP-two-person: a name among the custodians in office.
  package static func custodianUnknown(_ name: String) -> Refusal {
    Refusal(
      "custodian-unknown", clause: "OCP-two-person", field: "name",
      expected: "a custodian in office", found: name,
      remedy: "smki custodian list shows them.")
  }

  /// OCP-two-person: enough custodians stay to open each vault.
  package static func custodiansTooFew(_ vault: Vault, threshold: Int) -> Refusal {
    Refusal(
      "custodians-too-few", clause: "OCP-two-person", field: "the \(vault.rawValue) vault",
      expected: "at least \(threshold) custodians in office afterwards",
      found: "\(threshold - 1)",
      remedy: "Share the vault out again first, to other custodians.")
  }

  /// OCP-two-person: a vault is shared out before a key is made in it.
  static func vaultNotShared(_ vault: Vault) -> Refusal {
    Refusal(
      "vault-not-shared", clause: "OCP-two-person", field: "the \(vault.rawValue) vault",
      expected: "a vault that custodians hold", found: "none",
      remedy: "Begin the file with share-out for this vault.")
  }

  /// OCP-ceremony: what was done can be checked by anybody, to the last octet.
  package static func transcriptFault(
    _ field: String, expected: String, found: String
  ) -> Refusal {
    Refusal(
      "transcript-fault", clause: "OCP-ceremony", field: field, expected: expected,
      found: found, remedy: "Do not use what this ceremony made until it is explained.")
  }
}
