// SPDX-License-Identifier: Apache-2.0

import Authority
import Client
import DER
import FoundationEssentials
import Keys
import Profiles
import Records
import Repository
import Revocation
import SEC
import Service

/// What doctor says of the keys, their modules, and what is left of the authorities.
extension Examination {
  /// C3-190-1, C3-118-4: where the keys live, whether that is fit, and how large the stock is.
  mutating func keys(_ opening: Opening) throws {
    let authorities = try AuthorityRecords.all(in: opening.records)
    let isLive = opening.estate.kind == .live
    for place in Set(authorities.filter { $0.state != .spent }.map(\.place)) {
      do {
        try ActivatedKey.check(place, in: opening.records)
        add(.fine, "keys", "in the \(place), which is certified")
      } catch let refusal as Refusal {
        let note =
          place == .folder
          ? "SOFTWARE KEYS: they are in the process that signs"
          : "\(place): \(refusal.found)"
        add(isLive ? .wrong : .note, "keys", note, isLive ? refusal.remedy : "")
      }
    }
    let stock = authorities.count { $0.hierarchy == .device && $0.state == .stock }
    let limit = opening.configuration.stockWarning
    add(
      stock <= limit ? .warning : .fine, "stock", "\(stock) Issuing DCAs certified ahead of need",
      stock <= limit ? "Certify more by a ceremony before the last one is on line." : "")
    let left = authorities.filter {
      $0.hierarchy == .device && $0.state == .spent && $0.destroyed == nil
    }
    if !left.isEmpty {
      add(
        .warning, "spent keys", "\(left.count) are not destroyed yet",
        "A serving node destroys them by itself; its log says why it could not (C3-119).")
    }
    for policy in try PolicyRow.all(in: opening.records, at: SystemClock.now())
    where policy.isInForce && policy.isLodged == false {
      add(
        isLive ? .wrong : .note, "policy", "the text of \(policy.version) is not in the Repository",
        isLive
          ? "smki document lodge puts it there (C3-112)."
          : "Nothing waits for it here; a live estate must lodge it (C3-112).")
    }
    for standing in try ModuleRegister.all(in: opening.records) where !standing.flags.isEmpty {
      add(
        .warning, "module \(standing.module.name)", standing.flags.joined(separator: "; "),
        "smki module add and smki module attest change the register.")
    }
  }

  /// How far the standby is behind from which searches are read; where there is none, nothing.
  mutating func standby(_ opening: Opening) {
    guard let place = opening.configuration.replica else { return }
    let most = opening.configuration.replicaLagSecondsMax
    do {
      let standby = try Records.openReadOnly(place, migrations: Store.migrations)
      defer { standby.close() }
      let lag = try Replica.measure(standby, behind: opening.records, secondsMax: most)
      if let lag {
        return add(.fine, "standby", "\(lag) ms behind the server, \(most) s are allowed")
      }
      add(
        .warning, "standby", "more than the allowed \(most) s behind the server",
        "Searches are read from the server meanwhile; look at pg_stat_replication there.")
    } catch {
      add(
        .warning, "standby", "it does not answer: \(error)",
        "Searches are read from the server meanwhile; mend it, or take replica out of estate.json.")
    }
  }

  /// C3-124-3: whether a list of authorities must be signed soon, or should have been.
  mutating func lists(_ opening: Opening) throws {
    let moment = SystemClock.now()
    let notice = moment.adding(seconds: Node.ceremonyNoticeSeconds)
    for standing in try ListPublisher.reader(of: opening).standings()
    where standing.issuer.authority == nil && standing.isDue(at: notice) {
      let isLate = standing.isLate(at: moment)
      add(
        isLate ? .wrong : .warning, "list of \(standing.issuer.name)",
        "\(isLate ? "late, it was due" : "due") by \(standing.deadline(at: moment).rfc3339)",
        "Hold a ceremony: smki ceremony plan list --root '\(standing.issuer.name)'.")
    }
  }

  /// Whether a serving node can sign, as its own health says.
  mutating func signers(_ doors: Configuration.Doors) {
    struct Health: Decodable {
      struct Signers: Decodable {
        let faults: [String: String]
      }

      let signers: Signers
    }
    guard let client = try? HTTPClient(HTTPClient.Options()),
      let answer = try? client.get("http://127.0.0.1:\(doors.monitoring)/health"),
      let health = try? JSONDecoder().decode(Health.self, from: Data(answer.body))
    else { return }
    if health.signers.faults.isEmpty { add(.fine, "signers", "can sign") }
    for (hierarchy, fault) in health.signers.faults.sorted(by: { $0.key < $1.key }) {
      add(
        .wrong, "signers", "\(hierarchy): down, \(fault)",
        "Reading goes on; requests get 503. smki module check asks the tokens.")
    }
  }
}
