import Foundation
import TestKit
import Testing

/// A machine of which only the answers of a few programs are known, as a folder of scripts.
private struct RehearsedMachine {
  let folder: ScratchFolder

  /// - Parameters:
  ///   - swift: the version that Swift reports, nil where there is none.
  ///   - installed: the Debian packages that are there, nil where packages are of another kind.
  ///   - knows: whether the package index knows what is asked for.
  ///   - hasInstaller: whether there is an `apt-get`; it writes down what it is told.
  ///   - hasAssets: whether the libraries of the pages are there.
  init(
    swift: String?, installed: [String]?, knows: Bool = true, hasInstaller: Bool = true,
    hasAssets: Bool = true
  ) throws {
    folder = try ScratchFolder()
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("Scripts"), withIntermediateDirectories: true)
    try install(checkoutFolder.appendingPathComponent("Scripts/setup"), as: "Scripts/setup")
    // As the real one, it fails where the libraries are missing and cannot be fetched.
    try add(
      "Scripts/assets",
      """
      [ "${1-}" = --check ] || echo "assets $*" >> "${0%/*}/../fetched"
      exit \(hasAssets ? 0 : 4)
      """)
    for tool in ["sh", "sed", "head", "sort", "grep", "env", "cat"] {
      let real = try ShellRun("sh", "-c", "command -v \(tool)").output
      try FileManager.default.createSymbolicLink(
        atPath: folder.url.appendingPathComponent(tool).path,
        withDestinationPath: String(real.dropLast()))
    }
    try add("id", "echo 0")
    if let swift { try add("swift", "echo 'Swift version \(swift) (rehearsed)'") }
    if let installed {
      let cases = (installed + ["none"]).joined(separator: " | ")
      try add(
        "dpkg-query",
        "case \"$3\" in \(cases)) echo 'install ok installed' ;; *) exit 1 ;; esac")
    }
    if hasInstaller {
      try add("apt-cache", "exit \(knows ? 0 : 1)")
      try add("apt-get", "echo \"$@\" >> \(folder.url.path)/told")
    }
  }

  func run(_ arguments: String = "") throws -> ShellRun {
    let setup = folder.url.appendingPathComponent("Scripts/setup").path
    return try ShellRun(
      "sh", "-c", "\(setup) \(arguments)", environment: ["PATH": folder.url.path])
  }

  /// What `apt-get` was told.
  var told: [String] { lines("told") }

  /// What was asked of the script that fetches the libraries of the pages.
  var fetched: [String] { lines("fetched") }

  private func lines(_ name: String) -> [String] {
    let text = try? String(
      contentsOf: folder.url.appendingPathComponent(name), encoding: .utf8)
    return (text ?? "").split(separator: "\n").map(String.init)
  }

  private func add(_ name: String, _ script: String) throws {
    let draft = folder.url.appendingPathComponent("draft")
    try "#!/bin/sh\n\(script)\n".write(to: draft, atomically: true, encoding: .utf8)
    try install(draft, as: name)
  }

  /// Copies a program by another process: where this one had it open, a process that some other test
  /// forks in that moment would hold it open for writing, and nobody can run it ("text file busy").
  private func install(_ source: URL, as name: String) throws {
    let target = folder.url.appendingPathComponent(name).path
    let run = try ShellRun("install", "-m", "755", source.path, target)
    guard run.exitCode == 0 else { throw CocoaError(.fileWriteUnknown) }
  }
}

@Suite("Setup", .ownThread)
struct SetupTests {
  private static let everything = [
    "pkg-config", "libsodium-dev", "zlib1g-dev", "libzstd-dev", "libsqlite3-dev",
    "libcurl4-openssl-dev", "libwebsockets-dev", "libyaml-dev",
  ]

  @Test("where nothing is missing it says nothing and installs nothing")
  func quiet() throws {
    let machine = try RehearsedMachine(swift: "6.3.1", installed: Self.everything)
    let run = try machine.run()
    #expect(run.exitCode == 0)
    #expect(run.output + run.errors == "")
    #expect(machine.told == [])
    #expect(machine.fetched == ["assets "])
  }

  @Test("only the tests ask for a browser and the checkers of pages and alerts")
  func tests() throws {
    let machine = try RehearsedMachine(swift: "6.3.1", installed: Self.everything)
    #expect(try machine.run("--tests").exitCode == 0)
    #expect(
      machine.told == [
        "install -y -qq --no-install-recommends chromium node-typescript fonts-noto-cjk prometheus"
      ])
    #expect(machine.fetched == ["assets "])
  }

  @Test(
    "pip is asked for only to fetch the libraries of the pages, and a build goes on without them")
  func assets() throws {
    let machine = try RehearsedMachine(
      swift: "6.3.1", installed: Self.everything, hasAssets: false)
    #expect(try machine.run("--dry-run").errors == "setup: would install: python3-pip\n")
    #expect(machine.fetched == ["assets --dry-run"])
    let run = try machine.run()
    #expect(run.exitCode == 0)
    #expect(machine.told == ["install -y -qq --no-install-recommends python3-pip"])

    let able = try RehearsedMachine(
      swift: "6.3.1", installed: Self.everything + ["python3-pip"], hasAssets: false)
    #expect(try able.run().exitCode == 0)
    #expect(able.told == [])
    #expect(able.fetched == ["assets "])
  }

  @Test("it installs exactly what is missing, and refreshes the index only where it must")
  func installing() throws {
    let present = ["pkg-config", "zlib1g-dev"]
    let install =
      "install -y -qq --no-install-recommends libsodium-dev libzstd-dev libsqlite3-dev"
      + " libcurl4-openssl-dev libwebsockets-dev libyaml-dev"
    let machine = try RehearsedMachine(swift: "6.3", installed: present)
    let run = try machine.run()
    #expect(run.exitCode == 0)
    #expect(
      run.errors == "setup: installing: libsodium-dev libzstd-dev libsqlite3-dev "
        + "libcurl4-openssl-dev libwebsockets-dev libyaml-dev\n")
    #expect(machine.told == [install])

    let stale = try RehearsedMachine(swift: "6.10", installed: present, knows: false)
    #expect(try stale.run().exitCode == 0)
    #expect(stale.told == ["update -qq", install])
  }

  @Test("a dry run says what is missing and changes nothing")
  func dryRun() throws {
    let machine = try RehearsedMachine(swift: "7.0", installed: ["pkg-config"])
    let run = try machine.run("--dry-run")
    #expect(run.exitCode == 0)
    #expect(
      run.errors
        == "setup: would install: libsodium-dev zlib1g-dev libzstd-dev libsqlite3-dev "
        + "libcurl4-openssl-dev libwebsockets-dev libyaml-dev\n")
    #expect(machine.told == [])
  }

  @Test("a machine that cannot build is told what it lacks")
  func refusals() throws {
    for (swift, hasInstaller, arguments, message) in [
      (nil, true, "", "swift is not on the PATH. Install Swift 6.3 or later"),
      ("6.1", true, "", "Swift 6.1 is too old. Install Swift 6.3 or later"),
      ("6.3.1", false, "", "this system has no apt-get. Install with its own package manager"),
      ("6.3.1", true, "--fast", "unknown option '--fast'"),
    ] as [(String?, Bool, String, String)] {
      let machine = try RehearsedMachine(swift: swift, installed: [], hasInstaller: hasInstaller)
      let run = try machine.run(arguments)
      #expect(run.exitCode == 4)
      #expect(run.errors.hasPrefix("setup: \(message)"), "\(run.errors)")
      #expect(machine.told == [])
    }
  }

  @Test("every package that the manifest asks for is in setup's list")
  func packages() throws {
    let manifest = try String(
      contentsOf: checkoutFolder.appendingPathComponent("Package.swift"), encoding: .utf8)
    let machine = try RehearsedMachine(swift: "6.3", installed: [])
    let list = try machine.run("--dry-run").errors
    let asked = manifest.components(separatedBy: ".apt([\"").dropFirst().map {
      String($0.prefix { $0 != "\"" })
    }
    #expect(!asked.isEmpty)
    for package in asked { #expect(list.contains(" \(package)"), "\(package)") }
  }
}
