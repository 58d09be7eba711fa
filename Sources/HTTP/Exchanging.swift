// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd
import Synchronization
import Threads

extension Server {
  /// The most octets of an unwanted body that are thrown away before it is answered; a sender of
  /// more is answered while it still sends.
  static let discardedOctetsMax = 1_024 * 1_024
  /// The most octets that are thrown away after that, so that the sender can read the answer before
  /// the connection is closed under it.
  static let lingeringOctetsMax = 16 * 1_024 * 1_024
  /// The seconds for which they are.
  static let lingeringSecondsMax = 5

  /// The header lines are there: decides whether and how the request goes on.
  ///
  /// - Returns: false when the library is to close the connection without an answer.
  func begin(_ exchange: Exchange, method: String, version: String) -> Bool {
    exchange.phase = .body
    exchange.method = method
    exchange.headers = unsafe HeaderLines.read(exchange.handle, noting: &exchange.places)
    let headOctets = Int(unsafe smki_MHD_head_size(exchange.handle))
    counters.requests.add(1, ordering: .relaxed)
    exchange.isAccepted = true
    counters.accepted.add(1, ordering: .sequentiallyConsistent)
    let rules: RequestRules
    do {
      try RequestRules.checkHead(
        octets: headOctets, most: configuration.headOctetsMax,
        isWhole: exchange.places?.isWhole(headOctets: headOctets) ?? true)
      rules = try RequestRules(
        method: method, version: version, target: exchange.target, headers: exchange.headers)
    } catch {
      return reply(exchange, refused(exchange, error.answer))
    }
    exchange.connection.expires(inSeconds: configuration.bodySecondsMax)
    exchange.early = decide(exchange, announced: rules.contentLength ?? 0)
    let hasBody = rules.isChunked || (rules.contentLength ?? 0) > 0
    guard exchange.early == nil else {
      guard hasBody, let early = exchange.early else { return true }
      // A client that waits for our leave sends nothing. The library takes an answer now only by
      // closing the connection after it.
      if exchange.headers["expect"] != nil { return reply(exchange, early) }
      if (rules.contentLength ?? 0) > Self.discardedOctetsMax { replyAtOnce(exchange, early) }
      return true
    }
    guard let upload = exchange.route?.upload else {
      if let length = rules.contentLength { exchange.body.reserveCapacity(length) }
      return true
    }
    exchange.connection.expires(inSeconds: upload.secondsMax)
    return true
  }

  /// The refusal that is already certain, or nil; sets the route otherwise.
  private func decide(_ exchange: Exchange, announced: Int) -> Response? {
    guard stage.load(ordering: .sequentiallyConsistent) == .open else {
      return refused(exchange, .unavailable("the server is stopping", closing: true))
    }
    let connection = exchange.connection
    let known = unsafe connection.establish(exchange.handle, authenticate: authenticate)
    guard !connection.needsCertificate || !known.peer.certificates.isEmpty else {
      return refused(exchange, .refusal(403, "a client certificate is needed"))
    }
    switch router.match(method: exchange.method, path: exchange.target?.path ?? "") {
    case .unknown:
      return refused(
        exchange,
        .refusal(
          404, "nothing stands at this path", expected: router.listing,
          found: ServerRefusal.shown(exchange.target?.path ?? "")))
    case .methodNotAllowed(let methods):
      let allowed = methods.joined(separator: ", ")
      var response = Response.refusal(
        405, "this path does not take this method", expected: allowed, found: exchange.method)
      response.headers.append(("Allow", allowed))
      return refused(exchange, response)
    case .route(let route):
      exchange.route = route
      guard announced <= route.bodyLimit else {
        return tooLarge(exchange, route.bodyLimit, found: "\(announced) octets")
      }
      guard let upload = route.upload else { return nil }
      if let refusal = upload.admit(request(exchange, known)) { return refusal }
      exchange.upload = UploadedBody(in: upload.folder)
      return exchange.upload == nil
        ? refused(exchange, .unavailable("the upload cannot be kept now")) : nil
    }
  }

  /// Some of the body is there.
  ///
  /// - Returns: false when the library is to close the connection without an answer.
  func take(_ exchange: Exchange, _ octets: UnsafeRawBufferPointer) -> Bool {
    let limit = exchange.route?.bodyLimit ?? 0
    if exchange.early == nil {
      let come = exchange.upload?.count ?? exchange.body.count
      if come + octets.count > limit {
        exchange.early = tooLarge(
          exchange, limit, found: "\(come + octets.count) octets and not yet the end")
      } else if let upload = exchange.upload {
        if unsafe upload.add(octets) { return true }
        exchange.early = refused(exchange, .unavailable("the upload cannot be kept now"))
      } else {
        unsafe exchange.body.append(contentsOf: octets)
        return true
      }
      exchange.body = []
      exchange.upload = nil
    }
    exchange.discarded += octets.count
    if exchange.discarded > Self.discardedOctetsMax, let early = exchange.early {
      replyAtOnce(exchange, early)
    }
    return true
  }

  /// More of a body came that has been answered already, or its end, with a count of zero.
  ///
  /// - Returns: false when the library is to close the connection.
  func linger(_ exchange: Exchange, _ count: Int) -> Bool {
    exchange.discarded += count
    return count > 0 && exchange.discarded <= Self.lingeringOctetsMax
  }

  /// The request is whole: hands it to its handler, or answers at once.
  ///
  /// - Returns: false when the library is to close the connection without an answer.
  func handle(_ exchange: Exchange) -> Bool {
    if let early = exchange.early { return reply(exchange, early) }
    guard let route = exchange.route else { return false }
    let connection = exchange.connection
    let known = unsafe connection.establish(exchange.handle, authenticate: authenticate)
    exchange.upload?.finish()
    let request = request(exchange, known)
    // Whoever holds the answer for long must not hold the request and the handler too.
    exchange.body = []
    exchange.upload = nil
    exchange.headers = Headers()
    exchange.route = nil
    connection.expires(inSeconds: nil)
    counters.handling.add(1, ordering: .sequentiallyConsistent)
    exchange.phase = .handling
    connection.setCurrent(exchange)
    let answer = Answer(exchange)
    if stage.load(ordering: .sequentiallyConsistent) == .aborting {
      answer(.unavailable("the server is stopping", closing: true))
    } else {
      switch route.handler {
      case .deferred(let handler): handler(request, answer)
      case .blocking(let handler):
        let job = Job(request: request, handler: handler, answer: answer, onLog: onLog)
        if !queue.add(job) {
          answer(refused(exchange, .unavailable("too many requests wait")))
        }
      }
    }
    return proceed(exchange)
  }

  /// What has come of a request so far, for its handler.
  private func request(_ exchange: Exchange, _ known: Connection.Established) -> Request {
    var request = Request(
      method: exchange.method, path: exchange.target?.path ?? "",
      query: exchange.target?.query ?? [], headers: exchange.headers, body: exchange.body,
      peer: known.peer, identity: known.identity, connectionToken: exchange.connection.token)
    request.upload = exchange.upload
    return request
  }

  /// Answers if the answer is there; the connection sleeps otherwise and this is called again.
  func proceed(_ exchange: Exchange) -> Bool {
    guard let response = exchange.takeAnswerOrSuspend() else { return true }
    release(exchange)
    return reply(exchange, response)
  }

  /// No handler has the exchange any more.
  private func release(_ exchange: Exchange) {
    exchange.connection.setCurrent(nil)
    counters.handling.subtract(1, ordering: .sequentiallyConsistent)
  }

  /// The exchange is over, well or badly.
  func end(_ exchange: Exchange) {
    exchange.connection.exchange = nil
    // A client that leaves while its answer is on the way is never asked for the answer.
    if exchange.phase == .handling {
      exchange.abandon()
      release(exchange)
    }
    if exchange.isAccepted { counters.accepted.subtract(1, ordering: .sequentiallyConsistent) }
    exchange.connection.expires(inSeconds: configuration.idleSecondsMax)
  }

  /// Answers past the library, which takes no answer while a body comes in, and throws away for a
  /// while what still comes: a connection closed over unread octets would take the answer with it.
  private func replyAtOnce(_ exchange: Exchange, _ response: Response) {
    let octets = Reply.text(written(response), isHead: exchange.method == "HEAD")
    unsafe exchange.connection.sendLast(octets, exchange.handle)
    exchange.phase = .lingering
    exchange.connection.expires(inSeconds: Self.lingeringSecondsMax)
    // A stop does not wait for it.
    exchange.isAccepted = false
    counters.accepted.subtract(1, ordering: .sequentiallyConsistent)
  }

  func written(_ response: Response) -> Response {
    guard let refusal = response.refusal, let write = configuration.refusalBody else {
      return response
    }
    var response = response
    response.body = write(refusal)
    return response
  }

  private func reply(_ exchange: Exchange, _ response: Response) -> Bool {
    exchange.phase = .answered
    exchange.connection.expires(inSeconds: configuration.answerSecondsMax)
    var response = written(response)
    if stage.load(ordering: .relaxed) != .open { response.closesConnection = true }
    if unsafe Reply.queue(response, on: exchange.handle) { return true }
    onLog(
      .handlerFailed(
        method: exchange.method, path: exchange.target?.path ?? "",
        error: "the answer has an illegal status or header line"))
    return unsafe Reply.queue(.refusal(500, "internal error", closing: true), on: exchange.handle)
  }

  private func tooLarge(_ exchange: Exchange, _ limit: Int, found: String) -> Response {
    refused(
      exchange,
      .refusal(
        413, "the body is larger than this path takes", expected: "at most \(limit) octets",
        found: found, closing: true))
  }

  private func refused(_ exchange: Exchange, _ response: Response) -> Response {
    refused(response, exchange: exchange, address: exchange.connection.address)
  }

  /// Counts and tells a refusal; there is no exchange before the request line was understood.
  func refused(_ response: Response, exchange: Exchange?, address: String) -> Response {
    counters.refused.add(1, ordering: .relaxed)
    if let refusal = response.refusal {
      onLog(
        .refused(
          refusal, method: ServerRefusal.shown(exchange?.method ?? ""),
          path: ServerRefusal.shown(exchange?.target?.path ?? ""), address: address))
    }
    return response
  }
}

extension Response {
  /// 503 with the wish to try again after a second.
  static func unavailable(_ error: StaticString, closing: Bool = false) -> Response {
    var response = Response.refusal(503, error, closing: closing)
    response.headers.append(("Retry-After", "1"))
    return response
  }
}
