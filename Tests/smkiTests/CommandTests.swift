// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing

@Suite("Commands say what they take, what went wrong, and how they ended")
struct CommandTests {
  /// The names of all commands, from the list of all.
  private static func names() throws -> [String] {
    let all = try Program.run("help", "all").output
    return all.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .map { line in
        String(line.dropFirst(2).prefix { $0 != " " })
          + (line.dropFirst(2).split(separator: " ").dropFirst().first.map { " \($0)" } ?? "")
      }
  }

  /// A command's page: by its two words, or by its first alone.
  private static func page(_ name: String) throws -> String {
    let two = try Program.run(Program.path, ["help", name])
    if two.code == 0 { return two.output }
    return try Program.run(Program.path, ["help", String(name.prefix { $0 != " " })]).output
  }

  @Test("every command has a page with an example, and the example's options exist")
  func help() throws {
    let names = try Self.names()
    #expect(names.count > 30)
    for name in names {
      let page = try Self.page(name)
      #expect(Self.widest(page) <= 80, "\(name)")
      let example = try #require(page.components(separatedBy: "\nExample\n  ").last, "\(name)")
        .replacingOccurrences(of: " \\\n    ", with: " ").trimmingCharacters(in: .newlines)
      guard example.hasPrefix("smki ") else {
        #expect(example.contains("(smki "), "\(name)")
        continue
      }
      let line = example.prefix { $0 != "|" }.dropFirst("smki ".count)
      let asked = try Program.shell("'\(Program.path)' \(line) --help")
      #expect(asked.code == 0 && asked.output == page, "\(example): \(asked.errors)")
    }
  }

  private static func widest(_ text: String) -> Int {
    text.split(separator: "\n").map(\.count).max() ?? 0
  }

  @Test("help begins with where to begin, and every command stands in one group, within 80 columns")
  func groups() throws {
    let overview = try Program.run("help").output
    #expect(overview.split(separator: "\n").count < 50)
    #expect(Self.widest(overview) <= 80)
    let names = [
      "parties", "certificates", "batches", "repository", "revocation", "ceremonies", "pma",
      "estate",
    ]
    let pages = try names.map { name in
      #expect(overview.contains("\n  \(name) "))
      let page = try Program.run("help", name).output
      #expect(Self.widest(page) <= 80)
      return page
    }
    #expect(try Program.run("help", "all").output == pages.joined(separator: "\n"))
    for verb in ["party", "credential", "issue", "audit"] {
      #expect(try Program.run("help", verb).output.contains("\nExamples\n  smki \(verb) "))
    }
    let nonsense = try Program.run("help", "nonsense")
    #expect(nonsense.code == 2 && nonsense.errors.contains("groups are parties"))
    let completed = try Program.shell(
      "source <('\(Program.path)' completion bash); COMP_WORDS=(smki help rev); COMP_CWORD=2; "
        + "_smki; echo \"${COMPREPLY[*]}\"")
    #expect(completed.output == "revocation revoke\n")
  }

  @Test(
    "the end of a command is a number with a meaning",
    arguments: [
      ("version", 0, ""), ("nonsense", 2, "no command nonsense"), ("", 2, "a command is missing"),
      ("party", 2, ""), ("party dance", 2, "party entry-tests"), ("party help", 0, ""),
      ("party leave --party x", 2, "--evidence is missing"), ("find --serial", 2, "needs a value"),
      ("find --device 12", 2, "EUI-64"),
      ("find --usage XX", 2, "--usage"), ("find --limit 0 --device 5A4D4B490000FF01", 2, "--limit"),
      ("find --surname x", 2, "no option --surname"),
      ("show", 2, "FILE|SERIAL is missing"), ("version now", 2, "one word too many"),
      ("find --device 5A4D4B490000FF01 --device 5A4D4B490000FF01", 2, "stands twice"),
      ("device set --device 5A4D4B490000FF01 --type TV --status Pending", 2, "is one of"),
      ("party list --estate /nowhere", 5, "no estate in /nowhere"),
      ("verify --estate=/nowhere", 5, "no estate in /nowhere"),
      ("--estate /nowhere doctor", 4, ""), ("lint /nowhere", 3, "/nowhere: No such file"),
      ("lint Examples/device.cnf", 4, ""), ("show /nowhere", 3, "no file /nowhere"),
      ("show Examples", 3, "Is a directory"), ("show Examples/device.cnf", 4, "neither PEM"),
      ("show /dev/null", 4, "there is nothing in it"),
      ("clause L3.16", 0, ""), ("clause L99", 4, "no row L99"),
      ("completion fish", 2, "bash or zsh"),
      ("init", 2, "--test or --live"), ("init --test --live", 2, "--test or --live"),
      ("init --test --stock 100", 2, "from 1 to 99"), ("init --live --samples", 2, "no sample"),
      ("init --test --name a/b", 2, "letters, digits and hyphens"),
    ])
  func exitCodes(line: String, code: Int, says: String) throws {
    let outcome = try Program.run(
      Program.path, line.split(separator: " ").map(String.init), in: Program.package)
    #expect(Int(outcome.code) == code, "\(outcome.errors)")
    #expect(says.isEmpty || outcome.errors.contains(says), "\(outcome.errors)")
  }

  @Test("what cannot be opened is said once, and one of anything is no plural")
  func once() throws {
    let lint = try Program.run("lint", "/nowhere")
    #expect((lint.output + lint.errors).components(separatedBy: "No such file").count == 2)
    #expect(lint.output.contains("0 looked at"))
  }

  @Test("the register of rules is found beside the program and knows stems")
  func clause() throws {
    let one = try Program.run("clause", "L3.16").output
    for part in ["gist", "Eligible Subscriber", "Registration/EligibleSubscriber.swift"] {
      #expect(one.contains(part))
    }
    let stem = try Program.run("clause", "C3-80", "--json").output
    let rows = try JSONSerialization.jsonObject(with: Data(stem.utf8)) as? [[String: Any]]
    #expect((rows?.count ?? 0) > 2)
  }

  @Test("eligibility is printed from the table that decides", .clause("L3.16"))
  func eligibility() throws {
    let text = try Program.run("eligibility", "--role", "gas-supplier", "--json").output
    let rows = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    let statuses = rows.reduce(into: [String: Int]()) { statuses, row in
      statuses[row["type"] as? String ?? ""] = (row["statuses"] as? [String])?.count
    }
    #expect(
      statuses == ["ESME": 7, "GSME": 9, "CHF": 0, "GPF": 0, "PPMID": 9, "HCALCS": 9])
  }

  @Test("the completions are scripts that their shells take")
  func completion() throws {
    let bash = try Program.shell(
      """
      source <('\(Program.path)' completion bash)
      complete_words() { COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _smki
        echo "${COMPREPLY[*]}"; }
      complete_words smki par
      complete_words smki party sus
      complete_words smki party user-entry --ro
      complete_words smki party user-entry --role gas
      complete_words smki find --de
      """)
    #expect(
      bash.output == "party\nsuspend\n--role\ngas-supplier gas-transporter\n--device\n",
      "\(bash.errors)")
    let zsh = try Program.run("completion", "zsh").output
    #expect(zsh.hasPrefix("#compdef smki\n"))
    if FileManager.default.fileExists(atPath: "/usr/bin/zsh") {
      #expect(try Program.run("/usr/bin/zsh", ["-n"], input: zsh).failure == nil)
    }
  }

  @Test("the manual page in docs is the one that the program prints, and renders without complaint")
  func manual() throws {
    let page = try Program.run("man").output
    let kept = try String(contentsOfFile: "\(Program.package)/docs/smki.1", encoding: .utf8)
    #expect(page == kept, "write it again: smki man > docs/smki.1")
    for code in 0...5 { #expect(page.contains(".B \(code)\n")) }
    guard FileManager.default.fileExists(atPath: "/usr/bin/groff") else { return }
    let rendered = try Program.run(
      "/usr/bin/groff", ["-man", "-Tutf8", "-ww", "-b"], input: page)
    #expect(rendered.code == 0)
    #expect(rendered.errors.isEmpty, "\(rendered.errors)")
  }

  @Test("a request signed by another algorithm is said to be that, and not to be unsigned")
  func otherAlgorithm() throws {
    let linted = try Program.shell(
      """
      d=$(mktemp -d) && trap 'rm -rf "$d"' EXIT
      for digest in sha384 sha256; do
        EUI64=5A4D4B490000FF01 openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
          -$digest -nodes -config Examples/device.cnf -subj / -keyout $d/key -out $d/$digest.csr
      done
      '\(Program.path)' lint $d/sha256.csr && ! '\(Program.path)' lint $d/sha384.csr
      """, in: Program.package)
    #expect(linted.code == 0, "\(linted.errors)")
    #expect(linted.output.contains("signature-algorithm"))
    #expect(!linted.output.contains("possession-not-proven"))
  }
}
