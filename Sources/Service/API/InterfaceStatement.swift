// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import HTTP
package import SEC

/// L6.1: a document of the Code that an interface is built by, and the version that is served.
package struct InterfaceDocument: Codable, Hashable, Sendable {
  /// Its letter among the appendices of the Code.
  package let appendix: String
  package let title: String
  /// The version that is served.
  package let version: String
  /// The rule that asks for it.
  package let clause: String

  /// The documents of both interfaces.
  ///
  /// The versions of M, N and P are those that were read whole. Of O the opening of a draft is
  /// known and what DCC's own public client sends, so that its version is [assumed].
  private static let known: [(appendix: String, title: String, version: String, clause: Clause)] = [
    ("M", "SMKI Interface Design Specification", "8.0", "L4.4(a)"),
    ("N", "SMKI Code of Connection", "4.0", "L4.5(a)"),
    (
      "O", "SMKI Repository Interface Design Specification",
      "draft of 8 September 2015, with MP147", "L6.4(a)"
    ),
    ("P", "SMKI Repository Code of Connection", "3.0", "L6.5(a)"),
  ]

  /// L6.1: what an estate serves.
  ///
  /// - Parameter versions: versions by letter that its configuration names instead.
  /// - Returns: the documents, by letter.
  package static func all(_ versions: [String: String] = [:]) -> [InterfaceDocument] {
    known.map {
      InterfaceDocument(
        appendix: $0.appendix, title: $0.title, version: versions[$0.appendix] ?? $0.version,
        clause: $0.clause.id)
    }
  }

  /// The letters of the documents.
  static let letters = Set(known.map(\.appendix))
}

/// L6.1: what an interface says of itself: its documents, and which of them each of its paths is
/// from.
package struct InterfaceStatement: Codable, Hashable, Sendable {
  /// One method at one path.
  package struct Path: Codable, Hashable, Sendable {
    /// As HTTP has them.
    package let method: String
    package let path: String
    /// The letter of the document that has it; nothing for what this program adds.
    package let document: String?
    /// The rule that it stands under.
    package let clause: String
  }

  /// As the Code calls it.
  package let interface: String
  /// The estate, and whether it is a test or a live one.
  package let estate: String
  package let kind: String
  /// The program and its version.
  package let program: String
  /// What it is built by, and what is served.
  package let documents: [InterfaceDocument]
  package let paths: [Path]

  /// The statement of the SMKI Service Interface or of the SMKI Repository Interface.
  package init(
    of interface: Availability.Interface, in estate: Estate, _ configuration: Configuration
  ) {
    let door: Door = interface == .service ? .service : .repository
    let paths = Routes.all(adHocPath: configuration.doors.adHocPath)
      .filter { $0.doors.contains(door) }
      .map {
        Path(
          method: $0.method, path: $0.path, document: $0.act.document,
          clause: $0.clause.id)
      }
    self.interface =
      interface == .service ? "SMKI Service Interface" : "SMKI Repository Interface"
    self.estate = estate.name
    kind = estate.kind.rawValue
    program = "smki \(Product.version)"
    documents = InterfaceDocument.all(configuration.interfaceVersions).filter {
      (interface == .service ? ["M", "N"] : ["O", "P"]).contains($0.appendix)
    }
    self.paths = paths
  }

  /// L6.1: answers whoever reaches the port.
  func response() throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Response(type: "application/json", body: Array(try encoder.encode(self)) + [0x0A])
  }
}

extension Configuration {
  /// L6.1: whether it names versions of the interfaces' documents and of nothing else.
  package var hasKnownInterfaces: Bool {
    interfaceVersions.allSatisfy { letter, version in
      InterfaceDocument.letters.contains(letter)
        && !version.allSatisfy(\.isWhitespace)
    }
  }
}

extension ServedRoute.Act {
  /// L6.1: the letter of the appendix that has it; nil for what this program adds.
  var document: String? {
    switch self {
    case .deviceCSR, .organisationCSR, .adHocDeviceCSR, .organisationRejection, .deviceRejection,
      .submitCSRBatch, .csrBatchResult, .deviceBatchSubmit, .deviceBatch,
      .deviceBatchCertificates, .deviceBatchReport:
      "M"
    case .search, .retrieve, .bulkIndex, .bulkFile, .documents, .document: "O"
    case .accountPassword: "P"
    case .certificates, .chain, .checkpoint, .tile, .entries, .lists, .list, .statusByPost,
      .statusByGet, .interface, .startPage, .style, .icon, .health, .metrics, .duties, .pma:
      nil
    }
  }
}
