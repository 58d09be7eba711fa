// SPDX-License-Identifier: Apache-2.0

import Parties
import SEC

/// The questions that every version of a form asks, because something here depends on the answers.
///
/// A later version adds questions; it takes none away.
extension FormKind {
  /// The version that has these questions and no others.
  package static let firstVersion = "1"

  /// The questions that this program reads.
  package var coreFields: [FormField] {
    switch self {
    case .organisationInformation: Self.organisationFields
    case .officerNomination:
      Self.personFields + [
        FormField(
          "nominated-by-position", "Who nominates", .word(["director", "company-secretary"])),
        FormField("nominated-by", "Name of who nominates", isPersonal: true),
      ]
    case .responsibleNomination:
      Self.personFields + [
        FormField("nominated-by", "The Senior Responsible Officer who nominates", .identifier)
      ]
    case .personnelNomination:
      [
        FormField("officer", "Name as estate.json and the audit have it"),
        FormField("position", "Position", .word(EnrolledPerson.Role.personnel.map(\.rawValue))),
      ] + Self.personFields.dropFirst() + [
        FormField("nominated-by", "Name of who nominates", isPersonal: true)
      ]
    case .subscriberApplication:
      [
        Self.party, FormField("policy", "Certificate policy", .word(["device", "organisation"])),
        FormField("requested-by", "The Senior Responsible Officer who asks", .identifier),
      ]
    case .officerRevocation:
      [
        FormField("officer", "The registration officer, as the audit has the name"),
        FormField("requester", "What the requester is"),
        FormField("requester-name", "Name of the requester", isPersonal: true),
        FormField("reason", "Why", .text(400)),
      ]
    case .organisationIdentity, .individualIdentity, .screening, .meeting, .requesterCheck:
      stepFields
    case .agreementAcceptance, .leaving, .optedOutArrangement: immediateFields
    }
  }

  private static let party = FormField("party", "Identifier of the party", .identifier)
  private static let person = FormField(
    "person", "Identifier of the person, which says nothing about him or her", .identifier)

  private static var organisationFields: [FormField] {
    let categories = PartyCategory.allCases.map(\.rawValue)
    return [
      party, FormField("trading-name", "Trading name", .text(Party.nameLengthMax)),
      FormField("category", "Category", .word(categories)),
      FormField(
        "user-roles", "User Roles", .word(UserRole.allCases.map(\.rawValue)), isRepeated: true),
      FormField("acceded", "Day of accession to the Code", .date),
      FormField("basis", "Why it is a party", .word(["licence", "voluntary"])),
      FormField(
        "identifiers", "EUI-64 range of each User Role", .identifiers, isRequired: false,
        isRepeated: true),
      FormField(
        "nominated-by", "Parties that nominate it", .identifier, isRequired: false,
        isRepeated: true),
      FormField(
        "opted-out", "Whether it has opted out of the DCC's services", .word(["yes", "no"]),
        isRequired: false),
      FormField("declared-by", "Who declares", isPersonal: true),
      FormField("declared-position", "Position of who declares"),
      FormField("accurate", "I declare that this is complete and accurate", .confirmation),
    ]
  }

  private static let personFields = [
    party, person, FormField("name", "Full name", isPersonal: true),
    FormField("e-mail", "E-mail address", isPersonal: true),
    FormField("telephone", "Telephone", .text(40), isPersonal: true),
    FormField("date-of-birth", "Date of birth", .date, isPersonal: true),
    FormField("memorable-word", "A word for telephone checks", .text(40), isPersonal: true),
  ]

  /// RAPP-5.1: kinds of evidence are kept, the documents themselves never.
  private var stepFields: [FormField] {
    let outcome = FormField("outcome", "Outcome", .word(["passed", "failed"]))
    let application = FormField("case", "Number of the case", .number)
    let reference = FormField(
      "reference", "Where the evidence lies", isRequired: false, isPersonal: true)
    switch self {
    case .screening:
      return [
        application, FormField("standard", "Standard, BS 7858:2019 or an equivalent"),
        FormField("screened", "Day of the screening", .date), outcome, reference,
      ]
    case .meeting:
      return [
        application, FormField("met", "Day of the meeting", .date),
        FormField("place", "Where", isRequired: false), outcome,
      ]
    case .requesterCheck:
      return [
        application,
        FormField("method", "How the requester was identified", .text(200)), outcome, reference,
      ]
    default:
      let isPerson = self == .individualIdentity
      return [
        application,
        FormField(
          "evidence", "Kinds of evidence seen",
          .word(isPerson ? Self.personalEvidence : Self.organisationEvidence), isRepeated: true),
        FormField("level", "Level of assurance", .number), outcome, reference,
      ]
    }
  }

  private static let personalEvidence = [
    "passport", "driving-licence", "identity-card", "utility-bill", "bank-statement",
    "employer-confirmation",
  ]
  private static let organisationEvidence = [
    "companies-register", "licence", "accession-agreement", "bank-statement", "site-visit",
    "sec-administrator",
  ]

  private var immediateFields: [FormField] {
    switch self {
    case .agreementAcceptance:
      [
        Self.party,
        FormField("agreement", "Agreement", .word(AgreementKind.allCases.map(\.rawValue))),
        FormField("version", "Version of the agreement", .text(20)),
        FormField("accepted-by", "The Senior Responsible Officer who accepts", .identifier),
      ]
    case .leaving:
      [
        Self.party, Self.person, FormField("requested-by", "Who asks, and in which position"),
        FormField("reason", "Why", .text(200)),
      ]
    default:
      [
        Self.party, FormField("agreed", "Day of the arrangement", .date),
        FormField("reference", "Number of the arrangement"),
      ]
    }
  }
}
