// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite("Target")
struct TargetTests {
  @Test(
    "a legal target is decoded",
    arguments: [
      ("/", "/", ""), ("/a/b", "/a/b", ""), ("/a%20b", "/a b", ""), ("/%C3%A9", "/é", ""),
      ("/a?x=1", "/a", "x=1"), ("/a?x=1&x=2", "/a", "x=1;x=2"), ("/a?x", "/a", "x="),
      ("/a?", "/a", ""), ("/a?&&x=%3D", "/a", "x=="), ("/a?x=a+b%2Bc", "/a", "x=a b+c"),
      ("/a+b", "/a+b", ""), ("/a?x=/../%2f", "/a", "x=/..//"), ("/...", "/...", ""),
    ])
  func legal(_ text: String, _ path: String, _ query: String) {
    let target = Target(text.utf8)
    #expect(target?.path == path)
    #expect(target?.query.map { "\($0.name)=\($0.value)" }.joined(separator: ";") == query)
  }

  @Test(
    "an illegal target is none",
    arguments: [
      "", "a", "*", "http://a/b", "/%", "/%4", "/%4g", "/%00", "/%0a", "/%7f", "/%2f", "/..",
      "/a/../b", "/a/.", "/%2e%2e/b", "/a#b", "/a b", "/a?x=%", "/a?x=%1", "/a?x=%0d", "/%C3", "/é",
      "/a?x=%ff", "/a?" + String(repeating: "x&", count: 65),
    ])
  func illegal(_ text: String) {
    #expect(Target(text.utf8) == nil)
  }
}
