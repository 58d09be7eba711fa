// SPDX-License-Identifier: Apache-2.0

extension Command {
  static let benchLists = Command(
    name: "bench lists", summary: "publish lists of several lengths in an estate made for it",
    notes: """
      Each length has an estate of its own, which is removed afterwards. Beside each figure stand \
      two passes of SHA-256 over the same octets, which signing and verifying cannot do without.
      """,
    options: [
      .value("--entries", "N", "only this length; by default 1, 1000 and 1000000")
    ], example: "smki bench lists"
  ) { invocation in
    let only = try invocation.number("--entries", in: 1...2_000_000)
    let costs = try ListLoad(lengths: only.map { [$0] } ?? [1, 1000, 1_000_000]).run()
    try invocation.show(costs) {
      Table(
        headings: ["entries", "octets", "from the store", "one more", "two SHA-256"],
        rows: costs.map {
          [
            "\($0.entries)", "\($0.octets)", "\($0.fromStore.formatted(decimals: 1)) ms",
            "\($0.oneMore.formatted(decimals: 1)) ms",
            "\($0.twoDigests.formatted(decimals: 1)) ms",
          ]
        }
      ).text()
    }
    return .done
  }
}
