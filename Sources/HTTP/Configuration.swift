// SPDX-License-Identifier: Apache-2.0

extension Server {
  /// Where a server listens, with what credentials, and how much it takes.
  package struct Configuration: Sendable {
    /// Where a server listens.
    package enum Address: Sendable, Equatable {
      /// A numeric IPv4 or IPv6 address and a port; port 0 lets the system choose.
      case tcp(String, port: UInt16)
      /// A path in the file system; the socket is open to its owner only (mode 0600).
      case unix(String)
      /// A path whose socket is also open to the members of a group (mode 0660), by its number.
      case sharedUnix(String, group: UInt32)
    }

    /// Server certificate, private key, and what is asked of clients.
    package struct TLS: Sendable {
      /// What is done about client certificates.
      package enum ClientCertificate: Sendable {
        /// None is asked for.
        case ignored
        /// One is asked for; whether it is needed is for the handlers.
        case asked
        /// One is asked for; requests on a connection without are answered 403.
        case required
      }

      /// File with the server's certificate and those above it, PEM.
      package var certificatePath: String
      /// File with the server's private key, PEM.
      package var keyPath: String
      /// Certificates, DER, whose names are announced to clients so that they can choose.
      ///
      /// Announcing is all: whom to trust is decided by the server's `authenticate` closure.
      package var clientAuthorities: [[UInt8]]
      /// What is done about client certificates.
      package var clientCertificate: ClientCertificate

      /// Credentials from these files.
      package init(
        certificatePath: String, keyPath: String, clientAuthorities: [[UInt8]] = [],
        clientCertificate: ClientCertificate = .ignored
      ) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        self.clientAuthorities = clientAuthorities
        self.clientCertificate = clientCertificate
      }
    }

    /// Where it listens.
    package var address: Address
    /// Credentials; nil for plain HTTP.
    package var tls: TLS?
    /// Threads that run blocking handlers.
    package var workers = 8
    /// The most requests that may wait for a worker; one more is answered 503.
    package var queueLimit = 256
    /// Threads that do TLS and HTTP; 0 means one for each core.
    package var networkThreads = 0
    /// The most connections at a time.
    package var connectionsMax = 2_000
    /// The most connections at a time from one address; 0 means no such limit.
    package var connectionsPerAddressMax = 0
    /// The most octets of request line and header lines.
    package var headOctetsMax = 16 * 1_024
    /// Seconds in which a new connection must have shaken hands and sent its first request line.
    package var handshakeSecondsMax = 10
    /// Seconds in which the header lines must arrive after the request line.
    package var headSecondsMax = 10
    /// Seconds in which the body must arrive after the header lines.
    package var bodySecondsMax = 120
    /// Seconds in which the client must take the answer.
    package var answerSecondsMax = 300
    /// Seconds after which an idle connection is closed, so that its client shakes hands again and
    /// is authenticated again (M8 appendix G: session renegotiation timeout of 5 minutes).
    package var idleSecondsMax = 300

    /// Writes the JSON body of what the server itself refuses, so that it looks as the refusals of
    /// the handlers do; nil for a body of the server's own.
    package var refusalBody: (@Sendable (ServerRefusal) -> [UInt8])?

    /// A configuration with the stated address and the usual limits.
    package init(_ address: Address, tls: TLS? = nil) {
      self.address = address
      self.tls = tls
    }
  }
}
