// SPDX-License-Identifier: Apache-2.0

package import Enrolment
import FoundationEssentials
package import Profiles
package import Governance
package import Records
import Registration
import SEC

/// How one node runs an estate, read from `estate.json`.
///
/// What the estate is stands in its records.
package struct Configuration: Codable, Sendable {
  /// Where the doors are.
  package struct Doors: Codable, Sendable {
    /// The numeric address of both TLS doors.
    package var address = "127.0.0.1"
    /// Port of the service interface: mutual TLS.
    package var service: UInt16 = 8443
    /// Port of the Repository: TLS and API key.
    package var repository: UInt16 = 8444
    /// Port of the Repository in plain HTTP on loopback; a test estate only (K-test-api-key).
    package var repositoryPlain: UInt16? = 8083
    /// Port of health and metrics, on loopback.
    package var monitoring: UInt16 = 8085
    /// Path of the Ad Hoc Device CSR Web Service [assumed].
    package var adHocPath = "/1.0/AdHocDeviceCSR"

    /// The usual doors.
    package init() {}

    /// Reads what is there; a plain port that is not named is closed, other settings have their
    /// defaults.
    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      func value<Value: Decodable>(_ key: CodingKeys, _ usual: Value) throws -> Value {
        try values.decodeIfPresent(Value.self, forKey: key) ?? usual
      }
      address = try value(.address, address)
      service = try value(.service, service)
      repository = try value(.repository, repository)
      repositoryPlain = try values.decodeIfPresent(UInt16.self, forKey: .repositoryPlain)
      monitoring = try value(.monitoring, monitoring)
      adHocPath = try value(.adHocPath, adHocPath)
    }
  }

  /// A user of the machine who may give commands, and in which roles.
  package struct Officer: Codable, Sendable {
    /// The user's number on this machine.
    package var user: UInt32
    /// The person's name, which the audit keeps.
    package var name: String
    /// The roles, as `Actor.Role` writes them.
    package var roles: [String]

    /// An officer, whole.
    package init(user: UInt32, name: String, roles: [String]) {
      self.user = user
      self.name = name
      self.roles = roles
    }
  }

  /// The name that the records and keys must have.
  package var estate: String
  package var doors = Doors()
  /// Connection string of the PostgreSQL server that keeps the records, with the store's schema as
  /// its search path; nil keeps them in the folder, in SQLite's file.
  package var store: String?
  /// Connection string of a standby of that server, from which searches are read; nil reads all
  /// from the server itself.
  package var replica: String?
  /// Seconds by which the standby may be behind before the server itself is read [assumed].
  package var replicaLagSecondsMax: Int64 = 5
  /// What this node is called among the nodes of a store on a server; nil is the machine's name.
  package var node: String?
  /// Seconds without a sign of life after which the other nodes take over what it was doing.
  package var nodeLeaseSeconds = NodeName.usualLeaseSeconds
  /// Who may give commands over the control socket.
  package var officers: [Officer] = []
  /// Threads that issue; 0 is as many as there are cores.
  package var issuingLanes = 0
  /// Threads that answer requests other than issuing.
  package var workers = 8
  /// The shard in the serial numbers of this node (ENG-serial).
  package var shard: UInt16 = 0
  /// The other clusters of the estate, by the shards in their serial numbers (ENG-serial).
  package var shards: [ShardSetting] = []
  /// Seconds between signed checkpoints of the audit.
  package var checkpointSeconds = 1
  /// How batches are run.
  package var batches = BatchSettings()
  /// What a device counts as that the Inventory does not hold (L3.16-e).
  package var unrecordedDevice = UnrecordedDevice()

  /// When lists of revoked certificates come.
  package var lists = Lists()

  /// C3-124-2, OCP-annex-B-crl: periods of the lists; what nextUpdate says is [from memory].
  package struct Lists: Codable, Sendable {
    /// Hours after which a list of certificates comes again at the latest.
    package var certificatesEveryHours = ListTimes().certificatesEveryHours
    /// Hours from a list of certificates to the next update that it names.
    package var certificatesStandHours = ListTimes().certificatesStandHours
    /// Months from a list of authorities to the next update that it names.
    package var authoritiesStandMonths = ListTimes().authoritiesStandMonths

    /// The usual periods.
    package init() {}

    /// Reads what is there; other settings have their defaults.
    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      func value(_ key: CodingKeys, _ usual: Int) throws -> Int {
        try values.decodeIfPresent(Int.self, forKey: key) ?? usual
      }
      certificatesEveryHours = try value(.certificatesEveryHours, certificatesEveryHours)
      certificatesStandHours = try value(.certificatesStandHours, certificatesStandHours)
      authoritiesStandMonths = try value(.authoritiesStandMonths, authoritiesStandMonths)
    }

    /// The same for those who make lists; no longer than the policy lets them be.
    package var times: ListTimes {
      var times = ListTimes()
      times.certificatesEveryHours = min(12, max(1, certificatesEveryHours))
      times.certificatesStandHours = max(times.certificatesEveryHours, certificatesStandHours)
      times.authoritiesStandMonths = max(1, authoritiesStandMonths)
      return times
    }
  }
  /// How long registration takes, what is kept, and when notices are given.
  package var enrolment = Enrolling()

  /// The times of the Registration Authority: no source has them [assumed].
  package struct Enrolling: Codable, Sendable {
    /// Days in which a case is decided or a step done, by form; others have the usual 20.
    package var days: [String: Int] = [:]
    /// Years after which a person is verified and screened again.
    package var personYears = EnrolmentTerms().personYears
    /// Days for which what a person said is kept after the person has left, by kind.
    package var retentionDays: [String: Int] = [:]
    /// How many answers must agree before a caller counts as identified.
    package var answersMin = EnrolmentTerms().answersMin
    /// Days for which an API key is good.
    package var apiKeyDays = 365
    /// Days before the end of a credential, key or certificate at which a notice is given.
    package var noticeDays = [90, 30, 7]
    /// Hours after which an Organisation Certificate that nobody rejected is deemed accepted.
    package var acceptanceHours = 24
    /// C3-200: how supplier agents reach the services: 1, 2 or, as drafted, 3.
    package var supplierAgentOption = 3

    /// The usual times.
    package init() {}

    /// Reads what is there; the rest has its default.
    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      func value<Value: Decodable>(_ key: CodingKeys, _ usual: Value) throws -> Value {
        try values.decodeIfPresent(Value.self, forKey: key) ?? usual
      }
      days = try value(.days, days)
      personYears = try value(.personYears, personYears)
      retentionDays = try value(.retentionDays, retentionDays)
      answersMin = try value(.answersMin, answersMin)
      apiKeyDays = try value(.apiKeyDays, apiKeyDays)
      noticeDays = try value(.noticeDays, noticeDays)
      acceptanceHours = try value(.acceptanceHours, acceptanceHours)
      supplierAgentOption = try value(.supplierAgentOption, supplierAgentOption)
    }

    /// The same in the room's words, or nil when a word is unknown.
    package var terms: EnrolmentTerms? {
      var terms = EnrolmentTerms()
      for (name, days) in days {
        guard let form = FormKind(rawValue: name), days > 0 else { return nil }
        terms.days[form] = days
      }
      for (name, days) in retentionDays {
        guard let kind = PersonalKind(rawValue: name), days >= 0 else { return nil }
        terms.retentionDays[kind] = days
      }
      guard personYears > 0, answersMin > 0 else { return nil }
      terms.personYears = personYears
      terms.answersMin = answersMin
      return terms
    }
  }
  /// A second socket for commands, for officers who are other users than the node's; none when nil.
  package var officersSocket: OfficersSocket?

  /// ENG-control: where officers in a group of this machine reach the node.
  package struct OfficersSocket: Codable, Hashable, Sendable {
    /// The socket, in a folder that the group may enter.
    package var path: String
    /// The name of the group.
    package var group: String

    /// A socket for a group.
    package init(path: String, group: String) {
      self.path = path
      self.group = group
    }
  }

  /// What of the access log is listed, and how long it is kept (ENG-audit-log).
  package var accessLog = AccessLog.Limits()
  /// L4.2(a): the day from which SMKI Services have to be provided, `YYYY-MM-DD`; availability
  /// counts from it on.
  package var servicesStart: String?
  /// Bank holidays proclaimed since this program was made, `YYYY-MM-DD` (A1-working-day).
  package var bankHolidays: [String] = []
  /// What Sections C4, C5 and C6 would say of the PMA's proceedings (L1.15).
  package var proceedings = ProceedingRules()
  /// How letters about duties are sent; nil sends none.
  package var mail: MailSettings?

  /// L3.16-e: the kinds and the status of a device without a record [assumed].
  package struct UnrecordedDevice: Codable, Sendable {
    /// Each kind that it may be, as `DeviceType` writes them.
    package var types = DeviceStanding.unrecorded.types.map(\.rawValue).sorted()
    /// Its status, as `SMIStatus` writes it.
    package var status = DeviceStanding.unrecorded.status.rawValue

    /// A Smart Meter that is pending.
    package init() {}

    /// The same in the Code's words, or nil when a word is unknown.
    var standing: DeviceStanding? {
      let types = types.compactMap(DeviceType.init(rawValue:))
      guard types.count == self.types.count, !types.isEmpty,
        let status = SMIStatus(rawValue: status)
      else { return nil }
      return DeviceStanding(unrecordedAs: Set(types), status: status)
    }
  }

  /// MP147-bulk: how the bulk files are made.
  package var bulk = Bulk()

  /// P3-1.3-lodging: parties whose AROs ask for lodging on behalf of the SMKI PMA: its own and the
  /// Code Administrator's [assumed].
  package var documentAskers: [String] = []

  /// L6.1: the versions of the interfaces' documents that are served, by appendix letter, where
  /// they are others than `InterfaceDocument` has.
  package var interfaceVersions: [String: String] = [:]

  /// ENG-witness: who else signs checkpoints of the audit.
  package var witnesses: [WitnessSetting] = []

  /// The cryptographic modules in which keys live (C3-190-1); none keeps all keys in the folder.
  package var modules: [HardwareModule] = []

  /// The module with the token of the roots, which no serving node opens; nil while the roots have
  /// their keys in the offline folder.
  package var rootModule: HardwareModule?
  /// C3-118-4: how many Issuing DCAs in stock are few enough to be warned of [assumed].
  package var stockWarning = 1
  /// Seconds by which the clock of a test estate is ahead of the machine's, so that a drill passes
  /// months; a live estate does not start with it.
  package var clockAheadSeconds: Int64?

  /// The usual configuration of an estate.
  package init(estate: String) {
    self.estate = estate
  }

  /// Reads what is there; a setting that is missing has its default, so that an older file serves a
  /// newer program.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys, _ usual: Value) throws -> Value {
      try values.decodeIfPresent(Value.self, forKey: key) ?? usual
    }
    self.init(estate: try values.decode(String.self, forKey: .estate))
    doors = try value(.doors, doors)
    store = try values.decodeIfPresent(String.self, forKey: .store)
    replica = try values.decodeIfPresent(String.self, forKey: .replica)
    replicaLagSecondsMax = try value(.replicaLagSecondsMax, replicaLagSecondsMax)
    node = try values.decodeIfPresent(String.self, forKey: .node)
    nodeLeaseSeconds = try value(.nodeLeaseSeconds, nodeLeaseSeconds)
    officers = try value(.officers, officers)
    issuingLanes = try value(.issuingLanes, issuingLanes)
    workers = try value(.workers, workers)
    shard = try value(.shard, shard)
    shards = try value(.shards, shards)
    checkpointSeconds = try value(.checkpointSeconds, checkpointSeconds)
    batches = try value(.batches, batches)
    unrecordedDevice = try value(.unrecordedDevice, unrecordedDevice)
    lists = try value(.lists, lists)
    enrolment = try value(.enrolment, enrolment)
    officersSocket = try values.decodeIfPresent(OfficersSocket.self, forKey: .officersSocket)
    accessLog = try value(.accessLog, accessLog)
    modules = try value(.modules, modules)
    rootModule = try values.decodeIfPresent(HardwareModule.self, forKey: .rootModule)
    stockWarning = try value(.stockWarning, stockWarning)
    clockAheadSeconds = try values.decodeIfPresent(Int64.self, forKey: .clockAheadSeconds)
    servicesStart = try values.decodeIfPresent(String.self, forKey: .servicesStart)
    bankHolidays = try value(.bankHolidays, bankHolidays)
    proceedings = try value(.proceedings, proceedings)
    bulk = try value(.bulk, bulk)
    documentAskers = try value(.documentAskers, documentAskers)
    interfaceVersions = try value(.interfaceVersions, interfaceVersions)
    witnesses = try value(.witnesses, witnesses)
    mail = try values.decodeIfPresent(MailSettings.self, forKey: .mail)
  }

  /// Who this node is to the other nodes of a store on a server.
  package var nodeName: NodeName {
    NodeName(
      node ?? ProcessInfo.processInfo.hostName, version: Product.version,
      leaseSeconds: nodeLeaseSeconds)
  }

  /// Whose segments of the access log lie in this node's folder; nil when there is but one node.
  package var nodeOfAccessLog: String? { store == nil ? nil : nodeName.name }

  /// Reads the file of an estate's folder; `overriding` changes what it says.
  package static func read(
    _ folder: String, overriding: (inout Configuration) -> Void = { _ in }
  ) throws -> Configuration {
    let data = try Data(contentsOf: URL(filePath: "\(folder)/estate.json"))
    var configuration = try JSONDecoder().decode(Configuration.self, from: data)
    overriding(&configuration)
    return configuration
  }

  /// Writes the file of an estate's folder.
  package func write(_ folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).write(to: URL(filePath: "\(folder)/estate.json"), options: .atomic)
  }
}
