// SPDX-License-Identifier: Apache-2.0

import Archive
import Batches
import DER
import FoundationEssentials
import Profiles
import SEC
import X509

/// The requests that a party holds: a folder of .csr files, an archive of them, or one file.
struct RequestFolder {
  /// One request as it lies there.
  struct Item {
    /// The name of the file without extension.
    let name: String
    let octets: [UInt8]

    /// The request, or why it is none that would be granted.
    var request: Result<DeviceRequest, Refusal> {
      Result { () throws(Refusal) in
        let der: [UInt8]
        do throws(DERError) {
          der = try RequestText.read(octets)
        } catch {
          throw .malformedRequest("\(error.code.rawValue): \(error.detail)", at: error.offset)
        }
        let request = try DeviceRequest(parsing: der)
        try request.checkPossession()
        return request
      }
    }
  }

  /// Where it is.
  let path: String
  let items: [Item]

  private static let limits = ZipLimits(
    entriesMax: Batch.requestsMax, entryOctetsMax: RequestText.octetsMax,
    totalOctetsMax: 1 << 30, ratioMax: 1_000)

  /// Reads a folder, an archive or a file.
  init(_ path: String) throws {
    self.path = path.hasSuffix("/") ? String(path.dropLast()) : path
    var isFolder = false
    guard Self.exists(path, &isFolder) else { throw Files.failure("reading", path) }
    if isFolder {
      items = try FileManager.default.contentsOfDirectory(atPath: path)
        .filter { $0.hasSuffix(ArchiveReader.requestExtension) }.sorted().map { name in
          Item(
            name: String(name.dropLast(ArchiveReader.requestExtension.count)),
            octets: try Files.read("\(path)/\(name)"))
        }
    } else if path.lowercased().hasSuffix(".zip") {
      // M8-2.5-batch-file: nothing that the service would refuse is passed over here.
      try ArchiveReader.check(path)
      items = try Self.entries(path, ArchiveReader.requestExtension)
    } else {
      let file = URL(filePath: path)
      items = [
        Item(name: file.deletingPathExtension().lastPathComponent, octets: try Files.read(path))
      ]
    }
    guard !items.isEmpty else {
      throw Failure.Message(
        .failed, "\(path) holds no \(ArchiveReader.requestExtension) file",
        remedy: "Make requests: smki client make --out DIR.")
    }
  }

  private static func exists(_ path: String, _ isFolder: inout Bool) -> Bool {
    FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
  }

  /// The files of an archive with an ending.
  static func entries(_ path: String, _ ending: String) throws -> [Item] {
    let reader = try ZipReader(path, limits: limits)
    var items: [Item] = []
    while let entry = try reader.next() {
      guard entry.isFile, entry.name.hasSuffix(ending) else { continue }
      items.append(
        Item(name: String(entry.name.dropLast(ending.count)), octets: entry.octets))
    }
    return items
  }

  /// The same requests as an archive in a new file; the same octets each time.
  func writeArchive(to path: String) throws {
    let file = try FileWriter(new: path)
    var archive = ZipWriter(
      into: file, year: 1980, month: 1, day: 1, hour: 0, minute: 0, second: 0)
    for item in items { try archive.add(item.name + ArchiveReader.requestExtension, item.octets) }
    try archive.finish()
  }

  /// The same requests as the body of the web service; the IDs are their numbers.
  func xml(id: String) throws -> [UInt8] {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<SubmitCSRBatch ID=\"\(id)\"><Version>\(SubmissionReader.version)</Version>"
    for (number, item) in items.enumerated() {
      let der = try RequestText.read(item.octets)
      text += "<DeviceCSR ID=\"\(Self.id(number))\">\(Base64.encode(der))</DeviceCSR>"
    }
    return Array((text + "</SubmitCSRBatch>").utf8)
  }

  /// The ID of a request in XML.
  static func id(_ number: Int) -> String { "ID\(number)" }
}

/// L11.5, L11.6: whether a certificate is the one that was asked for.
enum Matching {
  /// What differs, in words; empty when it matches.
  static func differences(_ certificate: Certificate, from request: DeviceRequest) -> [String] {
    differences(certificate, from: request.request)
  }

  /// L11.5: the same for any request: key, subject, device and usage.
  static func differences(
    _ certificate: Certificate, from request: CertificationRequest
  ) -> [String] {
    var found: [String] = []
    let asked = request.extensions
    if certificate.tbs.subjectPublicKeyInfo != request.subjectPublicKeyInfo {
      found.append("another key")
    }
    if certificate.tbs.subject != request.subject { found.append("another subject") }
    if certificate.tbs.extensions[.subjectAltName]?.value != asked[.subjectAltName]?.value {
      found.append("another device")
    }
    if certificate.tbs.extensions[.keyUsage]?.value != asked[.keyUsage]?.value {
      found.append("another key usage")
    }
    return found
  }
}
