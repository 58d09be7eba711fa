// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import FoundationEssentials
import Profiles
import Records
import Revocation
import Service
import X509

/// The certificates of an estate's authorities as PEM files for relying parties: what the records
/// say, written anew at each founding, import and start.
struct AuthorityFiles {
  let folder: Folder

  /// Writes the files of the estate that a command means; after a crash they may be behind.
  static func refresh(_ invocation: Invocation) throws {
    let opening = try Opening(invocation)
    defer { opening.records.close() }
    try AuthorityFiles(folder: opening.folder).write(opening.records)
  }

  /// Writes the files as far as they say otherwise.
  func write(_ records: Records) throws {
    try Files.makeFolder(folder.authorities)
    let all = try records.read { try PackageRecords.authorities(in: $0) }
    for hierarchy in AuthorityKind.Hierarchy.allCases {
      let own = all.filter {
        if case .authority(let kind) = CertificateKind($0) {
          kind.hierarchy == hierarchy
        } else {
          false
        }
      }
      let roots = own.filter { $0.issuer == $0.subject }
      let issuing = own.filter { $0.issuer != $0.subject }
      try put("root-\(hierarchy.rawValue).pem", roots)
      try put("issuing-\(hierarchy.rawValue).pem", issuing)
    }
    let keys = try records.read { try PackageRecords.ceremonyKeys(in: $0) }
    if !keys.isEmpty { try put(folder.ceremonyKey, keys.map { $0 + "\n" }.joined()) }
    try writeLists(records)
  }

  /// C3-124-3: the newest list of each root, in PEM.
  private func writeLists(_ records: Records) throws {
    var texts: [AuthorityKind.Hierarchy: String] = [:]
    try records.read { reading in
      for issuer in try ListIssuer.all(in: reading) where issuer.authority == nil {
        guard let list = try RevocationRecords.newestList(of: issuer.id, in: reading) else {
          continue
        }
        let octets = try RevocationRecords.octets(of: list, in: reading)
        texts[issuer.kind.hierarchy, default: ""] += PEM(label: "X509 CRL", bytes: octets).text
      }
    }
    for (hierarchy, text) in texts {
      try put("\(folder.authorities)/arl-\(hierarchy.rawValue).pem", text)
    }
  }

  private func put(_ name: String, _ certificates: [Certificate]) throws {
    guard !certificates.isEmpty else { return }
    try put("\(folder.authorities)/\(name)", certificates.map(\.pem).joined())
  }

  private func put(_ path: String, _ text: String) throws {
    if FileManager.default.fileExists(atPath: path),
      try Files.read(path).elementsEqual(text.utf8)
    {
      return
    }
    try Files.replace(path, text)
  }
}
