// SPDX-License-Identifier: Apache-2.0

/// Why a node cannot start.
package enum NodeError: Error, Hashable, Sendable {
  /// A setting of `estate.json` that is none of the words it may be.
  case unknownWord(String)
  /// `officersSocket` names a group that this machine does not know.
  case noGroup(String)
  /// The folder is a copy that nobody has verified yet (ENG-backup).
  case unverifiedCopy(String)
  /// ENG-backup: the store has fewer entries than a checkpoint was signed for, or others.
  case auditLost(signed: Int, found: Int)
  /// The folder holds no estate.
  case notFounded(String)
  /// The records belong to another estate than the configuration names (C3-84-2).
  case otherEstate(records: String, configuration: String)
  /// A live estate whose configuration names a port without TLS (K-test-api-key).
  case plainDoorInLiveEstate(UInt16)
  /// A live estate whose configuration moves the clock.
  case clockOfLiveEstate
  /// RAPP-two-people: a live estate in which two officers have one user of the machine.
  case officersShareUser
  /// `SMKI_STOP_AT` in a live estate, or with something else than a step of issuing.
  case stoppingPoint(String)
}
