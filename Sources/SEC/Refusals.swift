// SPDX-License-Identifier: Apache-2.0

/// Every way in which the Code's words say no.
extension Refusal {
  /// C3-71: a direction names who directed it, its decision and its evidence.
  package static func directionIncomplete(_ field: String) -> Refusal {
    Refusal(
      "direction-incomplete", clause: "C3-71", field: field,
      expected: "who directs, the number of the decision, and what shows it", found: "nothing",
      remedy: "Enter what the decision says of itself.")
  }
}
