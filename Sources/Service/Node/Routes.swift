// SPDX-License-Identifier: Apache-2.0

import Batches
package import HTTP
import Registration
package import SEC
import X509

/// Gives an answer, once, from any thread.
package typealias Respond = @Sendable (Response) -> Void

/// A port of a node.
package enum Door: String, Hashable, Sendable, CaseIterable {
  /// Mutual TLS: the service interface.
  case service
  /// TLS: the Repository, and what anybody may see.
  case repository
  /// The same in plain HTTP on loopback; a test estate only (K-test-api-key).
  case repositoryPlain = "repository-plain"
  /// Plain HTTP on loopback: health and metrics.
  case monitoring
}

/// One method at one path: who may, by which clause, and what answers (ENG-http-routes).
package struct ServedRoute: Sendable {
  /// What answers.
  package enum Act: Hashable, Sendable, CaseIterable {
    case deviceCSR, organisationCSR, adHocDeviceCSR
    case organisationRejection, deviceRejection
    case search, retrieve
    case certificates, chain
    case bulkIndex, bulkFile
    case accountPassword, checkpoint, tile, entries
    case documents, document
    case interface
    case lists, list
    case statusByPost, statusByGet
    case startPage, style, icon
    case health, metrics
    case duties, pma
    case submitCSRBatch, csrBatchResult
    case deviceBatchSubmit, deviceBatch, deviceBatchCertificates, deviceBatchReport

    /// The interface whose uploads this takes into a file; nil for bodies in memory.
    var upload: Interface? {
      switch self {
      case .submitCSRBatch: .batched
      case .deviceBatchSubmit: .portalDevice
      default: nil
      }
    }
  }

  package let act: Act
  /// The ports where it stands.
  package let doors: Set<Door>
  package let method: String
  /// The path, with every path below it where it ends in `*`; that of the Ad Hoc service is the
  /// configuration's.
  package let path: String
  /// The most octets of body.
  package let bodyLimit: Int
  /// Who may, in words.
  package let who: String
  /// The rule that says so.
  package let clause: Clause

  /// Whether a path is one of this route's.
  func answers(_ path: String) -> Bool {
    self.path.hasSuffix("*") ? path.hasPrefix(self.path.dropLast()) : path == self.path
  }

  /// ENG-audit-log: whether somebody is shown something by it; what is issued or changed stands in
  /// the audit itself, and health and looks are nobody's secret.
  var isRead: Bool {
    switch act {
    case .search, .retrieve, .statusByPost: true
    case .style, .icon, .health, .metrics, .checkpoint, .tile, .interface: false
    default: method == "GET"
    }
  }
}

/// Every route of every port, in one table from which the servers and `docs/routes.md` are made.
package enum Routes {
  /// ENG-http-routes: nothing is served outside this table.
  package static func all(adHocPath: String) -> [ServedRoute] {
    let repository: Set<Door> = [.repository, .repositoryPlain]
    return singles(adHocPath: adHocPath) + repositoryRoutes(repository) + [
      batch(
        .submitCSRBatch, "POST", "/1.0/PortalCSRBatch/SubmitCSRBatch", "batched",
        clause: "M8-AppC-submit", bodyLimit: SubmissionReader.octetsMax),
      batch(
        .csrBatchResult, "GET", "/1.0/PortalCSRBatch/CSRBatchResult", "batched",
        clause: "M8-AppE-result"),
      batch(
        .deviceBatchSubmit, "POST", "/1.0/DeviceBatch", "portal-device",
        clause: "M8-2.5-batch-file", bodyLimit: BatchInterface.archiveOctetsMax),
      batch(
        .deviceBatch, "GET", "/1.0/DeviceBatch", "portal-device", clause: "M8-2.5-batch-own"),
      batch(
        .deviceBatchCertificates, "GET", "/1.0/DeviceBatch/Certificates", "portal-device",
        clause: "M8-2.3-collection"),
      batch(
        .deviceBatchReport, "GET", "/1.0/DeviceBatch/Report", "portal-device",
        clause: "M8-AppF-batch-report"),
      open(.startPage, repository, "/"),
      open(.style, repository.union([.monitoring]), "/style.css"),
      open(.icon, repository.union([.monitoring]), "/icon.svg"),
      ServedRoute(
        act: .health, doors: [.monitoring], method: "GET", path: "/health", bodyLimit: 0,
        who: "anybody on this machine", clause: "L5.2"),
      ServedRoute(
        act: .metrics, doors: [.monitoring], method: "GET", path: "/metrics", bodyLimit: 0,
        who: "anybody on this machine", clause: "L5.2"),
      monitoring(.duties, "/duties.ics"), monitoring(.pma, "/pma"),
    ]
  }

  /// Requests for one certificate, and what is said of one.
  private static func singles(adHocPath: String) -> [ServedRoute] {
    [
      ServedRoute(
        act: .deviceCSR, doors: [.service], method: "POST", path: "/1.0/DeviceCSR",
        bodyLimit: ServiceInterface.requestOctetsMax,
        who: "an Authorised Subscriber's system with a credential for portal-device",
        clause: "M8-2.3"),
      ServedRoute(
        act: .organisationCSR, doors: [.service], method: "POST", path: "/1.0/OrganisationCSR",
        bodyLimit: ServiceInterface.requestOctetsMax,
        who: "a party's officer with a credential for portal-organisation",
        clause: "M8-2.3.1.3"),
      ServedRoute(
        act: .organisationRejection, doors: [.service], method: "POST",
        path: "/1.0/OrganisationRejection", bodyLimit: RejectionDoor.reasonOctetsMax,
        who: "the subscriber's officer with a credential for portal-organisation",
        clause: "M8-2.3.1.5"),
      ServedRoute(
        act: .deviceRejection, doors: [.service], method: "POST",
        path: "/1.0/DeviceRejection", bodyLimit: RejectionDoor.reasonOctetsMax,
        who: "the subscriber's officer with a credential for portal-device",
        clause: "M8-2.3.1.10"),
      ServedRoute(
        act: .adHocDeviceCSR, doors: [.service], method: "POST", path: adHocPath,
        bodyLimit: AdHocRequest.octetsMax,
        who: "the DCC's, an Import Supplier's or a Gas Supplier's system with a credential for "
          + "ad-hoc",
        clause: "M8-2.4-access"),
    ]
  }

  private static func monitoring(_ act: ServedRoute.Act, _ path: String) -> ServedRoute {
    ServedRoute(
      act: act, doors: [.monitoring], method: "GET", path: path, bodyLimit: 0,
      who: "anybody on this machine", clause: "L1.17(s)")
  }

  private static func batch(
    _ act: ServedRoute.Act, _ method: String, _ path: String, _ interface: String,
    clause: Clause, bodyLimit: Int = 0
  ) -> ServedRoute {
    ServedRoute(
      act: act, doors: [.service], method: method, path: path, bodyLimit: bodyLimit,
      who: "an Authorised Subscriber's system with a credential for \(interface)", clause: clause)
  }

  static func open(
    _ act: ServedRoute.Act, _ doors: Set<Door>, _ path: String, clause: Clause = "L5.2"
  ) -> ServedRoute {
    ServedRoute(
      act: act, doors: doors, method: "GET", path: path, bodyLimit: 0,
      who: "anybody who reaches the port", clause: clause)
  }

  /// The table as `docs/routes.md` holds it, for a path of the Ad Hoc service.
  package static func markdown(adHocPath: String) -> String {
    var lines = [
      "| port | method | path | who may | clause | body, octets |",
      "| --- | --- | --- | --- | --- | ---: |",
    ]
    for route in all(adHocPath: adHocPath) {
      let doors = Door.allCases.filter(route.doors.contains).map(\.rawValue)
      lines.append(
        "| \(doors.joined(separator: ", ")) | \(route.method) | `\(route.path)` | \(route.who) "
          + "| \(route.clause) | \(Number.grouped(route.bodyLimit)) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
