// SPDX-License-Identifier: Apache-2.0

import CCurl

/// An HTTP client over libcurl that keeps its connection between requests.
///
/// Not for several threads: each has its own. It follows no redirection, reads no environment, and
/// speaks HTTP/1.1 over TCP, TLS or a Unix-domain socket.
@safe package final class HTTPClient {
  /// How it connects and what it accepts.
  package struct Options: Sendable {
    /// File with the client certificate and those above it, PEM; nil presents none.
    package var certificatePath: String?
    /// File with the client's private key, PEM.
    package var keyPath: String?
    /// File with the certificates that the server's must go back to, PEM; nil takes the system's.
    package var authoritiesPath: String?
    /// Whether the server's certificate is checked; only a test may say no.
    package var checksServer = true
    /// A Unix-domain socket to connect to, whatever the address says.
    package var unixSocketPath: String?
    /// Connections go to this address and port ("127.0.0.1:8443") instead of the one that the
    /// name stands for, while the name is still checked.
    package var connectTo: String?
    /// Seconds in which the connection must stand.
    package var connectSecondsMax = 10
    /// Seconds in which the whole exchange must be over.
    package var totalSecondsMax = 60
    /// The most octets of body it takes.
    package var bodyOctetsMax = 64 * 1_024 * 1_024

    /// The usual options.
    package init() {}
  }

  private let handle: UnsafeMutableRawPointer
  private let options: Options
  static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// A client without a connection yet.
  ///
  /// - Throws: `ClientError.Code.misused` when an option is not accepted.
  package init(_ options: Options = Options()) throws(ClientError) {
    guard Self.isReady, let handle = unsafe curl_easy_init() else {
      throw ClientError(.misused, "libcurl is not usable")
    }
    unsafe self.handle = unsafe handle
    self.options = options
    try set(CURLOPT_NOSIGNAL, 1)
    try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    try set(CURLOPT_CONNECTTIMEOUT, options.connectSecondsMax)
    try set(CURLOPT_TIMEOUT, options.totalSecondsMax)
    try set(CURLOPT_SSL_VERIFYPEER, options.checksServer ? 1 : 0)
    try set(CURLOPT_SSL_VERIFYHOST, options.checksServer ? 2 : 0)
    try set(CURLOPT_PROTOCOLS_STR, "http,https")
    try set(CURLOPT_PROXY, "")
    try set(CURLOPT_NETRC, 0)
    if let path = options.certificatePath { try set(CURLOPT_SSLCERT, path) }
    if let path = options.keyPath { try set(CURLOPT_SSLKEY, path) }
    if let path = options.authoritiesPath { try set(CURLOPT_CAINFO, path) }
    if let path = options.unixSocketPath { try set(CURLOPT_UNIX_SOCKET_PATH, path) }
    _ = unsafe smki_curl_set_receive(handle, CURLOPT_WRITEFUNCTION, Reception.body)
    _ = unsafe smki_curl_set_receive(handle, CURLOPT_HEADERFUNCTION, Reception.header)
  }

  deinit {
    unsafe curl_easy_cleanup(handle)
  }

  /// Asks for what stands at the address.
  package func get(
    _ url: String, headers: [(String, String)] = []
  ) throws(ClientError) -> ClientResponse {
    try send("GET", url, headers: headers, body: nil)
  }

  /// Sends a body of the stated media type to the address.
  package func post(
    _ url: String, type: String, body: [UInt8], headers: [(String, String)] = []
  ) throws(ClientError) -> ClientResponse {
    try send("POST", url, headers: [("Content-Type", type)] + headers, body: body)
  }

  /// Sends a request with any method and returns the whole answer.
  ///
  /// - Throws: `ClientError`; an answer with any status is not an error.
  package func send(
    _ method: String, _ url: String, headers: [(String, String)], body: [UInt8]?
  ) throws(ClientError) -> ClientResponse {
    try set(CURLOPT_URL, url)
    try set(CURLOPT_HTTPGET, 1)
    try set(CURLOPT_NOBODY, method == "HEAD" ? 1 : 0)
    if body != nil { try set(CURLOPT_POST, 1) }
    _ = unsafe smki_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, method == "HEAD" ? nil : method)
    let lines = unsafe try list(headers)
    defer { unsafe curl_slist_free_all(lines) }
    _ = unsafe smki_curl_set_list(handle, CURLOPT_HTTPHEADER, lines)
    let redirections = unsafe try connectTo()
    defer { unsafe curl_slist_free_all(redirections) }
    _ = unsafe smki_curl_set_list(handle, CURLOPT_CONNECT_TO, redirections)
    let reception = Reception(bodyOctetsMax: options.bodyOctetsMax)
    let context = unsafe Unmanaged.passUnretained(reception).toOpaque()
    _ = unsafe smki_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    _ = unsafe smki_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    let result = unsafe (body ?? []).withUnsafeBytes { octets -> CURLcode in
      if body != nil {
        _ = unsafe smki_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, octets.count)
        // Not copied: it lives until the transfer is over.
        let start = unsafe UnsafeMutableRawPointer(mutating: octets.baseAddress)
        _ = unsafe smki_curl_set_pointer(handle, CURLOPT_POSTFIELDS, start)
      }
      return unsafe curl_easy_perform(handle)
    }
    guard result == CURLE_OK else {
      throw reception.isTooLarge
        ? ClientError(.bodyTooLarge, "more than \(options.bodyOctetsMax) octets")
        : Self.error(result)
    }
    return ClientResponse(
      status: unsafe smki_curl_status(handle), headers: reception.headers, body: reception.octets,
      reusedConnection: unsafe smki_curl_connects(handle) == 0)
  }

  private func list(
    _ headers: [(String, String)]
  ) throws(ClientError) -> UnsafeMutablePointer<curl_slist>? {
    var lines: UnsafeMutablePointer<curl_slist>?
    for (name, value) in headers {
      let line = "\(name): \(value)"
      guard line.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
        unsafe curl_slist_free_all(lines)
        throw ClientError(.misused, "control character in header \(name)")
      }
      unsafe lines = unsafe curl_slist_append(lines, line)
    }
    return unsafe lines
  }

  private func connectTo() throws(ClientError) -> UnsafeMutablePointer<curl_slist>? {
    guard let target = options.connectTo else { return nil }
    return unsafe curl_slist_append(nil, "::\(target)")
  }

  private func set(_ option: CURLoption, _ value: Int) throws(ClientError) {
    let result = unsafe smki_curl_set_long(handle, option, value)
    guard result == CURLE_OK else { throw Self.error(result) }
  }

  private func set(_ option: CURLoption, _ value: String) throws(ClientError) {
    let result = unsafe smki_curl_set_text(handle, option, value)
    guard result == CURLE_OK else { throw Self.error(result) }
  }

  static func error(_ result: CURLcode) -> ClientError {
    let detail = unsafe String(cString: curl_easy_strerror(result))
    let code: ClientError.Code =
      switch result {
      case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST: .unreachable
      case CURLE_OPERATION_TIMEDOUT: .timedOut
      case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
        CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
        .refusedByTLS
      case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_UNKNOWN_OPTION,
        CURLE_BAD_FUNCTION_ARGUMENT, CURLE_NOT_BUILT_IN:
        .misused
      default: .broken
      }
    return ClientError(code, detail)
  }
}
