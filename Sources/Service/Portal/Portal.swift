// SPDX-License-Identifier: Apache-2.0

import HTTP

/// What a browser is shown; made here, with nothing fetched from elsewhere and no script.
struct Portal: Sendable {
  /// A browser may load our own style and picture and nothing else.
  static let policy =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    + "frame-ancestors 'none'"

  let source: EstateFactsSource
  /// The ports that are open at this moment.
  let ports: @Sendable () -> [Door: UInt16]
  /// The estate's folder, as commands on this machine name it; of a live estate nobody is told.
  let folder: String

  /// The start page: what this estate is, and how to begin.
  func startPage() throws -> Response {
    let page = StartPage(facts: try source.facts(), ports: ports(), folder: folder)
    return response(
      "text/html; charset=utf-8", Array(page.html.markup.utf8), cache: "no-store")
  }

  /// The style of every page.
  func style() -> Response {
    response("text/css; charset=utf-8", PackageResources.style_css, cache: "max-age=300")
  }

  /// The picture beside the page's title.
  func icon() -> Response {
    response("image/svg+xml", PackageResources.icon_svg, cache: "max-age=300")
  }

  private func response(_ type: String, _ body: [UInt8], cache: String) -> Response {
    var response = Response(type: type, body: body)
    response.headers += [
      ("Cache-Control", cache), ("Content-Security-Policy", Self.policy),
      ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
    ]
    return response
  }
}
