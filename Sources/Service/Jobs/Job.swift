// SPDX-License-Identifier: Apache-2.0

package import DER

/// Something that a node does by itself when its time has come: a list to be published, a notice to
/// be sent, a file to be cleared away.
package struct Job: Sendable {
  /// What it is called in the log and on the pages: lower case with hyphens, unique in a node.
  package let name: String
  /// Whether each node of a store does it for itself; otherwise one node does it for all.
  package let isOfEachNode: Bool
  /// Whether what another node does may make it due before its time.
  let isDueByOthers: Bool
  /// Does what is due at a moment, and says when to ask again; nil asks again at the next look.
  ///
  /// It asks the store what is due rather than remembering it, so that a crash, a restart or a
  /// clock that was put right loses nothing. It shares one thread with the other jobs: work of more
  /// than a second is done in pieces.
  package let run: @Sendable (Time) throws -> Time?

  /// A job.
  package init(
    _ name: String, ofEachNode isOfEachNode: Bool = false, dueByOthers isDueByOthers: Bool = false,
    run: @escaping @Sendable (Time) throws -> Time?
  ) {
    self.name = name
    self.isOfEachNode = isOfEachNode
    self.isDueByOthers = isDueByOthers
    self.run = run
  }
}
