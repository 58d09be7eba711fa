// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd
import Threads

/// One request on a connection, from its first line until its answer has been sent.
///
/// The network thread that owns the connection is the only one that touches what is not under the
/// lock. Other threads only bring the answer.
@safe final class Exchange: @unchecked Sendable {
  /// Where the exchange stands, as its network thread sees it.
  enum Phase {
    /// The header lines have not been seen yet.
    case head
    /// The body is coming in.
    case body
    /// The answer was sent before the body had come; the rest is thrown away.
    case lingering
    /// A handler has it.
    case handling
    /// The answer is being sent.
    case answered
  }

  private struct State {
    var response: Response?
    var isAnswered = false
    var isSuspended = false
  }

  /// The library's connection, valid while the exchange is suspended or in a callback.
  let handle: OpaquePointer
  /// The connection it came by.
  let connection: Connection
  /// The request's target; nil when it is not a legal one.
  let target: Target?
  /// Where the target stood in the library's memory.
  let targetPlace: Range<UInt>
  /// Where the lines of the head stand there; nil before they have come.
  var places: HeadPlaces?
  var phase = Phase.head
  var method = ""
  var headers = Headers()
  var route: Route?
  /// The answer decided upon before the body came, given when the body has been thrown away.
  var early: Response?
  var body: [UInt8] = []
  /// Where the body goes instead on a route that takes uploads.
  var upload: UploadedBody?
  var isAccepted = false
  var discarded = 0
  private let state = Guarded(State())

  init(
    handle: OpaquePointer, connection: Connection, target: Target?, targetPlace: Range<UInt>
  ) {
    unsafe self.handle = unsafe handle
    self.targetPlace = targetPlace
    self.connection = connection
    self.target = target
  }

  /// Brings the answer, from any thread; only the first one counts.
  ///
  /// - Returns: whether it was the first.
  @discardableResult
  func answer(_ response: Response) -> Bool {
    state.change { state in
      guard !state.isAnswered else { return false }
      state.isAnswered = true
      state.response = response
      if state.isSuspended {
        state.isSuspended = false
        // Inside the lock: the network thread cannot take the answer, and so the daemon cannot
        // be stopped, before this call has returned.
        unsafe MHD_resume_connection(handle)
      }
      return true
    }
  }

  /// Forgets the connection: it is going, and no answer can be given any more.
  func abandon() {
    state.change { state in
      state.isAnswered = true
      state.isSuspended = false
      state.response = nil
    }
  }

  /// Takes the answer if it is there; otherwise suspends the connection until it is.
  ///
  /// Network thread only.
  func takeAnswerOrSuspend() -> Response? {
    state.change { state in
      if let response = state.response {
        state.response = nil
        return response
      }
      if !state.isAnswered {
        state.isSuspended = true
        unsafe MHD_suspend_connection(handle)
      }
      return nil
    }
  }
}
