// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite("Header lines")
struct HeadersTests {
  @Test(
    "a media type is taken where it stands in the list by itself",
    arguments: [
      ("application/pkix-cert", true),
      ("text/html, application/pkix-cert;q=0.9", true),
      ("text/html,\tapplication/pkix-cert ; q=1", true),
      ("application/pkix-cert-chain", false),
      ("x-application/pkix-cert", false),
      ("*/*", false),
      ("", false),
    ])
  func accepts(line: String, expected: Bool) {
    #expect(Headers([("Accept", line)]).accepts("application/pkix-cert") == expected)
  }

  @Test("without the line nothing is taken")
  func absent() {
    #expect(!Headers().accepts("application/pkix-cert"))
  }
}
