// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import XML

/// Reads `SubmitCSRBatch` from a file, one request after the other (M8-AppC-submit).
package enum SubmissionReader {
  /// M8-AppC-limits: the most characters of the batch's ID and of a request's.
  package static let referenceCharactersMax = 256
  package static let itemCharactersMax = 100
  /// M8-AppC-submit, L4.1: the one version.
  package static let version = "1.0"
  /// The most octets of a submission: 50,000 of the largest usual requests, three times over.
  package static let octetsMax = 128 * 1_024 * 1_024
  /// The most octets of one request in Base64.
  static let requestOctetsMax = 16_384

  private static let limits = XMLReaderLimits(
    octetsMax: octetsMax, depthMax: 3, attributesMax: 8, nameOctetsMax: 64,
    textOctetsMax: 65_536, elementsMax: Batch.requestsMax + 3)

  /// Reads the whole file and hands over the batch's ID and then each request.
  ///
  /// - Throws: `batch-xml`, `batch-reference`, `batch-item-id`, `batch-too-large`, or what `body`
  ///   throws.
  static func read(
    _ path: String, reference: (String) -> Void, _ body: (BatchItem) throws -> Void
  ) throws {
    do {
      var reading = Reading(events: try XMLEvents(file: path, limits: limits))
      try reading.batch(reference, body)
    } catch let error as XMLError where error.code == .tooManyElements {
      throw Refusal.batchSize(Batch.requestsMax + 1)
    } catch let error as XMLError {
      throw Refusal.batchXML(error.description)
    }
  }

  /// One way through a document.
  private struct Reading {
    let events: XMLEvents
    private var names: Set<String> = []

    init(events: XMLEvents) { self.events = events }

    mutating func batch(
      _ tell: (String) -> Void, _ body: (BatchItem) throws -> Void
    ) throws {
      guard case .start("SubmitCSRBatch", let attributes)? = try events.next() else {
        throw Refusal.batchXML("another element than SubmitCSRBatch")
      }
      try check(attributes, of: "SubmitCSRBatch")
      guard let reference = attributes.first(where: { $0.name == "ID" })?.value,
        (1...referenceCharactersMax).contains(reference.unicodeScalars.count)
      else { throw Refusal.batchReference(attributes.first { $0.name == "ID" }?.value) }
      tell(reference)
      guard let version = try child(), version.name == "Version" else {
        throw Refusal.batchXML("no Version in line \(events.line)")
      }
      try check(version.attributes, of: "Version", known: [])
      let found = try text(of: "Version")
      guard found == SubmissionReader.version else {
        throw Refusal.batchXML("Version \(found)")
      }
      while let request = try child() {
        guard request.name == "DeviceCSR" else {
          throw Refusal.batchXML("\(request.name) in line \(events.line)")
        }
        try check(request.attributes, of: "DeviceCSR")
        let name = try itemName(request.attributes)
        guard names.count <= Batch.requestsMax else { throw Refusal.batchSize(names.count) }
        try body(BatchItem(name: name, content: content(try text(of: "DeviceCSR"))))
      }
      // Nothing but comments may follow; the parser says so.
      while try events.next() != nil {}
    }

    /// The next element in this one, or nil where this one ends.
    private func child() throws -> (name: String, attributes: [(name: String, value: String)])? {
      while let event = try events.next() {
        switch event {
        case .start(let name, let attributes): return (name, attributes)
        case .end: return nil
        case .text(let text):
          guard text.utf8.allSatisfy(isBlank) else {
            throw Refusal.batchXML("text between elements in line \(events.line)")
          }
        }
      }
      return nil
    }

    /// The text of an element that holds nothing else.
    private func text(of name: String) throws -> String {
      var all = ""
      while let event = try events.next() {
        switch event {
        case .text(let text): all = all.isEmpty ? text : all + text
        case .end: return all
        case .start(let child, _):
          throw Refusal.batchXML("\(child) in \(name) in line \(events.line)")
        }
      }
      return all
    }

    private func check(
      _ attributes: [(name: String, value: String)], of element: String, known: [String] = ["ID"]
    ) throws(Refusal) {
      for attribute in attributes {
        let name = attribute.name
        guard known.contains(name) || name.hasPrefix("xmlns:") || name.hasPrefix("xsi:") else {
          throw .batchXML("\(name) of \(element) in line \(events.line)")
        }
      }
    }

    /// M8-AppC-limits: an xs:ID.
    private mutating func itemName(
      _ attributes: [(name: String, value: String)]
    ) throws(Refusal) -> String {
      let found = attributes.first { $0.name == "ID" }?.value
      guard let found, (1...itemCharactersMax).contains(found.unicodeScalars.count),
        XMLName.isWithoutColon(found)
      else { throw .batchItemID(found, isDouble: false, line: events.line) }
      guard names.insert(found).inserted else {
        throw .batchItemID(found, isDouble: true, line: events.line)
      }
      return found
    }
  }

  private static func isBlank(_ octet: UInt8) -> Bool {
    octet == 0x20 || octet == 0x0a || octet == 0x09 || octet == 0x0d
  }

  /// xs:base64Binary, white space and all; what is none costs only this request.
  private static func content(_ text: String) -> BatchItem.Content {
    let octets = Array(text.utf8)
    let digits = octets.contains(where: isBlank) ? octets.filter { !isBlank($0) } : octets
    guard !digits.isEmpty else { return .unreadable("nothing") }
    guard digits.count <= requestOctetsMax else {
      return .unreadable("\(digits.count) characters, at most \(requestOctetsMax)")
    }
    guard let request = Base64.decode(digits[...]) else {
      return .unreadable(
        text.contains("-----") ? "PEM lines" : "\(digits.count) characters that are no whole Base64"
      )
    }
    return .request(request)
  }
}

/// Names as XML 1.0 has them.
enum XMLName {
  /// An NCName: a letter or underscore first, then also digits, hyphens and full stops.
  static func isWithoutColon(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, isStart(first) else { return false }
    return text.unicodeScalars.allSatisfy { isStart($0) || isFurther($0) }
  }

  private static func isStart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x41...0x5a, 0x61...0x7a, 0x5f, 0xc0...0xd6, 0xd8...0xf6, 0xf8...0x2ff, 0x370...0x37d,
      0x37f...0x1fff, 0x200c...0x200d, 0x2070...0x218f, 0x2c00...0x2fef, 0x3001...0xd7ff,
      0xf900...0xfdcf, 0xfdf0...0xfffd, 0x10000...0xeffff:
      true
    default: false
    }
  }

  private static func isFurther(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x30...0x39, 0x2d, 0x2e, 0xb7, 0x300...0x36f, 0x203f...0x2040: true
    default: false
    }
  }
}
