// SPDX-License-Identifier: Apache-2.0

package import Keys
package import Records
import SEC

/// C3-190-1: a key of a live estate, which signs only while its module stands in the register with
/// a certificate of level 3; the register is asked each time, so that an entry counts at once.
package struct ActivatedKey: SigningKey {
  private let key: any SigningKey
  private let place: KeyPlace
  private let records: Records

  /// Binds a key to the record of its module.
  package init(_ key: any SigningKey, at place: KeyPlace, records: Records) {
    self.key = key
    self.place = place
    self.records = records
  }

  /// The public half.
  package var publicKey: PublicKey { key.publicKey }

  /// Why it cannot sign: no fit module first, then what is known of the key.
  package var fault: TokenFault? {
    do {
      try Self.check(place, in: records)
      return key.fault
    } catch {
      return TokenFault(.permanent, "\(error)")
    }
  }

  /// Signs if the key is activated.
  package func sign(_ message: [UInt8]) throws -> [UInt8] { try sign(all: [message])[0] }

  /// Signs if the key is activated.
  package func sign(all messages: [[UInt8]]) throws -> [[UInt8]] {
    try Self.check(place, in: records)
    return try key.sign(all: messages)
  }

  /// C3-190-1: refuses keys that are in no module, or in one that is not fit.
  package static func check(_ place: KeyPlace, in records: Records) throws {
    guard case .token(let name, _) = place else { throw Refusal.keyOutsideModule() }
    let module = try records.read { try ModuleRegister.find(name, in: $0) }
    guard let module, module.mayHoldAuthorities else { throw Refusal.moduleUnfit(name, module) }
  }
}
