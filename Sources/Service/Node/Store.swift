// SPDX-License-Identifier: Apache-2.0

import Authority
import Batches
import Duties
import Enrolment
import Governance
import EntryTesting
import Parties
package import Records
import Registration
import Repository
import Revocation

/// All that the rooms keep in one store.
package enum Store {
  /// Every migration of the program, in the order in which they are applied.
  package static let migrations: [Migration] =
    Standing.migrations
    + EstateRecords.migrations
    + PartyRecords.migrations
    + EntryTestRecords.migrations
    + RegistrationRecords.migrations
    + RepositoryRecords.migrations
    + AuthorityRecords.migrations
    + TransactionNumbers.migrations
    + LibraryRecords.migrations
    + AuthorityRecords.keyMigrations
    + PackageRecords.migrations
    + DutyRecords.migrations
    + RevocationRecords.migrations
    + AuthorityRecords.lifeMigrations
    + ModuleRegister.migrations
    + BatchesRecords.migrations
    + AuthorityRecords.limitMigrations
    + PartyRecords.laterMigrations
    + EnrolmentRecords.migrations
    + RegistrationRecords.laterMigrations
    + GovernanceRecords.migrations
    + RegistrationRecords.caseMigrations
    + PKIRegister.migrations
    + RepositoryRecords.laterMigrations
    + RegistrationRecords.connectionMigrations
    + InventoryRecords.migrations
    + EnrolmentRecords.personnelMigrations
    + GovernanceRecords.laterMigrations
    + RegistrationRecords.accountMigrations
    + ModelRecords.migrations
    + AvailabilityRecords.migrations
    + SignedRequests.migrations
    + GovernanceRecords.directionMigrations
    + RegistrationRecords.purposeMigrations
    + AuthorityRecords.anomalyMigrations
    + RepositoryRecords.markMigrations
    + LibraryRecords.proxyMigrations

  /// Every table whose rows the audit knows.
  package static let keptTables: [KeptTable] =
    EstateRecords.tables
    + PartyRecords.tables
    + EnrolmentRecords.tables
    + EntryTestRecords.tables
    + RegistrationRecords.tables
    + AuthorityRecords.tables
    + [TransactionNumbers.table]
    + AvailabilityRecords.tables
    + LibraryRecords.tables
    + RepositoryRecords.tables
    + PackageRecords.tables
    + DutyRecords.tables
    + RevocationRecords.tables
    + ModuleRegister.tables
    + BatchesRecords.tables
    + GovernanceRecords.tables
    + GovernanceRecords.laterTables
    + PKIRegister.tables

  /// Tables of the rooms whose rows the audit does not know.
  private static let otherTables = [
    "standing",
    EnrolmentRecords.personalTable,
    "certificate", "certificate_count",
    "document_content",
    "issuing_volume", "issuance_intent",
  ]

  /// Every table of a store: those of the rooms, and those that `Records` itself keeps.
  static let tables: Set<String> =
    Set(keptTables.map(\.name) + otherTables + GovernanceRecords.secretTables).union([
      "audit_entry", "audit_node", "audit_tree", "audit_checkpoint", "schema_migration",
    ])
}
