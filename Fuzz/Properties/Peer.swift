// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import DER
import X509

/// What OpenSSL makes of the same octets: the other reader, with which ours is compared.
///
/// What is taken in here, OpenSSL must take in too, and read the same values. The other way it is
/// lenient: it reads BER where only DER may stand, and looks at fewer parts.
enum Peer {
  /// The refusals that OpenSSL may not share, and why ours is right.
  static let strictness: [DERError.Code: String] = [
    .truncated: "parameters, attribute values and names of unknown kinds are looked through here",
    .trailingBytes: "extensionRequest is looked into here; unique identifiers are not read",
    .nonMinimalLength: "BER: X.690, 10.1 asks for the shortest form",
    .indefiniteLength: "BER: X.690, 10.1 asks for the definite form",
    .tooDeep: "a limit of ours: 16 levels, 30 there",
    .tooLong: "a limit of ours, or a length of more than four octets",
    .tooMany: "a limit of ours: names, attributes, extensions",
    .longTag: "nothing here uses a tag number above 30",
    .wrongTag: "BER: strings in parts; and what OpenSSL does not look into",
    .badBoolean: "BER: X.690, 11.1 knows one TRUE",
    .nonMinimalInteger: "numbers inside values that OpenSSL does not look into",
    .negativeInteger: "RFC 5280, 4.1.2.2: a serial number is positive",
    .integerTooLarge: "RFC 5280, 4.1.2.2: a serial number has 20 octets at most",
    .badBitString: "X.690, 11.2: unused bits are zero",
    .badObjectIdentifier: "a limit of ours: 63 octets, each arc below 2^63",
    .badNull: "a NULL inside values that OpenSSL does not look into",
    .badString: "an alphabet, NUL, or an empty name; OpenSSL checks no alphabet",
    .badTime: "RFC 5280, 4.1.2.5: OpenSSL checks the form of a time when it is used",
    .unsortedSet: "BER: X.690, 11.6 asks for an order",
    .defaultEncoded: "BER: X.690, 11.5 leaves a default out",
    .empty: "RFC 5280, 4.1.2.4 and 4.2: names and extensions have at least one member",
    .duplicate: "RFC 5280, 4.2: an extension stands once",
    .badValue: "another version than 3, serial number zero, two signature algorithms",
  ]

  /// Holds a refusal to its promises: a place inside the input, a refusal that OpenSSL shares or
  /// that is one of `strictness`.
  static func judge(
    _ error: DERError, of input: [UInt8], isTaken: ([UInt8]) -> Bool
  ) throws(Violation) -> Outcome {
    try error.require(within: input)
    try Violation.unless(!error.detail.isEmpty, "a refusal without words")
    let isLenient = isSampled(input) && isTaken(input)
    try Violation.unless(
      !isLenient || strictness[error.code] != nil, "OpenSSL takes in what is refused: \(error)")
    return Outcome(
      refusal: error.code.rawValue, isPastFirstLength: input.isOneElement, isPeerLenient: isLenient)
  }
}

extension Peer {
  /// Whether OpenSSL is asked about an input that is refused here: one in four, because it takes
  /// longer than all the rest.
  private static func isSampled(_ input: [UInt8]) -> Bool {
    input.reduce(0, ^) & 3 == 0
  }

  /// The values of a certificate, each as octets.
  struct Certificate: Equatable {
    /// The signed part, written again from its values.
    let signedBytes: [UInt8]
    let serialNumber: [UInt8]
    let issuer: [UInt8]
    let subject: [UInt8]
    /// Year, month, day, hour, minute, second; nil for what OpenSSL finds to be no time.
    let notBefore: [Int]?
    let notAfter: [Int]?
    let extensionCount: Int
    let signature: [UInt8]
  }

  /// The values of a request, each as octets.
  struct Request: Equatable {
    /// The signed part, written again from its values.
    let signedBytes: [UInt8]
    let subject: [UInt8]
    let attributeCount: Int
    let signature: [UInt8]
  }

  /// Reads one whole certificate; nil when OpenSSL refuses it or leaves octets over.
  static func certificate(_ input: [UInt8]) -> Certificate? {
    unsafe read(input, { unsafe d2i_X509(nil, $0, $1) }, X509_free) { certificate in
      var signature: UnsafePointer<ASN1_BIT_STRING>?
      unsafe X509_get0_signature(&signature, nil, certificate)
      return unsafe Certificate(
        signedBytes: written { unsafe i2d_re_X509_tbs(certificate, $0) },
        serialNumber: octets(X509_get0_serialNumber(certificate)),
        issuer: written { unsafe i2d_X509_NAME(X509_get_issuer_name(certificate), $0) },
        subject: written { unsafe i2d_X509_NAME(X509_get_subject_name(certificate), $0) },
        notBefore: fields(X509_get0_notBefore(certificate)),
        notAfter: fields(X509_get0_notAfter(certificate)),
        extensionCount: Int(X509_get_ext_count(certificate)), signature: octets(signature))
    }
  }

  /// Reads one whole request; nil when OpenSSL refuses it or leaves octets over.
  static func request(_ input: [UInt8]) -> Request? {
    unsafe read(input, { unsafe d2i_X509_REQ(nil, $0, $1) }, X509_REQ_free) { request in
      var signature: UnsafePointer<ASN1_BIT_STRING>?
      unsafe X509_REQ_get0_signature(request, &signature, nil)
      return unsafe Request(
        signedBytes: written { unsafe i2d_re_X509_REQ_tbs(request, $0) },
        subject: written { unsafe i2d_X509_NAME(X509_REQ_get_subject_name(request), $0) },
        attributeCount: Int(X509_REQ_get_attr_count(request)), signature: octets(signature))
    }
  }

  /// The values of a revocation list, each as octets.
  struct RevocationList: Equatable {
    /// The signed part, written again from its values.
    let signedBytes: [UInt8]
    let issuer: [UInt8]
    let thisUpdate: [Int]?
    let nextUpdate: [Int]?
    let signature: [UInt8]
  }

  /// Reads one whole revocation list; nil when OpenSSL refuses it or leaves octets over.
  static func revocationList(_ input: [UInt8]) -> RevocationList? {
    unsafe read(input, { unsafe d2i_X509_CRL(nil, $0, $1) }, X509_CRL_free) { list in
      var signature: UnsafePointer<ASN1_BIT_STRING>?
      unsafe X509_CRL_get0_signature(list, &signature, nil)
      return unsafe RevocationList(
        signedBytes: written { unsafe i2d_re_X509_CRL_tbs(list, $0) },
        issuer: written { unsafe i2d_X509_NAME(X509_CRL_get_issuer(list), $0) },
        thisUpdate: fields(X509_CRL_get0_lastUpdate(list)),
        nextUpdate: X509_CRL_get0_nextUpdate(list).flatMap { unsafe fields($0) },
        signature: octets(signature))
    }
  }

  /// How many certificates one whole request for their status asks for; nil when OpenSSL refuses it
  /// or leaves octets over.
  static func statusRequest(_ input: [UInt8]) -> Int? {
    unsafe read(input, { unsafe d2i_OCSP_REQUEST(nil, $0, $1) }, OCSP_REQUEST_free) { request in
      unsafe Int(OCSP_request_onereq_count(request))
    }
  }

  /// Whether OpenSSL takes one whole element of any type.
  static func takesElement(_ input: [UInt8]) -> Bool {
    unsafe input.withUnsafeBufferPointer { buffer in
      var cursor = buffer.baseAddress
      guard let type = unsafe d2i_ASN1_TYPE(nil, &cursor, buffer.count) else {
        ERR_clear_error()
        return false
      }
      unsafe ASN1_TYPE_free(type)
      return unsafe cursor == buffer.baseAddress.map { unsafe $0 + buffer.count }
    }
  }

  /// The octets of canonical Base64 as OpenSSL reads them, or nil.
  static func base64(_ text: [UInt8]) -> [UInt8]? {
    var octets = [UInt8](repeating: 0, count: text.count / 4 * 3)
    let count = unsafe EVP_DecodeBlock(&octets, text, Int32(text.count))
    guard count >= 0 else { return nil }
    let padding = text.suffix(2).count { $0 == UInt8(ascii: "=") }
    return Array(octets.prefix(Int(count) - padding))
  }

  private static func read<Value>(
    _ input: [UInt8],
    _ decode: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> OpaquePointer?,
    _ free: (OpaquePointer?) -> Void, _ body: (OpaquePointer) -> Value
  ) -> Value? {
    let value = unsafe input.withUnsafeBufferPointer { buffer -> Value? in
      var cursor = buffer.baseAddress
      guard let decoded = unsafe decode(&cursor, buffer.count) else { return nil }
      defer { unsafe free(decoded) }
      let isWhole = unsafe cursor == buffer.baseAddress.map { unsafe $0 + buffer.count }
      return isWhole ? unsafe body(decoded) : nil
    }
    ERR_clear_error()
    return value
  }

  /// What one of OpenSSL's writers writes; nothing when it fails.
  private static func written(
    _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
  ) -> [UInt8] {
    let count = Int(encode(nil))
    guard count > 0 else { return [] }
    var octets = [UInt8](repeating: 0, count: count)
    unsafe octets.withUnsafeMutableBufferPointer { buffer in
      var cursor = buffer.baseAddress
      _ = unsafe encode(&cursor)
    }
    return octets
  }

  private static func octets(_ string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
    guard let string = unsafe string, let data = unsafe ASN1_STRING_get0_data(string) else {
      return []
    }
    return unsafe Array(
      UnsafeBufferPointer(start: data, count: Int(ASN1_STRING_length(string))))
  }

  private static func fields(_ time: UnsafePointer<ASN1_TIME>?) -> [Int]? {
    var fields = unsafe tm()
    guard unsafe ASN1_TIME_to_tm(time, &fields) == 1 else { return nil }
    return unsafe [
      Int(fields.tm_year) + 1900, Int(fields.tm_mon) + 1, Int(fields.tm_mday), Int(fields.tm_hour),
      Int(fields.tm_min), Int(fields.tm_sec),
    ]
  }
}

extension Peer.Certificate {
  /// The values as they were read here, in the same form.
  init(_ certificate: Certificate) {
    self.init(
      signedBytes: Array(certificate.signedBytes),
      serialNumber: Array(certificate.serialNumber.magnitude),
      issuer: certificate.issuer.encoded, subject: certificate.subject.encoded,
      notBefore: certificate.tbs.notBefore.numbers, notAfter: certificate.tbs.notAfter.numbers,
      extensionCount: certificate.tbs.extensions.count, signature: Array(certificate.signature))
  }
}

extension Peer.RevocationList {
  /// The values as they were read here, in the same form.
  init(_ list: RevocationList) {
    self.init(
      signedBytes: Array(list.signedBytes), issuer: list.issuer.encoded,
      thisUpdate: list.tbs.thisUpdate.numbers, nextUpdate: list.tbs.nextUpdate?.numbers,
      signature: Array(list.signature))
  }
}

extension Peer.Request {
  /// The values as they were read here, in the same form.
  init(_ request: CertificationRequest) {
    self.init(
      signedBytes: Array(request.signedBytes), subject: request.subject.encoded,
      attributeCount: request.attributes.count, signature: Array(request.signature))
  }
}

extension Time {
  fileprivate var numbers: [Int] {
    let fields = self.fields
    return [fields.year, fields.month, fields.day, fields.hour, fields.minute, fields.second]
  }
}
