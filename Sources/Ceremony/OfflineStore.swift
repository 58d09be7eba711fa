// SPDX-License-Identifier: Apache-2.0

package import Audit
package import DER
import Records
import SEC

/// An offline store between ceremonies: what can be read of it, and what its keeper may record
/// without opening a vault.
package enum OfflineStore {
  /// What a state of a store knows.
  ///
  /// - Throws: `DatabaseError`.
  package static func state(in folder: String) throws -> OfflineState {
    let records = try reading(folder)
    defer { records.close() }
    return try OfflineState(records)
  }

  private static func reading(_ folder: String) throws -> Records {
    try Records.openReadOnly(
      CeremonyRun.records(in: folder), migrations: CeremonyRecords.migrations)
  }

  /// The entries of the store's audit, oldest first, and what a verification of it finds; believed
  /// are the ceremony keys that the store names.
  ///
  /// - Throws: `DatabaseError` when the store cannot be read at all.
  package static func audit(
    in folder: String
  ) throws -> (entries: [Entry], faults: [String]) {
    let records = try Records.examine(
      CeremonyRun.records(in: folder), migrations: CeremonyRecords.migrations)
    defer { records.close() }
    let keys = try OfflineState(records).ceremonyKeys()
    var entries: [Entry] = []
    var rows = KeptRows()
    let report = try records.verifyAudit(keys: keys, origin: nil) { _, entry in
      entries.append(entry)
      rows.replay(entry.facts)
    }
    let differences = try records.read { try rows.differences(CeremonyRecords.tables, in: $0) }
    return (entries, (report.faults + differences.faults).map { "\($0)" })
  }

  /// OCP-two-person: records that a custodian has ceased; the share opens nothing from now on.
  ///
  /// - Throws: `custodian-unknown`, `custodians-too-few`.
  package static func cease(
    _ name: String, because reason: String, by holder: String, in folder: String,
    at moment: Time
  ) throws {
    let records = try Records.open(
      CeremonyRun.records(in: folder), clock: { moment }, migrations: CeremonyRecords.migrations)
    defer { records.close() }
    let state = try OfflineState(records)
    guard let custodian = state.custodians[name], custodian.ceased == nil else {
      throw Refusal.custodianUnknown(name)
    }
    for vault in state.vaults {
      let left = state.standing(vault).filter {
        $0.custodian != name && !state.ceased.contains($0.custodian)
      }
      let threshold = state.standing(vault).first?.threshold ?? 0
      guard left.count >= threshold else {
        throw Refusal.custodiansTooFew(vault, threshold: threshold)
      }
    }
    try OfflineEntries(
      records: records, actor: Actor(name: holder, role: .operatorOfSystem),
      ceremony: "none", moment: moment
    ).keep(
      name, Custodian(appointed: custodian.appointed, ceased: moment, reason: reason),
      "custodian-ceased")
  }
}
