// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import FoundationEssentials
import Keys
import Profiles
import SEC
import Service
import X509

extension Command {
  static let ceremonyImport = Command(
    name: "ceremony import", summary: "take the package of a ceremony into the estate",
    notes: """
      Checked to the last octet: signature by the estate's ceremony key, the estate itself, the \
      order of the packages, each certificate, list and request. All of it goes in, in one \
      transaction, or nothing. A serving node uses new authorities from then on.
      """,
    operands: [Operand(name: "PACKAGE", summary: "the package")],
    options: [Passphrase.option],
    example: "smki ceremony import stock/package"
  ) { invocation in
    let octets = try Files.read(invocation.operands[0])
    try AuthorityFiles.refresh(invocation)
    let answer = try Channel(invocation: invocation).perform(
      ImportPackage(package: Data(octets)))
    try AuthorityFiles.refresh(invocation)
    try invocation.show(answer) {
      "package \(answer.number) of \(answer.ceremony): "
        + (answer.parts.isEmpty ? "nothing new" : answer.parts.joined(separator: ", "))
    }
    return .done
  }

  static let ceremonyPackages = Command(
    name: "ceremony packages", summary: "list the packages that the estate took in",
    notes: "With --out the files are written too, so that they can be checked again.",
    options: [.value("--out", "DIR", "write the packages to this folder")],
    example: "smki ceremony packages"
  ) { invocation in
    let packages = try PackageRecords.packages(in: Opening(invocation).records)
    if let out = invocation.value("--out") {
      try Files.makeFolder(out)
      for package in packages {
        try Files.replace(
          "\(out)/\(package.number)-\(package.ceremony).package",
          String(decoding: package.file, as: UTF8.self))
      }
    }
    let rows = packages.map(PackageRow.init)
    try invocation.show(rows) {
      Table(
        headings: ["number", "ceremony", "imported", "transcript SHA-256"],
        rows: rows.map { ["\($0.number)", $0.ceremony, $0.imported, $0.transcript] }
      ).text()
    }
    return .done
  }

  static let ceremonyRequest = Command(
    name: "ceremony request",
    summary: "make an issuing authority's key on line, and the request for its certificate",
    notes: """
      The key is made where it will be used and never leaves it; an offline root certifies the \
      request in a ceremony. Asked again for the same name, the same key is used.
      """,
    options: [
      .required(
        "--authority", "KIND", "the kind of authority",
        words: AuthorityKind.allCases.filter { !$0.isRoot }.map(\.rawValue)),
      .required("--name", "NAME", "its common name"),
      .value("--module", "NAME", "make the key in this module of estate.json"),
      .value("--token", "LABEL", "and in this token of it"),
      .required("--out", "FILE", "the request, in PEM"), Passphrase.option,
    ],
    example: "smki ceremony request --authority issuing-dca --name TD05 --out TD05.csr"
  ) { invocation in
    guard (invocation.value("--module") == nil) == (invocation.value("--token") == nil) else {
      throw UsageError("--module goes with --token", invocation.command)
    }
    let answer = try Channel(invocation: invocation).perform(
      MakeAuthorityRequest(
        kind: invocation.required("--authority"), commonName: invocation.required("--name"),
        module: invocation.value("--module"), token: invocation.value("--token")))
    let der = Array(answer.request)
    let out = try invocation.required("--out")
    try Files.replace(out, PEM(label: "CERTIFICATE REQUEST", bytes: der).text)
    let digest = Hex.encode(Digest.sha256(der))
    try invocation.show(["file": out, "sha256": digest, "key": answer.label]) {
      "\(out), SHA-256 \(digest)"
    }
    return .done
  }
}

/// A package in one line.
private struct PackageRow: Encodable {
  let number: Int
  let ceremony: String
  let imported: String
  let package: String
  let transcript: String

  init(_ package: ImportedPackage) {
    number = package.number
    ceremony = package.ceremony
    imported = package.imported.rfc3339
    self.package = Hex.encode(package.digest)
    transcript = Hex.encode(package.transcript)
  }
}
