// SPDX-License-Identifier: Apache-2.0

package import DER
package import HTTP
import Keys
package import Revocation

/// The status of Organisation Certificates over HTTP (RFC6960, RFC5019).
package struct OCSPInterface: Sendable {
  /// Where it stands; a GET has its request in Base64 below it.
  package static let path = "/ocsp"
  private static let requestType = "application/ocsp-request"
  private static let responseType = "application/ocsp-response"

  private let responder: OCSPResponder
  private let clock: @Sendable () -> Time

  /// The interface to a responder.
  package init(responder: OCSPResponder, clock: @escaping @Sendable () -> Time) {
    self.responder = responder
    self.clock = clock
  }

  /// RFC6960, appendix A.1: a request in the body.
  package func post(_ request: Request) throws -> Response {
    guard request.headers["content-type"]?.lowercased() == Self.requestType else {
      return Response(
        status: 415, type: "text/plain; charset=utf-8", text: "\(Self.requestType) expected\n")
    }
    return response(try responder.answer(request.body))
  }

  /// RFC5019: a request in the path, whose answer may be cached until it lapses.
  package func get(_ request: Request) throws -> Response {
    let text = request.path.dropFirst(Self.path.utf8.count + 1)
    let octets = Base64.decode(Array(text.utf8)) ?? []
    let answer = try responder.answer(octets)
    var response = response(answer)
    guard let start = answer.thisUpdate, let end = answer.nextUpdate else {
      response.headers.append(("Cache-Control", "no-store"))
      return response
    }
    let tag = "\"\(Hex.encode(Digest.sha1(answer.octets)))\""
    let age = max(0, end.seconds - clock().seconds)
    response.headers += [
      ("Cache-Control", "max-age=\(age), public, no-transform, must-revalidate"),
      ("ETag", tag), ("Last-Modified", Self.date(start)), ("Expires", Self.date(end)),
    ]
    if request.headers["if-none-match"] == tag {
      response.status = 304
      response.body = []
    }
    return response
  }

  private func response(_ answer: OCSPResponder.Answer) -> Response {
    Response(type: Self.responseType, body: answer.octets)
  }

  /// RFC 9110, 5.6.7: a moment as header lines write it.
  static func date(_ moment: Time) -> String {
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let fields = moment.fields
    func two(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }
    let day = Int(moment.seconds / 86_400) % 7
    return "\(days[day]), \(two(fields.day)) \(months[fields.month - 1]) \(fields.year) "
      + "\(two(fields.hour)):\(two(fields.minute)):\(two(fields.second)) GMT"
  }
}
