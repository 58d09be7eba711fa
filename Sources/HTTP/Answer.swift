// SPDX-License-Identifier: Apache-2.0

/// The right to answer one request, once, from any thread.
///
/// When nobody holds it any more and nobody has answered, the client is told 500: a request is
/// never left hanging by a forgotten answer.
package final class Answer: Sendable {
  private let exchange: Exchange

  init(_ exchange: Exchange) {
    self.exchange = exchange
  }

  /// Answers the request; only the first answer is sent.
  ///
  /// - Returns: whether this was the first. False also when the server was stopped meanwhile.
  @discardableResult
  package func callAsFunction(_ response: Response) -> Bool {
    exchange.answer(response)
  }

  deinit {
    exchange.answer(.refusal(500, "the request was not answered"))
  }
}
