// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite("Form")
struct FormTests {
  @Test("a pasted request with line ends is read")
  func pasted() {
    let fields = Form.fields(Array("csr=-----BEGIN%0D%0AMIIB%2BA%3D%3D%0A&role=a+b&empty=".utf8))
    #expect(fields?.map(\.name) == ["csr", "role", "empty"])
    #expect(fields?.first?.value == "-----BEGIN\r\nMIIB+A==\n")
    #expect(fields?[1].value == "a b")
    #expect(fields?.last?.value == "")
  }

  @Test("an empty form has no fields")
  func empty() {
    #expect(Form.fields([])?.isEmpty == true)
  }

  @Test(
    "what is not a form is none",
    arguments: ["a=%", "a=%0", "a=%00", "a=%1b", "a=\n", "a=b c", "a=%ff", "a=#"])
  func illegal(_ text: String) {
    #expect(Form.fields(Array(text.utf8)) == nil)
  }

  @Test("64 fields are taken, 65 are not")
  func count() {
    let many = Array(String(repeating: "a=b&", count: 64).utf8)
    #expect(Form.fields(many)?.count == 64)
    #expect(Form.fields(many + Array("a=b".utf8)) == nil)
  }
}
