// SPDX-License-Identifier: Apache-2.0

/// What `Package.swift` declares: the rooms, and what each may import.
///
/// Read from the text: the manifest's own tool takes longer than all the checks together.
struct FloorPlan: Sendable {
  struct Room: Equatable, Sendable {
    let name: String
    /// What its sources may import.
    let sees: [String]
    /// What its tests may import besides that and the room itself.
    let testsAlsoSee: [String]
  }

  /// In the order of the manifest: from the ground up.
  let rooms: [Room]
  /// The C libraries.
  let libraries: [String]

  init(manifest: String) {
    let text = SwiftText(path: "Package.swift", text: manifest)
    func names(_ code: Substring) -> [String] {
      code.matches(of: #/"(\d+)"/#).compactMap { Int($0.1).map { text.literals[$0].text } }
    }
    var rooms: [Room] = []
    for match in text.code.matches(of: #/\broom\(\s*("\d+"(?:[^()]|\([^()]*\))*)\)/#) {
      var lists: [Substring: [String]] = [:]
      for list in match.1.matches(of: #/(\w+):((?:"\d+"|[\[\],\s])*)/#) {
        lists[list.1] = names(list.2)
      }
      rooms.append(
        Room(
          name: names(match.1)[0], sees: lists["sees"] ?? [], testsAlsoSee: lists["also"] ?? []))
    }
    let executables =
      #/\.executableTarget\(\s*name:\s*("\d+"),\s*dependencies:\s*\[([^\]]*)\]/#
    for match in text.code.matches(of: executables) {
      let name = names(match.1)[0]
      guard !name.hasPrefix("Fuzz") else { continue }  // built on demand, no part of the house
      rooms.append(Room(name: name, sees: names(match.2), testsAlsoSee: []))
    }
    self.rooms = rooms
    libraries = text.code.matches(of: #/\blibrary\(\s*("\d+")/#).map { names($0.1)[0] }
  }

  func room(_ name: String) -> Room? { rooms.first { $0.name == name } }
}
