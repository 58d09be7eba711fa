// SPDX-License-Identifier: Apache-2.0

import Glibc
import Threads

/// The table of commands, and how the words of a command line find their command.
enum Program {
  /// Every command, in the order of help.
  static let commands: [Command] = [
    .initialise, .serve, .nodes, .nodeAdd, .doctor, .backup, .restore, .export, .importing,
    .availability, .maintenancePlan, .maintenanceEnd, .maintenanceList,
    .formList, .formShow, .formSubmit, .formPropose, .formApprove,
    .applicationList, .applicationShow, .applicationApprove, .applicationRefuse,
    .applicationWithdraw, .agreementPublish, .agreementList,
    .partyEntryTests, .partyAuthorise, .partyUserEntry, .partySuspend, .partyReinstate,
    .partyLeave, .partyInactive, .partyAgent, .partyList, .partyShow,
    .personList, .personExport, .personErase, .deskLog, .deskList, .officerList,
    .credentialIssue, .credentialList, .credentialRevoke, .apiKeyAdd, .apiKeyWithdraw,
    .apiKeyList, .accountAdd, .accountReset, .accountUnlock, .accountWithdraw, .accountList,
    .notices,
    .dcckiRequest, .dcckiApprove, .dcckiRefuse, .dcckiList,
    .deviceSet, .deviceLink, .deviceCommunicated, .deviceList, .deviceShow, .deviceSystem,
    .modelCertify, .modelList, .deviceModel, .deviceRegistered, .deviceNotices,
    .deviceLimit, .deviceAnomalies, .issueDevice, .issueOrganisation, .organisationList,
    .organisationReject, .deviceReject,
    .deviceLimit, .issueDevice, .issueOrganisation, .organisationList,
    .organisationReject, .deviceReject, .organisationMark, .organisationDatabase,
    .batchSubmit, .batchList, .batchShow, .batchWatch, .batchApprove, .batchReject, .batchPause,
    .batchResume, .batchResult, .capacity, .usageList,
    .clientMake, .clientCheck, .clientSubmit, .clientCollect, .clientMatch,
    .revokeRequest, .revokeApprove, .revokeRefuse, .revokeOrder, .revokeDelay, .revokeList,
    .crlPublish, .crlList, .crlShow, .crlCheck, .crlDiff, .crlDraft, .crlImport,
    .bulkList, .bulkMake, .bulkCheck, .mirrorSync, .mirrorCheck, .mirrorFind, .mirrorDatabase,
    .witnessInit, .witnessServe,
    .documentKinds, .documentLodge, .documentList, .documentGet,
    .find, .show, .lint, .eligibility, .interface,
    .ceremonyPlan, .ceremonyRehearse, .ceremonyRun, .ceremonyTranscript, .ceremonyOutputs,
    .ceremonyCheck, .ceremonyStatus, .custodianList, .custodianCease,
    .ceremonyRequest, .ceremonyImport, .ceremonyPackages,
    .authorities, .authorityList, .authorityRetire, .pkiAdd, .pkiLodge, .pkiDecide,
    .policyBegin, .policyList,
    .moduleAdd, .moduleAttest, .moduleList, .moduleCheck, .modulePIN,
    .auditCheckpoint, .auditEntries, .auditRequest, .auditProve, .auditCheck, .auditExport,
    .auditAccess, .verify,
    .dutiesList, .dutiesTable, .dutiesEvent, .dutiesDischarge, .dutiesCalendar, .dutiesSend,
    .pmaSeats, .pmaRules, .pmaOrganisation, .pmaPerson, .pmaStep, .pmaSeat, .pmaLeave,
    .pmaHoldOver, .pmaClearance, .pmaRead, .pmaAlternate,
    .pmaElections, .pmaElect, .pmaNominate, .pmaNominated, .pmaBallot, .pmaCount,
    .pmaMeetings, .pmaConvene, .pmaInvite, .pmaOpen, .pmaArrive, .pmaGo, .pmaConflict,
    .pmaMinute, .pmaClose, .pmaPublish,
    .pmaVotes, .pmaVote, .pmaCast, .pmaDecide, .pmaWithdraw, .pmaCarryOut, .pmaReport,
    .pmaCredential, .pmaStatement, .pmaSign, .pmaProof,
    .pmaBusiness, .pmaDocuments, .pmaMatters, .pmaBegin, .pmaPaper, .pmaObserve, .pmaAmend,
    .pmaPanel, .pmaIssue, .pmaDirections, .pmaFollow, .pmaStandards, .pmaStandard, .pmaAppeal,
    .pmaProposals, .pmaPropose, .pmaScreen, .pmaRelease, .pmaPlan, .pmaAdvance, .pmaRemark,
    .pmaConsult,
    .clause, .bench, .benchLoad, .benchBatch, .benchBatches, .benchLists, .benchKeys,
    .benchRepository,
    .version, .completion, .manual,
  ]

  /// Runs the command that these words name.
  static func run(_ words: [String]) -> ExitCode {
    let isJSON = words.contains("--json")
    do {
      let code = try perform(words)
      let lost = Terminal.lost.value
      guard lost == 0 else {
        throw Failure.Message(
          .failed, "not all of it could be written: \(unsafe String(cString: strerror(lost)))")
      }
      return code
    } catch {
      return Failure.report(error, isJSON: isJSON)
    }
  }

  private static func perform(_ words: [String]) throws -> ExitCode {
    guard let (command, rest) = try find(words) else { return .done }
    let invocation = try Invocation(command, words: rest)
    guard !invocation.isHelp else {
      Terminal.print(Help.page(of: command))
      return .done
    }
    return try command.run(invocation)
  }

  /// The command and the words behind its name; nil when help was asked for and given.
  private static func find(_ words: [String]) throws -> (Command, [String])? {
    let (common, words) = leadingOptions(words)
    guard let first = words.first, !["help", "--help", "-h"].contains(first) else {
      try help(Array(words.dropFirst()), isAsked: !words.isEmpty)
      return nil
    }
    if first == "--version" { return (.version, []) }
    for count in [2, 1] where words.count >= count {
      let name = words.prefix(count).joined(separator: " ")
      if let command = commands.first(where: { $0.name == name }) {
        return (command, common + words.dropFirst(count))
      }
    }
    let group = commands.filter { $0.name.hasPrefix("\(first) ") }
    guard !group.isEmpty else { throw UsageError("there is no command \(first); see smki help") }
    let verbs = group.map { $0.name.dropFirst(first.count + 1) }.joined(separator: ", ")
    guard words.count > 1, !["help", "--help", "-h"].contains(words[1]) else {
      Terminal.print(Help.page(of: group))
      return words.count > 1 ? nil : (.nothing, [])
    }
    throw UsageError("\(first) \(words[1]) is no command; there are \(first) \(verbs)")
  }

  /// Common options may stand before the command too.
  private static func leadingOptions(_ words: [String]) -> ([String], [String]) {
    var common: [String] = []
    var rest = words[...]
    while let word = rest.first {
      if word == "--json" || word.hasPrefix("--estate=") {
        common.append(String(rest.removeFirst()))
      } else if word == "--estate", rest.count > 1 {
        common += rest.prefix(2)
        rest = rest.dropFirst(2)
      } else {
        break
      }
    }
    return (common, Array(rest))
  }

  private static func help(_ words: [String], isAsked: Bool) throws {
    let name = words.joined(separator: " ")
    if let command = commands.first(where: { $0.name == name }) {
      return Terminal.print(Help.page(of: command))
    }
    if let group = CommandGroup.all.first(where: { $0.name == name }) {
      return Terminal.print(Help.page(of: group))
    }
    let sharing = commands.filter { $0.name.hasPrefix("\(name) ") }
    switch name {
    case "": Terminal.print(Help.overview)
    case "all": Terminal.print(Help.everything)
    default:
      guard !sharing.isEmpty else {
        let groups = CommandGroup.all.map(\.name).joined(separator: ", ")
        throw UsageError("there is no command and no group \(name); groups are \(groups)")
      }
      Terminal.print(Help.page(of: sharing))
    }
    if !isAsked { throw UsageError("a command is missing") }
  }
}

extension Command {
  /// Stands for the name of a group without a verb.
  static let nothing = Command(name: "", summary: "", example: "") { _ in .usage }
}
