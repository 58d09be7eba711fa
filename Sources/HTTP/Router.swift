// SPDX-License-Identifier: Apache-2.0

/// Finds the route for a method and path: exact paths first, then the longest prefix.
package struct Router: Sendable {
  /// What was found.
  package enum Match: Sendable {
    /// This route answers.
    case route(Route)
    /// The path is known, the method is not; the methods it has, sorted.
    case methodNotAllowed([String])
    /// Nothing stands at this path.
    case unknown
  }

  /// Every method and path, in one line for a person.
  let listing: String
  private let exact: [String: [Route]]
  private let prefixes: [(prefix: String, routes: [Route])]

  /// A router over these routes; the same method and path twice is a programmer's error.
  package init(_ routes: [Route]) {
    var exact: [String: [Route]] = [:]
    var prefixes: [String: [Route]] = [:]
    for route in routes {
      if route.path.hasSuffix("*") {
        prefixes[String(route.path.dropLast()), default: []].append(route)
      } else {
        exact[route.path, default: []].append(route)
      }
    }
    for same in Array(exact.values) + Array(prefixes.values) {
      precondition(
        Set(same.map(\.method)).count == same.count, "a method stands twice at \(same[0].path)")
    }
    listing = routes.map { "\($0.method) \($0.path)" }.joined(separator: ", ")
    self.exact = exact
    self.prefixes = prefixes.sorted { $0.key.utf8.count > $1.key.utf8.count }
      .map { (prefix: $0.key, routes: $0.value) }
  }

  /// Finds what answers `method` at `path`.
  package func match(method: String, path: String) -> Match {
    if let routes = exact[path] { return choose(method, routes) }
    for entry in prefixes where path.hasPrefix(entry.prefix) {
      return choose(method, entry.routes)
    }
    return .unknown
  }

  /// The most octets of body that any method takes at `path`.
  func bodyLimit(at path: String) -> Int {
    let prefix = prefixes.first { path.hasPrefix($0.prefix) }
    return (exact[path] ?? prefix?.routes ?? []).map(\.bodyLimit).max() ?? 0
  }

  private func choose(_ method: String, _ routes: [Route]) -> Match {
    for route in routes where route.method == method { return .route(route) }
    if method == "HEAD" {
      for route in routes where route.method == "GET" { return .route(route) }
    }
    var methods = Set(routes.map(\.method))
    if methods.contains("GET") { methods.insert("HEAD") }
    return .methodNotAllowed(methods.sorted())
  }
}
