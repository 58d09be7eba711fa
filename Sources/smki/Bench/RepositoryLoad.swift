// SPDX-License-Identifier: Apache-2.0

import Archive
import Audit
import DER
import Foundation
import Keys
import Records
import Repository
import SEC
import Service

/// Fills a Repository, measures what it costs and how fast it answers, and goes.
struct RepositoryLoad {
  /// One measured thing: what, how much, in which unit.
  struct Figure: Encodable {
    let name: String
    let value: Double
    let unit: String
  }

  let scale: Int
  /// Where extracts are made; it goes with the measurement.
  let folder: String
  let place: RepositoryPlace
  /// Look-ups of each kind.
  let looks: Int

  func run(_ progress: (Int) -> Void) throws -> [Figure] {
    try Files.makeFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var figures = try fill(progress)
    figures += try sizes()
    figures += try lookups(isCold: false)
    figures += try lookups(isCold: true)
    figures += try export()
    return figures
  }

  private func fill(_ progress: (Int) -> Void) throws -> [Figure] {
    let records = try place.open()
    defer { records.close() }
    let stock = RepositoryStock(records: records)
    let start = ContinuousClock.now
    for first in stride(from: 0, to: scale, by: 10_000) {
      try stock.lodge(first..<min(scale, first + 10_000))
      progress(min(scale, first + 10_000))
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    return [
      Figure(name: "lodged", value: Double(scale), unit: "certificates"),
      Figure(name: "load rate", value: Double(scale) / seconds, unit: "certificates/s"),
    ]
  }

  /// Octets a certificate: of the whole file, and of each table and index in it.
  private func sizes() throws -> [Figure] {
    let (pages, whole) = try place.sizes()
    func share(_ octets: Int) -> Double { Double(octets) / Double(scale) }
    let ofRepository = pages.filter { $0.name.hasPrefix("certificate") }
    let ofAudit = pages.filter { $0.name.hasPrefix("audit") }
    let unit = "octets/certificate"
    return [
      Figure(
        name: "rows and indexes", value: share(ofRepository.reduce(0) { $0 + $1.octets }),
        unit: unit),
      Figure(name: "audit", value: share(ofAudit.reduce(0) { $0 + $1.octets }), unit: unit),
      Figure(name: "request hash in the row", value: 32, unit: unit),
      Figure(name: "whole file", value: share(whole), unit: unit),
    ]
      + ofRepository.filter { share($0.octets) >= 0.5 }.map {
        Figure(name: "of which \($0.name)", value: share($0.octets), unit: unit)
      }
  }

  /// Look-ups over the whole range, half of them for what is not there.
  private func lookups(isCold: Bool) throws -> [Figure] {
    if isCold { guard place.empty() else { return [] } }
    return try place.reading { try lookups(isCold: isCold, $0) }
  }

  private func lookups(isCold: Bool, _ records: Records) throws -> [Figure] {
    let repository = Repository(records: records)
    let state = isCold ? "cold" : "warm"
    let count = isCold ? min(looks, 500) : looks
    var figures: [Figure] = []
    for kind in ["serial", "device"] {
      var times: [Double] = []
      if !isCold { for _ in 0..<count / 4 { _ = try look(kind, repository) } }
      let start = ContinuousClock.now
      for _ in 0..<count {
        times.append(try RepositoryPlace.milliseconds { try look(kind, repository) })
      }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      times.sort()
      figures += [
        Figure(name: "by \(kind), \(state)", value: Double(count) / seconds, unit: "look-ups/s"),
        Figure(name: "by \(kind), \(state), p50", value: times[count / 2], unit: "ms"),
        Figure(name: "by \(kind), \(state), p99", value: times[count * 99 / 100], unit: "ms"),
      ]
    }
    figures += try limit(state, count)
    return figures
  }

  private func look(_ kind: String, _ repository: Repository) throws {
    let number = Int.random(in: 0..<scale)
    let isThere = Bool.random()
    if kind == "serial" {
      let serial = RepositoryStock.serial(isThere ? number : number + 2 * scale)
      guard try (repository.certificate(serial: serial) != nil) == isThere else {
        throw BenchError.wrongCertificate(Hex.encode(serial))
      }
    } else {
      let device = RepositoryStock.device(isThere ? number : number + 2 * scale)
      guard try repository.certificates(of: device).isEmpty != isThere else {
        throw BenchError.wrongCertificate(device.description)
      }
    }
  }

  /// The physical limit of a look-up.
  private func limit(_ state: String, _ count: Int) throws -> [Figure] {
    if state == "cold" { _ = place.empty() }
    let times = try place.least(count).sorted()
    return [
      Figure(name: "\(place.leastName), \(state), p50", value: times[count / 2], unit: "ms"),
      Figure(
        name: "\(place.leastName), \(state), p99", value: times[count * 99 / 100], unit: "ms"),
    ]
  }

  private func export() throws -> [Figure] {
    let records = try Records.open(
      place.address, clock: SystemClock.now, migrations: Store.migrations)
    defer { records.close() }
    var rules = BulkMaker.Rules()
    rules.settleSeconds = 0
    let maker = BulkMaker(
      BulkFolder("\(folder)/bulk"), records: records, key: try SoftwareKey.generate(.ed25519),
      audit: "bench", rules: rules, lists: { [] })
    let actor = Actor(name: "bench", role: .node)
    // Behind the last certificate, so that all are settled.
    let moment = Time(seconds: 4_000_000_000)
    var figures: [Figure] = []
    for kind in [BulkManifest.Kind.full, .delta] {
      if kind == .delta {
        try RepositoryStock(records: records).lodge(scale..<scale + max(1, scale / 100))
      }
      let start = ContinuousClock.now
      var name: String?
      while name?.hasPrefix(kind.rawValue) != true {
        let made = try maker.work(
          at: kind == .full ? moment : moment.adding(seconds: 86_400), making: kind, by: actor)
        name = made.published ?? name
        if !made.hasMore { break }
      }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let manifest = try name.flatMap { try maker.folder.manifest($0, key: maker.noteKey) }
      figures += [
        Figure(name: "\(kind.rawValue) extract", value: seconds, unit: "s"),
        Figure(
          name: "\(kind.rawValue) extract, certificates",
          value: Double(manifest?.certificates ?? 0),
          unit: "certificates"),
        Figure(
          name: "\(kind.rawValue) extract, size",
          value: Double(manifest?.segments.reduce(0) { $0 + $1.octets } ?? 0)
            / Double(max(1, manifest?.certificates ?? 1)), unit: "octets/certificate"),
      ]
    }
    return figures
  }
}
