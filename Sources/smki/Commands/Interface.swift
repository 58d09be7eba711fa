// SPDX-License-Identifier: Apache-2.0

import SEC
import Service

extension Command {
  static let interface = Command(
    name: "interface",
    summary: "say which versions of which documents the interfaces are built by, path by path",
    notes: """
      The Repository says the same of itself at /services/interface (L6.1). Versions are those of \
      the program unless interfaceVersions of estate.json names others.
      """,
    operands: [
      Operand(
        name: "INTERFACE", summary: "service or repository; both without it", isOptional: true)
    ],
    example: "smki interface repository"
  ) { invocation in
    let opening = try Opening(invocation)
    let named = try invocation.operands.first.map { name in
      guard let interface = Availability.Interface(rawValue: name) else {
        throw UsageError("there is no interface \(name)", invocation.command)
      }
      return interface
    }
    let statements = Availability.Interface.allCases.filter { named == nil || $0 == named }.map {
      InterfaceStatement(of: $0, in: opening.estate, opening.configuration)
    }
    try invocation.show(statements) { statements.map(\.text).joined(separator: "\n\n") }
    return .done
  }
}

extension InterfaceStatement {
  /// For a person: the documents, and the paths under them.
  fileprivate var text: String {
    let own = Table(
      headings: ["method", "path", "document", "clause"],
      rows: paths.map {
        [$0.method, $0.path, $0.document.map { "Appendix \($0)" } ?? "-", $0.clause]
      })
    let documents = documents.map { "Appendix \($0.appendix) \($0.title), version \($0.version)" }
    return ([interface] + documents).joined(separator: "\n") + "\n\n" + own.text()
  }
}
