// SPDX-License-Identifier: Apache-2.0

import Threads

/// A token of a cryptographic module as one estate uses it: a pool of sessions, never one lock.
///
/// A network module answers in milliseconds and bears many calls at once, so that its rate is the
/// sessions over the latency. Each session belongs to a thread of its own; whoever asks waits for
/// an answer and no longer than the time of a call. What hangs is left behind and another session
/// takes its place. A lost login or an unplugged token is opened again by itself.
package final class Token: Sendable {
  /// How a token is used.
  package struct Settings: Hashable, Sendable {
    /// Sessions opened with a token unless told otherwise: what network modules bear with ease
    /// [assumed].
    package static let sessionsDefault = 16
    /// Milliseconds that one call may take unless told otherwise [assumed].
    package static let callMillisecondsDefault = 5_000
    /// Milliseconds after which a token that failed is tried again [assumed].
    package static let trialMillisecondsDefault = 1_000

    /// Calls at one time.
    package var sessions = sessionsDefault
    /// How long one call may take.
    package var callMilliseconds = callMillisecondsDefault
    /// How long after a fault the token is tried again.
    package var trialMilliseconds = trialMillisecondsDefault

    /// The usual settings.
    package init() {}
  }

  /// What all labels of the program's keys begin with.
  static let labelPrefix = "smki/"

  /// The file of the module.
  package let modulePath: String
  /// The token's label.
  package let label: String
  /// Whose keys these are: kind and name of the estate; part of each key's label, so that one
  /// estate's program does not find another's keys (C3-84-2).
  package let owner: String
  let crew: Crew

  /// A token that will be opened when it is first needed: nothing is asked of the module yet.
  package init(
    modulePath: String, label: String, owner: String, pin: consuming Secret,
    settings: Settings = Settings()
  ) {
    self.modulePath = modulePath
    self.label = label
    self.owner = owner
    crew = Crew(modulePath: modulePath, label: label, pin: pin, settings: settings)
  }

  /// A token whose PIN was never handed over: it is down until it is.
  static func withoutPIN(_ setting: TokenSetting, owner: String) throws -> Token {
    let token = try Token(
      modulePath: setting.path, label: setting.token, owner: owner, pin: Secret(copying: []),
      settings: setting.settings)
    let fault = TokenFault(
      .permanent, "no PIN of the token \(setting.token) was handed over; smki module pin takes it")
    token.crew.logIn.change { $0 = .refused(fault) }
    token.crew.failed(fault)
    return token
  }

  deinit {
    crew.close()
  }

  /// Why the token cannot be used now, or nil when nothing is known against it.
  package var fault: TokenFault? { crew.health.value.fault }

  /// Opens a session and logs in now, to find out whether it can be done.
  ///
  /// - Throws: `TokenFault`.
  package func check() throws(TokenFault) {
    _ = try crew.work(1, isTrial: true) { session, _ throws(TokenFault) in try session.check() }
  }

  /// Ends the sessions; what is under way is finished first.
  package func close() {
    crew.close()
  }

  /// The label of a key on the token.
  func fullLabel(_ label: String) throws(KeyError) -> String {
    guard KeyStore.isLabel(label) else { throw KeyError(.badLabel, "\(label) cannot label a key") }
    return "\(Self.labelPrefix)\(owner)/\(label)"
  }
}
