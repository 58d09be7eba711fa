// SPDX-License-Identifier: Apache-2.0

import CPKCS11

/// Attributes of an object of PKCS #11, with their octets beside them.
struct Template {
  /// Where a value may begin: vendors read numbers straight from the pointer.
  private static let alignment = 8

  private var attributes: [(type: CK_ATTRIBUTE_TYPE, offset: Int, count: Int)] = []
  private var octets: [UInt8] = []

  /// Adds octets as they are.
  func with(_ type: CK_ATTRIBUTE_TYPE, _ value: some Collection<UInt8>) -> Template {
    var longer = self
    longer.attributes.append((type, longer.octets.count, value.count))
    longer.octets += value
    let filling = (Self.alignment - longer.octets.count % Self.alignment) % Self.alignment
    longer.octets += [UInt8](repeating: 0, count: filling)
    return longer
  }

  /// Adds a number as the machine writes it.
  func with(_ type: CK_ATTRIBUTE_TYPE, number: CK_ULONG) -> Template {
    var number = number
    return with(type, unsafe withUnsafeBytes(of: &number) { unsafe Array($0) })
  }

  /// Adds a yes or no.
  func with(_ type: CK_ATTRIBUTE_TYPE, _ value: Bool) -> Template {
    with(type, [value ? 1 : 0])
  }

  /// Lends the attributes in the form that the calls want.
  func lend<Result>(
    _ body: (UnsafeMutablePointer<CK_ATTRIBUTE>?, CK_ULONG) -> Result
  ) -> Result {
    var octets = octets
    return unsafe octets.withUnsafeMutableBytes { octets in
      let start = octets.baseAddress
      var list = unsafe attributes.map { attribute in
        unsafe CK_ATTRIBUTE(
          type: attribute.type, pValue: start.map { unsafe $0 + attribute.offset },
          ulValueLen: CK_ULONG(attribute.count))
      }
      let count = unsafe CK_ULONG(list.count)
      return unsafe list.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress, count) }
    }
  }
}
