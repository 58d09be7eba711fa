// SPDX-License-Identifier: Apache-2.0

package import DER
import FoundationEssentials
package import HTTP
package import Registration
package import Repository
import SEC

/// L5.1: the documents of the Repository, over the port of its web service.
///
/// `GET services/documents?apikey=` lists what there is; `GET services/document?apikey=&kind=&
/// version=&purpose=` gives one version, the latest when none is named. Answers that say no are
/// JSON.
package struct LibraryInterface: Sendable {
  private let library: Library
  private let reader: @Sendable (Request) throws -> RepositoryReader
  private let clock: @Sendable () -> Time
  private let log: Log

  /// The interface to a library; `reader` tells whose API key a request has.
  package init(
    library: Library, clock: @escaping @Sendable () -> Time, log: Log,
    reader: @escaping @Sendable (Request) throws -> RepositoryReader
  ) {
    self.library = library
    self.reader = reader
    self.clock = clock
    self.log = log
  }

  /// L5.5: every version of every document, for a reader with an API key.
  package func list(_ request: Request) -> Response {
    answer(request) { _ in
      let documents = try library.documents().map(LodgedDocument.init)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return Response(type: "application/json", body: Array(try encoder.encode(documents)))
    }
  }

  /// L5.5, L5.11: one version, to a reader who states the purpose.
  package func read(_ request: Request) -> Response {
    answer(request) { reader in
      let document = try library.document(
        DocumentKind(named: request.queryValue("kind") ?? ""),
        version: request.queryValue("version"))
      let octets = try library.read(
        document, for: request.queryValue("purpose") ?? "", at: clock(), by: reader)
      var response = Response(type: document.mediaType, body: octets)
      response.headers.append(("Repr-Digest", "sha-256=:\(Base64.encode(document.digest)):"))
      response.headers.append(("Content-Disposition", "inline; filename=\"\(document.fileName)\""))
      // A document was written by people: nothing in it may run in the reader's browser.
      response.headers.append(("Content-Security-Policy", "sandbox"))
      response.headers.append(("X-Content-Type-Options", "nosniff"))
      return response
    }
  }

  private func answer(_ request: Request, _ body: (Actor) throws -> Response) -> Response {
    do {
      let reader = try reader(request)
      var response = try body(reader.actor)
      let version = request.queryValue("version").map { " \($0)" } ?? ""
      response.told.merge(
        reader.told((request.queryValue("kind") ?? "list") + version)
      ) { own, _ in own }
      response.headers.append(("Cache-Control", "no-store"))
      return response
    } catch {
      return ErrorBody.response(to: error, log: log, at: request.path)
    }
  }
}

extension Document {
  /// A name for a file of it: kind, version, and the ending of its media type.
  package var fileName: String {
    let ending = Self.mediaTypes.first { $0.value == mediaType }?.key ?? "bin"
    return "\(kind.rawValue)-\(version).\(ending)"
  }
}
