import Essentials
import Markets
import Research
import Services

/// The options of commands that search a catalogue: a local panel, or metadata that was fetched.
enum CatalogueOptions {
  static let metadata = Option<String?>.optional(
    "meta-dir", .folder(),
    help: "Metadata of WorldQuant BRAIN, as sync-metadata leaves it, in place of a panel.")

  static let definitions = PanelOptions.definitions + [metadata.definition]
}

/// A catalogue as the command line names it.
struct NamedCatalogue {
  let catalogue: MetadataCatalogue
  /// Sentences on what was left out.
  let remarks: [String]
  /// Where its index is kept from one run to the next.
  let cache: IndexCache
}

extension Invocation {
  /// The catalogue of `--meta-dir` for a market, else that of the panel.
  func catalogue(for target: SimulationTarget) throws -> NamedCatalogue {
    if let folder = self[CatalogueOptions.metadata] {
      return try catalogue(of: folder, for: target)
    }
    let panel = try openPanel()
    let folder = try library().folders.indexes
    return NamedCatalogue(
      catalogue: MetadataCatalogue(panel: panel), remarks: [],
      cache: IndexCache(path: "\(folder)/\(panel.name).search"))
  }
  /// The catalogue of a folder of metadata for a market.
  func catalogue(of folder: String, for target: SimulationTarget) throws -> NamedCatalogue {
    let reading = try CatalogueFolder(path: folder).read(for: target)
    return NamedCatalogue(
      catalogue: reading.catalogue, remarks: reading.remarks,
      cache: IndexCache(path: "\(folder)/index/\(BrainMarket(target).folder).search"))
  }
}
