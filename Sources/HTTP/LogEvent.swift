// SPDX-License-Identifier: Apache-2.0

/// Something that an operator may want to know, told as it happens, on the thread it happens.
package enum LogEvent: Sendable {
  /// A handler threw; the client was told 500 and nothing else.
  case handlerFailed(method: String, path: String, error: String)
  /// The server itself refused a request: why, which one, and from which address.
  case refused(ServerRefusal, method: String, path: String, address: String)
  /// A connection was closed because it was too slow or idle for too long.
  case closed(reason: String, address: String)
  /// The library complained: while it serves, of what some client did on its connection, such as a
  /// handshake that came to nothing; before, of why it cannot serve.
  case library(String, isServing: Bool)
}
