// SPDX-License-Identifier: Apache-2.0

/// One method at one path, the size of body it takes, and the function that answers.
package struct Route: Sendable {
  /// How a route answers.
  package enum Handler: Sendable {
    /// Runs on a worker thread and may block; what it throws becomes a 500 without detail.
    case blocking(@Sendable (Request) throws -> Response)
    /// Runs on a network thread and must return within microseconds, having answered or having
    /// put the answer into the hands of another thread.
    case deferred(@Sendable (Request, Answer) -> Void)
  }

  /// The method in upper case; a route for GET also answers HEAD.
  package let method: String
  /// The path as it stands after percent-decoding; a trailing `*` takes every path that begins
  /// with what stands before it.
  package let path: String
  /// The most octets of body it takes; a larger body is refused with 413.
  package let bodyLimit: Int
  /// The function that answers.
  package let handler: Handler
  /// The folder into which bodies are written as they arrive, and the rest of what goes with a
  /// large upload; nil holds bodies in memory.
  package var upload: Upload?

  /// How a body that is too large for memory is taken.
  package struct Upload: Sendable {
    /// An existing folder; each body is a new file there.
    package let folder: String
    /// Seconds in which the body must arrive after the header lines.
    package let secondsMax: Int
    /// Looks at the head of the request before any of the body is taken.
    ///
    /// What it returns is answered instead. It runs on a network thread and must return within
    /// milliseconds.
    package let admit: @Sendable (Request) -> Response?

    /// An upload, whole.
    package init(
      folder: String, secondsMax: Int, admit: @escaping @Sendable (Request) -> Response?
    ) {
      self.folder = folder
      self.secondsMax = secondsMax
      self.admit = admit
    }
  }

  /// A route whose handler may block.
  package init(
    _ method: String, _ path: String, bodyLimit: Int = 0,
    handler: @escaping @Sendable (Request) throws -> Response
  ) {
    self.init(method, path, bodyLimit: bodyLimit, as: .blocking(handler))
  }

  /// A route with either kind of handler.
  package init(_ method: String, _ path: String, bodyLimit: Int = 0, as handler: Handler) {
    precondition(path.hasPrefix("/"), "a path begins with a slash")
    precondition(bodyLimit >= 0, "a limit is not negative")
    self.method = method
    self.path = path
    self.bodyLimit = bodyLimit
    self.handler = handler
  }

  /// A route whose handler never blocks and answers at once or later, from any thread, once.
  package static func deferred(
    _ method: String, _ path: String, bodyLimit: Int = 0,
    handler: @escaping @Sendable (Request, Answer) -> Void
  ) -> Route {
    Route(method, path, bodyLimit: bodyLimit, as: .deferred(handler))
  }
}
