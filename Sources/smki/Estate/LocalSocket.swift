// SPDX-License-Identifier: Apache-2.0

import Client
import Glibc

/// Whether somebody listens on this machine; nothing is sent.
enum LocalSocket {
  /// Whether a connection to a Unix socket is taken.
  static func accepts(path: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let octets = Array(path.utf8)
    guard octets.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: octets) }
    return accepts(&address, AF_UNIX)
  }

  /// Whether a connection to a port of the loopback address is taken.
  static func accepts(port: UInt16) -> Bool {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return accepts(&address, AF_INET)
  }

  private static func accepts<Address>(_ address: inout Address, _ family: Int32) -> Bool {
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size)) == 0
      }
    }
  }
}

/// One handshake with a client's certificate.
struct TLSTrial {
  let certificatePath: String
  let keyPath: String
  let authorityPath: String

  /// What is wrong, or nil when the handshake succeeds; what is answered does not matter.
  func problem(with url: String) -> String? {
    var options = HTTPClient.Options()
    options.certificatePath = certificatePath
    options.keyPath = keyPath
    options.authoritiesPath = authorityPath
    do {
      _ = try HTTPClient(options).get(url)
      return nil
    } catch {
      return error.description
    }
  }
}
