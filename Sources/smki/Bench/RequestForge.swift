// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import SEC
import Threads
import X509

/// Makes requests for Device Certificates, each for a device and key pair of its own.
struct RequestForge: Sendable {
  /// The devices' identifiers are counted up from here; it lies in no maker's range.
  static let firstDevice: UInt64 = 0x02DB_0000_0000_0000
  /// hwType of the bench's devices, below the arc of examples (RFC 7299).
  static let hardwareType: ObjectIdentifier = "1.3.6.1.5.5.7.999.1"

  /// A request, and what its certificate must say.
  struct Made: Sendable {
    let device: EntityID
    let point: [UInt8]
    let request: [UInt8]
  }

  /// So many requests, from a number on, made on all cores.
  static func make(_ count: Int, from first: Int) throws -> [Made] {
    let parts = Guarded<[Int: [Made]]>([:])
    let failure = Guarded<(any Error)?>(nil)
    let partSize = 500
    Worker.onAllCores((count + partSize - 1) / partSize) { part in
      do {
        let numbers = (part * partSize)..<min(count, (part + 1) * partSize)
        let made = try numbers.map { try one(first + $0) }
        parts.change { $0[part] = made }
      } catch {
        failure.change { $0 = error }
      }
    }
    if let error = failure.value { throw error }
    return parts.value.sorted { $0.key < $1.key }.flatMap(\.value)
  }

  private static func one(_ number: Int) throws -> Made {
    let key = try SoftwareKey.generate(.p256)
    guard case .p256(let publicKey) = key.publicKey,
      let keyInfo = SubjectPublicKeyInfo(key.publicKey)
    else { throw BenchError.unusableKey }
    let device = EntityID(firstDevice + UInt64(number))
    let name = HardwareModuleName(hardwareType: hardwareType, serialNumber: device.octets)
    let extensions = [
      Extension(KeyUsage([.digitalSignature]), isCritical: true),
      Extension(SubjectAltName([.hardwareModule(name)]), isCritical: true),
    ]
    let info = CertificationRequest.info(
      subject: .empty, subjectPublicKeyInfo: keyInfo,
      attributes: [.extensionRequest(extensions)])
    let signature = try key.sign(info)
    return Made(
      device: device, point: publicKey.point,
      request: CertificationRequest.assemble(info: info, signature: signature))
  }
}

/// Why a bench cannot go on.
enum BenchError: Error {
  case unusableKey
  /// A certificate that does not answer its request.
  case wrongCertificate(String)
  /// An answer with another status than the one that was wanted.
  case refused(Int, String)
  /// The node did not come up; the end of its log.
  case notReady(String)
  /// A run of this program failed.
  case childFailed(String)
}
