import Essentials
package import Markets
package import Storage

/// The panels at hand: those of a store, and those that come with the program, which are imported
/// when they are first asked for.
package struct PanelLibrary: Sendable {
  package let folders: DeskFolders

  package init(folders: DeskFolders) {
    self.folders = folders
  }

  package var store: PanelStore { PanelStore(folder: folders.store) }

  /// Opens a panel. A bundled one that the store lacks is imported first, which takes about a second;
  /// one that is there is left as it is, whoever made it.
  package func open(
    _ name: String, progress: ((ImportProgress) -> Void)? = nil
  ) throws -> Panel {
    try importWhereNeeded(name, progress: progress)
    return try store.open(name)
  }

  /// What is stored about a panel, after importing it where it is bundled and missing.
  package func manifest(
    of name: String, progress: ((ImportProgress) -> Void)? = nil
  ) throws -> PanelManifest {
    try importWhereNeeded(name, progress: progress)
    return try store.manifest(of: name)
  }

  private func importWhereNeeded(
    _ name: String, progress: ((ImportProgress) -> Void)?
  ) throws {
    if BundledData.names.contains(name), !store.holds(name) {
      // Another process may import the same panel meanwhile; both store the same bytes.
      _ = try bundledImport(of: name).run(into: store, replacing: true, progress: progress)
    } else if PanelStore.isValid(name: name), !store.holds(name) {
      let listed = try store.list().map(\.name)
      throw StoreFailure.noSuchPanel(
        name: name, folder: store.folder,
        nearest: nearestName(to: name, among: listed + BundledData.names))
    }
  }

  /// The import of a bundled panel.
  package func bundledImport(of name: String) throws -> PanelImport {
    guard let examples = folders.examples else {
      throw FolderFailure.noExamples(what: "The files of the panel \(name)")
    }
    let data = BundledData(folder: "\(examples)/Data")
    switch name {
    case BundledData.equities: return data.equitiesImport
    case BundledData.perpetuals: return data.perpetualsImport
    default:
      throw StoreFailure.noSuchPanel(
        name: name, folder: data.folder,
        nearest: nearestName(to: name, among: BundledData.names))
    }
  }
}
