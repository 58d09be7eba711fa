// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Foundation
import HTTP
import SEC
import Service
import TestProcess
import Testing

/// The browser that a machine has, for looking at pages without a screen.
struct Browser {
  /// Its path; nil where there is none.
  static let path = ["chromium", "chromium-browser", "google-chrome"].lazy
    .flatMap { name in ["/usr/bin/", "/usr/local/bin/", "/snap/bin/"].map { $0 + name } }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// CI must have one: there the suite runs without it and fails.
  static var isWanted: Bool {
    path != nil || ProcessInfo.processInfo.environment["CI"] == "true"
  }

  /// What it wrote while it looked at an address.
  static func look(_ url: String, _ arguments: [String]) throws -> (out: String, log: String) {
    let browser = try #require(path, "chromium is missing: Scripts/setup --tests")
    let folder = NSTemporaryDirectory() + "smki-browser-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let files = ["out", "log"].map { URL(filePath: "\(folder)/\($0)") }
    for file in files { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(filePath: browser)
    process.arguments =
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
        "--disable-background-networking", "--enable-logging=stderr", "--log-level=0",
        "--user-data-dir=\(folder)/profile", "--virtual-time-budget=2000",
      ] + arguments + [url]
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitForEnd()
    try #require(process.terminationStatus == 0)
    let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
    return (texts[0], texts[1])
  }
}

@Suite(
  "A browser shows the start page without complaint",
  .enabled(if: Browser.isWanted, "chromium is not installed: Scripts/setup --tests"), .serialized)
struct BrowserTests {
  @Test("every part of the page is there and the console is silent", .clause("L5.2"))
  func isSilent() throws {
    let serving = try ServingSetting.shared.get()
    let (page, log) = try Browser.look(
      serving.estate.url(.repositoryPlain, "/"), ["--dump-dom"])
    for part in ["TEST", "SOFTWARE KEYS", "Doors Test", "TD01", "How to begin", "</html>"] {
      #expect(page.contains(part), "\(part)")
    }
    let complaints = log.split(separator: "\n").filter { $0.contains("CONSOLE") }
    #expect(complaints == [])
  }

  @Test("on a telephone of 400 pixels nothing has to be pushed sideways", .clause("L5.2"))
  func fitsTelephone() throws {
    let estate = try ServingSetting.shared.get().estate
    func get(_ path: String) throws -> String {
      try String(decoding: estate.send("GET", path, at: .repository).body, as: UTF8.self)
    }
    let page = try get("/").replacingOccurrences(
      of: "<link rel=\"stylesheet\" href=\"/style.css\">",
      with: "<style>\(get("/style.css"))</style>")
    #expect(page.contains("<style>") && page.contains("data-heading"))
    let escaped = page.replacingOccurrences(of: "&", with: "&amp;")
      .replacingOccurrences(of: "\"", with: "&quot;")
    let frame = """
      <iframe id="f" style="width:400px;height:900px;border:0" srcdoc="\(escaped)"></iframe>
      <script>
      f.onload = () => { document.title = "is " + f.contentDocument.body.scrollWidth }
      </script>
      """
    let path = NSTemporaryDirectory() + "smki-frame-\(UUID().uuidString).html"
    try Data(frame.utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let shown = try Browser.look("file://\(path)", ["--dump-dom"]).out
    let title = try #require(shown.firstMatch(of: /<title>is ([0-9]+)/)?.1)
    #expect(try #require(Int(title)) <= 400)
  }

  @Test(
    "it can be looked at on a desk, on a telephone and in the dark", .clause("L5.2"),
    arguments: [
      ("desk", "1280,1500", []), ("telephone", "390,2900", []),
      ("dark", "1280,1500", ["--force-dark-mode", "--enable-features=WebContentsForceDark:none"]),
    ])
  func hasPicture(name: String, size: String, options: [String]) throws {
    let serving = try ServingSetting.shared.get()
    // Whoever wants to look names a folder for the pictures.
    let kept = ProcessInfo.processInfo.environment["SMKI_SCREENSHOTS"]
    let folder = kept ?? NSTemporaryDirectory()
    let path = "\(folder)/smki-\(name)-\(UUID().uuidString.prefix(8)).png"
    defer { if kept == nil { try? FileManager.default.removeItem(atPath: path) } }
    _ = try Browser.look(
      serving.estate.url(.repositoryPlain, "/"),
      ["--screenshot=\(path)", "--window-size=\(size)"] + options)
    let picture = try Data(contentsOf: URL(filePath: path))
    #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    // A page of nothing is a few kilobytes.
    #expect(picture.count > 30_000)
  }
}
