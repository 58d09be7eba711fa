// SPDX-License-Identifier: Apache-2.0

import DER
import FoundationEssentials
import Glibc
import HTTP
import Keys
import Profiles
import Registration
import SEC
import Service
import X509

extension Command {
  static let doctor = Command(
    name: "doctor", summary: "look for what keeps an estate from serving, and say what to do",
    notes: """
      With --client it says why a system's certificate is or is not taken by the service \
      interface. Ends with 4 when something is wrong; warnings do not count, nor do notes, which \
      say what is so in a test estate and may not be in a live one.
      """,
    options: [
      .value("--client", "FILE", "the certificate of a system, PEM"),
      .value("--client-key", "FILE", "and its private key, PEM"),
    ], example: "smki doctor --client portal-device.pem --client-key portal-device.key"
  ) { invocation in
    var examination = Examination(invocation: invocation)
    try examination.run()
    let findings = examination.findings
    try invocation.show(findings) {
      findings.map { finding in
        "\(finding.verdict.rawValue.padded(to: 7))  \(finding.subject): \(finding.detail)"
          + (finding.remedy.isEmpty ? "" : "\n         \(finding.remedy)")
      }.joined(separator: "\n")
    }
    return findings.contains { $0.verdict == .wrong } ? .faults : .done
  }
}

/// One look at an estate, from the folder to the clock.
struct Examination {
  /// How bad it is.
  enum Verdict: String, Encodable {
    case fine = "ok"
    /// How it is in a test estate, and may not be in a live one.
    case note
    case warning
    case wrong
  }

  /// What was looked at, what was found, and what to do.
  struct Finding: Encodable {
    let verdict: Verdict
    let subject: String
    let detail: String
    let remedy: String
  }

  /// Days before the end of the server's certificate from which on it is a warning [assumed].
  static let certificateWarningDays: Int64 = 30

  let invocation: Invocation
  private(set) var findings: [Finding] = []
  private var isTest = false

  init(invocation: Invocation) {
    self.invocation = invocation
  }

  mutating func run() throws {
    let folder = invocation.folder
    guard FileManager.default.fileExists(atPath: "\(folder.path)/estate.json") else {
      let message = Failure.noEstate(folder.path)
      return add(.wrong, "folder", message.text, message.remedy)
    }
    add(.fine, "folder", folder.path)
    do {
      let opening = try Opening(invocation)
      isTest = opening.estate.kind == .test
      add(
        .fine, "estate", "\(opening.estate.kind.rawValue) estate \(opening.estate.name)")
      try keys(opening)
      try lists(opening)
      officers(opening.configuration)
      standby(opening)
      let (doors, node) = Channel.doors(
        of: invocation.folder, opening.configuration.doors)
      ports(doors, node)
      if node != nil { signers(doors) }
      serverCertificate(isLive: opening.estate.kind == .live)
      roots(isLive: opening.estate.kind == .live)
      if let client = invocation.value("--client") {
        try self.client(client, opening, node == nil ? nil : doors)
      }
    } catch let error as Failure.Message {
      add(.wrong, "records", error.text, error.remedy)
    } catch {
      add(.wrong, "records", "\(error)")
    }
    permissions()
    if KernelClock.isSynchronised {
      add(.fine, "clock", "synchronised")
    } else {
      add(
        isTest ? .note : .warning, "clock", "the kernel's clock is not synchronised",
        "A live estate does not serve so; start chrony or another time service.")
    }
  }

  mutating func add(
    _ verdict: Verdict, _ subject: String, _ detail: String, _ remedy: String = ""
  ) {
    findings.append(
      Finding(verdict: verdict, subject: subject, detail: detail, remedy: remedy))
  }

  private mutating func officers(_ configuration: Configuration) {
    let own = configuration.officers.first { $0.user == getuid() }
    if let own {
      add(.fine, "officer", "\(own.name): \(own.roles.joined(separator: ", "))")
    } else {
      add(
        .warning, "officer", "this user, number \(getuid()), is no officer",
        "Commands that write are refused; an operator adds the user in estate.json.")
    }
  }

  /// What lies in the folder and who else may look at it.
  private mutating func permissions() {
    let folder = invocation.folder
    for path in [folder.path, folder.keys, folder.offline, folder.passphrase, folder.serverKey] {
      var status = stat()
      guard unsafe stat(path, &status) == 0 else { continue }
      if status.st_mode & 0o077 != 0 {
        add(.wrong, "permissions", "others may use \(path)", "chmod go= \(path)")
      }
    }
  }

  private mutating func roots(isLive: Bool) {
    let folder = invocation.folder
    guard FileManager.default.fileExists(atPath: folder.offline) else { return }
    add(
      isLive ? .warning : .note, "roots", "the keys of the roots lie in \(folder.offline)",
      "A serving node never opens them; keep them elsewhere in earnest.")
  }

  /// Whether this estate's node serves, and where; if not, whether its ports are free.
  private mutating func ports(_ doors: Configuration.Doors, _ node: OpenDoors?) {
    if let node { add(.fine, "node", "serving as process \(node.process)") }
    let all: [(UInt16?, String)] = [
      (doors.service, "--service-port"), (doors.repository, "--repository-port"),
      (doors.repositoryPlain, "--plain-port"), (doors.monitoring, "--monitoring-port"),
    ]
    for (port, flag) in all {
      guard let port else { continue }
      let isTaken = LocalSocket.accepts(port: port)
      if node != nil {
        add(
          isTaken ? .fine : .warning, "port \(port)",
          isTaken ? "the node listens there" : "the node says so, and nobody answers there")
      } else if isTaken {
        add(
          .wrong, "port \(port)", "another process listens there",
          "Choose another with \(flag), or in estate.json.")
      } else {
        add(.fine, "port \(port)", "free")
      }
    }
  }

  private mutating func serverCertificate(isLive: Bool) {
    let path = invocation.folder.serverCertificate
    let subject = "server certificate"
    guard let bytes = try? Files.read(path), let first = try? Examined.read(bytes).first,
      case .certificate(let certificate) = first
    else {
      return add(
        .wrong, subject, "\(path) is missing or cannot be read",
        isLive
          ? "Install the certificate of a public authority and its key in tls/." : "")
    }
    if let problem = keyProblem() {
      add(
        .wrong, "server key", problem,
        "Put the certificate and the key that belong together into tls/.")
    }
    let days = (certificate.tbs.notAfter.seconds - SystemClock.now().seconds) / 86_400
    let detail = "valid until \(certificate.tbs.notAfter.rfc3339), \(days) days"
    switch days {
    case ..<0: add(.wrong, subject, detail, "Replace it and send the node SIGHUP.")
    case ..<Self.certificateWarningDays: add(.warning, subject, detail, "Replace it in time.")
    default: add(.fine, subject, detail)
    }
  }

  /// Why a server cannot use its certificate and key, or nil when it can.
  private func keyProblem() -> String? {
    let folder = invocation.folder
    let tls = Server.Configuration.TLS(
      certificatePath: folder.serverCertificate, keyPath: folder.serverKey)
    do {
      try Server(.init(.tcp("127.0.0.1", port: 0), tls: tls), routes: []).reloadTLS()
      return nil
    } catch {
      return (error as? HTTPError)?.detail ?? "\(error)"
    }
  }

  /// Why the service interface takes a client's certificate, or does not.
  ///
  /// `doors` are those of the node that serves; nil when none does.
  private mutating func client(
    _ path: String, _ opening: Opening, _ doors: Configuration.Doors?
  ) throws {
    guard let first = try Examined.read(Files.read(path)).first,
      case .certificate(let certificate) = first
    else { return add(.wrong, "client", "\(path) holds no certificate") }
    do {
      let system = try opening.registration.admit(
        certificate: certificate.encoded, at: SystemClock.now())
      let credential = system.credential
      add(
        .fine, "client",
        "\(credential.name) of \(credential.party), for \(credential.interface.rawValue), "
          + "policies: \(system.policies.map(\.rawValue).sorted().joined(separator: ", "))")
    } catch let refusal as Refusal {
      add(
        .wrong, "client", "\(refusal.code) [\(refusal.clause)]: \(refusal.found)", refusal.remedy)
    }
    guard let key = invocation.value("--client-key"), let doors else { return }
    let trial = TLSTrial(
      certificatePath: path, keyPath: key, authorityPath: invocation.folder.serverAuthority)
    if let problem = trial.problem(with: doors.serviceURL + "/") {
      add(.wrong, "handshake", problem, "Do certificate and key belong together?")
    } else {
      add(.fine, "handshake", "certificate and key are taken")
    }
  }
}
