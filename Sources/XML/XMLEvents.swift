// SPDX-License-Identifier: Apache-2.0

import CXML

/// One thing that a reader comes past.
package enum XMLEvent: Sendable {
  /// An element begins; its attributes in their order.
  case start(name: String, attributes: [(name: String, value: String)])
  /// A run of text, character references undone; blanks between elements are text too.
  case text(String)
  /// The element that began last and has not ended ends.
  case end(name: String)
}

/// A text read from front to back, one event at a time, within limits.
///
/// For documents of any size: what was passed is forgotten. No document type, no entities beyond
/// the five of XML itself, no processing instructions, no files, no network; comments are
/// skipped. Not for several threads.
@safe package final class XMLEvents {
  private let text: UnsafeMutableRawBufferPointer
  /// Owned.
  ///
  /// A fresh one for each text: libxml2 2.9 keeps in a parser that is used again that the end of
  /// the last text was reached, and then what it says of the next one is not to be relied upon.
  private let reader: xmlTextReaderPtr
  /// The file behind the text: what the parser has not taken yet; nil for a text in memory.
  private let source: UnsafeMutablePointer<smki_xml_source>?
  private let limits: XMLReaderLimits
  private var elements = 0
  private var pendingEnd: String?
  private var isOver = false
  /// The line of the last event, from 1.
  package private(set) var line = 0

  /// Reads no external thing, makes no tree of entities, keeps all limits of libxml2, and puts
  /// CDATA sections among the text.
  private static let options = Int32(
    XML_PARSE_NONET.rawValue | XML_PARSE_NOCDATA.rawValue | XML_PARSE_NOERROR.rawValue
      | XML_PARSE_NOWARNING.rawValue | XML_PARSE_COMPACT.rawValue)

  /// A reader at the front of the text.
  ///
  /// - Throws: `XMLError` when it is too large or has markup that is not taken.
  package init(_ octets: [UInt8], limits: XMLReaderLimits) throws(XMLError) {
    self.limits = limits
    guard octets.count <= limits.octetsMax else {
      throw XMLError(.tooLarge, "\(octets.count) octets, \(limits.octetsMax) allowed")
    }
    guard !octets.isEmpty else { throw XMLError(.notWellFormed, "nothing") }
    // The parser reads while we go on, so the text needs a place that does not move.
    let text = UnsafeMutableRawBufferPointer.allocate(byteCount: octets.count, alignment: 1)
    unsafe text.copyBytes(from: octets)
    do throws(XMLError) {
      let start = try unsafe Markup.check(UnsafeRawBufferPointer(text), limits: limits)
      unsafe reader = try Self.reader(of: UnsafeRawBufferPointer(rebasing: text[start...]))
    } catch {
      unsafe text.deallocate()
      throw error
    }
    unsafe self.text = unsafe text
    unsafe source = nil
  }

  /// A reader at the front of a file, which must not change meanwhile; it is not read into memory.
  ///
  /// - Throws: `XMLError` when it is too large or has markup that is not taken.
  package init(file path: String, limits: XMLReaderLimits) throws(XMLError) {
    self.limits = limits
    var count = 0
    guard let start = unsafe smki_xml_map(path, &count) else {
      throw XMLError(.notWellFormed, "nothing")
    }
    let text = unsafe UnsafeMutableRawBufferPointer(start: start, count: count)
    let source = UnsafeMutablePointer<smki_xml_source>.allocate(capacity: 1)
    do throws(XMLError) {
      guard count <= limits.octetsMax else {
        throw XMLError(.tooLarge, "\(count) octets, \(limits.octetsMax) allowed")
      }
      let first = try unsafe Markup.check(UnsafeRawBufferPointer(text), limits: limits)
      let rest = unsafe UnsafeRawBufferPointer(rebasing: text[first...])
      unsafe source.initialize(
        to: smki_xml_source(
          at: rest.baseAddress?.assumingMemoryBound(to: CChar.self), left: rest.count))
      guard Self.isReady, let reader = unsafe smki_xml_reader(source, Self.options) else {
        throw XMLError(.tooLarge, "no memory for a parser")
      }
      xmlResetLastError()
      unsafe self.reader = unsafe reader
    } catch {
      unsafe munmap(start, count)
      unsafe source.deallocate()
      throw error
    }
    unsafe self.text = unsafe text
    unsafe self.source = unsafe source
  }

  deinit {
    unsafe xmlFreeTextReader(reader)
    if let source = unsafe source {
      unsafe source.deallocate()
      unsafe munmap(text.baseAddress, text.count)
    } else {
      unsafe text.deallocate()
    }
  }

  private static let isReady: Bool = {
    xmlInitParser()
    return true
  }()

  /// A parser at the front of the text, which must stay where it is until the parser is freed.
  private static func reader(
    of text: UnsafeRawBufferPointer
  ) throws(XMLError) -> xmlTextReaderPtr {
    guard isReady, text.count <= Int(Int32.max) else { throw XMLError(.tooLarge, "over 2 GiB") }
    xmlResetLastError()
    let start = unsafe text.baseAddress?.assumingMemoryBound(to: CChar.self)
    guard
      let reader = unsafe xmlReaderForMemory(start, Int32(text.count), nil, "UTF-8", options)
    else { throw XMLError(.tooLarge, "no memory for a parser") }
    return unsafe reader
  }

  /// The next event; nil at the end of the text.
  ///
  /// - Throws: `XMLError`; the reader is then of no more use.
  package func next() throws(XMLError) -> XMLEvent? {
    if let name = pendingEnd {
      pendingEnd = nil
      return .end(name: name)
    }
    while !isOver {
      switch unsafe xmlTextReaderRead(reader) {
      case 1:
        if let event = try event() { return event }
      case 0: isOver = true
      default:
        isOver = true
        throw Self.lastError()
      }
    }
    return nil
  }

  private func event() throws(XMLError) -> XMLEvent? {
    let kind = unsafe xmlReaderTypes(UInt32(bitPattern: xmlTextReaderNodeType(reader)))
    switch kind {
    case XML_READER_TYPE_ELEMENT: return try start()
    case XML_READER_TYPE_END_ELEMENT:
      line = Int(unsafe xmlTextReaderGetParserLineNumber(reader))
      return .end(name: try name())
    case XML_READER_TYPE_TEXT, XML_READER_TYPE_CDATA, XML_READER_TYPE_WHITESPACE,
      XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
      return .text(try value())
    case XML_READER_TYPE_COMMENT: return nil
    case XML_READER_TYPE_PROCESSING_INSTRUCTION:
      throw here(.processingInstruction, "a processing instruction")
    case XML_READER_TYPE_DOCUMENT_TYPE: throw here(.documentType, "a document type declaration")
    default: throw here(.notWellFormed, "an entity reference")
    }
  }

  private func start() throws(XMLError) -> XMLEvent {
    let pointer = unsafe reader
    elements += 1
    guard elements <= limits.elementsMax else {
      throw here(.tooManyElements, "more than \(limits.elementsMax) elements")
    }
    guard unsafe xmlTextReaderDepth(pointer) < limits.depthMax else {
      throw here(.tooDeep, "deeper than \(limits.depthMax)")
    }
    line = unsafe xmlTextReaderCurrentNode(pointer).map { unsafe xmlGetLineNo($0) } ?? 0
    let name = try name()
    let isEmpty = unsafe xmlTextReaderIsEmptyElement(pointer) == 1
    var attributes: [(name: String, value: String)] = []
    let count = Int(unsafe xmlTextReaderAttributeCount(pointer))
    guard count <= limits.attributesMax else {
      throw here(.tooManyAttributes, "\(count) attributes, \(limits.attributesMax) allowed")
    }
    if count > 0 {
      while unsafe xmlTextReaderMoveToNextAttribute(pointer) == 1 {
        attributes.append((name: try self.name(), value: try value()))
      }
      _ = unsafe xmlTextReaderMoveToElement(pointer)
    }
    if isEmpty { pendingEnd = name }
    return .start(name: name, attributes: attributes)
  }

  private func name() throws(XMLError) -> String {
    guard let name = unsafe xmlTextReaderConstName(reader) else { return "" }
    guard unsafe xmlStrlen(name) <= limits.nameOctetsMax else {
      throw here(.nameTooLong, "more than \(limits.nameOctetsMax) octets")
    }
    return unsafe String(cString: name)
  }

  private func value() throws(XMLError) -> String {
    guard let value = unsafe xmlTextReaderConstValue(reader) else { return "" }
    let count = Int(unsafe xmlStrlen(value))
    guard count <= limits.textOctetsMax else {
      throw here(.textTooLong, "\(count) octets, \(limits.textOctetsMax) allowed")
    }
    return unsafe String(
      decoding: UnsafeBufferPointer(start: value, count: count), as: UTF8.self)
  }

  private func here(_ code: XMLError.Code, _ detail: String) -> XMLError {
    isOver = true
    return XMLError(
      code, line: Int(unsafe xmlTextReaderGetParserLineNumber(reader)),
      column: Int(unsafe xmlTextReaderGetParserColumnNumber(reader)), detail)
  }

  /// What libxml2 last complained of on this thread.
  private static func lastError() -> XMLError {
    guard let error = unsafe xmlGetLastError() else { return XMLError(.notWellFormed, "unknown") }
    let message = unsafe error.pointee.message.map { unsafe String(cString: $0) } ?? "unknown"
    let line = message.prefix { !$0.isNewline }
    return XMLError(
      .notWellFormed, line: Int(unsafe error.pointee.line), column: Int(unsafe error.pointee.int2),
      String(line))
  }
}
