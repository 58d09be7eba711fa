// SPDX-License-Identifier: Apache-2.0

/// A whole request on its way to a worker thread, with the handler that blocks there.
struct Job: Sendable {
  let request: Request
  let handler: @Sendable (Request) throws -> Response
  let answer: Answer
  let onLog: @Sendable (LogEvent) -> Void

  /// Runs the handler and answers; an error becomes a 500 that says nothing.
  func run() {
    do {
      answer(try handler(request))
    } catch {
      onLog(
        .handlerFailed(method: request.method, path: request.path, error: String(describing: error))
      )
      answer(.refusal(500, "internal error"))
    }
  }
}
