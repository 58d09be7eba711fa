// SPDX-License-Identifier: Apache-2.0

import DER
import Glibc

/// A second evaluator of a store, for an assessor who would rather not take the program's word.
///
/// `smki-assess STORE…` ends with 4 when there are faults, as `smki verify` does.
@main
struct Assess {
  static func main() {
    let stores = CommandLine.arguments.dropFirst()
    guard !stores.isEmpty, !stores.contains(where: { $0.hasPrefix("-") }) else {
      print("usage: smki-assess STORE, the file smki.sqlite of an estate, or several of them")
      exit(64)
    }
    // What could not be read counts for more than what was found.
    var worst: Int32 = 0
    for store in stores {
      if stores.count > 1 { print("# \(store)") }
      let code = assess(store)
      if worst != 1, code != 0 { worst = code }
    }
    exit(worst)
  }

  private static func assess(_ store: String) -> Int32 {
    var assessment: Assessment
    do {
      assessment = Assessment(try SQLite(store))
      try assessment.run()
    } catch {
      print("smki-assess: \(error)")
      return 1
    }
    for fault in assessment.faults { print(fault) }
    print(
      "\(assessment.entries) entries, \(assessment.certificates) certificates, "
        + "\(assessment.decisions) decisions, \(assessment.elections) elections, root "
        + Hex.encode(assessment.root))
    print(assessment.faults.isEmpty ? "sound" : "\(assessment.faults.count) FAULTS")
    return assessment.faults.isEmpty ? 0 : 4
  }
}
