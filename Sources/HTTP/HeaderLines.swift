// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd

/// Reads the header lines of a request out of the library.
enum HeaderLines {
  private struct Reading {
    var headers = Headers()
    var places: HeadPlaces?
  }

  /// All header lines of the request that the connection is in.
  static func read(_ handle: OpaquePointer) -> Headers {
    var places: HeadPlaces?
    return unsafe read(handle, noting: &places)
  }

  /// All header lines, and where they stand in the library's memory.
  static func read(_ handle: OpaquePointer, noting places: inout HeadPlaces?) -> Headers {
    var reading = Reading(places: places)
    unsafe withUnsafeMutablePointer(to: &reading) { pointer in
      _ = unsafe MHD_get_connection_values_n(handle, .HEADER_KIND, add, pointer)
    }
    places = reading.places
    return reading.headers
  }

  private static let add: MHD_KeyValueIteratorN = {
    context, _, name, nameLength, value, valueLength in
    guard let reading = unsafe context?.assumingMemoryBound(to: Reading.self) else { return .NO }
    let name = unsafe UnsafeRawBufferPointer(start: name, count: nameLength)
    let value = unsafe UnsafeRawBufferPointer(start: value, count: valueLength)
    unsafe reading.pointee.places?.note(name: name, value: value)
    unsafe reading.pointee.headers.append(
      lowercasedName: HeaderLines.lowercased(name), value: String(decoding: value, as: UTF8.self))
    return .YES
  }

  private static func lowercased(_ name: UnsafeRawBufferPointer) -> String {
    unsafe String(decoding: name.lazy.map { 65...90 ~= $0 ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}
