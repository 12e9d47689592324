internal import Essentials
internal import Foundation
package import Markets

/// A folder of panels, one folder each.
///
/// ```
/// store/
///   us-equities/
///     manifest.json                  what the panel is; replaced by one rename
///     data-5f0c19aa27d3-3k9x/        the numbers that this manifest names; never written again
///       stamps.npy  close.npy  sector.npy  dividend_events.offsets.npy  ...
///     .partial-4711-8f2k/            an import on its way, invisible to readers
/// ```
package struct PanelStore: Sendable {
  package let folder: String

  /// Names a store; the folder is made by the first import.
  package init(folder: String) {
    self.folder = folder
  }

  /// An entry of the store as `list` found it.
  package struct Listing: Sendable {
    package var name: String
    /// What the panel says of itself, or why it cannot be read.
    package var manifest: Result<PanelManifest, StoreFailure>
  }

  /// Returns every panel of the store by name; a store that does not exist yet is empty. A panel
  /// that cannot be read is listed with its failure and does not hide the others.
  package func list() throws(StoreFailure) -> [Listing] {
    guard Folder.exists(folder) else { return [] }
    let names: [String]
    do throws(FileFailure) {
      names = try Folder.names(in: folder)
    } catch {
      throw .cannotList(folder: folder)
    }
    return names.filter { Self.isValid(name: $0) && holds($0) }.map { name in
      do throws(StoreFailure) {
        return Listing(name: name, manifest: .success(try manifest(of: name)))
      } catch {
        return Listing(name: name, manifest: .failure(error))
      }
    }
  }

  /// Whether the store has a panel of this name, readable or not.
  package func holds(_ name: String) -> Bool {
    Self.isValid(name: name) && Folder.fileExists("\(self.folder(of: name))/manifest.json")
  }

  /// Returns what is stored about a panel without opening its numbers.
  package func manifest(of name: String) throws(StoreFailure) -> PanelManifest {
    guard Self.isValid(name: name) else { throw .invalidName(name) }
    let path = "\(folder(of: name))/manifest.json"
    guard holds(name) else {
      let names = ((try? Folder.names(in: folder)) ?? []).filter { holds($0) }
      throw .noSuchPanel(
        name: name, folder: folder, nearest: nearestName(to: name, among: names))
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .damaged(panel: name, file: "manifest.json", reason: "cannot be read")
    }
    return try PanelManifest(decoding: data, panel: name)
  }

  /// Opens a panel.
  ///
  /// Matrices stay in mapped files and cost no memory until they are read; vectors, groups and
  /// universes are copied. Sizes, headers, offsets and codes are always checked; with `verify` the
  /// fingerprint of every file too, which reads all of it (about 300 MB/s).
  package func open(_ name: String, verify: Bool = false) throws(StoreFailure) -> Panel {
    var manifest = try manifest(of: name)
    // A panel that is replaced between the reading of its manifest and the opening of its files has
    // lost those files; its new manifest names the new ones, until it is replaced again.
    while true {
      do throws(StoreFailure) {
        return try PanelReader(manifest: manifest, folder: folder(of: name)).read(verify: verify)
      } catch {
        let latest = try self.manifest(of: name)
        guard latest.folder != manifest.folder else { throw error }
        manifest = latest
      }
    }
  }

  /// Removes a panel; panels that are open keep their numbers.
  package func remove(_ name: String) throws(StoreFailure) {
    _ = try manifestExists(name)
    do throws(FileFailure) {
      let hidden = ".removed-\(name)-\(UInt64.random(in: 0...UInt64.max))"
      try Folder.rename(folder(of: name), to: "\(folder)/\(hidden)")
      Folder.remove("\(folder)/\(hidden)")
    } catch {
      throw .writing(error)
    }
  }

  /// Begins to write a panel; nothing is visible before `commit`.
  package func writer(
    name: String, axis: TimeAxis, instruments: [Instrument], replacing: Bool
  ) throws(StoreFailure) -> PanelWriter {
    guard Self.isValid(name: name) else { throw .invalidName(name) }
    guard replacing || !holds(name) else { throw .panelExists(name: name, folder: folder) }
    return try PanelWriter(
      store: self, name: name, axis: axis, instruments: instruments, replacing: replacing)
  }

  /// Stores a panel that is already in memory, under its own name.
  package func write(
    _ panel: Panel, provenance: PanelProvenance, replacing: Bool = false
  ) throws(StoreFailure) -> PanelManifest {
    let writer = try writer(
      name: panel.name, axis: panel.axis, instruments: panel.instruments, replacing: replacing)
    for name in panel.fields.keys.sorted() {
      if let field = panel.fields[name] { try writer.add(field) }
    }
    for name in panel.universes.keys.sorted() {
      if let column = panel.universes[name] { try writer.add(universe: name, summary: "", column) }
    }
    return try writer.commit(provenance)
  }

  /// Whether a text can name a panel: 1 to 64 lower-case letters, digits, `-`, `_` or `.`, with a
  /// letter or digit first. No such name leaves the folder of the store.
  package static func isValid(name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard (1...64).contains(bytes.count) else { return false }
    func isLetterOrDigit(_ byte: UInt8) -> Bool {
      (97...122).contains(byte) || (48...57).contains(byte)
    }
    return isLetterOrDigit(bytes[0])
      && bytes.allSatisfy { isLetterOrDigit($0) || $0 == 45 || $0 == 46 || $0 == 95 }
  }

  func folder(of name: String) -> String { "\(folder)/\(name)" }

  private func manifestExists(_ name: String) throws(StoreFailure) -> Bool {
    guard Self.isValid(name: name) else { throw .invalidName(name) }
    if holds(name) { return true }
    throw .noSuchPanel(name: name, folder: folder, nearest: nil)
  }
}

extension PanelManifest {
  /// The manifest as JSON with sorted keys, so that equal manifests are equal bytes.
  func encoded() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("a manifest of strings and integers always encodes")
    }
    return Array(data) + [UInt8(ascii: "\n")]
  }

  fileprivate init(decoding data: Data, panel: String) throws(StoreFailure) {
    struct Version: Decodable { var format: Int }
    let decoder = JSONDecoder()
    guard let version = try? decoder.decode(Version.self, from: data) else {
      throw .damaged(panel: panel, file: "manifest.json", reason: "is not a panel manifest")
    }
    guard version.format == PanelManifest.currentFormat else {
      throw .unsupportedFormat(panel: panel, version: version.format)
    }
    do {
      self = try decoder.decode(PanelManifest.self, from: data)
    } catch {
      throw .damaged(
        panel: panel, file: "manifest.json", reason: "lacks an entry or has one of another type")
    }
    guard contentFingerprint().hexadecimal == fingerprint else {
      throw .damaged(
        panel: panel, file: "manifest.json", reason: "does not have the fingerprint that it states")
    }
  }
}
