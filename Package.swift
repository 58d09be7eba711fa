// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// How strict the compiler is, said once.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// A C library of the system: a module map, a shim, and the Debian package that holds the headers.
func library(_ name: String, _ pkgConfig: String, apt: String) -> [Target] {
  [.systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])]
}

/// Data beside the tests of a room that the compiler shall not ask about.
let testData = ["Profiles": ["Deviations.tsv"]]

/// Whether the fuzzers are built: then the rooms whose readers they try are watched by libFuzzer.
let isFuzzing = Context.environment["SMKI_FUZZ"] != nil
let watched = isFuzzing ? ["DER", "X509", "XML", "Archive"] : []

/// Rooms that go over every octet of a store: optimised in a debug build too, without which the
/// tests that spoil each column in turn take minutes instead of seconds.
let walked = ["Assess", "Audit", "DER", "Profiles", "Records", "X509"]

/// What the compiler is told about a room beside being strict.
func extra(_ name: String) -> [SwiftSetting] {
  (watched.contains(name) ? [.unsafeFlags(["-sanitize=fuzzer"])] : [])
    + (walked.contains(name) ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : [])
}

/// A room: a folder of `Sources`, its tests, and the rooms it may look into.
///
/// Tests may look into `also` besides the room itself and what the room sees; each of them can
/// name the clause that a test holds (`ClauseTrait`).
func room(
  _ name: String, sees: String..., also: [String] = [], resources: [Resource] = []
) -> [Target] {
  let sees = sees.map { Target.Dependency(stringLiteral: $0) }
  let seenByTests = sees.filter { !"\($0)".contains("\"C") } + also.map { .init(stringLiteral: $0) }
  return [
    .target(
      name: name, dependencies: sees, resources: resources,
      swiftSettings: strict + extra(name)),
    .testTarget(
      name: "\(name)Tests",
      dependencies: [.init(stringLiteral: name)] + support + seenByTests,
      exclude: testData[name] ?? [], swiftSettings: strict),
  ]
}

/// What the tests of every room see.
let support: [Target.Dependency] = ["ClauseTrait", "TestProcess", "TestStore"]

/// What must hold for each input of a reader, and how to change inputs: for tests and fuzzers.
let properties: [Target] = [
  .target(
    name: "FuzzProperties", dependencies: ["DER", "X509", "XML", "Archive", "COpenSSL"],
    path: "Fuzz/Properties", swiftSettings: strict),
  .testTarget(
    name: "FuzzTests", dependencies: ["FuzzProperties", "DER", "ClauseTrait"], swiftSettings: strict
  ),
]

/// What `make fuzz` builds; a plain build could not link it, because it does not bring libFuzzer.
let fuzzers: [Target] =
  !isFuzzing
  ? []
  : [
    .systemLibrary(name: "CFuzzer", path: "Fuzz/CFuzzer"),
    .target(
      name: "FuzzHarness", dependencies: ["CFuzzer", "FuzzProperties"], path: "Fuzz/Harness",
      swiftSettings: strict),
  ]
    + [
      "DER", "Certificate", "Request", "RevocationList", "StatusRequest", "RequestText", "XML",
      "Archive",
    ].map { name in
      .executableTarget(
        name: "Fuzz\(name)", dependencies: ["FuzzHarness", "FuzzProperties"],
        path: "Fuzz/Fuzz\(name)",
        swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])])
    }

let package = Package(
  name: "smki",
  products: [
    .executable(name: "smki", targets: ["smki"]),
    .executable(name: "smki-assess", targets: ["Assess"]),
  ],
  targets: [
    library("COpenSSL", "openssl", apt: "libssl-dev"),
    library("CPKCS11", "p11-kit-1", apt: "libp11-kit-dev"),
    library("CSQLite", "sqlite3", apt: "libsqlite3-dev"),
    library("CPostgres", "libpq", apt: "libpq-dev"),
    library("CMicrohttpd", "libmicrohttpd", apt: "libmicrohttpd-dev"),
    library("CGfshare", "libgfshare", apt: "libgfshare-dev"),
    library("CXML", "libxml-2.0", apt: "libxml2-dev"),
    library("CCurl", "libcurl", apt: "libcurl4-openssl-dev"),
    library("CArchive", "libarchive", apt: "libarchive-dev"),

    // Ground floor: knows nothing of the Code.
    room("DER"),
    room("JSON"),
    room("Threads"),
    room(
      "Keys", sees: "DER", "Threads", "COpenSSL", "CPKCS11", "CGfshare", also: ["TestToken"]),
    room("X509", sees: "DER", "Keys", also: ["FuzzProperties"]),
    room("Audit", sees: "DER", "Keys"),
    room(
      "Records", sees: "DER", "Threads", "Keys", "Audit", "CSQLite", "CPostgres",
      also: ["CSQLite"]),
    room("HTTP", sees: "Threads", "CMicrohttpd", also: ["Client"]),
    room("XML", sees: "CXML"),
    room("Client", sees: "CCurl", also: ["HTTP"]),
    room("Archive", sees: "CArchive"),

    // The Code's words.
    room("SEC", sees: "DER", "Audit"),
    room(
      "Duties", sees: "SEC", "DER", "Records", "Audit", also: ["Parties", "TestEstate"],
      resources: [.embedInCode("Table/Duties.tsv")]),

    // The rooms.
    room("Parties", sees: "SEC", "DER", "Records", "Audit", also: ["TestEstate"]),
    room(
      "Governance", sees: "SEC", "Duties", "DER", "Keys", "Records", "Audit",
      also: ["Threads"]),
    room("Profiles", sees: "SEC", "DER", "Keys", "X509"),
    room(
      "Repository",
      sees: "SEC", "DER", "Threads", "Keys", "Records", "Audit", "X509", "Archive",
      also: ["TestEstate"]),
    room(
      "Enrolment", sees: "SEC", "DER", "Keys", "Records", "Audit", "Parties",
      also: ["Registration", "TestEstate"]),
    room("EntryTesting", sees: "SEC", "DER", "Records", "Audit", also: ["TestEstate"]),
    room(
      "Registration", sees: "SEC", "DER", "Keys", "X509", "Records", "Audit", "Profiles", "Parties",
      "Enrolment", "EntryTesting", "Repository", also: ["Authority", "TestEstate"]),
    room(
      "Authority", sees: "SEC", "DER", "JSON", "Threads", "Keys", "X509", "Records", "Audit",
      "Profiles", "Parties", "Registration", "Repository",
      also: ["EntryTesting", "TestEstate", "TestToken"]),

    room(
      "Revocation", sees: "SEC", "DER", "Threads", "Keys", "X509", "Records", "Audit", "Profiles",
      "Parties", "Registration", "Repository", "Authority", also: ["TestEstate"]),

    room(
      "Batches", sees: "SEC", "DER", "Threads", "Keys", "X509", "Records", "Audit", "Profiles",
      "Registration", "Repository", "Authority", "Archive", "XML",
      also: ["Parties", "EntryTesting", "TestEstate"]),

    // The doors.
    room(
      "Service", sees: "SEC", "Duties", "Governance", "DER", "Threads", "Keys", "X509", "Records",
      "Audit", "Profiles", "Parties", "Client", "Enrolment", "EntryTesting", "Registration",
      "Repository", "Authority", "Revocation", "Batches", "HTTP", "XML", "Archive",
      also: ["Ceremony", "TestEstate", "TestToken"],
      resources: [
        .embedInCode("Portal/Assets/style.css"), .embedInCode("Portal/Assets/icon.svg"),
      ]),
    room(
      "Ceremony", sees: "SEC", "DER", "JSON", "Keys", "X509", "Records", "Audit", "Profiles",
      "Authority",
      also: ["TestEstate"]),
    [
      .executableTarget(
        name: "smki",
        dependencies: [
          "SEC", "Duties", "Governance", "DER", "JSON", "Threads", "Keys", "X509", "Records",
          "Audit", "Profiles", "Parties", "Enrolment", "EntryTesting", "Registration", "Repository",
          "Authority", "Revocation", "Batches", "HTTP", "Service", "Ceremony", "Client", "Archive",
          "XML",
        ], swiftSettings: strict),
      .executableTarget(
        name: "Assess", dependencies: ["DER", "CSQLite"], swiftSettings: strict + extra("Assess")),
      .target(name: "ClauseTrait", path: "Tests/Support/ClauseTrait", swiftSettings: strict),
      .target(name: "TestProcess", path: "Tests/Support/TestProcess", swiftSettings: strict),
      .target(
        name: "TestStore", dependencies: ["TestProcess"], path: "Tests/Support/TestStore",
        swiftSettings: strict),
      .target(
        name: "TestEstate",
        dependencies: [
          "SEC", "DER", "Threads", "Keys", "X509", "Records", "Audit", "Profiles", "Parties",
          "Enrolment", "EntryTesting", "Registration", "Repository", "Authority", "Revocation",
          "Service",
          "Ceremony", "TestStore",
        ], path: "Tests/Support/TestEstate", swiftSettings: strict),
      .target(
        name: "TestToken", dependencies: ["Keys", "TestProcess"], path: "Tests/Support/TestToken",
        exclude: ["FaultyModule.c"], swiftSettings: strict),
      .testTarget(
        name: "smkiTests",
        dependencies: ["smki", "ClauseTrait", "TestProcess", "TestToken"],
        swiftSettings: strict),
      .testTarget(name: "TidyTests", dependencies: ["ClauseTrait"], swiftSettings: strict),
      // What we make, before other people's programs.
      .testTarget(
        name: "InteropTests",
        dependencies: [
          "SEC", "DER", "Keys", "X509", "Records", "Profiles", "Parties", "EntryTesting",
          "Registration", "Authority", "Revocation", "Service", "Ceremony", "smki", "ClauseTrait",
          "TestEstate", "TestProcess", "TestStore",
        ], exclude: ["PkilintExceptions.tsv"], swiftSettings: strict),
    ],
    properties, fuzzers,
  ].flatMap(\.self),
  swiftLanguageModes: [.v6]
)
