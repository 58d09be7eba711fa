// SPDX-License-Identifier: Apache-2.0

import COpenSSL

extension KeyError {
  /// The longest text OpenSSL writes for one error (ERR_error_string_n(3): at least 256 octets).
  private static let errorTextOctetsMax = 256

  /// Takes everything from this thread's error queue.
  ///
  /// Called in the function that failed, so that no later call reads these errors as its own.
  static func library(_ doing: String) -> KeyError {
    var reasons: [String] = []
    while case let code = ERR_get_error(), code != 0 {
      var text = [CChar](repeating: 0, count: errorTextOctetsMax)
      unsafe ERR_error_string_n(code, &text, errorTextOctetsMax)
      let octets = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      reasons.append(String(decoding: octets, as: UTF8.self))
    }
    let reason = reasons.isEmpty ? "no reason given" : reasons.joined(separator: "; ")
    return KeyError(.library, "\(doing): \(reason)")
  }
}
