// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The group of this machine's users whose members reach the node's socket.
enum OfficersGroup {
  /// The number of a group.
  ///
  /// - Throws: `NodeError.noGroup`.
  static func number(of name: String) throws(NodeError) -> UInt32 {
    // One thread, while the node starts: nobody else looks at what the library keeps for this.
    guard let group = unsafe getgrnam(name) else { throw .noGroup(name) }
    return unsafe group.pointee.gr_gid
  }
}
