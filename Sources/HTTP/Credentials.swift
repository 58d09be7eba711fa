// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd

/// Certificate, private key and announced authorities as GnuTLS holds them.
///
/// The private key goes from its file into the library and never becomes a Swift array. Shared by
/// all sessions that began with it; GnuTLS allows that once nothing is added any more.
@safe final class Credentials: Sendable {
  nonisolated(unsafe) private let pointer: gnutls_certificate_credentials_t
  private let asksClients: Bool

  /// TLS 1.3, and of TLS 1.2 the four suites that M8 appendix G names; no renegotiation is ever
  /// asked for and a client's wish for it ends the connection.
  static let priorities =
    "NONE:+VERS-TLS1.3:+VERS-TLS1.2:+AES-256-GCM:+AES-128-GCM:+AES-256-CBC:+AES-128-CBC:+AEAD"
    + ":+SHA384:+SHA256:+ECDHE-RSA:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1"
    + ":+SIGN-RSA-SHA256:+SIGN-RSA-SHA384:+SIGN-RSA-SHA512:+SIGN-RSA-PSS-RSAE-SHA256"
    + ":+SIGN-RSA-PSS-RSAE-SHA384:+SIGN-RSA-PSS-RSAE-SHA512:+SIGN-ECDSA-SECP256R1-SHA256"
    + ":+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SHA384:+SIGN-ECDSA-SECP384R1-SHA384"
    + ":+CTYPE-X509:+COMP-NULL:%SERVER_PRECEDENCE"

  /// Reads the files.
  ///
  /// - Throws: `HTTPError.Code.credentialsUnusable` with the file and what is wrong with it.
  init(_ tls: Server.Configuration.TLS) throws(HTTPError) {
    var made: gnutls_certificate_credentials_t?
    guard unsafe gnutls_certificate_allocate_credentials(&made) == 0, let made = unsafe made else {
      throw HTTPError(.credentialsUnusable, "no memory")
    }
    unsafe pointer = made
    asksClients = tls.clientCertificate != .ignored
    let result = unsafe gnutls_certificate_set_x509_key_file2(
      made, tls.certificatePath, tls.keyPath, GNUTLS_X509_FMT_PEM, nil, 0)
    guard result >= 0 else {
      throw HTTPError(
        .credentialsUnusable,
        "\(tls.certificatePath), \(tls.keyPath): \(Self.text(result))")
    }
    for (index, authority) in tls.clientAuthorities.enumerated() {
      let result = unsafe authority.withUnsafeBufferPointer { octets -> Int32 in
        var datum = unsafe gnutls_datum_t(
          data: UnsafeMutablePointer(mutating: octets.baseAddress), size: UInt32(octets.count))
        return unsafe gnutls_certificate_set_x509_trust_mem(made, &datum, GNUTLS_X509_FMT_DER)
      }
      guard result > 0 else {
        throw HTTPError(
          .credentialsUnusable, "client authority \(index + 1): \(Self.text(result))")
      }
    }
  }

  deinit {
    unsafe gnutls_certificate_free_credentials(pointer)
  }

  /// Makes a new session, before its handshake, use these credentials.
  ///
  /// The caller keeps them until the session is gone.
  func use(in session: gnutls_session_t) {
    _ = unsafe gnutls_credentials_set(
      session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(pointer))
    if asksClients {
      unsafe gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUEST)
    }
  }

  /// The certificates that the client of a finished handshake presented, DER, its own first.
  static func certificates(of session: gnutls_session_t) -> [[UInt8]] {
    var count: UInt32 = 0
    guard let list = unsafe gnutls_certificate_get_peers(session, &count) else { return [] }
    return unsafe UnsafeBufferPointer(start: list, count: Int(count)).map { datum in
      unsafe Array(UnsafeBufferPointer(start: datum.data, count: Int(datum.size)))
    }
  }

  private static func text(_ result: Int32) -> String {
    unsafe gnutls_strerror(result).map { unsafe String(cString: $0) } ?? "error \(result)"
  }
}
