// SPDX-License-Identifier: Apache-2.0

import DER
import Glibc

/// A second evaluator of a store, for an assessor who would rather not take the program's word.
///
/// `smki-assess STORE` ends with 4 when there are faults, as `smki verify` does.
@main
struct Assess {
  static func main() {
    guard CommandLine.arguments.count == 2, !CommandLine.arguments[1].hasPrefix("-") else {
      print("usage: smki-assess STORE, the file smki.sqlite of an estate")
      exit(64)
    }
    var assessment: Assessment
    do {
      assessment = Assessment(try SQLite(CommandLine.arguments[1]))
      try assessment.run()
    } catch {
      print("smki-assess: \(error)")
      exit(1)
    }
    for fault in assessment.faults { print(fault) }
    print(
      "\(assessment.entries) entries, \(assessment.certificates) certificates, "
        + "\(assessment.decisions) decisions, \(assessment.elections) elections, root "
        + Hex.encode(assessment.root))
    print(assessment.faults.isEmpty ? "sound" : "\(assessment.faults.count) FAULTS")
    if !assessment.faults.isEmpty { exit(4) }
  }
}
