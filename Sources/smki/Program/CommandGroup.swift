// SPDX-License-Identifier: Apache-2.0

/// Commands that belong together for a person, in the order of help and of the manual.
///
/// A command belongs to the group that has its first word; one that no group has belongs to the
/// last. `begin` repeats the few with which a newcomer begins.
struct CommandGroup: Sendable {
  /// What is typed behind `smki help`; no command is called so.
  let name: String
  let title: String
  /// First words of commands.
  let words: [String]

  static let all = [
    CommandGroup(
      name: "parties", title: "Parties and credentials",
      words: [
        "form", "application", "agreement", "party", "person", "desk", "officer", "credential",
        "apikey", "account", "notices", "dccki",
      ]),
    CommandGroup(
      name: "certificates", title: "Certificates and devices",
      words: ["issue", "show", "lint", "eligibility", "organisation", "device", "model"]),
    CommandGroup(
      name: "batches", title: "Batches, and a party's own side of them",
      words: ["batch", "capacity", "usage", "client"]),
    CommandGroup(
      name: "repository", title: "Repository",
      words: ["find", "interface", "document", "bulk", "mirror", "witness"]),
    CommandGroup(name: "revocation", title: "Revocation and lists", words: ["revoke", "crl"]),
    CommandGroup(
      name: "ceremonies", title: "Authorities and ceremonies",
      words: ["ceremony", "custodian", "authorities", "authority", "pki", "policy", "module"]),
    CommandGroup(name: "pma", title: "Policy Management Authority", words: ["pma"]),
    CommandGroup(
      name: "estate", title: "Estate and operations",
      words: [
        "init", "serve", "doctor", "verify", "audit", "node", "backup", "restore", "export",
        "import", "availability", "maintenance", "duties", "clause", "bench", "version",
        "completion", "man",
      ]),
  ]

  /// Where a newcomer begins: names of commands of other groups.
  static let beginning = [
    "init", "serve", "doctor", "party list", "credential issue", "issue device", "find", "show",
    "audit prove", "verify", "clause",
  ]

  /// Its commands in their order.
  var commands: [Command] {
    Program.commands.filter { Self.of($0).name == name }
  }

  /// The group of a command.
  static func of(_ command: Command) -> CommandGroup {
    let word = command.name.split(separator: " ").first.map(String.init) ?? ""
    return all.first { $0.words.contains(word) } ?? all[all.count - 1]
  }
}
