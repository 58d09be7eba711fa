// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import HTTP
import SEC
import Service
import TestProcess
import Testing

@Suite("The interfaces say by which documents they are built")
struct InterfaceTests {
  /// A number in decimal digits, by another program's arithmetic.
  static func decimal(_ octets: [UInt8]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    let digits = octets.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    process.arguments = ["-c", "print(int('\(digits)', 16))"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitForEnd()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
  }

  @Test(
    "the Repository states its documents, their versions, and which has each of its paths",
    .clause("L6.1", "L6.3"))
  func statement() throws {
    let estate = try RepositorySetting.shared.get().estate
    let response = try estate.send("GET", "/services/interface", at: .repository)
    #expect(response.status == 200)
    let said = try JSONDecoder().decode(InterfaceStatement.self, from: Data(response.body))
    #expect(said.interface == "SMKI Repository Interface")
    #expect(said.estate == estate.node.estate.name && said.kind == "test")
    #expect(said.documents.map(\.appendix) == ["O", "P"])
    #expect(said.documents.map(\.clause) == ["L6.4(a)", "L6.5(a)"])
    #expect(said.documents.last?.version == "3.0")
    let routes = Routes.all(adHocPath: "/adhoc").filter { $0.doors.contains(.repository) }
    #expect(
      Set(said.paths.map { "\($0.method) \($0.path)" })
        == Set(routes.map { "\($0.method) \($0.path)" }))
    // Each path that a document has answers at this port, and only at this one (L6.3).
    for path in said.paths where path.document != nil {
      let request = Request(
        method: path.method, path: path.path, query: [], headers: Headers([]), body: [],
        peer: Peer(address: "memory", certificates: []))
      #expect(estate.node.doors.answer(request, at: .repository) != nil, "\(path.path)")
      #expect(estate.node.doors.answer(request, at: .service) == nil, "\(path.path)")
    }
    #expect(
      Dictionary(
        said.paths.compactMap { path in path.document.map { (path.path, $0) } },
        uniquingKeysWith: { $1 }) == [
          "/services/certificatesearch": "O", "/services/retrievecertificate": "O",
          "/services/bulk": "O", "/services/bulk/*": "O", "/services/documents": "O",
          "/services/document": "O", "/services/password": "P",
        ])
  }

  @Test("another version is served when the configuration says so", .clause("L6.1"))
  func versions() throws {
    let estate = try RepositorySetting.shared.get().estate
    var configuration = estate.node.configuration
    configuration.interfaceVersions = ["P": "4.1"]
    let said = InterfaceStatement(of: .repository, in: estate.node.estate, configuration)
    #expect(said.documents.map(\.version).last == "4.1")
    let service = InterfaceStatement(of: .service, in: estate.node.estate, configuration)
    #expect(service.documents.map { "\($0.appendix) \($0.version)" } == ["M 8.0", "N 4.0"])
    #expect(service.paths.allSatisfy { $0.document == "M" })
    configuration.interfaceVersions = ["Z": "1"]
    #expect(!configuration.hasKnownInterfaces)
    configuration.interfaceVersions = ["O": " "]
    #expect(!configuration.hasKnownInterfaces)
  }
}
