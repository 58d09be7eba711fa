// SPDX-License-Identifier: Apache-2.0

extension StaticString {
  /// The text as a C string that stays where it is as long as the process.
  ///
  /// Some of OpenSSL's objects keep the pointer to a name, not the text; the pointer that Swift
  /// makes of a `String` ends with the call.
  var cString: UnsafePointer<CChar> {
    unsafe UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
  }
}
