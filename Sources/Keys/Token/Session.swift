// SPDX-License-Identifier: Apache-2.0

import CPKCS11

/// One session with a token: it belongs to one thread, and remembers where keys lie.
final class Session {
  private let module: Module
  private let handle: CK_SESSION_HANDLE
  private var privateKeys: [String: CK_OBJECT_HANDLE] = [:]

  /// Opens a session with the token in a slot.
  init(_ module: Module, slot: CK_SLOT_ID) throws(TokenFault) {
    self.module = module
    var handle: CK_SESSION_HANDLE = 0
    try module.call("C_OpenSession") {
      unsafe $0.C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nil, nil, &handle)
    }
    self.handle = handle
  }

  deinit {
    try? module.call("C_CloseSession") { $0.C_CloseSession(handle) }
  }

  /// Logs the whole process in as the token's user.
  func logIn(_ pin: borrowing Secret) throws(TokenFault) {
    do {
      try unsafe pin.withBytes { pin in
        let octets = unsafe UnsafeMutableRawPointer(mutating: pin.baseAddress)?
          .assumingMemoryBound(to: UInt8.self)
        try module.call("C_Login") {
          unsafe $0.C_Login(handle, CKU_USER, octets, CK_ULONG(pin.count))
        }
      }
    } catch let fault as TokenFault {
      guard fault != TokenFault("C_Login", CKR_USER_ALREADY_LOGGED_IN) else { return }
      throw fault
    } catch {
      throw TokenFault(.permanent, "\(error)")
    }
  }

  /// Asks the token whether this session is still one of a user who is logged in.
  func check() throws(TokenFault) {
    var information = CK_SESSION_INFO()
    try module.call("C_GetSessionInfo") { unsafe $0.C_GetSessionInfo(handle, &information) }
    guard information.state == CKS_RW_USER_FUNCTIONS else {
      throw TokenFault("C_GetSessionInfo", CKR_USER_NOT_LOGGED_IN)
    }
  }

  /// Signs what the mechanism wants with the private key of a label.
  func sign(
    _ input: [UInt8], label: String, mechanism: CK_MECHANISM_TYPE, octetsMax: Int
  ) throws(TokenFault) -> [UInt8] {
    let key = try privateKey(label)
    var chosen = unsafe CK_MECHANISM(mechanism: mechanism, pParameter: nil, ulParameterLen: 0)
    var input = input
    var output = [UInt8](repeating: 0, count: octetsMax)
    var count = CK_ULONG(octetsMax)
    do {
      try module.call("C_SignInit") { unsafe $0.C_SignInit(handle, &chosen, key) }
      try module.call("C_Sign") {
        unsafe $0.C_Sign(handle, &input, CK_ULONG(input.count), &output, &count)
      }
    } catch {
      privateKeys[label] = nil
      throw error
    }
    guard count <= CK_ULONG(octetsMax) else {
      throw TokenFault(.transient, "C_Sign: a signature longer than its room")
    }
    return Array(output.prefix(Int(count)))
  }

  private func privateKey(_ label: String) throws(TokenFault) -> CK_OBJECT_HANDLE {
    if let known = privateKeys[label] { return known }
    guard let key = try find(label, CKO_PRIVATE_KEY).first else {
      throw TokenFault.noSuchKey(label)
    }
    try demandInside(key, label)
    privateKeys[label] = key
    return key
  }

  /// A key that was ever outside the module is not used: it could be anybody's (C3-84-2).
  func demandInside(_ key: CK_OBJECT_HANDLE, _ label: String) throws(TokenFault) {
    for attribute in [CKA_SENSITIVE, CKA_NEVER_EXTRACTABLE, CKA_LOCAL] {
      guard try value(of: attribute, of: key).first == 1 else {
        throw TokenFault(
          .permanent, "the key \(label) was not made in the module, or can leave it")
      }
    }
  }

  /// The objects of a class with a label, at most two: there must never be a second.
  func find(
    _ label: String?, _ objectClass: CK_OBJECT_CLASS, most: Int = 2
  ) throws(TokenFault) -> [CK_OBJECT_HANDLE] {
    var template = Template().with(CKA_CLASS, number: objectClass)
    if let label { template = template.with(CKA_LABEL, label.utf8) }
    let module = self.module
    let handle = self.handle
    try module.call("C_FindObjectsInit") { functions in
      unsafe template.lend { unsafe functions.C_FindObjectsInit(handle, $0, $1) }
    }
    defer { try? module.call("C_FindObjectsFinal") { $0.C_FindObjectsFinal(handle) } }
    var found: [CK_OBJECT_HANDLE] = []
    while found.count < most {
      var some = [CK_OBJECT_HANDLE](repeating: 0, count: min(64, most - found.count))
      var count: CK_ULONG = 0
      try module.call("C_FindObjects") {
        unsafe $0.C_FindObjects(handle, &some, CK_ULONG(some.count), &count)
      }
      guard count > 0 else { break }
      found += some.prefix(Int(count))
    }
    return found
  }

  /// The octets of one attribute.
  func value(
    of type: CK_ATTRIBUTE_TYPE, of object: CK_OBJECT_HANDLE
  ) throws(TokenFault) -> [UInt8] {
    var attribute = unsafe CK_ATTRIBUTE(type: type, pValue: nil, ulValueLen: 0)
    try module.call("C_GetAttributeValue") {
      unsafe $0.C_GetAttributeValue(handle, object, &attribute, 1)
    }
    // A module may say "unavailable" instead of a length: all bits set.
    guard unsafe attribute.ulValueLen <= CK_ULONG(UInt16.max) else {
      throw TokenFault(.permanent, "C_GetAttributeValue: an attribute without value")
    }
    var octets = unsafe [UInt8](repeating: 0, count: Int(attribute.ulValueLen))
    let count = octets.count
    try module.call("C_GetAttributeValue") { functions in
      unsafe octets.withUnsafeMutableBytes { room in
        unsafe attribute.pValue = room.baseAddress
        return unsafe functions.C_GetAttributeValue(handle, object, &attribute, 1)
      }
    }
    guard unsafe attribute.ulValueLen <= CK_ULONG(count) else {
      throw TokenFault(.transient, "C_GetAttributeValue: a value longer than its room")
    }
    return Array(octets.prefix(unsafe Int(attribute.ulValueLen)))
  }

  /// Makes a key pair that never leaves the module.
  func generate(
    _ mechanism: CK_MECHANISM_TYPE, publicTemplate: Template, privateTemplate: Template
  ) throws(TokenFault) -> (public: CK_OBJECT_HANDLE, private: CK_OBJECT_HANDLE) {
    var chosen = unsafe CK_MECHANISM(mechanism: mechanism, pParameter: nil, ulParameterLen: 0)
    var publicKey: CK_OBJECT_HANDLE = 0
    var privateKey: CK_OBJECT_HANDLE = 0
    let handle = self.handle
    try module.call("C_GenerateKeyPair") { functions in
      unsafe publicTemplate.lend { publicList, publicCount in
        unsafe privateTemplate.lend { privateList, privateCount in
          unsafe functions.C_GenerateKeyPair(
            handle, &chosen, publicList, publicCount, privateList, privateCount, &publicKey,
            &privateKey)
        }
      }
    }
    return (publicKey, privateKey)
  }

  /// Destroys an object for good.
  func destroy(_ object: CK_OBJECT_HANDLE) throws(TokenFault) {
    privateKeys = [:]
    try module.call("C_DestroyObject") { $0.C_DestroyObject(handle, object) }
  }
}
