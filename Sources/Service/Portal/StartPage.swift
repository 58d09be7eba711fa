// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Profiles
import Repository
import SEC
import X509

/// The page at the root of the Repository's ports.
struct StartPage {
  let facts: EstateFacts
  /// The ports that are open.
  let ports: [Door: UInt16]
  /// The estate's folder, as commands on this machine name it.
  let folder: String

  /// The whole page.
  var html: HTML {
    let isTest = facts.estate.kind == .test
    let warning: HTML =
      isTest
      ? """
      <p class="band" role="note"><strong>TEST</strong> <span>\(facts.keys). \
      Nothing that is issued here means anything outside this estate.</span></p>
      """
      : "<p class=\"band live\" role=\"note\"><strong>LIVE</strong></p>"
    let hierarchy: [HTML] = facts.branches.map { branch in
      """
      <figure><figcaption>\(TrustPicture.title(branch.hierarchy))</figcaption>
      \(TrustPicture(branch: branch, moment: facts.moment).svg)</figure>
      """
    }
    return """
      <!DOCTYPE html>
      <html lang="en-GB">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(Self.shown(facts.estate)) · SMKI</title>
      <link rel="stylesheet" href="/style.css">
      <link rel="icon" href="/icon.svg" type="image/svg+xml">
      </head>
      <body>
      \(warning)
      <header>
      <h1>\(facts.estate.name)</h1>
      <p>Smart Metering Key Infrastructure: certification authorities, registration, repository.</p>
      </header>
      <main>
      <section aria-label="State">\(tiles)</section>
      <section><h2>Trust</h2><div class="trust">\(hierarchy)</div></section>
      <div class="pair">
      <section><h2>Certificates</h2>\(counts)</section>
      <section><h2>Audit</h2>\(audit)</section>
      </div>
      <section><h2>Revoked certificates</h2>\(ListTable(facts: facts).html)</section>
      <section><h2>How to begin</h2>\(beginning)</section>
      </main>
      <footer><p>smki \(Product.version) · \(facts.moment.rfc3339)</p></footer>
      </body>
      </html>

      """
  }

  /// The estate as titles have it: TEST once, also where the name says it itself.
  static func shown(_ estate: Estate) -> String {
    let saysSo = estate.name.split { !$0.isLetter }.first?.uppercased() == "TEST"
    return estate.kind == .test && !saysSo ? "TEST \(estate.name)" : estate.name
  }

  private var tiles: HTML {
    let lodged = facts.counts.values.reduce(0, +)
    let pairs: [(name: String, value: String, note: String, isGood: Bool)] = [
      (
        "Node", facts.isHealthy ? "well" : "failing",
        facts.fault ?? "records can be written", facts.isHealthy
      ),
      signers,
      ("Certificates", Number.grouped(lodged), "lodged", true),
      (
        "Audit", Number.grouped(facts.audit.size),
        facts.audit.isCovered ? "entries, checkpoint in time" : "entries, checkpoint is late",
        facts.audit.isCovered
      ),
    ]
    let tiles: [HTML] = pairs.map {
      """
      <div class="tile\($0.isGood ? "" : " bad")"><dt>\($0.name)</dt>\
      <dd><b>\($0.value)</b> <small>\($0.note)</small></dd></div>
      """
    }
    return "<dl class=\"tiles\">\(tiles)</dl>"
  }

  /// Whether the authorities can sign, and if not, which and why.
  private var signers: (name: String, value: String, note: String, isGood: Bool) {
    let named: [(Hierarchy, String)] = [
      (.device, "device"), (.organisation, "organisation"), (.iki, "credentials"),
    ]
    let down = named.filter { facts.state(of: $0.0) == .down }
    let idle = named.filter { facts.state(of: $0.0) == .outOfStock }
    if !down.isEmpty {
      let reason = facts.branches.first { $0.hierarchy == down[0].0 }?.fault ?? ""
      return ("Signers", "down", down.map(\.1).joined(separator: ", ") + ": \(reason)", false)
    }
    if !idle.isEmpty {
      return ("Signers", "out of stock", idle.map(\.1).joined(separator: ", "), false)
    }
    let stock = facts.branches.first { $0.hierarchy == .device }?.stock ?? 0
    return facts.isStockLow
      ? ("Signers", "stock low", "\(Number.grouped(stock)) Issuing DCAs in stock", false)
      : ("Signers", "ready", "\(Number.grouped(facts.waiting)) requests wait", true)
  }

  private var counts: HTML {
    let rows: [HTML] = CertificateClass.allCases.map { kind in
      """
      <tr><th scope="row">\(Self.title(kind))</th>\
      <td>\(Number.grouped(facts.counts[kind, default: 0]))</td></tr>
      """
    }
    return "<table><tbody>\(rows)</tbody></table>"
  }

  private var audit: HTML {
    let checkpoint =
      facts.audit.checkpointSize.map { "\(Number.grouped($0)) entries" } ?? "none yet"
    let age = facts.audit.checkpointAge.map {
      facts.audit.checkpointSize == facts.audit.size
        ? ", which is all" : ", looked at \(Number.grouped($0)) seconds ago"
    }
    return """
      <dl class="facts">
      <dt>Entries</dt><dd>\(Number.grouped(facts.audit.size))</dd>
      <dt>Root</dt><dd><code>\(Hex.encode(facts.audit.root).lowercased())</code></dd>
      <dt>Last signed checkpoint</dt><dd>\(checkpoint)\(age ?? "")</dd>
      </dl>
      """
  }

  private var beginning: HTML {
    let service = "https://127.0.0.1:\(ports[.service] ?? 0)"
    let repository =
      ports[.repositoryPlain].map { "http://127.0.0.1:\($0)" }
      ?? "https://127.0.0.1:\(ports[.repository] ?? 0)"
    let trust =
      ports[.repositoryPlain] == nil ? "--cacert \(folder)/tls/authority.pem " : ""
    let key = facts.estate.kind == .test ? RepositoryInterface.testAPIKey : "YOUR-API-KEY"
    return """
      <p>From the folder of the sources, with the estate in <code>\(folder)</code>.</p>
      <ol>
      <li><p>A device's request, and its first certificate:</p>
      <pre><code>EUI64=5A4D4B490000FF01 openssl req -new -newkey ec \\
        -pkeyopt ec_paramgen_curve:P-256 -nodes -config Examples/device.cnf -subj / \\
        -keyout \(folder)/device.key -out \(folder)/device.csr
      curl -sS --cacert \(folder)/tls/authority.pem \\
        --cert \(folder)/parties/example-meters/portal-device.pem \\
        --key \(folder)/parties/example-meters/portal-device.key \\
        --data-binary @\(folder)/device.csr \(service)/1.0/DeviceCSR</code></pre></li>
      <li><p>The same certificate, found as DCC's client finds it:</p>
      <pre><code>curl \(trust)-H 'Content-Type: application/xml' \\
        --data '&lt;CertificateSearchRequest&gt;&lt;CertificateSubjectAltName&gt;\
      5A-4D-4B-49-00-00-FF-01&lt;/CertificateSubjectAltName&gt;\
      &lt;/CertificateSearchRequest&gt;' \\
        '\(repository)/services/certificatesearch?apikey=\(key)'</code></pre></li>
      <li><p>The proof that all of it is in order:</p>
      <pre><code>.build/release/smki verify --estate \(folder)</code></pre></li>
      </ol>
      """
  }

  /// L5.1: the classes for people.
  static func title(_ kind: CertificateClass) -> String {
    switch kind {
    case .device: "Devices"
    case .dca: "Authorities for devices (DCA)"
    case .organisation: "Organisations"
    case .oca: "Authorities for organisations (OCA)"
    case .ikiAuthority: "Authorities for credentials (IKI)"
    case .iki: "Credentials of systems (IKI)"
    case .dcckiAuthority: "Authorities for gateway connections (DCCKI)"
    case .dccki: "Gateway connections (DCCKI)"
    }
  }
}
