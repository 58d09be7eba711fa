// SPDX-License-Identifier: Apache-2.0

import Client
import DER
import Foundation
import Profiles
import SEC
import Threads
import X509

/// What a load of requests measured.
struct LoadResult: Codable {
  let requests: Int
  let seconds: Double
  /// Milliseconds from sending a request to having its answer.
  let median: Double
  let percentile99: Double
  /// Full handshakes that were made.
  let connections: Int

  var rate: Double { Double(requests) / seconds }
}

/// Requests to a node over connections that stay open, one at a time on each: no pipelining.
struct Load {
  let connections: Int
  let options: HTTPClient.Options
  /// Whether each request has a connection of its own.
  let handshakeEach: Bool

  /// Sends request number 0 to `count - 1`, each connection the next one that nobody has taken.
  ///
  /// - Parameters:
  ///   - count: how many requests.
  ///   - ask: sends a request by number; it throws when the answer is not the one wanted.
  /// - Returns: what was measured over all of them.
  /// - Throws: the first thing that `ask` threw.
  func run(
    _ count: Int, ask: @escaping @Sendable (Int, HTTPClient) throws -> ClientResponse
  ) throws -> LoadResult {
    let next = Guarded(0)
    let times = Guarded<[Double]>([])
    let opened = Guarded(0)
    let failure = Guarded<(any Error)?>(nil)
    let clock = ContinuousClock()
    let start = clock.now
    let workers = (0..<connections).map { [options, handshakeEach] number in
      Worker(name: "load-\(number)") {
        var mine: [Double] = []
        var handshakes = 0
        do {
          var client = try HTTPClient(options)
          while failure.value == nil {
            let index = next.change { next in
              defer { next += 1 }
              return next
            }
            guard index < count else { break }
            if handshakeEach { client = try HTTPClient(options) }
            let sent = clock.now
            let answer = try ask(index, client)
            mine.append((clock.now - sent) / .milliseconds(1))
            handshakes += answer.reusedConnection ? 0 : 1
          }
        } catch {
          failure.change { $0 = $0 ?? error }
        }
        let (measured, made) = (mine, handshakes)
        times.change { $0 += measured }
        opened.change { $0 += made }
      }
    }
    for worker in workers { worker.join() }
    let seconds = (clock.now - start) / .seconds(1)
    if let error = failure.value { throw error }
    let sorted = times.value.sorted()
    guard !sorted.isEmpty else { throw BenchError.refused(0, "no request was made") }
    return LoadResult(
      requests: sorted.count, seconds: seconds, median: sorted[sorted.count / 2],
      percentile99: sorted[sorted.count * 99 / 100], connections: opened.value)
  }
}

/// The loads that a bench puts on a node.
extension Load {
  /// Asks for a first certificate for each request, and afterwards checks each against its request.
  static func issue(
    _ made: [RequestForge.Made], url: String, connections: Int, options: HTTPClient.Options
  ) throws -> (result: LoadResult, serials: [String]) {
    let answers = Guarded<[Int: [UInt8]]>([:])
    let load = Load(connections: connections, options: options, handshakeEach: false)
    let result = try load.run(made.count) { index, client in
      let answer = try client.post(
        "\(url)/1.0/DeviceCSR", type: "application/pkcs10", body: made[index].request,
        headers: [("Accept", "application/pkix-cert")])
      guard answer.status == 200 else { throw BenchError.refused(answer.status, answer.text) }
      answers.change { $0[index] = answer.body }
      return answer
    }
    let serials = try answers.value.map { index, der in try check(der, against: made[index]) }
    guard answers.value.count == made.count else {
      throw BenchError.wrongCertificate("\(made.count - answers.value.count) without answer")
    }
    return (result, serials)
  }

  /// The serial number of a certificate that answers its request.
  static func check(_ der: [UInt8], against made: RequestForge.Made) throws -> String {
    let certificate = try Certificate(parsing: der)
    guard certificate.tbs.subjectPublicKeyInfo.p256Point?.elementsEqual(made.point) ?? false
    else { throw BenchError.wrongCertificate("another key for \(made.device)") }
    let names = try certificate.tbs.extensions[.subjectAltName]?.value(as: SubjectAltName.self)
    guard case .hardwareModule(let name)? = names?.names.first,
      name.serialNumber.elementsEqual(made.device.octets)
    else { throw BenchError.wrongCertificate("another device for \(made.device)") }
    return Hex.encode(certificate.serialNumber.magnitude)
  }

  /// Looks devices up, every second one absent, spread over the whole range of those made.
  static func search(
    _ devices: [EntityID], url: String, key: String, connections: Int, count: Int
  ) throws -> LoadResult {
    let load = Load(connections: connections, options: HTTPClient.Options(), handshakeEach: false)
    return try load.run(count) { index, client in
      let isThere = index.isMultiple(of: 2)
      // A step that shares no factor with the usual counts walks the range without an order.
      let device = devices[index &* 7919 % devices.count]
      let asked = isThere ? device : EntityID(device.value | 1 << 40)
      let answer = try client.post(
        "\(url)/services/certificatesearch?apikey=\(key)", type: "application/xml",
        body: Array(
          """
          <?xml version="1.0" encoding="utf-8"?><CertificateSearchRequest>\
          <CertificateSubjectAltName>\(asked)</CertificateSubjectAltName>\
          </CertificateSearchRequest>
          """.utf8))
      guard answer.status == (isThere ? 200 : 402) else {
        throw BenchError.refused(answer.status, answer.text)
      }
      return answer
    }
  }

  /// Retrieves certificates by serial number.
  static func retrieve(
    _ serials: [String], url: String, key: String, connections: Int, count: Int
  ) throws -> LoadResult {
    let load = Load(connections: connections, options: HTTPClient.Options(), handshakeEach: false)
    return try load.run(count) { index, client in
      let isThere = index.isMultiple(of: 2)
      let serial = serials[index &* 7919 % serials.count]
      let asked = isThere ? serial : String(serial.reversed())
      let answer = try client.post(
        "\(url)/services/retrievecertificate?apikey=\(key)", type: "application/xml",
        body: Array(
          """
          <?xml version="1.0" encoding="utf-8"?><CertificateDataRequest>\
          <CertificateSerial>\(asked)</CertificateSerial></CertificateDataRequest>
          """.utf8))
      guard answer.status == (isThere ? 200 : 402) else {
        throw BenchError.refused(answer.status, answer.text)
      }
      return answer
    }
  }
}
