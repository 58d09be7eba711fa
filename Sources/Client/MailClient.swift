// SPDX-License-Identifier: Apache-2.0

import CCurl

/// A letter by electronic mail, in plain text.
package struct Mail: Sendable {
  /// Addresses without angle brackets.
  package let from: String
  package let to: [String]
  /// One line.
  package let subject: String
  /// When it is sent, as RFC 5322 writes it, such as `Sat, 21 Nov 2026 13:10:00 +0000`.
  package let date: String
  /// Unique for ever, without angle brackets.
  package let identifier: String
  package let body: String

  /// A letter, whole.
  package init(
    from: String, to: [String], subject: String, date: String, identifier: String, body: String
  ) {
    self.from = from
    self.to = to
    self.subject = subject
    self.date = date
    self.identifier = identifier
    self.body = body
  }

  /// The letter as it travels (RFC 5322), or nil when a header would hold a control character.
  package var octets: [UInt8]? {
    let headers = [
      "Date: \(date)", "From: <\(from)>",
      "To: " + to.map { "<\($0)>" }.joined(separator: ", "), "Message-ID: <\(identifier)>",
      "Subject: \(subject)", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: 8bit",
    ]
    guard
      headers.allSatisfy({ $0.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 } }),
      !to.isEmpty, ([from] + to).allSatisfy({ !$0.isEmpty && !$0.contains { "<> ,".contains($0) } })
    else { return nil }
    let lines =
      headers + [""]
      + body.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    return Array(lines.map { $0 + "\r\n" }.joined().utf8)
  }
}

/// Hands letters to a mail server (RFC 5321); one connection for each letter.
package struct MailClient: Sendable {
  /// Where and how.
  package struct Options: Sendable {
    /// `smtp://host:port`, or `smtps://` for TLS from the beginning.
    package var server: String
    /// Whether a server without STARTTLS is refused.
    package var requiresTLS = true
    /// File with the certificates that the server's must go back to; nil takes the system's.
    package var authoritiesPath: String?
    /// Name and password, where the server wants them.
    package var user: String?
    package var password: String?
    /// Seconds in which a letter must be handed over.
    package var secondsMax = 60

    /// A server that must speak TLS.
    package init(server: String) {
      self.server = server
    }
  }

  private let options: Options

  /// A client of a server; nothing is sent yet.
  package init(_ options: Options) {
    self.options = options
  }

  /// Hands a letter over; returns when the server has taken it.
  ///
  /// - Throws: `ClientError`.
  package func send(_ mail: Mail) throws(ClientError) {
    guard let octets = mail.octets else {
      throw ClientError(.misused, "an address or a header of the letter is not legal")
    }
    guard HTTPClient.isReady, let handle = unsafe curl_easy_init() else {
      throw ClientError(.misused, "libcurl is not usable")
    }
    defer { unsafe curl_easy_cleanup(handle) }
    var texts: [(CURLoption, String)] = [
      (CURLOPT_URL, options.server), (CURLOPT_PROTOCOLS_STR, "smtp,smtps"), (CURLOPT_PROXY, ""),
      (CURLOPT_MAIL_FROM, "<\(mail.from)>"),
    ]
    if let path = options.authoritiesPath { texts.append((CURLOPT_CAINFO, path)) }
    if let user = options.user { texts.append((CURLOPT_USERNAME, user)) }
    if let password = options.password { texts.append((CURLOPT_PASSWORD, password)) }
    for (option, value) in texts {
      try Self.check(unsafe smki_curl_set_text(handle, option, value))
    }
    let tls = options.requiresTLS ? CURLUSESSL_ALL : CURLUSESSL_TRY
    let numbers: [(CURLoption, Int)] = [
      (CURLOPT_NOSIGNAL, 1), (CURLOPT_UPLOAD, 1), (CURLOPT_TIMEOUT, options.secondsMax),
      (CURLOPT_USE_SSL, Int(tls.rawValue)),
    ]
    for (option, value) in numbers {
      try Self.check(unsafe smki_curl_set_long(handle, option, value))
    }
    var recipients: UnsafeMutablePointer<curl_slist>?
    for address in mail.to {
      unsafe recipients = unsafe curl_slist_append(recipients, "<\(address)>")
    }
    defer { unsafe curl_slist_free_all(recipients) }
    _ = unsafe smki_curl_set_list(handle, CURLOPT_MAIL_RCPT, recipients)
    let sending = Sending(octets)
    let context = unsafe Unmanaged.passUnretained(sending).toOpaque()
    _ = unsafe smki_curl_set_pointer(handle, CURLOPT_READDATA, context)
    _ = unsafe smki_curl_set_send(handle, CURLOPT_READFUNCTION, Sending.give)
    let result = unsafe curl_easy_perform(handle)
    withExtendedLifetime(sending) {}
    try Self.check(result)
  }

  private static func check(_ result: CURLcode) throws(ClientError) {
    guard result == CURLE_OK else { throw HTTPClient.error(result) }
  }
}

/// What of a letter is still to be handed over.
private final class Sending {
  private var rest: ArraySlice<UInt8>

  init(_ octets: [UInt8]) {
    rest = octets[...]
  }

  /// Given to the library, which asks until there is nothing left.
  static let give: smki_curl_receive = { start, size, count, context in
    guard let context = unsafe context else { return 0 }
    let sending = unsafe Unmanaged<Sending>.fromOpaque(context).takeUnretainedValue()
    let piece = sending.rest.prefix(size * count)
    sending.rest = sending.rest.dropFirst(piece.count)
    let room = unsafe UnsafeMutableRawBufferPointer(start: start, count: size * count)
    unsafe room.copyBytes(from: piece)
    return piece.count
  }
}
