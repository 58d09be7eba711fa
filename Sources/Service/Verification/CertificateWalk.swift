// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Profiles
import Records
import Repository
import Threads

extension StoreWalk {
  /// Every certificate in the order of lodging: by itself on all cores, then chunk by chunk.
  mutating func certificates(_ progress: (Int, Int) -> Void) throws {
    let total = try reading.first("SELECT count(*) AS count FROM certificate")?.int("count") ?? 0
    let parties = Set(try reading.query("SELECT id FROM party").map { try $0.text("id") })
    var runs = ChunkRuns(parties: parties, ceremonies: told.ceremonies)
    var last = Int.min
    var done = 0
    while true {
      let start = ContinuousClock.now
      let page = try reading.query(
        """
        \(CertificateExamination.selection) WHERE id > \(last)
        ORDER BY id LIMIT \(Verification.pageRows)
        """)
      guard let lastRow = page.last else { break }
      last = try lastRow.int("id")
      for examination in try examine(page) {
        try add(examination, to: &runs)
      }
      done += page.count
      progress(done, total)
      verification.wait(after: page.count, since: start)
    }
    report.add(runs.finish())
    report.counts.certificates = done
    totals.runs = runs.count
    // A chunk that says it was lodged has its certificates, and a ceremony too.
    if totals.runs != totals.lodgedChunks {
      report.add(
        "certificate", "", "chunk",
        "certificates of \(totals.runs) chunks, and \(totals.lodgedChunks) chunks were lodged")
    }
    if runs.ceremoniesLeft > 0 {
      report.add("certificate", "", "chunk", "certificates of a ceremony are missing")
    }
  }

  private mutating func add(
    _ examination: CertificateExamination, to runs: inout ChunkRuns
  ) throws {
    var faults = examination.faults
    let reading = reading
    faults += try runs.add(examination) { try ChunkRow.find($0, in: reading) }
    if let kind = examination.kind { totals.certificates[kind.rawValue, default: 0] += 1 }
    if examination.kind == .iki {
      totals.credentials += 1
      let row = try reading.first(
        "SELECT fingerprint FROM system_credential WHERE serial = \(examination.name)")
      if row == nil {
        faults.append(
          .init(
            table: "system_credential", row: examination.name, column: nil,
            detail: "no credential belongs to the certificate"))
      }
    }
    if faults.isEmpty { report.counts.soundCertificates += 1 }
    report.add(faults)
  }

  /// Examines a page on all cores, in its order.
  private func examine(_ page: [Row]) throws -> [CertificateExamination] {
    var signersOfChunks: [Int: SigningAuthority] = [:]
    for chunk in Set(page.compactMap({ try? $0.int("chunk") })) where chunk != 0 {
      let row = try reading.first("SELECT authority FROM issuance_chunk WHERE id = \(chunk)")
      signersOfChunks[chunk] = try row.flatMap { signers[try $0.int("authority")] }
    }
    let (known, lint) = (signersOfChunks, ceremonyLint)
    let slices = Verification.slices(page.count)
    let results = Guarded<[Int: [CertificateExamination]]>([:])
    Worker.onAllCores(slices.count) { slice in
      let examined = page[slices[slice]].map { row in
        let chunk = try? row.int("chunk")
        return CertificateExamination(
          row, signer: chunk.flatMap { known[$0] }, ceremony: chunk == 0 ? lint : nil)
      }
      results.change { $0[slice] = examined }
    }
    return slices.indices.flatMap { results.value[$0] ?? [] }
  }
}

extension Verification {
  /// Rows that one core takes at a time.
  private static let sliceRows = 64

  static func slices(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: sliceRows).map { $0..<min(count, $0 + sliceRows) }
  }

  /// Waits as long as the pace asks for.
  func wait(after count: Int, since start: ContinuousClock.Instant) {
    guard let pace, pace > 0 else { return }
    let due = Duration.milliseconds(count * 1000 / pace)
    let left = due - (ContinuousClock.now - start)
    if left > .zero { _ = Gate().wait(milliseconds: Int(left / .milliseconds(1))) }
  }
}
