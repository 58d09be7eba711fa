// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Threads

/// A cryptographic module of a vendor, spoken to by PKCS #11 and opened by its path.
///
/// The vendor's code is opened once in a process and never taken out again; it is told that many
/// threads will call it (CKF_OS_LOCKING_OK), which PKCS #11 obliges it to bear.
@safe package final class Module: Sendable {
  /// What a module says about a token.
  package struct TokenFacts: Hashable, Sendable {
    /// The token's label, without the blanks that fill it up.
    package let label: String
    /// Who made it, which model, and its serial number, each without blanks.
    package let manufacturer: String
    package let model: String
    package let serial: String
    let slot: CK_SLOT_ID
  }

  /// The file of the vendor's code.
  package let path: String
  private nonisolated(unsafe) let functions: CK_FUNCTION_LIST_PTR

  private init(path: String, functions: CK_FUNCTION_LIST_PTR) {
    self.path = path
    unsafe self.functions = functions
  }

  /// The modules of this process; held while one is opened.
  private static let opened = Guarded<[String: Module]>([:])

  /// Opens a module, or gives the one that is open.
  ///
  /// - Throws: `TokenFault`, permanent when the path holds no module.
  package static func load(_ path: String) throws(TokenFault) -> Module {
    try opened.change { opened throws(TokenFault) in
      if let module = opened[path] { return module }
      var reason: UnsafePointer<CChar>?
      guard let functions = unsafe smki_pkcs11_open(path, &reason) else {
        let text = unsafe reason.map { unsafe String(cString: $0) } ?? "no reason given"
        throw TokenFault(.permanent, "no PKCS #11 module at \(path): \(text)")
      }
      let module = unsafe Module(path: path, functions: functions)
      try module.initialise()
      opened[path] = module
      return module
    }
  }

  /// Tells the module that this process will use it; it bears being told again.
  func initialise() throws(TokenFault) {
    var arguments = unsafe CK_C_INITIALIZE_ARGS()
    unsafe arguments.flags = CKF_OS_LOCKING_OK
    let value = unsafe functions.pointee.C_Initialize(&arguments)
    guard value == CKR_OK || value == CKR_CRYPTOKI_ALREADY_INITIALIZED else {
      throw TokenFault("C_Initialize", value)
    }
  }

  /// Calls a function of the module.
  ///
  /// - Throws: what it answered when that is not CKR_OK.
  func call(
    _ name: StaticString, _ body: (CK_FUNCTION_LIST) -> CK_RV
  ) throws(TokenFault) {
    let value = unsafe body(functions.pointee)
    guard value == CKR_OK else { throw TokenFault("\(name)", value) }
  }

  /// The tokens that are there now and have a label.
  ///
  /// - Throws: `TokenFault`.
  package func tokens() throws(TokenFault) -> [TokenFacts] {
    var tokens: [TokenFacts] = []
    for slot in try slots() {
      var information = CK_TOKEN_INFO()
      try call("C_GetTokenInfo") { unsafe $0.C_GetTokenInfo(slot, &information) }
      guard information.flags & CKF_TOKEN_INITIALIZED != 0 else { continue }
      tokens.append(
        TokenFacts(
          label: Self.text(information.label), manufacturer: Self.text(information.manufacturerID),
          model: Self.text(information.model), serial: Self.text(information.serialNumber),
          slot: slot))
    }
    return tokens
  }

  /// The slot of the token with a label.
  ///
  /// - Throws: `TokenFault`: transient when no token has the label now, permanent when two have it.
  func slot(of label: String) throws(TokenFault) -> CK_SLOT_ID {
    let found = try tokens().filter { $0.label == label }
    guard let token = found.first else {
      throw TokenFault(.transient, "no token \(label) in \(path)")
    }
    guard found.count == 1 else {
      throw TokenFault(.permanent, "two tokens \(label) in \(path)")
    }
    return token.slot
  }

  private func slots() throws(TokenFault) -> [CK_SLOT_ID] {
    // A token may come between the two calls: asked again until the answer fits.
    while true {
      var count: CK_ULONG = 0
      try call("C_GetSlotList") { unsafe $0.C_GetSlotList(1, nil, &count) }
      var slots = [CK_SLOT_ID](repeating: 0, count: Int(count))
      do {
        try call("C_GetSlotList") { unsafe $0.C_GetSlotList(1, &slots, &count) }
        return Array(slots.prefix(Int(count)))
      } catch  where error == TokenFault("C_GetSlotList", CKR_BUFFER_TOO_SMALL) {
        continue
      }
    }
  }

  /// A text of fixed length, filled up with blanks.
  private static func text<Octets>(_ octets: Octets) -> String {
    var octets = octets
    let text = unsafe withUnsafeBytes(of: &octets) { unsafe String(decoding: $0, as: UTF8.self) }
    guard let last = text.lastIndex(where: { $0 != " " && $0 != "\0" }) else { return "" }
    return String(text[...last])
  }
}
