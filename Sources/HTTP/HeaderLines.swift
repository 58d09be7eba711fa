// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd

/// Reads the header lines of a request out of the library.
enum HeaderLines {
  /// All header lines of the request that the connection is in.
  static func read(_ handle: OpaquePointer) -> Headers {
    var headers = Headers()
    unsafe withUnsafeMutablePointer(to: &headers) { pointer in
      _ = unsafe MHD_get_connection_values_n(handle, .HEADER_KIND, add, pointer)
    }
    return headers
  }

  private static let add: MHD_KeyValueIteratorN = {
    context, _, name, nameLength, value, valueLength in
    guard let headers = unsafe context?.assumingMemoryBound(to: Headers.self) else { return .NO }
    let name = unsafe UnsafeRawBufferPointer(start: name, count: nameLength)
    let value = unsafe UnsafeRawBufferPointer(start: value, count: valueLength)
    unsafe headers.pointee.append(
      lowercasedName: HeaderLines.lowercased(name), value: String(decoding: value, as: UTF8.self))
    return .YES
  }

  private static func lowercased(_ name: UnsafeRawBufferPointer) -> String {
    unsafe String(decoding: name.lazy.map { 65...90 ~= $0 ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}
