// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import Client
import FoundationEssentials
import Glibc
import HTTP
import Keys
import Records
import SEC
import Service

/// What a command says when it did not do what it was asked, and how it ends.
enum Failure {
  /// A failure with its sentence for the person at the terminal.
  struct Message: Error {
    let code: ExitCode
    let text: String
    let remedy: String

    init(_ code: ExitCode, _ text: String, remedy: String = "") {
      self.code = code
      self.text = text
      self.remedy = remedy
    }
  }

  /// Prints an error in the form that is wanted.
  static func report(_ error: any Error, isJSON: Bool) -> ExitCode {
    if let refusal = error as? Refusal {
      Terminal.complain(isJSON ? json(ErrorBody(refusal)) : text(refusal))
      return .refused
    }
    let message = message(of: error)
    let body = [
      "code": "\(message.code)", "message": message.text, "remedy": message.remedy,
    ]
    let remedy = message.remedy.isEmpty ? "" : "\n      \(message.remedy)"
    Terminal.complain(isJSON ? json(body) : "smki: \(message.text)\(remedy)")
    return message.code
  }

  private static func json(_ value: some Encodable) -> String {
    (try? JSON.text(value)) ?? "{}"
  }

  /// The parts of a refusal, a line each.
  static func text(_ refusal: Refusal) -> String {
    "refused: \(refusal.code)\n"
      + Table.pairs([
        ("  clause", refusal.clause.id), ("  field", refusal.field),
        ("  expected", refusal.expected), ("  found", refusal.found),
        ("  remedy", refusal.remedy),
      ])
  }

  private static func message(of error: any Error) -> Message {
    switch error {
    case let message as Message: message
    case let usage as UsageError: self.usage(usage)
    case let error as DatabaseError: database(error)
    case let error as KeyError: key(error)
    case let error as HTTPError:
      Message(
        error.code == .addressInUse ? .unavailable : .failed, error.detail,
        remedy: error.code == .credentialsUnusable ? "smki doctor explains what is wrong." : "")
    case let error as ClientError: client(error)
    case NodeError.notFounded(let path): noEstate(path)
    case NodeError.noGroup(let name):
      Message(
        .failed, "there is no group \(name) on this machine, and estate.json names it",
        remedy: "Make it with groupadd, or correct officersSocket.group in estate.json.")
    case NodeError.auditLost(let signed, let found):
      Message(
        .faults,
        "the records have \(found) audit entries and are not those for which a checkpoint over "
          + "\(signed) was signed: what was issued and revoked since would be unknown",
        remedy: "Put back a later copy or promote another standby; smki restore --accept-loss "
          + "goes on without what is lost.")
    case NodeError.unverifiedCopy(let path):
      Message(
        .failed, "\(path) is a copy of an estate that was not verified yet (ENG-backup)",
        remedy: "smki restore --estate \(path) verifies it and lets it serve.")
    case AuthorityError.busy, AuthorityError.stopping, AuthorityError.chunkVoided:
      Message(.unavailable, "the node is busy or stopping", remedy: "Try again in a second.")
    case AuthorityError.signerDown(let reason):
      Message(
        .unavailable, "the authority's key cannot be used: \(reason)",
        remedy: "Try again; smki module check says how the modules are.")
    case let fault as TokenFault:
      Message(
        fault.nature == .permanent ? .failed : .unavailable, fault.reason,
        remedy: "smki module check says how the modules are.")
    case NodeError.plainDoorInLiveEstate(let port):
      Message(
        .failed, "a live estate has no port without TLS, and estate.json names \(port)",
        remedy: "Take doors.repositoryPlain out of estate.json.")
    case NodeError.clockOfLiveEstate:
      Message(
        .failed, "a live estate goes by the machine's clock alone",
        remedy: "Leave --clock, and clockAheadSeconds in estate.json, to test estates.")
    case NodeError.officersShareUser:
      Message(
        .failed, "two officers of a live estate have one user of this machine",
        remedy: "Give each officer in estate.json a user of his or her own.")
    case NodeError.otherEstate(let records, let configuration):
      Message(
        .failed, "the records are those of \(records), and estate.json is that of \(configuration)")
    default: Message(.failed, "\(error)")
    }
  }

  private static func usage(_ error: UsageError) -> Message {
    let command = error.command.map { "smki help \($0.name)" } ?? "smki help"
    return Message(.usage, error.message, remedy: "See \(command).")
  }

  private static func database(_ error: DatabaseError) -> Message {
    switch error.code {
    case .storeInUse:
      Message(
        .unavailable, "another process has the estate open: \(error.message)",
        remedy: "Wait until it ends; while a node serves, commands go through it.")
    case .placeTaken:
      Message(
        .failed, error.message,
        remedy: "Put it aside first: what is brought in replaces no records.")
    case .storeNotOpened:
      Message(
        .unavailable, error.message,
        remedy: "Run as the estate's owner; where the records are lost, smki restore puts back a "
          + "backup.")
    case .storeUnavailable, .storeTooNew: Message(.unavailable, error.message)
    default: Message(.failed, error.description)
    }
  }

  private static func key(_ error: KeyError) -> Message {
    switch error.code {
    case .noSuchStore: Message(.unavailable, error.detail)
    case .wrongPassphrase:
      Message(.failed, "the key store does not open with this passphrase")
    default: Message(.failed, error.description, remedy: remedy(of: error.code))
    }
  }

  /// What an operator can do about a key; nothing where the detail says it.
  private static func remedy(of code: KeyError.Code) -> String {
    switch code {
    case .damaged, .noSuchKey, .wrongLabel:
      "Put the file back from a backup (smki restore), or take the authority's next one; smki "
        + "doctor looks at every key."
    case .wrongEstate: "Name the folder of the estate to which the keys belong, with --estate."
    case .tooOpen: "Take the rights away from others: chmod go-rwx, and chown to the estate's user."
    case .labelTaken, .storeExists: "Choose another name or folder; nothing is written over."
    case .unsupportedKey: "Keys are P-256, or RSA with 2048 bits."
    case .fileSystem: "Is the disk full, or the folder another user's?"
    default: ""
    }
  }

  private static func client(_ error: ClientError) -> Message {
    let remedy =
      error.code == .refusedByTLS
      ? "Do certificate and key belong together, and is the server's certificate by --authority?"
      : "Does the node serve there? smki doctor looks."
    return Message(
      error.code == .unreachable ? .unavailable : .failed, error.description, remedy: remedy)
  }

  /// `estate.json` is there and cannot be read as what it has to be.
  static func configuration(_ path: String, _ error: DecodingError) -> Message {
    let (context, problem): (DecodingError.Context?, String) =
      switch error {
      case .keyNotFound(let key, let context): (context, "\(key.stringValue) is missing")
      case .typeMismatch(_, let context), .valueNotFound(_, let context),
        .dataCorrupted(let context):
        (context, context.debugDescription)
      @unknown default: (nil, "\(error)")
      }
    let place = context?.codingPath.map { $0.stringValue }.joined(separator: ".") ?? ""
    let file = "\(path)/estate.json"
    guard place.isEmpty, isJSON(file) else {
      return Message(
        .failed, "\(file)\(place.isEmpty ? "" : ", \(place)"): \(problem)",
        remedy: "docs/operations/running-a-node.md says what each setting takes.")
    }
    // The decoder says of a number beyond its type no more than that it is not valid.
    return Message(
      .failed, "\(file): a number is larger than its setting takes; a port is 65535 at most",
      remedy: "docs/operations/running-a-node.md says what each setting takes.")
  }

  private struct Anything: Decodable {
    init(from decoder: any Decoder) {}
  }

  private static func isJSON(_ path: String) -> Bool {
    guard let octets = try? Files.read(path) else { return false }
    return (try? JSONDecoder().decode([String: Anything].self, from: Data(octets))) != nil
  }

  /// There is no estate in a folder, or none that this user may see.
  static func noEstate(_ path: String) -> Message {
    if unsafe access("\(path)/estate.json", F_OK) != 0, errno == EACCES {
      return Message(
        .unavailable, "\(path) is not this user's to look into",
        remedy: "Run as the estate's owner, or as an officer by --control.")
    }
    return Message(
      .unavailable, "there is no estate in \(path)",
      remedy: "Make one with smki init --test, or name its folder with --estate.")
  }
}
