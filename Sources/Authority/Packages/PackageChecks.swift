// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Profiles
import SEC
import X509

/// Checks each part of a package against what the estate knows already.
struct PackageChecks {
  let estate: Estate
  /// When the ceremony ended: paths are looked at as of then.
  let made: Time
  /// The certificates of authorities that the estate has.
  let known: [Certificate]
  /// The last list of each root that the package brings a list of, by common name.
  let lists: [String: AuthorityList.Known]

  typealias Parts = (
    roots: [Founding.Root], issuing: [Founding.Issuing], lists: [AuthorityList]
  )

  func check(_ manifest: CeremonyPackage) throws -> Parts {
    var names = Set(known.compactMap(\.subject.commonName))
    var keys = Set(known.map(\.tbs.subjectPublicKeyInfo.encoded))
    var roots: [Founding.Root] = []
    var issuing: [Founding.Issuing] = []
    var read: [(part: CeremonyPackage.Part, certificate: Certificate)] = []
    for part in manifest.parts where part.kind == .root || part.kind == .issuing {
      let certificate = try self.certificate(part)
      guard names.insert(part.name).inserted else { throw Refusal.authorityNameTaken(part.name) }
      guard keys.insert(certificate.tbs.subjectPublicKeyInfo.encoded).inserted else {
        throw Refusal.authorityKeyTaken(part.name)
      }
      read.append((part, certificate))
    }
    let anchors =
      (known + read.map(\.certificate)).filter { $0.issuer == $0.subject }
    for (part, certificate) in read {
      try checkProfile(certificate, part, anchors)
      if let label = part.keyLabel {
        issuing.append(
          Founding.Issuing(
            hierarchy: part.hierarchy, certificate: certificate, keyLabel: label))
      } else {
        roots.append(Founding.Root(hierarchy: part.hierarchy, certificate: certificate))
      }
    }
    let lists = try manifest.parts.filter { $0.kind == .list }.map { part in
      try AuthorityList(part, by: anchors, after: self.lists[part.name])
    }
    for part in manifest.parts where part.kind == .request { try checkRequest(part) }
    return (roots, issuing, lists)
  }

  private func certificate(_ part: CeremonyPackage.Part) throws -> Certificate {
    let certificate: Certificate
    do {
      certificate = try Certificate(parsing: part.data)
    } catch {
      throw Refusal.packagePart(part.name, expected: "a certificate", found: "\(error)")
    }
    guard case .authority(let kind) = CertificateKind(certificate),
      kind.isRoot == (part.kind == .root), kind.hierarchy == part.hierarchy,
      certificate.subject.commonName == part.name
    else {
      throw Refusal.packagePart(
        part.name, expected: "\(part.kind.rawValue) of the \(part.hierarchy.rawValue) hierarchy",
        found: "\(certificate.subject)")
    }
    return certificate
  }

  /// GBCS-12.1, RFC5280-6.1: profile, names of the estate, and a path to a root.
  private func checkProfile(
    _ certificate: Certificate, _ part: CeremonyPackage.Part, _ anchors: [Certificate]
  ) throws {
    guard case .authority(let kind) = CertificateKind(certificate) else { return }
    _ = try AuthorityName(part.name, for: kind, in: estate)
    try Lint(estate: estate, authorities: anchors).check(certificate: certificate)
    do {
      _ = try Path.find(from: certificate, to: anchors, rules: PathRules(at: made))
    } catch {
      throw Refusal.packagePart(part.name, expected: "a path to a root", found: "\(error)")
    }
  }

  private func checkRequest(_ part: CeremonyPackage.Part) throws {
    do {
      try OrganisationRequest(parsing: part.data).checkPossession()
    } catch {
      throw Refusal.packagePart(
        part.name, expected: "an organisation's request", found: "\(error)")
    }
  }
}
