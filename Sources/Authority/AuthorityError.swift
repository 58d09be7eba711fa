// SPDX-License-Identifier: Apache-2.0

/// A failure of ours while issuing; never the Code saying no.
package enum AuthorityError: Error, Hashable, Sendable {
  /// No issuing authority of the hierarchy can sign any more, and none is in stock.
  case outOfStock(Hierarchy)
  /// The key under this label is not the one in the authority's certificate.
  case keyNotOfCertificate(String)
  /// The key of an authority is not on line in this process.
  case noKey(Int)
  /// An authority's signature did not verify, or not over what was recorded.
  case badSignature(Int)
  /// The key of the authority that should sign cannot be used now: why.
  case signerDown(String)
  /// No version of the policy is in force (C3-112).
  case noPolicyInForce(Hierarchy)
  /// More requests wait than the line holds; try again in a second.
  case busy
  /// The node is stopping.
  case stopping
  /// Another node has taken this one for dead and voided the chunk with this number.
  case chunkVoided(Int)
}
