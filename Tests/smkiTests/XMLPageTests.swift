// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing

@Suite("The page on the XML interfaces is what a node does", .serialized)
struct XMLPageTests {
  /// Elements whose text is another in each estate.
  static let changing = [
    "TransactionId", "Certificate", "AuditReference", "CertificateSerial", "CertificateBody",
  ]

  /// The text without line ends around elements and without what is another in each estate.
  private static func comparable(_ text: String) throws -> String {
    var text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    // Serial numbers in what is told of an error.
    text = text.replacing(#/4[0-9A-F]{31}/#, with: "…")
    for name in changing {
      text = text.replacing(
        try Regex("<\(name)>[0-9A-Za-z+/=-]+</\(name)>"), with: "<\(name)>…</\(name)>")
    }
    return text
  }

  @Test(
    "each command of the page gets the answer that lies in Examples",
    .clause(
      "M8-AppA-elements", "M8-AppB-http", "M8-2.4-status", "K-search", "K-retrieve",
      "K-status-codes", "K-test-api-key",
      "M8-AppC-submit", "M8-AppE-result", "M8-AppC-limits", "M8-2.5-batch-own", "L8.2",
      "M8-2.5-batch-count", "M8-2.5-batch-item-status", "M8-2.5-batch-file",
      "M8-AppF-batch-report", "M8-AppD-ineligible"))
  func replay() throws {
    let estate = try OwnEstate()
    try estate.serve()
    let page = try String(
      contentsOfFile: "\(Program.package)/docs/xml-interfaces.md", encoding: .utf8)
    let blocks = page.matches(of: #/(?s)```sh ?([a-z.-]*)\n(.*?)```/#)
    #expect(blocks.count == 23)
    for block in blocks {
      var line = String(block.2)
      for (usual, own) in zip(["8443", "8444", "8083"], estate.ports) {
        line = line.replacing(":\(usual)/", with: ":\(own)/")
      }
      line = line.replacing(".build/release/smki", with: Program.path)
      let outcome = try Program.shell(line, in: estate.place)
      #expect(outcome.code == 0, "\(line): \(outcome.errors)")
      guard !block.1.isEmpty else { continue }
      let kept = try String(
        contentsOfFile: "\(Program.package)/Examples/xml/\(block.1)", encoding: .utf8)
      #expect(try Self.comparable(outcome.output) == Self.comparable(kept), "\(block.1)")
    }
    let files = try FileManager.default.contentsOfDirectory(
      atPath: "\(Program.package)/Examples/xml")
    for file in files { #expect(page.contains("Examples/xml/\(file)"), "\(file) is not shown") }
  }

  @Test("the page names each status and the letters of its codes", .clause("M8-2.4-status"))
  func statuses() throws {
    let page = try String(
      contentsOfFile: "\(Program.package)/docs/xml-interfaces.md", encoding: .utf8)
    for (status, letters) in [
      ("FORMAT_ERROR", "FM"), ("CSR_ERROR", "CR"), ("UNKNOWN_DEVICE", "UD"),
      ("ISSUANCE_ANOMALY", "CA"), ("WORKFLOW_ERROR", "WF"), ("CA_ERROR", "CA"),
    ] {
      #expect(page.contains("| `\(status)` | `\(letters)` |"))
    }
  }

  /// What a node cannot be asked for here, the tests of the service compare with its file.
  @Test(
    "each status and each code of the sources has its example",
    .clause("M8-2.4-status", "M8-2.5-batch-item-status", "M8-AppD-ineligible"))
  func examples() throws {
    let folder = "\(Program.package)/Examples/xml"
    var adHoc = ""
    var batch = ""
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasSuffix("answer.xml") {
      let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      if name.hasPrefix("ad-hoc") { adHoc += text } else { batch += text }
    }
    for status in [
      "SUCCESS", "UNKNOWN_DEVICE", "ISSUANCE_ANOMALY", "CSR_ERROR", "CA_ERROR", "FORMAT_ERROR",
      "WORKFLOW_ERROR",
    ] { #expect(adHoc.contains("<Status>\(status)<"), "\(status)") }
    for status in ["PENDING", "COMPLETED", "FORMAT_ERROR", "WORKFLOW_ERROR"] {
      #expect(batch.contains("<BatchStatus>\(status)<"), "\(status)")
    }
    for status in ["SUCCESS", "INELIGIBLE", "CSR_ERROR"] {
      #expect(batch.contains("<Status>\(status)<"), "\(status)")
    }
    for code in ["FM:AA1", "FM:AA2", "FM:AA3", "WF:BB1", "WF:BB2", "CR:CC1", "IN:L316"] {
      #expect(batch.contains("<ErrorCode>\(code)<"), "\(code)")
    }
    #expect(adHoc.contains("<ErrorCode>CR:9999<"))
  }
}
