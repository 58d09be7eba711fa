// SPDX-License-Identifier: Apache-2.0

/// Who may ask for what, written down by hand from the text of L3.16 and C3-80 and from nothing
/// else: a line for a role and a kind of device, a letter for each status in the order of the
/// inventory's list.
///
/// `y` may ask, `n` may not. The statuses: Pending, Whitelisted, InstalledNotCommissioned,
/// Commissioned, Decommissioned, Withdrawn, Suspended, Recovery, Recovered.
enum EligibilityTable {
  static let text = """
    dcc ESME yynnyyyyy
    dcc GSME yynnyyyyy
    dcc CHF yyyyyyyyy
    dcc GPF yyyyyyyyy
    dcc PPMID nnnnnnnnn
    dcc HCALCS nnnnnnnnn
    import-supplier ESME yyyyyyyyy
    import-supplier GSME yynnyyyyy
    import-supplier CHF nnnnnnnnn
    import-supplier GPF nnnnnnnnn
    import-supplier PPMID yyyyyyyyy
    import-supplier HCALCS yyyyyyyyy
    gas-supplier ESME yynnyyyyy
    gas-supplier GSME yyyyyyyyy
    gas-supplier CHF nnnnnnnnn
    gas-supplier GPF nnnnnnnnn
    gas-supplier PPMID yyyyyyyyy
    gas-supplier HCALCS yyyyyyyyy
    electricity-distributor ESME yynnyyyyy
    electricity-distributor GSME yynnyyyyy
    electricity-distributor CHF nnnnnnnnn
    electricity-distributor GPF nnnnnnnnn
    electricity-distributor PPMID nnnnnnnnn
    electricity-distributor HCALCS nnnnnnnnn
    gas-transporter ESME yynnyyyyy
    gas-transporter GSME yynnyyyyy
    gas-transporter CHF nnnnnnnnn
    gas-transporter GPF nnnnnnnnn
    gas-transporter PPMID nnnnnnnnn
    gas-transporter HCALCS nnnnnnnnn
    registered-supplier-agent ESME yynnyyyyy
    registered-supplier-agent GSME yynnyyyyy
    registered-supplier-agent CHF nnnnnnnnn
    registered-supplier-agent GPF nnnnnnnnn
    registered-supplier-agent PPMID nnnnnnnnn
    registered-supplier-agent HCALCS nnnnnnnnn
    export-supplier ESME yynnyyyyy
    export-supplier GSME yynnyyyyy
    export-supplier CHF nnnnnnnnn
    export-supplier GPF nnnnnnnnn
    export-supplier PPMID nnnnnnnnn
    export-supplier HCALCS nnnnnnnnn
    other-user ESME yynnyyyyy
    other-user GSME yynnyyyyy
    other-user CHF nnnnnnnnn
    other-user GPF nnnnnnnnn
    other-user PPMID nnnnnnnnn
    other-user HCALCS nnnnnnnnn
    registration-data-provider ESME nnnnnnnnn
    registration-data-provider GSME nnnnnnnnn
    registration-data-provider CHF nnnnnnnnn
    registration-data-provider GPF nnnnnnnnn
    registration-data-provider PPMID nnnnnnnnn
    registration-data-provider HCALCS nnnnnnnnn
    other-party ESME yynnyyyyy
    other-party GSME yynnyyyyy
    other-party CHF nnnnnnnnn
    other-party GPF nnnnnnnnn
    other-party PPMID nnnnnnnnn
    other-party HCALCS nnnnnnnnn
    service-provider ESME nnnnnnnnn
    service-provider GSME nnnnnnnnn
    service-provider CHF nnnnnnnnn
    service-provider GPF nnnnnnnnn
    service-provider PPMID nnnnnnnnn
    service-provider HCALCS nnnnnnnnn
    """

  static let statuses = [
    "Pending", "Whitelisted", "InstalledNotCommissioned", "Commissioned", "Decommissioned",
    "Withdrawn", "Suspended", "Recovery", "Recovered",
  ]

  /// A cell: a kind of device, a status, and whether a role may ask.
  struct Cell {
    let type: String
    let status: String
    let may: Bool
  }

  /// The cells of a role.
  static func cells(of role: String) -> [Cell] {
    var cells: [Cell] = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard words[0] == role else { continue }
      for (status, letter) in zip(statuses, words[2]) {
        cells.append(Cell(type: words[1], status: status, may: letter == "y"))
      }
    }
    return cells
  }
}
