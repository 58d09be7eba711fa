// SPDX-License-Identifier: Apache-2.0

import Duties
import Foundation
import Governance
import SEC
import Service

extension Command {
  static let pmaReport = Command(
    name: "pma report", summary: "write a document of the PMA, as a page that prints well",
    notes: "The page is made from the records alone: made again for the same day it is the same. "
      + "--pdf prints it by Chromium (Debian package chromium); the page is the record.",
    options: [
      .required(
        "--kind", "KIND", "what it tells", words: PMAReport.Kind.allCases.map(\.rawValue)),
      .value("--number", "NUMBER", "the meeting, election, vote, matter or proposal"),
      .value("--to", "RECIPIENT", "whom a letter is for"),
      .value("--on", "DAY", "as it stands on a day, YYYY-MM-DD; today by default"),
      .value("--output", "FILE", "where it goes; standard output by default"),
      .value("--pdf", "FILE", "print it there too"),
    ],
    example: "smki pma report --kind minutes --number 2031-04 --output minutes.html"
  ) { invocation in
    let opening = try Opening(invocation)
    let kind = try PMAReport.Kind(rawValue: invocation.required("--kind"))
    guard let kind else { throw UsageError("--kind is no kind", invocation.command) }
    let report = PMAReport(
      records: opening.records, configuration: opening.configuration, estate: opening.estate.name)
    let page = try report.make(
      kind, number: invocation.value("--number") ?? "", recipient: invocation.value("--to") ?? "",
      on: invocation.day("--on"))
    if let path = invocation.value("--output") {
      try Data(page.utf8).write(to: URL(filePath: path))
    } else if invocation.value("--pdf") == nil {
      Terminal.print(page)
    }
    if let path = invocation.value("--pdf") { try Printing.pdf(of: page, to: path) }
    return .done
  }
}

/// Pages printed by a browser without a screen.
enum Printing {
  /// The names under which Debian and others have it.
  private static let names = ["chromium", "chromium-browser", "google-chrome"]

  /// Prints a page into a file.
  ///
  /// - Throws: `Failure.Message` when no browser is there, or it does not print.
  static func pdf(of page: String, to path: String) throws {
    let folders = ["/usr/bin/", "/usr/local/bin/", "/snap/bin/"]
    let browser = names.lazy.flatMap { name in folders.map { $0 + name } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let browser else {
      throw Failure.Message(
        .unavailable, "no browser prints the page", remedy: "Install the package chromium.")
    }
    let folder = URL(filePath: NSTemporaryDirectory())
      .appending(path: "smki-print-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = folder.appending(path: "page.html")
    try Data(page.utf8).write(to: source)
    let printed = folder.appending(path: "page.pdf")
    let process = Process()
    process.executableURL = URL(filePath: browser)
    // The page is our own and has no script; without its own sandbox it runs for root as well.
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
      "--disable-background-networking", "--no-pdf-header-footer",
      "--user-data-dir=\(folder.path)/profile", "--print-to-pdf=\(printed.path)",
      source.absoluteString,
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard let octets = try? Data(contentsOf: printed), process.terminationStatus == 0 else {
      throw Failure.Message(.failed, "\(browser) did not print the page")
    }
    try octets.write(to: URL(filePath: path))
  }
}
