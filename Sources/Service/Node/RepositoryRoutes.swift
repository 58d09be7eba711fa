// SPDX-License-Identifier: Apache-2.0

import HTTP
import X509
import SEC

/// What stands on the ports of the Repository.
extension Routes {
  static func repositoryRoutes(_ repository: Set<Door>) -> [ServedRoute] {
    [
      ServedRoute(
        act: .search, doors: repository, method: "POST", path: "/services/certificatesearch",
        bodyLimit: RepositoryInterface.requestOctetsMax, who: "a reader with an API key",
        clause: "P3-App-B-api-key"),
      ServedRoute(
        act: .retrieve, doors: repository, method: "POST", path: "/services/retrievecertificate",
        bodyLimit: RepositoryInterface.requestOctetsMax, who: "a reader with an API key",
        clause: "P3-App-B-api-key"),
      ServedRoute(
        act: .certificates, doors: repository, method: "GET", path: "/services/certificates",
        bodyLimit: 0, who: "a reader with an API key", clause: "ENG-search"),
      ServedRoute(
        act: .chain, doors: repository, method: "GET", path: "/services/chain",
        bodyLimit: 0, who: "a reader with an API key", clause: "L5.5"),
      ServedRoute(
        act: .bulkIndex, doors: repository, method: "GET", path: BulkInterface.index,
        bodyLimit: 0, who: "a reader with an API key", clause: "MP147-bulk"),
      ServedRoute(
        act: .bulkFile, doors: repository, method: "GET", path: BulkInterface.index + "/*",
        bodyLimit: 0, who: "a reader with an API key", clause: "MP147-bulk"),
      open(.lists, repository, ListInterface.index, clause: "C3-124-2"),
      open(.list, repository, ListInterface.index + "/*", clause: "C3-124-2"),
      ServedRoute(
        act: .statusByPost, doors: repository, method: "POST", path: OCSPInterface.path,
        bodyLimit: OCSPRequest.octetsMax, who: "anybody who reaches the port", clause: "RFC6960"),
      open(.statusByGet, repository, OCSPInterface.path + "/*", clause: "RFC5019"),
      ServedRoute(
        act: .documents, doors: repository, method: "GET", path: "/services/documents",
        bodyLimit: 0, who: "a reader with an API key", clause: "L5.5"),
      ServedRoute(
        act: .document, doors: repository, method: "GET", path: "/services/document",
        bodyLimit: 0, who: "a reader with an API key who states the purpose", clause: "L5.11"),
      ServedRoute(
        act: .accountPassword, doors: repository, method: "POST", path: "/services/password",
        bodyLimit: PortalSignIn.requestOctetsMax, who: "a portal account, by its password",
        clause: "P3-3.1-password"),
      open(.interface, repository, "/services/interface", clause: "L6.1"),
      open(.checkpoint, repository, TileInterface.checkpoint, clause: "ENG-audit-tree"),
      open(.tile, repository, TileInterface.tiles + "*", clause: "ENG-audit-tree"),
      ServedRoute(
        act: .entries, doors: repository, method: "GET", path: TileInterface.entries + "*",
        bodyLimit: 0, who: "an auditor, by the password of the account",
        clause: "ENG-audit-tree"),
    ]
  }
}
