// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Glibc
import Testing

@Suite("Officers who are other users reach the node by their group", .serialized)
struct OfficersTests {
  /// A group that every Debian has, and its number.
  static let group = (name: "games", number: 60)

  /// An estate whose second socket is open to a group, with an officer and an operator beside the
  /// one that runs the node.
  private static func estate(_ group: String) throws -> OwnEstate {
    let estate = try OwnEstate()
    let path = "\(estate.folder)/estate.json"
    let data = try Data(contentsOf: URL(filePath: path))
    var configuration = try #require(
      JSONSerialization.jsonObject(with: data) as? [String: Any])
    var officers = try #require(configuration["officers"] as? [[String: Any]])
    officers.append(["user": 4101, "name": "Ada", "roles": ["registration-officer"]])
    officers.append(["user": 4102, "name": "Ben", "roles": ["operator"]])
    configuration["officers"] = officers
    configuration["officersSocket"] = [
      "path": "\(estate.place)/officers/control.sock", "group": group,
    ]
    try JSONSerialization.data(withJSONObject: configuration).write(to: URL(filePath: path))
    let made = try Program.shell(
      "mkdir -m 0750 officers && chgrp '\(group)' officers", in: estate.place)
    try #require(made.code == 0, "\(made.errors)")
    return estate
  }

  @Test("a command goes to the socket that it names, without the folder", .clause("ENG-control"))
  func namedSocket() throws {
    let own = try Program.shell("id -gn").output.trimmingCharacters(in: .newlines)
    let estate = try Self.estate(own)
    try estate.serve()
    let mode = try Program.shell(
      "stat -c '%a %G' officers/control.sock var/control.sock", in: estate.place)
    #expect(mode.output == "660 \(own)\n600 \(own)\n")
    let socket = "\(estate.place)/officers/control.sock"
    let words = ["party", "suspend", "--party", "example-gas", "--evidence", "P"]
    let done = try Program.run(
      Program.path, words + ["--estate", "/nowhere", "--control", socket], in: estate.place)
    #expect(done.code == 0, "\(done.errors)")
    let again = try Program.shell(
      "SMKI_CONTROL='\(socket)' '\(Program.path)' party reinstate --party example-gas --evidence P",
      in: estate.place)
    #expect(again.code == 0, "\(again.errors)")
    _ = try estate.stop(SIGTERM)
    let gone = try Program.run(
      Program.path, words + ["--estate", "var", "--control", socket], in: estate.place)
    #expect(gone.code == 5)
  }

  @Test(
    "each user is the officer of that number, in that officer's roles, and others are nobody",
    .clause("ENG-control"), .enabled(if: getuid() == 0, "other users need root"))
  func otherUsers() throws {
    let estate = try Self.estate(Self.group.name)
    try estate.serve()
    for (user, group, path, body, says) in [
      (
        4101, Self.group.number, "party-suspend",
        #"{"party":"example-gas","clause":"L2.15","evidence":"P"}"#, "\"officer\":\"Ada\""
      ),
      (
        4102, Self.group.number, "party-suspend",
        #"{"party":"example-meters","clause":"L2.15","evidence":"P"}"#, "role-missing"
      ),
      (4102, Self.group.number, "backup-note", #"{"place":"/mnt"}"#, "\"officer\":\"Ben\""),
      (
        4103, Self.group.number, "party-reinstate", #"{"party":"example-gas","evidence":"P"}"#,
        "no-officer"
      ),
      (
        4101, 4101, "party-reinstate", #"{"party":"example-gas","evidence":"P"}"#,
        "Permission denied"
      ),
    ] {
      let asked = try Program.shell(
        """
        setpriv --reuid=\(user) --regid=\(user) --groups=\(group) curl -sS -v \
        --unix-socket officers/control.sock -d '\(body)' http://x/control/\(path) 2>&1 || true
        """, in: estate.place)
      let isThere =
        asked.output.contains(says)
        || (says == "Permission denied" && asked.output.contains("ermission"))
      #expect(isThere, "\(user) \(path): \(asked.output)")
    }
    let own = try Program.shell(
      "setpriv --reuid=4101 --regid=4101 --groups=\(Self.group.number) ls var 2>&1 || true",
      in: estate.place)
    #expect(own.output.contains("Permission denied"))
    let entries = try estate.run("audit", "entries", "--last", "20").output
    #expect(entries.contains("Ada") && entries.contains("Ben"))
    usleep(200_000)
    let refused = try estate.run("audit", "access", "--refused", "--last", "5").output
    #expect(refused.contains("no-officer"))
    #expect(refused.contains("user number 4103"))
  }

  @Test("a group that the machine does not know is named", .clause("ENG-control"))
  func unknownGroup() throws {
    let estate = try OwnEstate()
    let edited = try Program.shell(
      #"sed -i 's#^{#{"officersSocket":{"path":"x.sock","group":"nobodies"},#' var/estate.json"#,
      in: estate.place)
    try #require(edited.code == 0)
    let refused = try Program.run(
      Program.path,
      [
        "serve", "--estate", "var", "--service-port", "\(estate.ports[0])",
        "--repository-port", "\(estate.ports[1])", "--plain-port", "\(estate.ports[2])",
        "--monitoring-port", "\(estate.ports[3])",
      ], in: estate.place)
    #expect(refused.code == 3)
    #expect(refused.errors.contains("no group nobodies"), "\(refused.errors)")
  }
}
