// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Revocation
import SEC
import Testing
import X509

@Suite("Grounds and directions")
struct GroundTests {
  @Test("each ground has its reason code", .clause("RFC5280-5.3.1", "C3-124-1a", "C3-124-1b"))
  func reasons() {
    #expect(RevocationGround.keyUnreliable.reason(isAuthority: false) == .keyCompromise)
    #expect(RevocationGround.moduleUnreliable.reason(isAuthority: false) == .keyCompromise)
    #expect(RevocationGround.keyUnreliable.reason(isAuthority: true) == .authorityCompromise)
    #expect(RevocationGround.subscriberRequest.reason(isAuthority: false) == .unspecified)
    #expect(RevocationGround.rejected.reason(isAuthority: false) == .superseded)
    #expect(RevocationGround.performance.reason(isAuthority: false) == .privilegeWithdrawn)
  }

  @Test("a direction names who, which decision and what shows it", .clause("C3-71"))
  func direction() throws {
    let whole = try Direction(
      by: "SMKI PMA", decision: "PMA 12/3", evidence: "minutes", clause: "C3-71")
    #expect(whole.decision == "PMA 12/3")
    #expect(throws: Refusal.directionIncomplete("decision")) {
      try Direction(by: "SMKI PMA", decision: " ", evidence: "minutes", clause: "C3-71")
    }
  }
}
