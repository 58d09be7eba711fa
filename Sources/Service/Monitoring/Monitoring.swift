// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import FoundationEssentials
import HTTP
import Profiles
import Repository
import SEC
import Threads

/// What operators and their machines ask a node: is it well, and what has it done (L5.2).
struct Monitoring: Sendable {
  /// The ports that are open, with what they have done; the node fills it while it serves.
  typealias Servers = @Sendable () -> [(door: Door, statistics: Statistics)]

  let source: EstateFactsSource
  let metrics: Metrics
  /// A standby from which searches are read, or nil.
  let replica: Replica?
  let servers: Servers

  /// What `/health` answers.
  private struct Health: Encodable {
    struct Signers: Encodable {
      let device: String
      let organisation: String
      let iki: String
      let waiting: Int
      /// Why a hierarchy's key cannot be used, by hierarchy.
      let faults: [String: String]
      /// Issuing DCAs in stock, and whether they are few.
      let stock: Int
      let isStockLow: Bool
      let signaturesCaught: Int
    }

    struct Records: Encodable {
      let isWritable: Bool
      let fault: String?
    }

    struct Standby: Encodable {
      let isRead: Bool
      /// How far it is behind at most; nothing while nobody knows.
      let lagSeconds: Double?
    }

    struct Audit: Encodable {
      let size: Int
      let root: String
      let checkpointSize: Int?
      let checkpointAgeSeconds: Int64?
    }

    let status: String
    let estate: String
    let kind: String
    let keys: String
    let version: String
    let signers: Signers
    let records: Records
    let audit: Audit
    /// Nothing where no standby is read.
    let standby: Standby?
  }

  /// L5.2: 200 when all is well; 503 when nothing can be issued or the audit is not covered.
  func health() throws -> Response {
    let facts = try source.facts()
    func state(_ hierarchy: Hierarchy) -> String { facts.state(of: hierarchy).rawValue }
    let faults = facts.branches.compactMap { branch in
      branch.fault.map { (branch.hierarchy.rawValue, $0) }
    }
    let health = Health(
      status: facts.isHealthy ? "ok" : "failing", estate: facts.estate.name,
      kind: facts.estate.kind.rawValue, keys: facts.keys, version: Product.version,
      signers: Health.Signers(
        device: state(.device), organisation: state(.organisation), iki: state(.iki),
        waiting: facts.waiting, faults: Dictionary(uniqueKeysWithValues: faults),
        stock: facts.branches.first { $0.hierarchy == .device }?.stock ?? 0,
        isStockLow: facts.isStockLow, signaturesCaught: facts.signaturesCaught),
      records: Health.Records(isWritable: facts.fault == nil, fault: facts.fault),
      audit: Health.Audit(
        size: facts.audit.size, root: Hex.encode(facts.audit.root).lowercased(),
        checkpointSize: facts.audit.checkpointSize,
        checkpointAgeSeconds: facts.audit.checkpointAge),
      standby: (replica?.standing).map {
        Health.Standby(isRead: $0.isRead, lagSeconds: $0.lagSeconds)
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var response = Response(
      status: facts.isHealthy ? 200 : 503, type: "application/json",
      body: Array(try encoder.encode(health)) + [0x0A])
    response.headers.append(("Cache-Control", "no-store"))
    return response
  }

  /// What Prometheus reads: text format 0.0.4.
  func metricsText() throws -> Response {
    let facts = try source.facts()
    var text = PrometheusText()
    text.routes(metrics)
    text.servers(servers())
    text.estate(facts)
    if let replica { text.standby(replica.standing) }
    return Response(
      type: "text/plain; version=0.0.4; charset=utf-8", text: text.finished)
  }
}
