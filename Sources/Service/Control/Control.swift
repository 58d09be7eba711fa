// SPDX-License-Identifier: Apache-2.0

import Enrolment
import FoundationEssentials
package import HTTP
import Registration
package import SEC

/// What can be asked of a node by command: the type of a request is the operation.
///
/// Name, role, question, answer and deed are one type, so that none can be mistaken for another's.
package protocol ControlRequest: Codable, Sendable {
  /// What is told to the officer who asked.
  associatedtype Answer: Codable & Sendable

  /// The name in the path of the request: lower case with hyphens.
  static var name: String { get }
  /// The role in which an officer may ask for it.
  static var role: Actor.Role { get }

  /// The role in which this one is asked for: `Self.role` unless the request names another.
  var role: Actor.Role { get }
  /// The most octets of the request as JSON.
  static var octetsMax: Int { get }

  /// Does it, under the officer's name.
  func run(in node: Node, by officer: Actor) throws -> Answer
}

extension ControlRequest {
  package var role: Actor.Role { Self.role }
  package static var octetsMax: Int { Control.requestOctetsMax }
}

/// How commands reach a node: over the Unix socket of its folder, or in the process that opened it.
///
/// Either way the user of the asking process maps to a named officer (ENG-control).
package enum Control {
  /// What stands before the name of an operation in the path of a request.
  package static let pathPrefix = "/control/"
  /// The most octets of a request: two certification requests as text, with room to spare.
  package static let requestOctetsMax = 65_536

  /// Every operation; no other path is answered.
  package static let operations: [any ControlRequest.Type] = [
    SubmitForm.self,
    ProposeForm.self,
    ApproveForms.self,
    DecideCase.self,
    PublishAgreement.self,
    ErasePersonalData.self,
    ExportPersonalData.self,
    LogCall.self,
    ConfirmEntryTests.self,
    AuthoriseSubscriber.self,
    ConfirmUserEntry.self,
    LeaveParty.self,
    SuspendParty.self,
    ReinstateParty.self,
    IssueCredential.self,
    RevokeCredential.self,
    AddAPIKey.self,
    WithdrawAPIKey.self,
    SetDevice.self,
    LinkDevice.self,
    NoteCommunication.self,
    CertifyModel.self, AssignModel.self, RegisterMeter.self,
    IssueOrganisation.self,
    EnterConnection.self, ApproveConnection.self, RefuseConnection.self,
    RejectCertificate.self,
    SignCheckpoint.self, NoteBackup.self,
    LodgeDocument.self,
    MakeBulk.self, MarkForManufacture.self,
    PlanMaintenance.self, EndMaintenance.self,
    AddAccount.self,
    ChangeAccount.self,
    AddModule.self,
    AttestModule.self,
    CheckModules.self,
    RetireAuthority.self,
    ReadDocument.self,
    ReportDutyEvent.self,
    DischargeDuty.self,
    SubmitBatch.self,
    DecideBatch.self,
    CollectBatch.self,
    RaiseDeviceLimit.self,
    SendDutyLetters.self,
    ImportPackage.self,
    MakeAuthorityRequest.self,
    RequestRevocation.self,
    ApproveRevocation.self,
    RefuseRevocation.self,
    OrderRevocation.self,
    DelayRevocation.self,
    LiftDelay.self,
    PublishLists.self,
    DraftList.self,
    ImportList.self,
    RegisterPKI.self,
    LodgePKIDocument.self,
    DecidePKIDocument.self,
    BeginPolicyVersion.self,
    PMAAct.self,
    PMABusiness.self,
    PMAModification.self,
    CastBallot.self,
    CountBallots.self,
    CarryOut.self,
  ]

  /// Performs an operation for a user of this machine.
  ///
  /// - Throws: `no-officer`, `role-missing`, and what the operation throws.
  package static func perform<Request: ControlRequest>(
    _ request: Request, in node: Node, as user: UInt32, named name: String? = nil
  ) throws -> Request.Answer {
    let officer = try officer(user, in: request.role, of: node.configuration, named: name)
    // RAPP-8.3.3: at once, whatever estate.json still says.
    if let revoked = try node.registration.enrolment.revocation(ofOfficer: officer.name) {
      throw Refusal.officerRevoked(officer.name, revoked)
    }
    if request.role == .registrationOfficer {
      try node.registration.enrolment.checkPersonnel(officer.name, at: node.clock())
    }
    return try request.run(in: node, by: officer)
  }

  /// The header in which a command says which of the officers of its user it is; a live estate has
  /// one officer a user.
  package static let officerHeader = "smki-officer"

  /// ENG-control: the officer that a user of this machine is, in a role that the officer has.
  package static func officer(
    _ user: UInt32, in role: Actor.Role, of configuration: Configuration,
    named name: String? = nil
  ) throws(Refusal) -> Actor {
    let officer = configuration.officers.first { officer in
      officer.user == user && (name.map { $0 == officer.name } ?? true)
    }
    guard let officer else { throw .noOfficer(user) }
    guard officer.roles.contains(role.rawValue) else { throw .roleMissing(officer, role) }
    return Actor(name: officer.name, role: role)
  }

  /// A route for each operation.
  package static func routes(of node: Node) -> [Route] {
    operations.map { route($0, node) } + [OpenDoors.route(of: node)]
  }

  private static func route<Request: ControlRequest>(
    _ type: Request.Type, _ node: Node
  ) -> Route {
    Route("POST", pathPrefix + Request.name, bodyLimit: Request.octetsMax) { request in
      do {
        guard let user = request.peer.process?.user else { throw Refusal.noOfficer(nil) }
        let answer = try perform(
          try decode(type, request.body), in: node, as: user,
          named: request.headers[officerHeader])
        return Response(type: "application/json", body: try encode(answer))
      } catch {
        // L5.4: who may not is turned away, and that is kept.
        if let refusal = error as? Refusal, Self.turnedAway.contains(refusal.code) {
          node.access.enter(
            AccessRecord(
              .refusal, at: node.clock(),
              [
                "door": "control", "act": Request.name, "reason": refusal.code,
                "address": "unix", "subject": refusal.found,
              ]))
        }
        if !(error is Refusal) {
          node.log(.error, "control", ["operation": Request.name, "detail": "\(error)"])
        }
        return ErrorBody.response(to: error)
      }
    }
  }

  /// Refusals that are of the asker and not of what is asked.
  private static let turnedAway: Set = ["no-officer", "role-missing", "officer-revoked"]

  private static func decode<Request: ControlRequest>(
    _ type: Request.Type, _ body: [UInt8]
  ) throws -> Request {
    do {
      return try JSONDecoder().decode(type, from: Data(body))
    } catch {
      throw Refusal.controlRequestForm(Request.name)
    }
  }

  /// The octets of a request or an answer.
  package static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value))
  }
}

/// The answer of an operation that only writes: under whose name it stands in the audit.
package struct Done: Codable, Sendable {
  /// The officer's name.
  package let officer: String
  /// The role in which the officer did it.
  package let role: String

  init(by officer: Actor) {
    self.officer = officer.name
    role = officer.role.rawValue
  }
}
