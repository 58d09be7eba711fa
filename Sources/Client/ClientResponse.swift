// SPDX-License-Identifier: Apache-2.0

/// A whole answer.
package struct ClientResponse: Sendable {
  /// The status code.
  package let status: Int
  /// Header lines of the final answer in their order, names in lower case.
  package let headers: [(name: String, value: String)]
  /// The body.
  package let body: [UInt8]
  /// Whether the connection was kept from an earlier request of the same client.
  package let reusedConnection: Bool

  /// The value of the first header line with this name, which must be given in lower case.
  package func header(_ name: String) -> String? {
    for header in headers where header.name == name { return header.value }
    return nil
  }

  /// The body as text; what is not UTF-8 is shown as replacement characters.
  package var text: String { String(decoding: body, as: UTF8.self) }
}
