// SPDX-License-Identifier: Apache-2.0

package import Authority
package import DER
import Enrolment
import Foundation
package import Keys
package import Parties
package import Records
package import Registration
package import Repository
package import SEC
import Service
import TestStore
import Threads

/// An estate of a test in a folder of its own: founded, with three parties, and gone with the test.
///
/// The keys of the authorities are made once in a run of the tests; nothing else is shared.
package final class TestEstate: Sendable {
  /// When everything begins.
  package static let beginning = Time(seconds: 1_795_255_200)  // 2026-11-21T10:00:00Z

  /// An officer of the Registration Authority.
  package static let officer = Actor(name: "Ada Byron", role: .registrationOfficer)
  /// An operator.
  package static let operatorOfSystem = Actor(name: "Grace Hopper", role: .operatorOfSystem)

  /// Shown to whoever makes an estate: takes the place of a key, by its label.
  package typealias KeyChange = @Sendable (String, any SigningKey) -> any SigningKey

  /// The folder, with the store `smki.sqlite` in it.
  package let folder: String
  package let records: Records
  package let registration: Registration
  package let repository: Repository
  package let authority: Authority
  private let moment: Guarded<Time>
  private let ownsFolder: Bool

  /// A new estate.
  ///
  /// - Parameters:
  ///   - stock: Issuing DCAs, 1 to 4.
  ///   - deviceLife: the limits of each.
  ///   - lanes: threads that issue.
  ///   - random: gives unpredictable octets.
  ///   - key: takes the place of an issuing authority's key.
  /// - Throws: a failure of the store or the keys.
  package convenience init(
    stock: Int = 2, deviceLife: IssuingKeyLife = .issuingDCA, lanes: Int = 2,
    random: @escaping @Sendable (Int) -> [UInt8] = { Random.bytes($0) },
    key: @escaping KeyChange = { $1 }
  ) throws {
    let folder = NSTemporaryDirectory() + "smki-estate-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let founded = try Founded.once.get()
    let clock = Guarded(Self.beginning)
    let records = try Records.open(
      TestStore.place(folder + "/smki.sqlite"), clock: { clock.value }, migrations: Store.migrations
    )
    try founded.founding(stock: stock, deviceLife: deviceLife)
      .enter(in: records, at: Self.beginning, by: Self.operatorOfSystem)
    records.close()
    try self.init(
      opening: folder, ownsFolder: true, lanes: lanes, at: Self.beginning, random: random,
      key: key)
    for party in SampleParty.allCases { try add(party) }
  }

  /// The estate in a folder that another one has left, or an image of it; the folder stays.
  package convenience init(
    opening folder: String, lanes: Int = 2, at moment: Time = TestEstate.beginning,
    key: @escaping KeyChange = { $1 }
  ) throws {
    try self.init(
      opening: folder, ownsFolder: false, lanes: lanes, at: moment,
      random: { Random.bytes($0) }, key: key)
  }

  private init(
    opening folder: String, ownsFolder: Bool, lanes: Int, at moment: Time,
    random: @escaping @Sendable (Int) -> [UInt8], key: @escaping KeyChange
  ) throws {
    let clock = Guarded(moment)
    let founded = try Founded.once.get()
    self.folder = folder
    self.ownsFolder = ownsFolder
    self.moment = clock
    records = try Records.open(
      TestStore.place(folder + "/smki.sqlite"), clock: { clock.value }, migrations: Store.migrations
    )
    var terms = EnrolmentTerms()
    // Longer than any certificate: what ends here is never the person's enrolment.
    terms.personYears = 200
    registration = Registration(records: records, terms: terms)
    repository = Repository(records: records)
    authority = try Authority(
      records: records, estate: Founded.estate, lanes: lanes, clock: { clock.value },
      random: random,
      key: { key($0.keyLabel, try founded.key($0.keyLabel)) })
  }

  deinit {
    close()
    if ownsFolder { try? FileManager.default.removeItem(atPath: folder) }
  }

  /// Ends issuing and closes the store; a folder of its own goes with the estate.
  package func close() {
    authority.close()
    records.close()
  }

  /// Where the store is.
  package var store: String { TestStore.place(folder + "/smki.sqlite") }

  /// The parties, as the Registration Authority has them.
  package var register: Register { registration.register }

  /// The moment that the estate's clock shows.
  package var now: Time {
    get { moment.value }
    set { moment.change { $0 = newValue } }
  }

  /// Copies the store as it is on the disk at this moment, as a crash would leave it.
  ///
  /// - Returns: the folder of the copy; the caller removes it, or opens an estate in it.
  package func image() throws -> String {
    let image = NSTemporaryDirectory() + "smki-image-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: image, withIntermediateDirectories: true)
    try TestStore.copy(folder + "/smki.sqlite", to: image + "/smki.sqlite")
    return image
  }

  /// The way of an applicant, at this moment.
  package var onboarding: Onboarding {
    Onboarding(registration, by: Self.officer, at: now)
  }

  private func add(_ party: SampleParty) throws {
    let identifiers = party.range.map { role, identifiers in
      let roles = party.roles.map(\.rawValue).sorted().joined(separator: "+")
      return "\(roles) \(role.hex) \(identifiers.lowerBound) \(identifiers.upperBound)"
    }
    try onboarding.enter(
      party.id, name: party.name, roles: party.roles,
      identifiers: [identifiers].compactMap(\.self))
    for policy in CertificatePolicyKind.allCases {
      try onboarding.authorise(party.id, for: policy)
    }
  }
}

/// The parties of each test estate.
package enum SampleParty: String, CaseIterable, Sendable {
  /// Supplies electricity.
  case electricity
  /// Supplies gas.
  case gas
  /// Makes meters: a Party that is no User.
  case meterMaker = "meters"

  /// The identifier in the register.
  package var id: String { "example-\(rawValue)" }
  /// The trading name.
  package var name: String { "Example \(rawValue) Ltd" }
  /// The roles.
  package var roles: Set<UserRole> {
    switch self {
    case .electricity: [.importSupplier]
    case .gas: [.gasSupplier]
    case .meterMaker: [.otherParty]
    }
  }
  /// The identifiers that are the party's own, and in which role.
  package var range: (role: RoleCode, identifiers: ClosedRange<EntityID>)? {
    switch self {
    case .electricity:
      (.supplier, EntityID(0x90B3_D51F_3001_0000)...EntityID(0x90B3_D51F_3001_00FF))
    case .gas: (.supplier, EntityID(0x90B3_D51F_3002_0000)...EntityID(0x90B3_D51F_3002_00FF))
    case .meterMaker: nil
    }
  }
}
