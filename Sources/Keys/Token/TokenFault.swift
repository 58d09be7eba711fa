// SPDX-License-Identifier: Apache-2.0

import CPKCS11

/// Why a cryptographic module or a token in it did not do what it was asked.
package struct TokenFault: Error, Hashable, Sendable {
  /// Whether waiting helps.
  package enum Nature: String, Hashable, Sendable {
    /// The session or the token's login is lost; a new session is opened by itself.
    case session
    /// It may pass by itself: the module is slow, busy, unplugged or out of reach.
    case transient
    /// Somebody must do something: another PIN, another key, another setting.
    case permanent
  }

  /// Whether waiting helps.
  package let nature: Nature
  /// What went wrong, for an operator: one line, without any secret.
  package let reason: String

  /// A fault with its reason.
  package init(_ nature: Nature, _ reason: String) {
    self.nature = nature
    self.reason = reason
  }

  /// What a call answered, named as PKCS #11 names it.
  init(_ call: String, _ value: CK_RV) {
    let name = Self.names[value] ?? "CKR_0x" + String(value, radix: 16, uppercase: true)
    self.init(Self.natures[value] ?? .transient, "\(call): \(name)")
  }

  /// The call took longer than its time.
  static func late(_ milliseconds: Int) -> TokenFault {
    TokenFault(.transient, "no answer within \(milliseconds) ms")
  }

  /// There is no key with this label.
  static func noSuchKey(_ label: String) -> TokenFault {
    TokenFault(.permanent, "there is no key \(label) on the token")
  }

  /// Answers that say more than "try again": everything else may pass.
  private static let natures: [CK_RV: Nature] = [
    CKR_SESSION_HANDLE_INVALID: .session, CKR_SESSION_CLOSED: .session,
    CKR_USER_NOT_LOGGED_IN: .session, CKR_KEY_HANDLE_INVALID: .session,
    CKR_OBJECT_HANDLE_INVALID: .session, CKR_DEVICE_REMOVED: .session,
    CKR_TOKEN_NOT_PRESENT: .session, CKR_DEVICE_ERROR: .session,
    CKR_OPERATION_ACTIVE: .session, CKR_OPERATION_NOT_INITIALIZED: .session,
    CKR_CRYPTOKI_NOT_INITIALIZED: .session, CKR_SLOT_ID_INVALID: .session,
    CKR_PIN_INCORRECT: .permanent, CKR_PIN_INVALID: .permanent, CKR_PIN_LEN_RANGE: .permanent,
    CKR_PIN_EXPIRED: .permanent, CKR_PIN_LOCKED: .permanent,
    CKR_USER_PIN_NOT_INITIALIZED: .permanent, CKR_USER_ANOTHER_ALREADY_LOGGED_IN: .permanent,
    CKR_MECHANISM_INVALID: .permanent, CKR_MECHANISM_PARAM_INVALID: .permanent,
    CKR_KEY_TYPE_INCONSISTENT: .permanent, CKR_KEY_FUNCTION_NOT_PERMITTED: .permanent,
    CKR_KEY_SIZE_RANGE: .permanent, CKR_TEMPLATE_INCOMPLETE: .permanent,
    CKR_TEMPLATE_INCONSISTENT: .permanent, CKR_ATTRIBUTE_VALUE_INVALID: .permanent,
    CKR_ATTRIBUTE_TYPE_INVALID: .permanent, CKR_TOKEN_WRITE_PROTECTED: .permanent,
    CKR_TOKEN_NOT_RECOGNIZED: .permanent, CKR_FUNCTION_NOT_SUPPORTED: .permanent,
    CKR_ARGUMENTS_BAD: .permanent, CKR_ACTION_PROHIBITED: .permanent,
  ]

  private static let names: [CK_RV: String] = [
    CKR_HOST_MEMORY: "CKR_HOST_MEMORY", CKR_SLOT_ID_INVALID: "CKR_SLOT_ID_INVALID",
    CKR_GENERAL_ERROR: "CKR_GENERAL_ERROR", CKR_FUNCTION_FAILED: "CKR_FUNCTION_FAILED",
    CKR_ARGUMENTS_BAD: "CKR_ARGUMENTS_BAD",
    CKR_ATTRIBUTE_TYPE_INVALID: "CKR_ATTRIBUTE_TYPE_INVALID",
    CKR_ATTRIBUTE_VALUE_INVALID: "CKR_ATTRIBUTE_VALUE_INVALID",
    CKR_DEVICE_ERROR: "CKR_DEVICE_ERROR", CKR_DEVICE_MEMORY: "CKR_DEVICE_MEMORY",
    CKR_DEVICE_REMOVED: "CKR_DEVICE_REMOVED",
    CKR_FUNCTION_NOT_SUPPORTED: "CKR_FUNCTION_NOT_SUPPORTED",
    CKR_KEY_HANDLE_INVALID: "CKR_KEY_HANDLE_INVALID",
    CKR_KEY_TYPE_INCONSISTENT: "CKR_KEY_TYPE_INCONSISTENT",
    CKR_KEY_FUNCTION_NOT_PERMITTED: "CKR_KEY_FUNCTION_NOT_PERMITTED",
    CKR_MECHANISM_INVALID: "CKR_MECHANISM_INVALID",
    CKR_OBJECT_HANDLE_INVALID: "CKR_OBJECT_HANDLE_INVALID",
    CKR_OPERATION_ACTIVE: "CKR_OPERATION_ACTIVE", CKR_PIN_INCORRECT: "CKR_PIN_INCORRECT",
    CKR_PIN_EXPIRED: "CKR_PIN_EXPIRED", CKR_PIN_LOCKED: "CKR_PIN_LOCKED",
    CKR_PIN_LEN_RANGE: "CKR_PIN_LEN_RANGE", CKR_SESSION_CLOSED: "CKR_SESSION_CLOSED",
    CKR_SESSION_COUNT: "CKR_SESSION_COUNT",
    CKR_SESSION_HANDLE_INVALID: "CKR_SESSION_HANDLE_INVALID",
    CKR_TEMPLATE_INCOMPLETE: "CKR_TEMPLATE_INCOMPLETE",
    CKR_TEMPLATE_INCONSISTENT: "CKR_TEMPLATE_INCONSISTENT",
    CKR_TOKEN_NOT_PRESENT: "CKR_TOKEN_NOT_PRESENT",
    CKR_TOKEN_NOT_RECOGNIZED: "CKR_TOKEN_NOT_RECOGNIZED",
    CKR_TOKEN_WRITE_PROTECTED: "CKR_TOKEN_WRITE_PROTECTED",
    CKR_USER_NOT_LOGGED_IN: "CKR_USER_NOT_LOGGED_IN",
    CKR_USER_PIN_NOT_INITIALIZED: "CKR_USER_PIN_NOT_INITIALIZED",
    CKR_BUFFER_TOO_SMALL: "CKR_BUFFER_TOO_SMALL",
    CKR_CRYPTOKI_NOT_INITIALIZED: "CKR_CRYPTOKI_NOT_INITIALIZED",
  ]
}

extension TokenFault: CustomStringConvertible {
  /// The nature and the reason in one line.
  package var description: String { "\(nature.rawValue): \(reason)" }
}
