internal import Essentials
internal import Glibc
package import Markets

/// A panel on its way into a store, field by field.
///
/// 1. Everything is written to a folder whose name no reader looks at.
/// 2. `commit` makes the bytes durable, gives the folder its name and replaces the manifest by one
///    rename. Before that rename readers see the former panel or none, after it the whole new one.
/// 3. A writer that is dropped, or whose process is killed, leaves no panel; what it wrote is removed
///    at once, or by the next commit to the same panel.
package final class PanelWriter {
  package let name: String
  private let store: PanelStore
  private let replacing: Bool
  private let axis: TimeAxis
  private let instruments: [Instrument]
  private let partial: String
  private var stamps: PanelManifest.File?
  private var fields: [PanelManifest.Field] = []
  private var universes: [PanelManifest.Universe] = []
  private var isCommitted = false

  /// The prefix of folders that are being written; the process id follows, then a random number.
  static let partialPrefix = ".partial-"

  init(
    store: PanelStore, name: String, axis: TimeAxis, instruments: [Instrument], replacing: Bool
  ) throws(StoreFailure) {
    precondition(axis.count > 0 && !instruments.isEmpty, "an empty panel is refused at import")
    self.store = store
    self.name = name
    self.axis = axis
    self.instruments = instruments
    self.replacing = replacing
    let unique = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    let identifier = getpid()
    partial = "\(store.folder(of: name))/\(Self.partialPrefix)\(identifier)-\(unique)"
    do throws(FileFailure) {
      try Folder.create(partial)
      let milliseconds = axis.stamps.map(\.millisecondsSinceEpoch)
      stamps = try milliseconds.withRawBytes { bytes throws(FileFailure) in
        try write(bytes, as: "stamps.npy", .int64, [axis.count])
      }
    } catch {
      Folder.remove(partial)
      throw .writing(error)
    }
  }

  deinit { if !isCommitted { abandon() } }

  /// Writes a field; its numbers may be released afterwards.
  package func add(_ field: PanelField) throws(StoreFailure) {
    precondition(!fields.contains { $0.name == field.name }, "field \(field.name) is written twice")
    let description = field.description
    var labels: [String]?
    let files: [PanelManifest.File]
    do throws(FileFailure) {
      switch field.values {
      case .matrix(let column):
        let count = column.rows * column.columns * column.scalar.byteCount
        let scalar: NpyScalar = column.scalar == .float32 ? .float32 : .float64
        let bytes = UnsafeRawBufferPointer(start: column.base, count: count)
        files = [
          try write(bytes, as: "\(field.name).npy", scalar, [column.rows, column.columns])
        ]
        withExtendedLifetime(column) {}
      case .vector(let column):
        let offsets = try column.offsets.withRawBytes { bytes throws(FileFailure) in
          try write(bytes, as: "\(field.name).offsets.npy", .int32, [column.offsets.count])
        }
        let values = try column.values.withRawBytes { bytes throws(FileFailure) in
          try write(bytes, as: "\(field.name).values.npy", .float64, [column.values.count])
        }
        files = [offsets, values]
      case .group(let column):
        labels = column.labels
        let shape = column.isFixed ? [column.columns] : [axis.count, column.columns]
        files = [
          try column.codes.withRawBytes { bytes throws(FileFailure) in
            try write(bytes, as: "\(field.name).npy", .int32, shape)
          }
        ]
      }
    } catch {
      throw .writing(error)
    }
    fields.append(
      PanelManifest.Field(
        name: field.name, kind: description.kind.rawValue, price: description.unit.price,
        share: description.unit.share, summary: description.summary,
        leadRows: description.leadRows, labels: labels, files: files))
  }

  /// Writes a universe.
  package func add(
    universe: String, summary: String, _ column: MembershipColumn
  ) throws(StoreFailure) {
    precondition(!universes.contains { $0.name == universe }, "universe \(universe) comes twice")
    do throws(FileFailure) {
      let file = try column.members.withRawBytes { bytes throws(FileFailure) in
        try write(bytes, as: "\(universe).universe.npy", .uint8, [column.rows, column.columns])
      }
      universes.append(PanelManifest.Universe(name: universe, summary: summary, file: file))
    } catch {
      throw .writing(error)
    }
  }

  /// Gives the panel its name in the store.
  ///
  /// Two commits to one name wait for each other; the later one replaces the earlier, or is refused
  /// where the panel was not to be replaced.
  package func commit(_ provenance: PanelProvenance) throws(StoreFailure) -> PanelManifest {
    guard let stamps else { preconditionFailure("a writer without stamps was never made") }
    let unique = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    var manifest = PanelManifest(
      format: PanelManifest.currentFormat, name: name, fingerprint: "", folder: "",
      rows: axis.count, columns: instruments.count,
      first: axis.stamps[0].description, last: axis.stamps[axis.count - 1].description,
      spacing: .init(barSeconds: axis.spacing.barSeconds),
      instruments: instruments.map { .init(symbol: $0.symbol, name: $0.name) },
      stamps: stamps, fields: fields, universes: universes, provenance: provenance)
    manifest.fingerprint = manifest.contentFingerprint().hexadecimal
    manifest.folder = "data-\(manifest.fingerprint.prefix(12))-\(unique)"
    let folder = store.folder(of: name)
    let encoded = manifest.encoded()
    let lock = try storing { () throws(FileFailure) in
      let file = try OutputFile(path: "\(partial)/manifest.json")
      try file.write(encoded)
      _ = try file.finish()
      try Folder.synchronize(partial)
      return try FolderLock(folder: folder)
    }
    defer { withExtendedLifetime(lock) {} }
    guard replacing || !Folder.fileExists("\(folder)/manifest.json") else {
      throw .panelExists(name: name, folder: store.folder)
    }
    try storing { () throws(FileFailure) in
      try Folder.rename(partial, to: "\(folder)/\(manifest.folder)")
      isCommitted = true
      try Folder.rename(
        "\(folder)/\(manifest.folder)/manifest.json", to: "\(folder)/manifest.json")
      try Folder.synchronize(folder)
    }
    removeLeftovers(in: folder, keeping: manifest.folder)
    return manifest
  }

  /// Removes everything that was written.
  package func abandon() {
    guard !isCommitted else { return }
    isCommitted = true
    Folder.remove(partial)
  }

  private func write(
    _ bytes: UnsafeRawBufferPointer, as name: String, _ scalar: NpyScalar, _ shape: [Int]
  ) throws(FileFailure) -> PanelManifest.File {
    let file = try OutputFile(path: "\(partial)/\(name)")
    try file.write(NpyHeader.bytes(scalar: scalar, shape: shape))
    try file.write(bytes)
    let fingerprint = try file.finish()
    return PanelManifest.File(
      name: name, scalar: scalar.rawValue, shape: shape, bytes: file.byteCount,
      fingerprint: fingerprint.hexadecimal)
  }

  private func storing<Value>(
    _ work: () throws(FileFailure) -> Value
  ) throws(StoreFailure) -> Value {
    do throws(FileFailure) { return try work() } catch { throw .writing(error) }
  }

  /// Removes data that no manifest names and folders of processes that live no more. Readers that
  /// have mapped a removed file keep it.
  private func removeLeftovers(in folder: String, keeping kept: String) {
    for name in (try? Folder.names(in: folder)) ?? [] where name != kept {
      if name.hasPrefix("data-") {
        Folder.remove("\(folder)/\(name)")
      } else if name.hasPrefix(Self.partialPrefix) {
        let digits = name.dropFirst(Self.partialPrefix.count).prefix { $0 != "-" }
        if let process = Int32(digits), !Self.isAlive(process) {
          Folder.remove("\(folder)/\(name)")
        }
      }
    }
  }

  private static func isAlive(_ process: Int32) -> Bool {
    kill(process, 0) == 0 || errno == EPERM
  }
}
