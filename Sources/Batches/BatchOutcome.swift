// SPDX-License-Identifier: Apache-2.0

/// What became of one request of a batch; final once it is recorded.
package struct BatchOutcome: Hashable, Sendable {
  /// M8-2.5-batch-item-status: the six statuses of a request.
  package enum Status: UInt8, Hashable, Sendable, CaseIterable {
    case success
    /// An officer must look before it is tried again.
    case issuanceAnomaly
    /// The party may not ask for it (M8-AppD-ineligible).
    case ineligible
    /// The request is wrong.
    case csrError
    /// We failed; trying again may help.
    case caError
    /// Trying again is unlikely to help.
    case workflowError

    /// The word of the XML (M8-AppE-result).
    package var word: String {
      switch self {
      case .success: "SUCCESS"
      case .issuanceAnomaly: "ISSUANCE_ANOMALY"
      case .ineligible: "INELIGIBLE"
      case .csrError: "CSR_ERROR"
      case .caError: "CA_ERROR"
      case .workflowError: "WORKFLOW_ERROR"
      }
    }

    /// The letters before the colon of its error codes; none for success.
    package var prefix: String? {
      switch self {
      case .success: nil
      case .issuanceAnomaly, .caError: "CA"
      case .ineligible: "IN"
      case .csrError: "CR"
      case .workflowError: "WF"
      }
    }

    /// The word of the text report (M8-AppF-batch-report).
    package var reportWord: String {
      switch self {
      case .success: "success"
      case .issuanceAnomaly: "anomaly"
      case .ineligible: "ineligible"
      case .csrError, .caError, .workflowError: "error"
      }
    }
  }

  package let status: Status
  /// The serial number of the certificate, 16 octets; empty where there is none.
  package let serial: [UInt8]
  /// The error code and the reason in words; empty for success.
  package let code: String
  package let text: String

  /// A certificate was issued, now or before.
  package init(serial: [UInt8]) {
    status = .success
    self.serial = serial
    code = ""
    text = ""
  }

  /// None was issued.
  package init(_ status: Status, code: String, text: String) {
    self.status = status
    serial = []
    self.code = code
    self.text = text
  }
}

/// Outcomes as they are kept: one octet of status, then the serial number, or code and reason each
/// behind its length.
extension BatchOutcome {
  /// The octets of outcomes in their order.
  static func encode(_ outcomes: [BatchOutcome]) -> [UInt8] {
    var octets: [UInt8] = []
    octets.reserveCapacity(outcomes.count * 20)
    for outcome in outcomes {
      octets.append(outcome.status.rawValue)
      guard outcome.status != .success else {
        octets += outcome.serial
        continue
      }
      let text = Array(outcome.text.utf8.prefix(textOctetsMax))
      octets.append(UInt8(outcome.code.utf8.count))
      octets += outcome.code.utf8
      octets += [UInt8(text.count >> 8), UInt8(text.count & 0xff)] + text
    }
    return octets
  }

  /// The longest reason that is kept.
  private static let textOctetsMax = 2_000
  private static let serialOctets = 16

  /// The outcomes in their order, or nil when these are no such octets.
  static func decode(_ octets: [UInt8]) -> [BatchOutcome]? {
    var outcomes: [BatchOutcome] = []
    var rest = octets[...]
    func take(_ count: Int) -> ArraySlice<UInt8>? {
      guard rest.count >= count else { return nil }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
    while let first = rest.popFirst() {
      guard let status = Status(rawValue: first) else { return nil }
      guard status != .success else {
        guard let serial = take(serialOctets) else { return nil }
        outcomes.append(BatchOutcome(serial: Array(serial)))
        continue
      }
      guard let length = rest.popFirst(), let code = take(Int(length)), let high = rest.popFirst(),
        let low = rest.popFirst(), let text = take(Int(high) << 8 | Int(low))
      else { return nil }
      outcomes.append(
        BatchOutcome(
          status, code: String(decoding: code, as: UTF8.self),
          text: String(decoding: text, as: UTF8.self)))
    }
    return outcomes
  }
}

/// How many requests have which outcome.
package struct OutcomeCounts: Hashable, Sendable {
  /// Certificates.
  package private(set) var success = 0
  /// Requests that are wrong, and failures of ours.
  package private(set) var error = 0
  /// Requests at which an officer must look.
  package private(set) var anomaly = 0
  /// Requests that the party may not make.
  package private(set) var ineligible = 0

  /// None yet.
  package init() {}

  /// How many have any.
  package var total: Int { success + error + anomaly + ineligible }

  /// Counts outcomes.
  package mutating func add(_ outcomes: some Sequence<BatchOutcome>) {
    for outcome in outcomes {
      switch outcome.status {
      case .success: success += 1
      case .issuanceAnomaly: anomaly += 1
      case .ineligible: ineligible += 1
      case .csrError, .caError, .workflowError: error += 1
      }
    }
  }

  init(success: Int, error: Int, anomaly: Int, ineligible: Int) {
    self.success = success
    self.error = error
    self.anomaly = anomaly
    self.ineligible = ineligible
  }
}
