import Essentials
import Foundation
import Markets
import Storage
import TestKit
import Testing

@Suite("Panel store")
struct PanelStoreTests {
  private func panel(seed: UInt64 = 1, rows: Int = 12) -> Panel {
    RandomPanels.make(.init(rows: rows, columns: 5), seed: seed)
  }

  /// Compares every cell of two panels.
  private func agreeEverywhere(_ left: Panel, _ right: Panel) -> Bool {
    guard left.axis == right.axis, left.instruments == right.instruments,
      left.fields.keys.sorted() == right.fields.keys.sorted()
    else { return false }
    return left.fields.keys.allSatisfy { name in
      guard let a = left.fields[name], let b = right.fields[name],
        a.description == b.description
      else { return false }
      switch (a.values, b.values) {
      case (.matrix(let a), .matrix(let b)):
        return zip(a.values(), b.values()).allSatisfy {
          $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN)
        }
      case (.vector(let a), .vector(let b)): return a.offsets == b.offsets && a.values == b.values
      case (.group(let a), .group(let b)): return a.labels == b.labels && a.codes == b.codes
      default: return false
      }
    }
  }

  @Test("a stored panel opens with the same cells, descriptions and universes")
  func roundTrip() throws {
    let folder = TemporaryFolder()
    let store = PanelStore(folder: folder.path)
    let original = panel()
    let members = MembershipColumn(
      rows: 12, columns: 5, members: (0..<60).map { UInt8($0 % 2) })
    let withUniverse = Panel(
      name: "mine", fingerprint: original.fingerprint, axis: original.axis,
      instruments: original.instruments, fields: Array(original.fields.values),
      universes: ["odd": members])
    let manifest = try store.write(withUniverse, provenance: PanelProvenance(origin: "a test"))
    let opened = try store.open("mine", verify: true)
    #expect(agreeEverywhere(withUniverse, opened))
    #expect(opened.universes["odd"]?.members == members.members)
    #expect(opened.fingerprint.hexadecimal == manifest.fingerprint)
    #expect(try store.manifest(of: "mine") == manifest)
    #expect(try store.list().map(\.name) == ["mine"])
  }

  @Test("single-precision columns and time-varying groups are stored as they are")
  func otherShapes() throws {
    let folder = TemporaryFolder()
    let store = PanelStore(folder: folder.path)
    let axis = TimeAxis(
      stamps: [0, 60_000, 120_000].map(Timestamp.init(millisecondsSinceEpoch:)),
      spacing: .bar(seconds: 60))
    let single = MatrixColumn(rows: 3, columns: 1, singles: [1.5, .nan, 3.25])
    let group = GroupColumn(labels: ["a", "b"], columns: 1, codes: [0, -1, 1])
    let original = Panel(
      name: "minutes", fingerprint: Fingerprint(of: ""), axis: axis,
      instruments: [Instrument(symbol: "X", name: "Ex")],
      fields: [
        PanelField(
          description: FieldDescription(
            name: "close", kind: .matrix, unit: .price, summary: "s", leadRows: 1),
          values: .matrix(single)),
        PanelField(
          description: FieldDescription(name: "state", kind: .group), values: .group(group)),
      ])
    _ = try store.write(original, provenance: PanelProvenance())
    let opened = try store.open("minutes")
    #expect(agreeEverywhere(original, opened))
    #expect(opened.matrix("close")?.scalar == .float32)
    #expect(opened.group("state")?.isFixed == false)
    #expect(opened.axis.spacing == .bar(seconds: 60))
  }

  @Test("the fingerprint depends on the content and not on the name or the origin")
  func fingerprint() throws {
    let folder = TemporaryFolder()
    let store = PanelStore(folder: folder.path)
    func stored(_ panel: Panel, _ name: String, _ origin: String) throws -> String {
      let renamed = Panel(
        name: name, fingerprint: panel.fingerprint, axis: panel.axis,
        instruments: panel.instruments, fields: Array(panel.fields.values))
      return try store.write(renamed, provenance: PanelProvenance(origin: origin)).fingerprint
    }
    let one = try stored(panel(seed: 1), "a", "here")
    #expect(try stored(panel(seed: 1), "b", "there") == one)
    #expect(try stored(panel(seed: 2), "c", "here") != one)
  }

  @Test("a name that exists is refused, replaced on demand, and its old numbers are removed")
  func replacing() throws {
    let folder = TemporaryFolder()
    let store = PanelStore(folder: folder.path)
    let first = try store.write(panel(seed: 1), provenance: PanelProvenance())
    let opened = try store.open(first.name)
    let before = opened.matrix("close")?.values()
    let refusal = #expect(throws: StoreFailure.self) {
      try store.write(panel(seed: 1), provenance: PanelProvenance())
    }
    #expect(refusal?.key == "panel_exists")
    let writer = try store.writer(
      name: first.name, axis: opened.axis, instruments: opened.instruments, replacing: true)
    _ = try writer.commit(PanelProvenance())
    #expect(try store.open(first.name).fields.isEmpty)
    #expect(folder.names(in: first.name).filter { $0.hasPrefix("data-") }.count == 1)
    let after = opened.matrix("close")?.values()
    #expect(
      before?.map(\.bitPattern) == after?.map(\.bitPattern), "an open panel keeps its numbers")
  }

  @Test("a writer that is dropped leaves neither a panel nor files")
  func abandoned() throws {
    let folder = TemporaryFolder()
    let store = PanelStore(folder: folder.path)
    let source = panel()
    do {
      let writer = try store.writer(
        name: "half", axis: source.axis, instruments: source.instruments, replacing: false)
      try writer.add(try #require(source.fields["close"]))
      #expect(folder.names(in: "half").contains { $0.hasPrefix(".partial-") })
      #expect(try store.list().isEmpty)
    }
    #expect(folder.names(in: "half").filter { $0.hasPrefix(".partial") }.isEmpty)
    #expect(!store.holds("half"))
    let failure = #expect(throws: StoreFailure.self) { try store.open("half") }
    #expect(failure?.key == "no_such_panel")
  }

  @Test("a process that is killed while it writes leaves no panel, and the next import cleans up")
  func killed() async throws {
    let folder = TemporaryFolder()
    let path = folder.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let source = RandomPanels.make(.init(rows: 4, columns: 2), seed: 1)
      let writer = try PanelStore(folder: path).writer(
        name: "half", axis: source.axis, instruments: source.instruments, replacing: false)
      for name in source.fields.keys.sorted().prefix(3) {
        try writer.add(try #require(source.fields[name]))
      }
      kill(getpid(), SIGKILL)
    }
    let store = PanelStore(folder: path)
    #expect(folder.names(in: "half").contains { $0.hasPrefix(".partial-") })
    #expect(!store.holds("half"))
    #expect(try store.list().isEmpty)
    let source = panel()
    let writer = try store.writer(
      name: "half", axis: source.axis, instruments: source.instruments, replacing: false)
    _ = try writer.commit(PanelProvenance())
    #expect(!folder.names(in: "half").contains { $0.hasPrefix(".partial-") })
    #expect(store.holds("half"))
  }

  @Test("two writers of one name at once leave one whole panel")
  func concurrent() async throws {
    let folder = TemporaryFolder()
    let path = folder.path
    let manifests = try await withThrowingTaskGroup(of: PanelManifest.self) { group in
      for seed in 1...8 {
        group.addTask {
          let source = RandomPanels.make(.init(rows: 6, columns: 3), seed: UInt64(seed))
          let writer = try PanelStore(folder: path).writer(
            name: "same", axis: source.axis, instruments: source.instruments, replacing: true)
          for name in source.fields.keys.sorted() {
            if let field = source.fields[name] { try writer.add(field) }
          }
          return try writer.commit(PanelProvenance())
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let opened = try PanelStore(folder: path).open("same", verify: true)
    #expect(manifests.map(\.fingerprint).contains(opened.fingerprint.hexadecimal))
    #expect(folder.names(in: "same").filter { $0.hasPrefix("data-") }.count == 1)
  }

  @Test("a changed byte is found by verification, a changed size at once")
  func damage() throws {
    let folder = TemporaryFolder()
    let store = PanelStore(folder: folder.path)
    let manifest = try store.write(panel(), provenance: PanelProvenance())
    let file = "\(manifest.name)/\(manifest.folder)/close.npy"
    let path = "\(folder.path)/\(file)"
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    bytes[bytes.count - 3] ^= 1
    folder.write(bytes, to: file)
    _ = try store.open(manifest.name)
    let changed = #expect(throws: StoreFailure.self) {
      try store.open(manifest.name, verify: true)
    }
    #expect(changed?.key == "damaged_panel")
    #expect(changed?.outcome == .integrityViolated)
    folder.write(Array(bytes.dropLast()), to: file)
    #expect(throws: StoreFailure.self) { try store.open(manifest.name) }
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: StoreFailure.self) { try store.open(manifest.name) }
  }

  @Test("a manifest that was tampered with, or of another format, is refused and listed as such")
  func manifests() throws {
    let folder = TemporaryFolder()
    let store = PanelStore(folder: folder.path)
    let manifest = try store.write(panel(), provenance: PanelProvenance())
    let file = "\(manifest.name)/manifest.json"
    let text = try String(contentsOfFile: "\(folder.path)/\(file)", encoding: .utf8)
    for (old, new, key) in [
      ("\"rows\" : 12", "\"rows\" : 11", "damaged_panel"),
      ("\"format\" : 1", "\"format\" : 99", "unsupported_panel_format"),
      ("\"instruments\"", "\"instrumenten\"", "damaged_panel"), ("{", "", "damaged_panel"),
    ] {
      folder.write(text.replacingOccurrences(of: old, with: new), to: file)
      let failure = #expect(throws: StoreFailure.self) { try store.open(manifest.name) }
      #expect(failure?.key == key)
      let listing = try #require(try store.list().first)
      #expect(throws: StoreFailure.self) { try listing.manifest.get() }
    }
  }

  @Test("names that leave the store are invalid, and unknown names are answered with the nearest")
  func names() throws {
    let folder = TemporaryFolder()
    let store = PanelStore(folder: folder.path)
    for name in ["", "..", ".hidden", "a/b", "A", "é", String(repeating: "a", count: 65)] {
      #expect(!PanelStore.isValid(name: name))
      let failure = #expect(throws: StoreFailure.self) { try store.open(name) }
      #expect(failure?.key == "invalid_panel_name")
    }
    let manifest = try store.write(panel(), provenance: PanelProvenance())
    let failure = #expect(throws: StoreFailure.self) { try store.open(manifest.name + "x") }
    #expect(failure?.remedy == "Did you mean \(manifest.name)?")
    try store.remove(manifest.name)
    #expect(try store.list().isEmpty)
    #expect(throws: StoreFailure.self) { try store.remove(manifest.name) }
  }

  @Test("a store in a place that cannot be written is a failure that says so")
  func unwritable() {
    let folder = TemporaryFolder()
    let path = folder.write("", to: "file")
    let failure = #expect(throws: StoreFailure.self) {
      try PanelStore(folder: path).write(panel(), provenance: PanelProvenance())
    }
    #expect(failure?.key == "cannot_write")
    #expect(failure?.outcome == .failed)
  }
}
