// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import HTTP
import Profiles
import Repository
import Revocation
import X509

/// The text that Prometheus reads, exposition format 0.0.4.
struct PrometheusText {
  private(set) var finished = ""

  /// Answers and their times by route.
  mutating func routes(_ metrics: Metrics) {
    let counts = ServedRoute.Act.allCases.map { ($0, metrics.counts(of: $0)) }
    begin("smki_requests_total", "counter", "Answers by route and HTTP status.")
    for (act, counts) in counts {
      for (status, count) in counts.statuses.sorted(by: { $0.key < $1.key }) {
        put("smki_requests_total", ["route": "\(act)", "status": String(status)], count)
      }
    }
    begin("smki_request_seconds", "histogram", "Time from a whole request to its answer.")
    for (act, counts) in counts {
      var sum = 0
      for (place, count) in counts.classes.enumerated() {
        sum += count
        let end =
          place < Metrics.millisecondsMax.count
          ? "\(Double(Metrics.millisecondsMax[place]) / 1000)" : "+Inf"
        put("smki_request_seconds_bucket", ["route": "\(act)", "le": end], sum)
      }
      put("smki_request_seconds_sum", ["route": "\(act)"], Double(counts.nanoseconds) / 1e9)
      put("smki_request_seconds_count", ["route": "\(act)"], sum)
    }
  }

  /// Connections and queues by port.
  mutating func servers(_ servers: [(door: Door, statistics: Statistics)]) {
    let columns: [(String, String, String, (Statistics) -> Int)] = [
      (
        "connections_total", "counter", "Connections accepted; by TLS one handshake each.",
        { $0.connections }
      ),
      (
        "received_requests_total", "counter", "Requests whose header lines were read.",
        { $0.requests }
      ),
      (
        "reused_connections_total", "counter", "Requests on a connection that was kept open.",
        { max(0, $0.requests - $0.connections) }
      ),
      (
        "refused_requests_total", "counter", "Requests that the server itself refused.",
        { $0.refused }
      ),
      (
        "expired_connections_total", "counter", "Connections closed as slow or idle.",
        { $0.expired }
      ),
      (
        "library_complaints_total", "counter",
        "Handshakes that failed, clients that went away, and the like.", { $0.complaints }
      ),
      ("open_connections", "gauge", "Connections open now.", { $0.openConnections }),
      (
        "accepted_requests", "gauge", "Requests accepted and not yet answered.",
        { $0.acceptedRequests }
      ),
      ("waiting_requests", "gauge", "Requests that wait for a worker.", { $0.waitingRequests }),
    ]
    for (name, kind, help, value) in columns {
      begin("smki_\(name)", kind, help)
      for (door, statistics) in servers {
        put("smki_\(name)", ["port": door.rawValue], value(statistics))
      }
    }
  }

  /// Certificates, authorities, the audit and the store.
  mutating func estate(_ facts: EstateFacts) {
    begin("smki_certificates_total", "counter", "Certificates lodged, by class.")
    for kind in CertificateClass.allCases {
      put("smki_certificates_total", ["class": kind.rawValue], facts.counts[kind, default: 0])
    }
    let authorities = facts.branches.flatMap(\.authorities)
    func labels(_ authority: IssuingAuthority) -> [String: String] {
      [
        "authority": authority.certificate.subject.commonName ?? String(authority.id),
        "hierarchy": authority.hierarchy.rawValue, "state": authority.state.rawValue,
      ]
    }
    begin("smki_authority_reserved", "gauge", "Certificates for which volume is reserved.")
    for authority in authorities {
      put("smki_authority_reserved", labels(authority), authority.reserved)
    }
    lodging(authorities, labels)
    begin("smki_authority_volume_max", "gauge", "The Maximum Issue Volume (C3-118-4b).")
    for authority in authorities {
      guard let most = authority.life.volumeMax else { continue }
      put("smki_authority_volume_max", labels(authority), most)
    }
    begin("smki_signer_up", "gauge", "1 while the key that signs next can be used.")
    for branch in facts.branches {
      put(
        "smki_signer_up", ["hierarchy": branch.hierarchy.rawValue],
        facts.state(of: branch.hierarchy) == .ready ? 1 : 0)
    }
    begin("smki_authority_stock", "gauge", "Authorities certified ahead of need.")
    for branch in facts.branches {
      put("smki_authority_stock", ["hierarchy": branch.hierarchy.rawValue], branch.stock)
    }
    lists(facts)
    begin("smki_signatures_caught_total", "counter", "Wrong signatures, caught before lodging.")
    put("smki_signatures_caught_total", [:], facts.signaturesCaught)
    single("smki_waiting_for_issuing", "Requests that wait for an issuing lane.", facts.waiting)
    single("smki_audit_entries", "Entries of the audit tree.", facts.audit.size)
    single(
      "smki_audit_checkpoint_entries", "Entries under the last signed checkpoint.",
      facts.audit.checkpointSize ?? 0)
    single(
      "smki_audit_checkpoint_age_seconds",
      "Seconds for which no checkpoint covers the last entry; -1 before the first.",
      facts.audit.checkpointAge ?? -1)
    single("smki_records_writable", "1 while the store can be written.", facts.fault == nil ? 1 : 0)
  }

  /// Whether searches are read from the standby, and how far it is behind.
  mutating func standby(_ standing: Replica.Standing) {
    single(
      "smki_standby_read", "1 while searches are read from the standby.", standing.isRead ? 1 : 0)
    begin(
      "smki_standby_lag_seconds", "gauge",
      "Seconds by which the standby is behind at most; -1 while nobody knows.")
    put("smki_standby_lag_seconds", [:], standing.lagSeconds ?? -1)
  }

  /// C3-159-row-2, C3-159-row-5: how long each authority's certificate took into the Repository.
  private mutating func lodging(
    _ authorities: [IssuingAuthority], _ labels: (IssuingAuthority) -> [String: String]
  ) {
    begin(
      "smki_authority_lodging_seconds", "gauge",
      "Seconds from the issue of an authority's certificate to its lodging in the Repository.")
    for authority in authorities {
      put("smki_authority_lodging_seconds", labels(authority), authority.lodgingSeconds)
    }
  }

  /// C3-124-2, C3-124-3: how long each newest list may still be relied on, and which are late.
  private mutating func lists(_ facts: EstateFacts) {
    func labels(_ standing: ListStanding) -> [String: String] {
      ["issuer": standing.issuer.name, "kind": standing.issuer.listKind.rawValue]
    }
    begin("smki_list_seconds_left", "gauge", "Seconds to the nextUpdate of the newest list.")
    for standing in facts.lists {
      guard let list = standing.newest else { continue }
      put(
        "smki_list_seconds_left", labels(standing),
        list.nextUpdate.seconds - facts.moment.seconds)
    }
    begin("smki_list_late", "gauge", "1 while the next list should have been there.")
    for standing in facts.lists {
      put("smki_list_late", labels(standing), standing.isLate(at: facts.moment) ? 1 : 0)
    }
  }

  private mutating func single(_ name: String, _ help: String, _ value: some BinaryInteger) {
    begin(name, "gauge", help)
    put(name, [:], value)
  }

  private mutating func begin(_ name: String, _ kind: String, _ help: String) {
    finished += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
  }

  private mutating func put(
    _ name: String, _ labels: [String: String], _ value: some CustomStringConvertible
  ) {
    let pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
    finished += name + (pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}") + " \(value)\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
