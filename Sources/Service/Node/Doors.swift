// SPDX-License-Identifier: Apache-2.0

package import HTTP
import Threads

/// What stands behind the ports of a node: the table of routes, and what answers each.
package struct Doors: Sendable {
  let service: ServiceInterface
  let rejections: RejectionDoor
  let repository: RepositoryInterface
  /// The Repository as the plain door of a test estate shows it.
  let repositoryPlain: RepositoryInterface
  let search: SearchInterface
  let bulk: BulkInterface
  let signIn: PortalSignIn
  let tiles: TileInterface
  let lists: ListInterface
  let status: OCSPInterface
  let library: LibraryInterface
  let statement: InterfaceStatement
  let portal: Portal
  let monitoring: Monitoring
  let batches: BatchInterface
  /// Where uploads are written as they arrive.
  let uploadFolder: String
  let duties: DutyFeed
  let pma: PMAPage
  let metrics: Metrics
  let access: AccessLog
  let adHocPath: String
  let log: Log

  /// The routes of a port; each counts what it answers.
  package func routes(of door: Door) -> [Route] {
    Routes.all(adHocPath: adHocPath).filter { $0.doors.contains(door) }.map { served in
      switch handler(of: served.act, at: door) {
      case .deferred(let handle):
        return .deferred(served.method, served.path, bodyLimit: served.bodyLimit) {
          [metrics, access] request, answer in
          let start = ContinuousClock.now
          handle(request) { response in
            access.enter(response, to: request, served, at: door, isWaitedFor: false)
            metrics.count(
              served.act, status: response.status, took: start.duration(to: .now))
            answer(response)
          }
        }
      case .blocking(let handle):
        var route = Route(served.method, served.path, bodyLimit: served.bodyLimit) {
          [metrics, access, log] request in
          let start = ContinuousClock.now
          var response: Response
          do {
            response = try handle(request)
          } catch {
            response = ErrorBody.response(to: error, log: log, at: request.path)
          }
          if !access.enter(response, to: request, served, at: door, isWaitedFor: true) {
            response = ErrorBody.accessLogUnwritable
          }
          metrics.count(served.act, status: response.status, took: start.duration(to: .now))
          return response
        }
        route.upload = served.act.upload.map { interface in
          Route.Upload(
            folder: uploadFolder, secondsMax: BatchInterface.uploadSecondsMax
          ) { [batches] in batches.admit($0, to: interface) }
        }
        return route
      }
    }
  }

  /// Answers a request that came by no socket; nil where the door has nothing at its path.
  package func answer(_ request: Request, at door: Door) -> Response? {
    // As the server's router has it: the whole path, or the longest beginning.
    let served = Routes.all(adHocPath: adHocPath)
      .filter {
        $0.doors.contains(door) && $0.answers(request.path) && $0.method == request.method
      }
      .max { $0.path.utf8.count < $1.path.utf8.count }
    guard let served else { return nil }
    switch handler(of: served.act, at: door) {
    case .blocking(let handle):
      do {
        return try handle(request)
      } catch {
        return ErrorBody.response(to: error, log: log, at: request.path)
      }
    case .deferred(let handle):
      let answer = Guarded<Response?>(nil)
      handle(request) { response in answer.change { $0 = response } }
      return answer.wait { $0 }
    }
  }

  private enum Handler {
    case blocking(@Sendable (Request) throws -> Response)
    case deferred(@Sendable (Request, @escaping Respond) -> Void)
  }

  private func handler(of act: ServedRoute.Act, at door: Door) -> Handler {
    let repository = door == .repositoryPlain ? repositoryPlain : repository
    switch act {
    case .deviceCSR: return .deferred { service.deviceCSR($0, $1) }
    case .organisationCSR: return .blocking { try service.organisationCSR($0) }
    case .organisationRejection: return .blocking { try rejections.organisation($0) }
    case .deviceRejection: return .blocking { try rejections.device($0) }
    case .adHocDeviceCSR: return .deferred { service.adHoc($0, $1) }
    case .submitCSRBatch: return .blocking { try batches.submitXML($0) }
    case .csrBatchResult: return .blocking { try batches.resultXML($0) }
    case .deviceBatchSubmit: return .blocking { try batches.submitArchive($0) }
    case .deviceBatch: return .blocking { try batches.progress($0) }
    case .deviceBatchCertificates: return .blocking { try batches.certificates($0) }
    case .deviceBatchReport: return .blocking { try batches.report($0) }
    case .search: return .blocking { repository.search($0) }
    case .retrieve: return .blocking { repository.retrieve($0) }
    case .certificates: return .blocking { search.search($0) }
    case .bulkIndex: return .blocking { bulk.list($0) }
    case .bulkFile: return .blocking { bulk.file($0) }
    case .accountPassword: return .blocking { signIn.changePassword($0) }
    case .checkpoint: return .blocking { _ in try tiles.last() }
    case .tile: return .blocking { try tiles.tile($0) }
    case .entries: return .blocking { try tiles.entries($0) }
    case .chain: return .blocking { search.chain($0) }
    case .lists: return .blocking { _ in try lists.index() }
    case .list: return .blocking { try lists.list($0) }
    case .statusByPost: return .blocking { try status.post($0) }
    case .statusByGet: return .blocking { try status.get($0) }
    case .documents: return .blocking { library.list($0) }
    case .document: return .blocking { library.read($0) }
    case .interface: return .blocking { _ in try statement.response() }
    case .startPage: return .blocking { _ in try portal.startPage() }
    case .style: return .blocking { _ in portal.style() }
    case .icon: return .blocking { _ in portal.icon() }
    case .health: return .blocking { _ in try monitoring.health() }
    case .duties: return .blocking { _ in try duties.calendar() }
    case .pma: return .blocking { _ in try pma.response() }
    case .metrics: return .blocking { _ in try monitoring.metricsText() }
    }
  }
}
