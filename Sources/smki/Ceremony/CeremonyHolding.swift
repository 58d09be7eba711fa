// SPDX-License-Identifier: Apache-2.0

import Authority
import Ceremony
import DER
import FoundationEssentials
import Keys
import SEC
import Service

/// Holds a ceremony in an offline folder: all of it counts, or nothing.
struct CeremonyHolding {
  let folder: OfflineFolder
  let file: CeremonyFile
  let people: CeremonyRun.People
  let clock: @Sendable () -> Time

  /// Holds it, and keeps its papers with the state.
  ///
  /// - Returns: transcript and package.
  func hold(_ brought: CeremonyRun.Brought, rehearsal: [UInt8]) throws -> CeremonyRun.Outputs {
    let hold = try folder.begin()
    let outputs: CeremonyRun.Outputs
    do {
      reached("begun")
      let run = CeremonyRun(
        file, in: hold.state, by: people, tool: Product.version, clock: clock,
        random: { Random.bytes($0) }, reached: reached)
      outputs = try run.hold(brought, rehearsal: rehearsal)
      let papers = OfflineFolder.papers(file.ceremony, in: hold.state)
      try Files.makeFolder(papers)
      try Files.writeNew("\(papers)/file.json", file.octets)
      try Files.writeNew("\(papers)/rehearsal.json", rehearsal)
      try Files.writeNew("\(papers)/transcript", outputs.transcript)
      try Files.writeNew("\(papers)/package", outputs.package)
      reached("papers-written")
    } catch {
      folder.abandon(hold)
      throw error
    }
    try folder.commit(hold)
    reached("committed")
    let keys = try folder.state().ceremonyKeys().map { "\($0)\n" }
    try Files.replace("\(folder.path)/ceremony.vkey", keys.joined())
    return outputs
  }

  private func reached(_ step: String) {
    CeremonyStop.reached(step, in: file.estate.estate)
  }
}

/// Writes shares as files, one for each custodian, in a folder that stands for the envelopes.
struct ShareDelivery {
  let path: String

  /// Makes the folder, for its owner only.
  init(to path: String) throws {
    self.path = path
    try Files.makeFolder(path)
  }

  /// The name of a share's file.
  static func name(_ record: ShareRecord) -> String {
    "\(record.ceremony)-\(record.vault.rawValue)-\(record.index).share"
  }

  /// Hands one over; what a broken attempt of the same ceremony left gives way.
  var deliver: (ShareFile, ShareRecord) throws -> Void {
    { file, record in
      let place = "\(path)/\(Self.name(record))"
      if FileManager.default.fileExists(atPath: place) {
        try Files.overwrite(place)
        try FileManager.default.removeItem(atPath: place)
      }
      try file.write(toNewFile: place)
    }
  }
}
