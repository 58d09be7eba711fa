// SPDX-License-Identifier: Apache-2.0

import Audit
import FoundationEssentials
import Glibc
import HTTP
import Keys
import Service

extension Command {
  private static let folder = Option.required("--folder", "DIR", "the folder of the witness")

  static let witnessInit = Command(
    name: "witness init", summary: "make the key of a witness, who cosigns checkpoints of audits",
    notes: """
      A witness is run by somebody else than the DCC, such as an assessor. The key is sealed by a \
      passphrase in the folder; keep the folder to its owner. What is printed is given to the DCC.
      """,
    options: [folder, .required("--name", "NAME", "what it calls itself, such as pma.example/w1")],
    example: "smki witness init --folder witness --name pma.example/w1"
  ) { invocation in
    let (folder, name) = (try invocation.required("--folder"), try invocation.required("--name"))
    try Files.makeFolder(folder)
    let passphrase = Random.bytes(24)
    try Files.writeNew("\(folder)/passphrase", Array(hex(passphrase).utf8), secret: true)
    let store = try KeyStore.create(
      at: "\(folder)/keys", estate: name,
      passphrase: Secret(copying: Array(hex(passphrase).utf8)))
    let key = try store.generate(label: "witness", kind: .ed25519)
    let line = try NoteKey(name, key.publicKey, kind: .cosignature).description
    try Files.writeNew("\(folder)/name", name + "\n")
    try Files.writeNew("\(folder)/witness.key", line + "\n")
    try invocation.show(["key": line]) { line }
    return .done
  }

  private static func hex(_ octets: [UInt8]) -> String {
    octets.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  static let witnessServe = Command(
    name: "witness serve", summary: "cosign checkpoints of audits that only grow",
    notes: """
      Speaks C2SP tlog-witness over HTTP: put a server with TLS before it where others can \
      listen. A checkpoint that does not continue the last one of its log is refused for good.
      """,
    options: [
      folder,
      .required("--logs", "FILE", "the keys of the logs, one a line, as audit.vkey has them"),
      .value("--address", "ADDRESS", "numeric address, 127.0.0.1 by default"),
      .value("--port", "PORT", "9010 by default; 0 lets the system choose"),
    ], example: "smki witness serve --folder witness --logs audit.vkey --port 9010"
  ) { invocation in
    let signals = Signals([SIGTERM, SIGINT])
    let folder = try invocation.required("--folder")
    func line(_ name: String) throws -> String {
      String(decoding: try Files.read("\(folder)/\(name)"), as: UTF8.self)
        .filter { !$0.isNewline }
    }
    let name = try line("name")
    let store = try KeyStore.open(
      at: "\(folder)/keys", estate: name,
      passphrase: Secret(copying: Array(line("passphrase").utf8)))
    let witness = try Witness(
      name: name, key: store.key(label: "witness"),
      logs: AuditKey.readAll(invocation.required("--logs")), folder: "\(folder)/seen",
      clock: SystemClock.now)
    let port = try invocation.number("--port", in: 0...65_535) ?? 9010
    let server = Server(
      Server.Configuration(
        .tcp(invocation.value("--address") ?? "127.0.0.1", port: UInt16(port))),
      routes: [witness.route])
    try server.start()
    let opened = server.port
    try invocation.show(["port": "\(opened)"]) { "listening at port \(opened)" }
    _ = signals.wait()
    server.stop(within: 4)
    return .done
  }
}
