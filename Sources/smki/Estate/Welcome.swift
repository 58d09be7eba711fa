// SPDX-License-Identifier: Apache-2.0

import SEC
import Service

/// What is printed when a test estate serves for the first time: where things are, what to try.
struct Welcome {
  let node: Node

  /// A device of the meter maker of the samples, of an identifier that nobody was given.
  static let device = "5A4D4B490000FF01"

  /// At most 18 lines.
  var text: String {
    let doors = node.configuration.doors
    let folder = node.folder.path
    let maker = "\(node.folder.parties)/example-meters/portal-device"
    let plain = doors.repositoryPlain.map { "http://127.0.0.1:\($0)/" } ?? "none"
    return """
      \(node.estate.kind.rawValue.uppercased()) ESTATE \(node.estate.name), SOFTWARE KEYS
        service interface   https://\(doors.address):\(doors.service)/1.0/DeviceCSR
        repository          https://\(doors.address):\(doors.repository)/ and \(plain)
        health, metrics     http://127.0.0.1:\(doors.monitoring)/health and /metrics
        credentials         \(node.folder.parties)/<party>/<interface>.pem and .key

      1. A first certificate for a device:
      EUI64=\(Self.device) openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
      -config Examples/device.cnf -subj / -keyout \(folder)/device.key -out \(folder)/device.csr \
      && curl --cacert \(node.folder.serverAuthority) --cert \(maker).pem --key \(maker).key \
      --data-binary @\(folder)/device.csr https://\(doors.address):\(doors.service)/1.0/DeviceCSR
      2. Found again, as DCC's client asks:
      curl -H 'Content-Type: application/xml' -d '<CertificateSearchRequest>\
      <CertificateSubjectAltName>\(Self.shown)</CertificateSubjectAltName>\
      </CertificateSearchRequest>' \
      '\(plain)services/certificatesearch?apikey=\(RepositoryInterface.testAPIKey)'
      3. Everything checked, from the audit's root to the last certificate:
      \(CommandLine.arguments[0]) verify --estate \(folder)
      """
  }

  private static var shown: String {
    stride(from: 0, to: device.count, by: 2).map { device.dropFirst($0).prefix(2) }
      .joined(separator: "-")
  }
}
