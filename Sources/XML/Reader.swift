// SPDX-License-Identifier: Apache-2.0

import CXML
import Threads

/// A parser of libxml2, kept for the next text after each one.
///
/// Making one costs more than reading a small text. It remembers every name it has ever seen, so
/// it is thrown away after `octetsMax` octets: otherwise strangers could fill the memory.
@safe final class Reader: Sendable {
  /// Owned; used by one `XMLEvents` at a time.
  nonisolated(unsafe) let pointer: xmlTextReaderPtr
  nonisolated(unsafe) private var octets: Int

  /// The most parsers kept.
  static let keptMax = 16
  /// The most octets that one parser reads in its life.
  static let octetsMax = 1_024 * 1_024

  private static let kept = Guarded<[Reader]>([])
  private static let isReady: Bool = {
    xmlInitParser()
    return true
  }()

  /// A parser at the front of the text, which must stay where it is until it is given back.
  static func taken(for text: UnsafeRawBufferPointer) throws(XMLError) -> Reader {
    guard isReady, text.count <= Int(Int32.max) else { throw XMLError(.tooLarge, "over 2 GiB") }
    xmlResetLastError()
    let start = unsafe text.baseAddress?.assumingMemoryBound(to: CChar.self)
    if let reader = kept.change({ $0.popLast() }) {
      let result = unsafe xmlReaderNewMemory(
        reader.pointer, start, Int32(text.count), nil, "UTF-8", XMLEvents.options)
      if result == 0 {
        unsafe reader.octets += text.count
        return reader
      }
    }
    guard
      let made = unsafe xmlReaderForMemory(
        start, Int32(text.count), nil, "UTF-8", XMLEvents.options)
    else { throw XMLError(.tooLarge, "no memory for a parser") }
    return unsafe Reader(made, octets: text.count)
  }

  private init(_ pointer: xmlTextReaderPtr, octets: Int) {
    unsafe self.pointer = unsafe pointer
    unsafe self.octets = octets
  }

  deinit {
    unsafe xmlFreeTextReader(pointer)
  }

  /// Keeps the parser for another text, or lets it go.
  func giveBack() {
    // Closing frees what is left of the document; the parser itself stays.
    _ = unsafe xmlTextReaderClose(pointer)
    guard unsafe octets < Self.octetsMax else { return }
    Self.kept.change { if $0.count < Self.keptMax { $0.append(self) } }
  }
}
