// SPDX-License-Identifier: Apache-2.0

import Authority
import HTTP
import Profiles
import Registration
import SEC
import Threads

/// The Ad Hoc Device CSR Web Service: the replacement of one Device Certificate (M8-2.4-access).
extension ServiceInterface {
  /// M8-2.4-order: schema, form and signature, known device, hundred certificates, issue, lodge.
  func adHoc(_ request: Request, _ respond: @escaping Respond) {
    let id = Guarded<String?>(nil)
    do {
      try authority.submit {
        let system = try system(of: request)
        // Before the body: nothing of a stranger's XML is read.
        try registration.checkInterface(.adHoc, of: system)
        usage.adHoc(system.credential.party)
        let asked = try AdHocRequest(request.body, mediaType: request.headers["content-type"])
        id.change { $0 = asked.id }
        let parsed = Result { () throws(Refusal) in try DeviceRequest(parsing: asked.request) }
        let authorised = try registration.authorise([parsed], by: system, over: .adHoc)
        // The signature comes before the device in the order of reasons. Proving it costs more than
        // all the rest, so it is proven here only where another reason is about to be given.
        if case .failure? = authorised.requests.first, case .success(let device) = parsed {
          try device.checkPossession()
        }
        return Authority.prepare(authorised)
      } answer: { outcomes in
        respond(
          adHocResponse(
            outcomes.flatMap { $0.first ?? .failure(AuthorityError.stopping) }, to: request,
            id.value))
      }
    } catch {
      respond(adHocResponse(.failure(error), to: request, nil))
    }
  }

  private func adHocResponse(
    _ result: Result<[UInt8], any Error>, to request: Request, _ id: String?
  ) -> Response {
    do {
      let outcome: AdHocAnswer.Outcome
      switch result {
      case .success(let certificate): outcome = .certificate(certificate)
      case .failure(let error):
        guard let known = AdHocStatus.outcome(of: error) else { throw error }
        if !(error is Refusal), !(error is AuthorityError) {
          log(.error, "request-failed", ["path": request.path, "error": "\(error)"])
        }
        outcome = known
      }
      return AdHocAnswer(
        id: id, build: build, transaction: try transactions.next(), outcome: outcome
      ).response
    } catch {
      return ErrorBody.response(to: error, log: log, at: request.path)
    }
  }
}
