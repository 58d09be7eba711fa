// SPDX-License-Identifier: Apache-2.0

import SEC
import X509

/// The parts of a request, in the order in which the request profiles look at them.
enum RequestPart: CaseIterable {
  /// Who asks, and for a device that nobody does.
  case subject
  /// Which device is meant.
  case alternativeName
  /// Nothing beside the profile.
  case attributes
  /// One usage.
  case usage
  /// The key, and with it the signature by it.
  case key
  /// How the request is signed.
  case signatureAlgorithm

  /// Checks this part as the request profile does.
  func check(_ request: CertificationRequest, _ kind: RequestKind) throws(Refusal) {
    switch (self, kind) {
    case (.subject, .device): try DeviceRequest.checkSubject(of: request)
    case (.subject, .organisation): _ = try OrganisationSubject(request.subject)
    case (.subject, .iki): _ = try IKISubject(request.subject)
    case (.alternativeName, .device): _ = try DeviceRequest.subject(of: request)
    case (.alternativeName, .organisation), (.alternativeName, .iki): return
    case (.attributes, _): try RequestForm.checkAttributes(of: request, kind)
    case (.usage, _):
      let usage = try RequestForm.usage(of: request, kind)
      // What is wrong with the subject itself is the first part's to say.
      guard kind == .organisation, let subject = try? OrganisationSubject(request.subject) else {
        return
      }
      try OrganisationRequest.checkCommonName(of: subject, usage)
    case (.key, .device), (.key, .organisation):
      try RequestForm.checkPossession(of: request, try RequestForm.point(of: request, kind))
    case (.key, .iki):
      try RequestForm.checkPossession(of: request, try IKIRequest.publicKey(of: request))
    case (.signatureAlgorithm, _):
      try RequestForm.checkSignatureAlgorithm(of: request, kind)
    }
  }

  /// What is wrong with this part, or nil.
  func finding(_ request: CertificationRequest, _ kind: RequestKind) -> Finding? {
    do {
      try check(request, kind)
      return nil
    } catch {
      return Finding(
        rule: error.code, clause: error.clause, field: error.field, expected: error.expected,
        found: error.found)
    }
  }
}
