// SPDX-License-Identifier: Apache-2.0

import Keys
import Profiles
import SEC
import Threads

/// The authorities whose keys are at hand; one that is not is opened when it is first needed, so
/// that a stock brought in while a node serves needs no restart.
final class Signers: Sendable {
  private let known = Guarded<[Int: Signer]>([:])
  private let estate: Estate
  private let lifetimes: Lifetimes
  private let key: @Sendable (IssuingAuthority) throws -> any SigningKey

  init(
    estate: Estate, lifetimes: Lifetimes,
    key: @escaping @Sendable (IssuingAuthority) throws -> any SigningKey
  ) {
    self.estate = estate
    self.lifetimes = lifetimes
    self.key = key
  }

  /// The signer of an authority.
  ///
  /// - Throws: `AuthorityError.keyNotOfCertificate`, or why the key cannot be had.
  func signer(of authority: IssuingAuthority) throws -> Signer {
    if let signer = known.value[authority.id] { return signer }
    let signer = try Signer(
      authority, key: key(authority), estate: estate, lifetimes: lifetimes)
    known.change { $0[authority.id] = signer }
    return signer
  }

  /// Why an authority cannot sign at this moment, or nil when nothing is known against it.
  func fault(of authority: IssuingAuthority) -> String? {
    do {
      return try signer(of: authority).key.fault?.reason
    } catch {
      return "\(error)"
    }
  }

  /// Lets a key go, for good.
  func forget(_ authority: Int) {
    known.change { $0[authority] = nil }
  }
}
