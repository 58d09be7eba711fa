// SPDX-License-Identifier: Apache-2.0

/// A whole request: head and body have been received and are within their limits.
package struct Request: Sendable {
  /// The method in upper case: GET, HEAD, POST and so on.
  package let method: String
  /// The path with percent-encoding undone; it begins with a slash and has no dot segments.
  package let path: String
  /// The names and values after the question mark in their order, percent-encoding undone.
  package let query: [(name: String, value: String)]
  /// The header lines.
  package let headers: Headers
  /// The body; empty when there is none, or when it lies in `upload`.
  package let body: [UInt8]
  /// The body of a route that takes uploads.
  package var upload: UploadedBody?
  /// Who asks, as the transport knows it.
  package let peer: Peer
  /// What the server's `authenticate` closure returned for this connection; nil when it returned
  /// nothing.
  package let identity: (any Sendable)?
  /// A number that this connection has and no other connection of the process.
  package let connectionToken: UInt64

  /// A request made by hand, for tests and in-memory callers.
  package init(
    method: String, path: String, query: [(name: String, value: String)] = [],
    headers: Headers = Headers(), body: [UInt8] = [], peer: Peer = Peer(address: "memory"),
    identity: (any Sendable)? = nil, connectionToken: UInt64 = 0
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
    self.peer = peer
    self.identity = identity
    self.connectionToken = connectionToken
  }

  /// The value of the first query item with this name.
  package func queryValue(_ name: String) -> String? {
    for item in query where item.name == name { return item.value }
    return nil
  }
}
