// SPDX-License-Identifier: Apache-2.0

import DER

/// A second opinion of a store: the same questions as `smki verify`, no code in common.
///
/// It takes the tables as the schema has them and computes again what they must be to each other.
/// Signatures are left to other programs: openssl for certificates, `Scripts/check-proof.py` for
/// checkpoints.
struct Assessment {
  let store: SQLite
  private(set) var faults: [String] = []
  private(set) var entries = 0
  private(set) var certificates = 0
  /// Decisions and elections of the PMA that were computed again.
  private(set) var decisions = 0
  private(set) var elections = 0
  private(set) var root: [UInt8] = []

  /// What entries say of chunks: place, count and root by number; several for chunk 0.
  private struct Lodging {
    let index: Int
    let count: Int
    let root: [UInt8]
  }

  private var lodgings: [Int: [Lodging]] = [:]
  private var voided: [Int: Int] = [:]
  private var voidedSerials: Set<String> = []
  /// The last hash that an entry tells of a row, by table and key.
  private var rows: [String: String] = [:]
  private var countOfKind: [String: Int] = [:]

  init(_ store: SQLite) { self.store = store }

  mutating func run() throws {
    try audit()
    try chunks()
    try certificatesInOrder()
    try counters()
    try keptRows()
    try personalData()
    var governance = GovernanceAssessment(store)
    try governance.run()
    (decisions, elections) = (governance.decisions, governance.elections)
    faults += governance.faults
    var business = BusinessAssessment(store)
    try business.run()
    faults += business.faults
  }

  mutating func fault(_ text: String) { faults.append(text) }

  // MARK: The audit

  private mutating func audit() throws {
    var roots: [Int: [(position: Int, root: String)]] = [:]
    for row in try store.rows("SELECT position, size, note FROM audit_checkpoint") {
      let lines = (row[2].text ?? "").split(separator: "\n", omittingEmptySubsequences: false)
      guard lines.count > 4, let size = Int(lines[1]), row[1].int == size else {
        fault("audit_checkpoint \(row[0]): not a checkpoint of its size")
        continue
      }
      roots[size, default: []].append((row[0].int ?? -1, String(lines[2])))
    }
    var tree = HashTree()
    var work = self
    func check() {
      for (position, expected) in roots.removeValue(forKey: tree.size) ?? []
      where Base64.encode(tree.root) != expected {
        work.fault("audit_checkpoint \(position): another root at \(tree.size)")
      }
    }
    check()
    try store.each("SELECT position, leaf, data FROM audit_entry ORDER BY position") { row in
      guard row[0].int == tree.size, let data = row[2].blob, let telling = Telling(data) else {
        work.fault("audit_entry \(row[0]): not the entry of this place")
        return
      }
      if row[1].blob != SHA256.hash([0] + data) {
        work.fault("audit_entry \(row[0]): leaf and data do not fit")
      }
      work.take(telling, at: tree.size)
      tree.append(data)
      check()
    }
    self = work
    for size in roots.keys.sorted() { fault("audit_checkpoint: no tree of \(size)") }
    (entries, root) = (tree.size, tree.root)
    let state = try store.rows("SELECT size, root FROM audit_tree")
    if state != [[.int(Int64(tree.size)), .blob(tree.root)]] {
      fault("audit_tree: not what the entries give")
    }
  }

  private mutating func take(_ telling: Telling, at index: Int) {
    for (name, value) in telling.facts where name.hasPrefix("row:") { rows[name] = value }
    let chunk = telling.facts["chunk"].flatMap { Int($0) }
    let count = telling.facts["count"].flatMap { Int($0) }
    if let chunk, let count {
      if let root = telling.facts["certificate-root"].flatMap({ Hex.decode($0) }) {
        lodgings[chunk, default: []].append(Lodging(index: index, count: count, root: root))
      } else if telling.action == "certificates-voided" {
        voided[chunk] = index
      }
    }
    voidedSerials.formUnion((telling.facts["serials"] ?? "").split(separator: " ").map(String.init))
  }

  // MARK: Chunks and certificates

  private mutating func chunks() throws {
    var reserved: [Int: Int] = [:]
    for row in try store.rows(
      "SELECT id, state, audit_index, count, certificate_root, authority FROM issuance_chunk")
    {
      let id = row[0].int ?? -1
      let lodging = lodgings[id]?.first
      reserved[row[5].int ?? -1, default: 0] += row[3].int ?? 0
      let isRight =
        switch row[1].text {
        case "lodged":
          lodging.map {
            row[2].int == $0.index && row[3].int == $0.count && row[4].blob == $0.root
          } ?? false
        case "voided": lodging == nil && row[2].int == voided[id] && voided[id] != nil
        case "recorded": lodging == nil && voided[id] == nil && row[2] == .null
        default: false
        }
      if !isRight { fault("issuance_chunk \(id): no entry says so") }
    }
    for row in try store.rows("SELECT authority, reserved FROM issuing_volume")
    where row[1].int != reserved[row[0].int ?? -1] ?? 0 {
      fault("issuing_volume \(row[0]): the chunks have \(reserved[row[0].int ?? -1] ?? 0)")
    }
    let open = try store.rows(
      "SELECT id, intent_root FROM issuance_chunk WHERE state = 'recorded' ORDER BY id")
    let intents = try store.rows("SELECT chunk, intended FROM issuance_intent ORDER BY chunk").map {
      [$0[0], .blob(Self.intentRoot($0[1].blob ?? []))]
    }
    if intents != open { fault("issuance_intent: not those of the open chunks") }
  }

  /// The root over what would have been signed, each behind its length of four octets.
  private static func intentRoot(_ intended: [UInt8]) -> [UInt8] {
    var tree = HashTree()
    var rest = intended[...]
    while rest.count >= 4 {
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      tree.append(Array(rest.dropFirst(4).prefix(length)))
      rest = rest.dropFirst(4 + length)
    }
    return tree.root
  }

  private mutating func certificatesInOrder() throws {
    let authorities = try Dictionary(
      store.rows("SELECT id, certificate FROM issuing_authority").compactMap { row in
        try row[0].int.flatMap { id in try row[1].blob.map { (id, try Fields($0)) } }
      }, uniquingKeysWith: { first, _ in first })
    let ofChunks = try Dictionary(
      store.rows("SELECT id, authority FROM issuance_chunk").map {
        ($0[0].int ?? -1, $0[1].int ?? -1)
      }, uniquingKeysWith: { first, _ in first })
    var work = self
    var tree = HashTree()
    var current: (chunk: Int, lodging: Lodging)?
    func end() {
      guard let (chunk, lodging) = current else { return }
      if tree.size != lodging.count || tree.root != lodging.root {
        work.fault("certificate, chunk \(chunk): not what entry \(lodging.index) names")
      }
      tree = HashTree()
    }
    try store.each(
      """
      SELECT id, chunk, position, serial, kind, entity, key_identifier, party, request_hash, issued,
        not_after, der, usage, role, template, issuer, class, purpose, unit, form
      FROM certificate LEFT JOIN certificate_form ON certificate_form.number = certificate.form
      ORDER BY id
      """
    ) { row in
      var row = row
      if let template = row[14].blob { row[11] = .blob(Form.certificate(row, template)) }
      work.certificates += 1
      let chunk = row[1].int ?? -1
      if row[0].int != work.certificates { work.fault("certificate \(row[0]): a gap before it") }
      if current?.chunk != chunk || tree.size == current?.lodging.count {
        end()
        guard work.lodgings[chunk]?.isEmpty == false else {
          work.fault("certificate \(row[0]): nothing was lodged as chunk \(chunk)")
          current = nil
          return
        }
        current = work.lodgings[chunk].map { (chunk, $0[0]) }
        work.lodgings[chunk]?.removeFirst()
      }
      if row[2].int != tree.size { work.fault("certificate \(row[0]): another position") }
      tree.append(Self.leaf(row))
      work.examine(row, issuer: ofChunks[chunk].flatMap { authorities[$0] })
    }
    end()
    self = work
    for (chunk, left) in lodgings where !left.isEmpty {
      fault("certificate: those of chunk \(chunk) are missing")
    }
  }

  /// The leaf, as docs and `LodgedCertificate` describe it.
  private static func leaf(_ row: [Value]) -> [UInt8] {
    let hash = row[8].blob.map { Hex.encode($0) } ?? ""
    let text =
      "\(row[4].text ?? "")\n\(row[7].text ?? "")\n\(row[9].int ?? 0)\n\(row[1].int ?? 0)/"
      + "\(row[2].int ?? 0)\n\(hash)\n"
    return Array(text.utf8) + (row[11].blob ?? [])
  }

  private mutating func examine(_ row: [Value], issuer: Fields?) {
    countOfKind[row[4].text ?? "", default: 0] += 1
    guard let fields = try? Fields(row[11].blob ?? []) else {
      fault("certificate \(row[0]): no certificate")
      return
    }
    let isEqual =
      row[3].blob == fields.serial && row[5].blob == fields.entity
      && row[6].blob == fields.keyIdentifier
      && row[10].int.map(Int64.init) == fields.notAfter.milliseconds
      && row[12].text == Self.usage(fields, kind: row[4].text) && row[13].int == fields.role
    // A root names no issuer and is its own.
    let isRoot = fields.issuerKeyIdentifier.isEmpty
    let named = isRoot ? fields.keyIdentifier : fields.issuerKeyIdentifier
    let isOfForm =
      row[19] == .null
      || (row[15].blob == named && row[16] == row[4] && row[17] == row[12] && row[18] == row[13])
    if !isEqual || !isOfForm {
      fault("certificate \(row[0]): its columns say otherwise than it does")
    }
    if voidedSerials.contains(Hex.encode(fields.serial)) {
      fault("certificate \(row[0]): a serial number that was voided")
    }
    if let issuer {
      let isIssued =
        fields.issuer == issuer.subject && fields.issuerKeyIdentifier == issuer.keyIdentifier
        && issuer.notBefore <= fields.notBefore && !fields.isAuthority
      if !isIssued { fault("certificate \(row[0]): not of the authority of its chunk") }
    } else if !fields.isAuthority {
      fault("certificate \(row[0]): of no authority")
    }
  }

  /// `DS` or `KA` for end entities of devices and organisations, nothing for others.
  private static func usage(_ fields: Fields, kind: String?) -> String? {
    guard kind == "device" || kind == "organisation" else { return nil }
    return fields.usage == 0x80 ? "DS" : fields.usage == 0x08 ? "KA" : nil
  }

  // MARK: Counters and the other tables

  private mutating func counters() throws {
    for row in try store.rows("SELECT kind, lodged FROM certificate_count") {
      let counted = countOfKind.removeValue(forKey: row[0].text ?? "")
      if row[1].int != counted { fault("certificate_count \(row[0]): \(counted ?? 0) rows") }
    }
    for kind in countOfKind.keys { fault("certificate_count: nothing for \(kind)") }
    for column in ["serial", "key_identifier"] {
      for row in try store.rows(
        "SELECT \(column) FROM certificate GROUP BY \(column) HAVING count(*) > 1")
      {
        fault("certificate: \(column) \(Hex.encode(row[0].blob ?? [])) more than once")
      }
    }
    for row in try store.rows(
      """
      SELECT entity FROM certificate WHERE kind = 'device' GROUP BY entity HAVING count(*) >
        coalesce((SELECT certificates FROM device_limit AS raised
          WHERE raised.entity = certificate.entity), 100)
      """)
    {
      fault("certificate: more than allowed of device \(Hex.encode(row[0].blob ?? []))")
    }
  }

  /// Each row of which an entry told, by the hash over its columns in their order.
  private mutating func keptRows() throws {
    let tables = Set(rows.keys.compactMap { $0.split(separator: ":").dropFirst().first })
    for table in tables.sorted() {
      let columns = try store.rows("SELECT name, pk FROM pragma_table_info('\(table)')")
      let keys = columns.count { ($0[1].int ?? 0) > 0 }
      let names = columns.compactMap { $0[0].text.map { "\"\($0)\"" } }.joined(separator: ", ")
      for row in try store.rows("SELECT \(names) FROM \"\(table)\"") {
        let key = row.prefix(keys).map(Self.text).joined(separator: "/")
        if rows.removeValue(forKey: "row:\(table):\(key)") != Self.hash(row) {
          fault("\(table) \(key): not what its last entry says")
        }
      }
    }
    for name in rows.keys.sorted() { fault("\(name.dropFirst(4)): the row is missing") }
  }

  /// What persons said against the digests that the kept rows have: the salt, the place and the
  /// value, each behind its length; what is marked erased is gone.
  private mutating func personalData() throws {
    guard try !store.rows("SELECT name FROM sqlite_schema WHERE name = 'personal_datum'").isEmpty
    else { return }
    var digests: [String: String?] = [:]
    for row in try store.rows(
      "SELECT source, field, position, digest, erased FROM personal_digest")
    {
      let place = row.prefix(3).map(Self.text).joined(separator: "/")
      digests[place] = row[4].int == nil ? .some(Hex.encode(row[3].blob ?? [])) : .some(nil)
    }
    for row in try store.rows("SELECT source, field, position, salt, value FROM personal_datum") {
      let place = row.prefix(3).map(Self.text).joined(separator: "/")
      let parts =
        [row[3].blob ?? []] + row.prefix(3).map { Array(Self.text($0).utf8) }
        + [Array((row[4].text ?? "").utf8)]
      let bytes = parts.flatMap { part in
        (0..<4).reversed().map { UInt8(truncatingIfNeeded: part.count >> ($0 * 8)) } + part
      }
      if digests.removeValue(forKey: place) != .some(.some(Hex.encode(SHA256.hash(bytes)))) {
        fault("personal_datum \(place): not what its digest says")
      }
    }
    for (place, digest) in digests where digest != nil {
      fault("personal_datum \(place): the row is missing")
    }
  }

  private static func text(_ value: Value) -> String {
    switch value {
    case .null: "-"
    case .int(let value): String(value)
    case .text(let text): text
    case .blob(let octets): Hex.encode(octets)
    }
  }

  private static func hash(_ row: [Value]) -> String {
    var bytes: [UInt8] = []
    for value in row {
      let (type, content): (UInt8, [UInt8]) =
        switch value {
        case .null: (0, [])
        case .int(let value): (1, Array(String(value).utf8))
        case .text(let text): (2, Array(text.utf8))
        case .blob(let octets): (3, octets)
        }
      bytes.append(type)
      bytes += (0..<4).reversed().map { UInt8(truncatingIfNeeded: content.count >> ($0 * 8)) }
      bytes += content
    }
    return Hex.encode(SHA256.hash(bytes))
  }
}
