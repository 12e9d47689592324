// swift-tools-version: 6.2
import PackageDescription

// x86-64-v3 (AVX2, FMA) is the supported baseline; PORTABLE=1 builds for any 64-bit processor.
#if arch(x86_64)
  let portable = Context.environment["PORTABLE"] != nil
#else
  let portable = true
#endif
let processor: [SwiftSetting] =
  portable ? [.define("PORTABLE")] : [.unsafeFlags(["-Xcc", "-march=x86-64-v3"])]

let manners: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func room(_ name: String, _ doors: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: doors, exclude: [], swiftSettings: manners + processor)
}

let package = Package(
  name: "athanor",
  products: [.executable(name: "athanor", targets: ["athanor"])],
  targets: [
    // Libraries of the system.
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),

    .systemLibrary(
      name: "CWebSockets", pkgConfig: "libwebsockets", providers: [.apt(["libwebsockets-dev"])]),

    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

    .target(name: "CTransfer", dependencies: ["CCurl"]),
    .target(name: "CListener", dependencies: ["CWebSockets"]),
    .target(name: "CLanes", cSettings: portable ? [] : [.unsafeFlags(["-march=x86-64-v3"])]),

    // Ground.
    room("Essentials", ["CSodium", "CYAML"]),
    room("Mathematics", ["CLanes"]),

    // Knowledge.
    room("Markets", ["Essentials", "Mathematics"]),
    room("AlphaLanguage", ["Essentials", "Mathematics", "Markets"]),
    room("Models", ["Essentials", "Mathematics", "Markets"]),

    // Judgment.
    room("Backtesting", ["Essentials", "Mathematics", "Markets", "AlphaLanguage"]),
    room("Tactics", ["Essentials", "Mathematics", "Markets", "Models"]),
    room("Worlds", ["Essentials", "Mathematics"]),

    // Street.
    room("Storage", ["Essentials", "Markets", "CZlib", "CZstd", "CSQLite"]),
    room(
      "Networking", ["Essentials", "CTransfer", "CCurl", "CListener", "CSodium", "CZlib"]),
    room("Execution", ["Essentials", "Markets", "Networking"]),
    room(
      "Research",
      [
        "Essentials", "Mathematics", "Markets", "AlphaLanguage", "Backtesting", "Storage",
        "Networking",
      ]),
    room(
      "Services",
      [
        "Essentials", "Mathematics", "Markets", "AlphaLanguage", "Models", "Backtesting", "Tactics",
        "Worlds", "Storage", "Networking", "Execution", "Research",
      ]),

    // Front door.
    .executableTarget(
      name: "athanor",
      dependencies: [
        "Essentials", "Mathematics", "Markets", "AlphaLanguage", "Models", "Backtesting", "Tactics",
        "Worlds", "Storage", "Networking", "Execution", "Research", "Services",
      ],
      swiftSettings: manners + processor),

    // The bench.
    .target(
      name: "TestKit", dependencies: ["Essentials", "Mathematics", "Markets"],
      path: "Tests/TestKit", exclude: ["README.md"], swiftSettings: manners + processor),
    .target(
      name: "Twins", dependencies: ["Essentials", "Markets", "Execution"], path: "Tests/Twins",
      exclude: ["README.md"],
      swiftSettings: manners),
    .testTarget(
      name: "EssentialsTests", dependencies: ["Essentials", "TestKit"], swiftSettings: manners),
    .testTarget(
      name: "MathematicsTests", dependencies: ["Mathematics", "TestKit"], swiftSettings: manners),
    .testTarget(
      name: "MarketsTests", dependencies: ["Markets", "Essentials", "Mathematics", "TestKit"],
      swiftSettings: manners),
    .testTarget(
      name: "AlphaLanguageTests",
      dependencies: ["AlphaLanguage", "Essentials", "Mathematics", "Markets", "TestKit"],
      swiftSettings: manners + processor),
    .testTarget(
      name: "BacktestingTests",
      dependencies: [
        "Backtesting", "AlphaLanguage", "Essentials", "Mathematics", "Markets", "TestKit",
      ],
      swiftSettings: manners + processor),
    .testTarget(
      name: "ModelsTests",
      dependencies: ["Models", "Essentials", "Mathematics", "Markets", "TestKit"],
      swiftSettings: manners + processor),
    .testTarget(
      name: "TacticsTests",
      dependencies: ["Tactics", "Models", "Essentials", "Mathematics", "Markets", "TestKit"],
      swiftSettings: manners + processor),
    .testTarget(
      name: "WorldsTests", dependencies: ["Worlds", "Essentials", "Mathematics", "TestKit"],
      swiftSettings: manners + processor),
    .testTarget(
      name: "ExecutionTests",
      dependencies: ["Execution", "Markets", "Essentials", "Mathematics", "Twins", "TestKit"],
      swiftSettings: manners),
    .testTarget(
      name: "StorageTests",
      dependencies: ["Storage", "Essentials", "Mathematics", "Markets", "TestKit"],
      swiftSettings: manners),
    .testTarget(
      name: "NetworkingTests",
      dependencies: ["Networking", "Essentials", "Mathematics", "Twins", "TestKit"],
      swiftSettings: manners),
    .testTarget(
      name: "ResearchTests",
      dependencies: [
        "Research", "Networking", "Storage", "Backtesting", "AlphaLanguage", "Essentials",
        "Mathematics", "Markets", "Twins", "TestKit",
      ],
      swiftSettings: manners),
    .testTarget(
      name: "ServicesTests",
      dependencies: [
        "Services", "Research", "Networking", "Storage", "Execution", "Worlds", "Tactics",
        "Backtesting", "Models", "AlphaLanguage", "Essentials", "Mathematics", "Markets", "Twins",
        "TestKit",
      ],
      swiftSettings: manners),
    .testTarget(name: "HouseTests", dependencies: ["TestKit"], swiftSettings: manners),
    .testTarget(
      name: "BrowserTests",
      dependencies: [
        "Services", "Research", "Networking", "Storage", "Execution", "Worlds", "Backtesting",
        "Essentials", "Mathematics", "Markets", "Twins", "TestKit",
      ],
      path: "Tests/Browser", swiftSettings: manners),
    .testTarget(
      name: "athanorTests",
      dependencies: [
        "athanor", "Services", "Research", "Networking", "Storage", "Execution", "Worlds", "Models",
        "Essentials", "TestKit",
      ],
      swiftSettings: manners),
    .testTarget(
      name: "SystemTests",
      dependencies: [
        "athanor", "Services", "Research", "Networking", "Storage", "Execution", "Worlds",
        "Backtesting", "AlphaLanguage", "Essentials", "Mathematics", "Markets", "Twins", "TestKit",
      ],
      exclude: ["Fixtures"], swiftSettings: manners),
  ],
  swiftLanguageModes: [.v6]
)

// The benchmarks use the desk's `package` doors, which no other package can open, so they are a
// target of this one that is there only when asked for: BENCHMARKS=1 swift build.
if Context.environment["BENCHMARKS"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Bench",
      dependencies: [
        "Essentials", "Mathematics", "Markets", "AlphaLanguage", "Models", "Backtesting", "Tactics",
        "Worlds", "Storage", "Networking", "Execution", "Research", "Services",
      ],
      path: "Benchmarks/Bench", swiftSettings: manners + processor))
}

// A part of the tests builds faster: TESTS=ResearchTests,NetworkingTests swift test.
if let wanted = Context.environment["TESTS"]?.split(separator: ",").map(String.init) {
  package.targets.removeAll { $0.type == .test && !wanted.contains($0.name) }
}

// Fuzzing needs its own instrumentation: FUZZ=<libFuzzer runtime> swift build, see Scripts/fuzz.
if let runtime = Context.environment["FUZZ"] {
  for target in package.targets where target.type == .regular && !target.name.hasPrefix("C") {
    target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-sanitize=fuzzer"])]
  }
  package.targets += [
    .target(name: "CFuzz"),
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "AlphaLanguage", "Worlds", "Storage", "Networking", "Twins", "Markets", "Essentials",
        "CFuzz",
      ],
      path: "Tests/Fuzz", swiftSettings: manners,
      linkerSettings: [.unsafeFlags([runtime, "-lstdc++"])]),
  ]
}
