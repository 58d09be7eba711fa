// SPDX-License-Identifier: Apache-2.0

import DER
import FoundationEssentials
package import HTTP
import Keys
package import Registration
package import SEC
import Threads

/// L6.5(c), P3-3.1: who reads the Repository, by API key or by account and password.
///
/// A password comes as HTTP's Basic authentication, over TLS. One is tried at a time: guesses that
/// run beside each other would get past the count of wrong ones, and each takes its memory.
package struct PortalSignIn: Sendable {
  /// The most octets of a request to change a password.
  package static let requestOctetsMax = 4096

  private let registration: Registration
  private let signedIn: SignedIn
  private let clock: @Sendable () -> Time

  init(registration: Registration, signedIn: SignedIn, clock: @escaping @Sendable () -> Time) {
    self.registration = registration
    self.signedIn = signedIn
    self.clock = clock
  }

  /// Who reads, and for which purpose: an API key goes before a password, a purpose that the
  /// request states before the one that was declared.
  ///
  /// - Throws: `api-key-unknown`, `purpose-not-stated`, `account-unknown`, `account-locked`,
  ///   `password-to-be-changed`.
  package func reader(_ request: Request) throws -> RepositoryReader {
    let stated = request.queryValue("purpose")
    if request.queryValue("apikey") == nil, let name = Self.credentials(request) {
      let account = try account(name.user, name.password)
      guard account.capacity.mayRead else { throw Refusal.accountCapacity(.reader) }
      return RepositoryReader(
        account.actor, for: RepositoryReader.purpose(stated) ?? account.purpose)
    }
    do {
      return try registration.reader(
        apiKey: request.queryValue("apikey"), stating: stated, at: clock())
    } catch let refusal as Refusal {
      let isTestKey = request.queryValue("apikey") == RepositoryInterface.testAPIKey
      guard isTestKey, refusal.code == "api-key-unknown" else { throw refusal }
      throw Refusal.testKeyElsewhere()
    }
  }

  /// An auditor: somebody with an account that was given for this.
  package func auditor(_ request: Request) throws -> Actor {
    guard let name = Self.credentials(request) else { throw Refusal.accountUnknown }
    let account = try account(name.user, name.password)
    guard account.capacity == .auditor else { throw Refusal.accountCapacity(.auditor) }
    return account.actor
  }

  /// The new password, as it is handed in.
  private struct Change: Decodable {
    let password: String
  }

  /// P3-3.1-password: changes the password of the account that asks, with its present one.
  package func changePassword(_ request: Request) -> Response {
    do {
      guard let name = Self.credentials(request) else { throw Refusal.accountUnknown }
      guard let change = try? JSONDecoder().decode(Change.self, from: Data(request.body)) else {
        throw Refusal.passwordForm("a JSON object with the member password")
      }
      try signedIn.alone {
        try registration.changePassword(
          of: name.user, from: name.password, to: change.password, salt: Random.bytes(32),
          at: clock())
      }
      return Response(status: 204)
    } catch {
      return ErrorBody.response(to: error)
    }
  }

  private func account(_ user: String, _ password: String) throws -> PortalAccount {
    let moment = clock()
    let tag = signedIn.tag(user, password)
    if let known = signedIn.known(tag, at: moment),
      let account = try registration.account(user), account == known,
      account.until.map({ moment < $0 }) ?? true, !account.mustChange
    {
      return account
    }
    return try signedIn.alone {
      let account = try registration.signIn(user, password, at: moment)
      guard !account.mustChange else { throw Refusal.passwordToBeChanged }
      signedIn.remember(tag, account, at: moment)
      return account
    }
  }

  /// RFC 7617: user and password.
  static func credentials(_ request: Request) -> (user: String, password: String)? {
    guard let header = request.headers["authorization"], header.hasPrefix("Basic "),
      header.utf8.count <= 2048, let octets = Base64.decode(header.dropFirst(6).utf8),
      let text = String(validating: octets, as: UTF8.self), let colon = text.firstIndex(of: ":")
    else { return nil }
    return (String(text[..<colon]), String(text[text.index(after: colon)...]))
  }
}

/// Who signed in lately, so that not each request costs a tenth of a second and 32 MiB.
///
/// What is remembered opens nothing by itself: the account is read again each time, and only one
/// that has not changed since is taken.
final class SignedIn: Sendable {
  /// Seconds for which it is remembered [assumed].
  static let seconds: Int64 = 300
  private static let accountsMax = 1_000

  private let secret = Random.bytes(32)
  private let accounts = Guarded<[[UInt8]: (account: PortalAccount, until: Time)]>([:])
  private let isTrying = Guarded(())

  /// What stands for a name and a password here, and nowhere else.
  func tag(_ user: String, _ password: String) -> [UInt8] {
    Digest.sha256(secret + Digest.sha256(secret + Array("\(user)\n\(password)".utf8)))
  }

  func known(_ tag: [UInt8], at moment: Time) -> PortalAccount? {
    accounts.change { accounts in
      accounts[tag].flatMap { moment < $0.until ? $0.account : nil }
    }
  }

  func remember(_ tag: [UInt8], _ account: PortalAccount, at moment: Time) {
    accounts.change { accounts in
      if accounts.count >= Self.accountsMax {
        accounts = accounts.filter { moment < $0.value.until }
      }
      if accounts.count >= Self.accountsMax { accounts = [:] }
      accounts[tag] = (account, moment.adding(seconds: Self.seconds))
    }
  }

  /// One after the other.
  func alone<Value: Sendable>(_ body: () throws -> Value) throws -> Value {
    try isTrying.change { _ in try body() }
  }
}
