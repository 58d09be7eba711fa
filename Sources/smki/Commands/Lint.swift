// SPDX-License-Identifier: Apache-2.0

import DER
import FoundationEssentials
import Profiles
import SEC
import X509

extension Command {
  static let lint = Command(
    name: "lint", summary: "hold certificates and requests against their profiles",
    notes: """
      Each rule that is broken is a line with the clause that it comes from. With --authority the \
      rules on issuers and signatures are looked at too. Ends with 4 when there are findings, and \
      with 3 when a file cannot be opened.
      """,
    operands: [
      Operand(
        name: "FILE", summary: "a file in PEM, Base64 or DER; - is standard input",
        isOptional: true, isRepeated: true)
    ],
    options: [
      .value("--bulk", "DIR", "every .pem, .crt, .cer, .der and .csr below this folder"),
      .value("--authority", "FILE", "certificates of the authorities, PEM"),
      .value("--policy", "OID", "the policy identifier that certificates must have"),
    ], example: "smki lint --authority issuing.pem device.pem"
  ) { invocation in
    let paths = try invocation.operands + bulk(invocation.value("--bulk"))
    guard !paths.isEmpty else {
      throw UsageError("a file or --bulk is needed", invocation.command)
    }
    let lint = try linter(invocation)
    var reports: [LintReport] = []
    for (done, path) in paths.enumerated() {
      reports += LintReport.reports(on: path, by: lint)
      if paths.count > 100 { Terminal.progress("lint", done + 1, of: paths.count) }
    }
    try invocation.show(reports) { text(of: reports) }
    let unread = reports.filter(\.isUnread)
    guard unread.isEmpty else {
      let names = unread.map { $0.problem ?? $0.name }.joined(separator: "\nsmki: ")
      Terminal.complain("smki: \(names)")
      return .failed
    }
    return reports.allSatisfy(\.isClean) ? .done : .faults
  }

  private static func linter(_ invocation: Invocation) throws -> Lint {
    var authorities: [Certificate] = []
    if let path = invocation.value("--authority") {
      for case .certificate(let certificate) in try Examined.read(try Files.read(path)) {
        authorities.append(certificate)
      }
    }
    let policy = try invocation.value("--policy").map { text in
      guard let policy = ObjectIdentifier(text) else {
        throw UsageError("--policy: \(text) is no object identifier", invocation.command)
      }
      return Set([policy])
    }
    return Lint(authorities: authorities, policies: policy)
  }

  private static func bulk(_ folder: String?) throws -> [String] {
    guard let folder else { return [] }
    let endings = [".pem", ".crt", ".cer", ".der", ".csr"]
    return try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { path in endings.contains { path.hasSuffix($0) } }.sorted()
      .map { "\(folder)/\($0)" }
  }

  private static func text(of reports: [LintReport]) -> String {
    // What could not be opened is said on standard error.
    let broken = reports.filter { !$0.isClean && !$0.isUnread }
    let lines = broken.flatMap { report in
      [report.name + (report.problem.map { ": \($0)" } ?? "")]
        + report.findings.map {
          "  \($0.rule) [\($0.clause)] \($0.field): expected \($0.expected); found \($0.found)"
        }
    }
    let opened = reports.count { !$0.isUnread }
    return (lines + ["\(opened) looked at, \(broken.count) with findings"])
      .joined(separator: "\n")
  }
}

/// What the linter has to say of one certificate or request.
private struct LintReport: Encodable {
  /// One broken rule.
  struct Line: Encodable {
    let rule: String
    let clause: String
    let field: String
    let expected: String
    let found: String
  }

  /// The file, and the place in it where it holds several.
  let name: String
  /// Why it cannot be read, if it cannot.
  let problem: String?
  /// Whether the file could not even be opened.
  let isUnread: Bool
  let findings: [Line]

  var isClean: Bool { problem == nil && findings.isEmpty }

  static func reports(on path: String, by lint: Lint) -> [LintReport] {
    do {
      let examined = try Examined.read(try Files.read(path))
      return examined.enumerated().map { index, examined in
        let findings =
          switch examined {
          case .certificate(let certificate): lint.findings(certificate: certificate)
          case .request(let request): Lint.findings(request: request)
          }
        return LintReport(
          name: index == 0 ? path : "\(path), part \(index + 1)", problem: nil, isUnread: false,
          findings: findings.map {
            Line(
              rule: $0.rule, clause: $0.clause.id, field: $0.field, expected: $0.expected,
              found: $0.found)
          })
      }
    } catch let error as DERError {
      return [LintReport(path, "\(error.code.rawValue) at \(error.offset): \(error.detail)")]
    } catch let error as Failure.Message {
      return [LintReport(name: path, problem: error.text, isUnread: true, findings: [])]
    } catch {
      return [LintReport(path, "\(error)")]
    }
  }

  private init(name: String, problem: String?, isUnread: Bool, findings: [Line]) {
    self.name = name
    self.problem = problem
    self.isUnread = isUnread
    self.findings = findings
  }

  private init(_ path: String, _ problem: String) {
    self.init(name: path, problem: problem, isUnread: false, findings: [])
  }
}
