// SPDX-License-Identifier: Apache-2.0

import DER
import FoundationEssentials
import Repository
import SEC
import X509

extension Command {
  static let show = Command(
    name: "show", summary: "show what a certificate or request says",
    operands: [
      Operand(
        name: "FILE|SERIAL",
        summary: "a file in PEM, Base64 or DER, - for standard input, or a serial number")
    ], example: "smki show device.csr"
  ) { invocation in
    let word = invocation.operands[0]
    let pictures: [Picture]
    if word == "-" || FileManager.default.fileExists(atPath: word) {
      do {
        pictures = try Examined.read(try Files.read(word)).map(Picture.init)
      } catch let error as DERError {
        throw Failure.Message(.faults, "\(word): \(error.code.rawValue): \(error.detail)")
      }
    } else {
      guard let serial = try? invocation.serial(word) else {
        throw Failure.Message(
          .failed, "there is no file \(word)",
          remedy: "Name a file, or a serial number: 32 hexadecimal digits, or decimal.")
      }
      guard let lodged = try Opening(invocation).repository.certificate(serial: serial) else {
        throw Failure.Message(.faults, "there is no file and no certificate \(word)")
      }
      pictures = [Picture(try Certificate(parsing: lodged.der))]
    }
    try invocation.show(pictures) { pictures.map(\.text).joined(separator: "\n\n") }
    return .done
  }
}
