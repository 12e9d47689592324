package import AlphaLanguage
import Essentials
import Foundation
import Markets

/// A folder of metadata that was fetched from WorldQuant BRAIN, as a source of catalogues.
///
/// The rows of a market lie in a folder of its own, or in files that name it:
///
/// ```
/// operators.json                                      rows of GET /operators
/// EQUITY-USA-D1-TOP3000/datasets.json                 rows of GET /data-sets
/// EQUITY-USA-D1-TOP3000/fields/<dataset>.json         rows of GET /data-fields, by dataset
/// datasets_<REGION>_<DELAY>_<UNIVERSE>.json           the same without folders
/// data_fields_<REGION>_<DELAY>_<UNIVERSE>.json
/// ```
///
/// A file holds an array of rows as BRAIN sends them, or an object whose `rows` or `results` is that
/// array. The reading is tolerant: keys that nobody needs are passed over, a row without a name, or of
/// a type that no formula reads (`UNIVERSE`, `SYMBOL`), is left out and counted. A row that names
/// another region, universe or delay never counts. Datasets that only fields speak of are made from
/// those. Without `operators.json` every operator of the operator table is taken, with it those that
/// it lists for regular alphas and that the table knows.
package struct CatalogueFolder: Hashable, Sendable {
  package let path: String

  package init(path: String) {
    self.path = path
  }

  /// The name of a file of rows of one market, such as `datasets_USA_1_TOP3000.json`.
  static func fileName(_ kind: String, of target: SimulationTarget) -> String {
    "\(kind)_\(target.region.uppercased())_\(target.delay)_\(target.universe.uppercased()).json"
  }

  /// A catalogue with sentences on what was left out.
  package struct Reading: Sendable {
    package let catalogue: MetadataCatalogue
    package let remarks: [String]
  }

  /// Reads the rows of one market.
  package func read(
    for target: SimulationTarget, operators known: OperatorCatalog = .fastexpr
  ) throws(RetrievalFailure) -> Reading {
    let (datasetsFile, fieldFiles) = try files(of: target)
    var remarks: [String] = []
    var datasets: [MetadataCatalogue.Dataset] = []
    var strangers = 0
    var defective = 0
    for row in try rows(datasetsFile) {
      guard isOf(target, row) else {
        strangers += 1
        continue
      }
      guard let dataset = dataset(row) else {
        defective += 1
        continue
      }
      datasets.append(dataset)
    }
    note(datasetsFile, strangers, defective, target, &remarks)
    (strangers, defective) = (0, 0)
    var fields: [MetadataCatalogue.Field] = []
    var listed = Set(datasets.map(\.id))
    for file in fieldFiles {
      for row in try rows(file.path) {
        guard isOf(target, row) else {
          strangers += 1
          continue
        }
        guard let field = field(row, dataset: file.dataset) else {
          defective += 1
          continue
        }
        fields.append(field)
        if listed.insert(field.datasetID).inserted {
          datasets.append(unlisted(field.datasetID, row))
        }
      }
    }
    note("fields", strangers, defective, target, &remarks)
    return Reading(
      catalogue: MetadataCatalogue(
        origin: path, target: target, datasets: datasets, fields: fields,
        operators: try operators(among: known.usable(), &remarks)),
      remarks: remarks)
  }

  /// The files of one market, relative to the folder: those in its own folder where there are any.
  private func files(
    of target: SimulationTarget
  ) throws(RetrievalFailure) -> (datasets: String, fields: [(path: String, dataset: String)]) {
    func exists(_ name: String) -> Bool {
      FileManager.default.fileExists(atPath: "\(path)/\(name)")
    }
    let own = BrainMarket(target).folder
    if exists("\(own)/datasets.json") {
      let names =
        (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(own)/fields")) ?? []
      // What is still being fetched ends with .part.json.
      let whole = names.filter { $0.hasSuffix(".json") && !$0.hasSuffix(".part.json") }.sorted()
      guard !whole.isEmpty else { throw .noMetadata(folder: path, files: ["\(own)/fields"]) }
      let fields = whole.map { name in
        let stem = String(name.dropLast(".json".count))
        return (path: "\(own)/fields/\(name)", dataset: stem.removingPercentEncoding ?? stem)
      }
      return ("\(own)/datasets.json", fields)
    }
    let names = ["datasets", "data_fields"].map { Self.fileName($0, of: target) }
    let missing = names.filter { !exists($0) }
    guard missing.isEmpty else { throw .noMetadata(folder: path, files: missing) }
    return (names[0], [(names[1], "")])
  }

  private func note(
    _ name: String, _ strangers: Int, _ defective: Int, _ target: SimulationTarget,
    _ remarks: inout [String]
  ) {
    if strangers > 0 {
      remarks.append(
        "\(name): \(strangers) rows of another market than \(target.region) \(target.universe).")
    }
    if defective > 0 {
      remarks.append("\(name): \(defective) rows without a name or of a type no formula reads.")
    }
  }

  // MARK: - Rows

  private func rows(_ name: String) throws(RetrievalFailure) -> [JSONValue] {
    let file = "\(path)/\(name)"
    guard let data = FileManager.default.contents(atPath: file) else {
      throw .noMetadata(folder: path, files: [name])
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw .damagedMetadata(path: file, reason: "the bytes are not UTF-8 text")
    }
    let json: JSONValue
    do throws(JSONMistake) {
      json = try JSONValue(parsing: text)
    } catch {
      throw .damagedMetadata(path: file, reason: "\(error)")
    }
    if case .array(let rows) = json { return rows }
    for key in ["rows", "results"] {
      if case .array(let rows)? = json[key] { return rows }
    }
    throw .damagedMetadata(path: file, reason: "it holds no array of rows")
  }

  /// Whether a row names no other market.
  private func isOf(_ target: SimulationTarget, _ row: JSONValue) -> Bool {
    func agrees(_ key: String, _ wanted: String) -> Bool {
      guard let named = row[key].flatMap({ Row.text($0) ?? Row.count($0).map(String.init) })
      else { return true }
      return named.uppercased() == wanted.uppercased()
    }
    return agrees("region", target.region) && agrees("universe", target.universe)
      && agrees("delay", "\(target.delay)") && agrees("instrumentType", target.instrumentType)
  }

  private func dataset(_ row: JSONValue) -> MetadataCatalogue.Dataset? {
    BrainDataset(row).map { row in
      MetadataCatalogue.Dataset(
        id: row.id, name: row.name, meaning: row.meaning,
        subcategory: Self.named(row.subcategory, otherwise: "unknown"),
        category: Self.named(row.category, otherwise: "uncategorized"), themes: row.themes,
        coverage: Self.share(row.coverage), valueScore: Self.score(row.valueScore),
        fieldCount: Self.count(row.fieldCount), alphaCount: Self.count(row.alphaCount),
        userCount: Self.count(row.userCount))
    }
  }

  /// A dataset that only a row of a field speaks of.
  private func unlisted(_ id: String, _ row: JSONValue) -> MetadataCatalogue.Dataset {
    MetadataCatalogue.Dataset(
      id: id, name: Self.named(BrainGroup(row["dataset"]), otherwise: id).name,
      subcategory: Self.named(BrainGroup(row["subcategory"]), otherwise: "unknown"),
      category: Self.named(BrainGroup(row["category"]), otherwise: "uncategorized"))
  }

  /// - Parameter fallback: the dataset of a row that names none.
  private func field(_ row: JSONValue, dataset fallback: String) -> MetadataCatalogue.Field? {
    let stated = row["dataset_id"].flatMap(Row.text) ?? fallback
    guard let row = BrainField(row, datasetID: stated),
      let kind = FieldDescription.Kind(rawValue: row.type.uppercased())
    else { return nil }
    return MetadataCatalogue.Field(
      id: row.id, datasetID: row.datasetID.isEmpty ? "unknown" : row.datasetID, kind: kind,
      meaning: row.meaning, coverage: Self.share(row.coverage),
      alphaCount: Self.count(row.alphaCount), userCount: Self.count(row.userCount))
  }

  private func operators(
    among known: [MetadataCatalogue.Operator], _ remarks: inout [String]
  ) throws(RetrievalFailure) -> [MetadataCatalogue.Operator] {
    let name = "operators.json"
    guard FileManager.default.fileExists(atPath: "\(path)/\(name)") else { return known }
    var offered: Set<String> = []
    for row in try rows(name).compactMap({ BrainOperator($0) }) {
      // A row without a scope is one that BRAIN does not restrict.
      if row.scope.isEmpty || row.scope.contains("REGULAR") {
        offered.insert(row.name.lowercased())
      }
    }
    let unknown = offered.subtracting(known.map(\.name)).sorted()
    if !unknown.isEmpty {
      remarks.append(
        "\(name): the operator table does not know \(unknown.joined(separator: ", ")).")
    }
    return known.filter { offered.contains($0.name) }
  }

  private static func named(
    _ group: BrainGroup, otherwise fallback: String
  ) -> (id: String, name: String) {
    group.id.isEmpty ? (fallback, fallback) : (group.id, group.name)
  }

  private static func share(_ coverage: Double) -> Double { min(1, max(0, coverage)) }

  /// A provider's score lies between 0 and 10; whatever is said beyond may not drown the others.
  private static func score(_ value: Double) -> Double { min(10, max(0, value)) }

  /// Nobody counts beyond a billion, and sums of so many stay whole numbers.
  private static func count(_ number: Int) -> Int { min(number, 1_000_000_000) }
}
