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

  /// The name of the folder of one market, such as `EQUITY-USA-D1-TOP3000`.
  package static func folderName(of target: SimulationTarget) -> String {
    "\(target.instrumentType)-\(target.region)-D\(target.delay)-\(target.universe)"
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
    let own = Self.folderName(of: target)
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
      guard let named = row[key]?.textOrNumber else { return true }
      return named.uppercased() == wanted.uppercased()
    }
    return agrees("region", target.region) && agrees("universe", target.universe)
      && agrees("delay", "\(target.delay)") && agrees("instrumentType", target.instrumentType)
  }

  private func dataset(_ row: JSONValue) -> MetadataCatalogue.Dataset? {
    guard let id = row["id"]?.textOrNumber, !id.isEmpty else { return nil }
    return MetadataCatalogue.Dataset(
      id: id, name: row["name"]?.textOrNumber ?? id,
      meaning: row["description"]?.textOrNumber ?? "",
      subcategory: Self.named(row["subcategory"], otherwise: "unknown"),
      category: Self.named(row["category"], otherwise: "uncategorized"),
      themes: Self.themes(row["themes"]), coverage: Self.share(row["coverage"]),
      valueScore: row["valueScore"]?.double ?? 0, fieldCount: Self.count(row["fieldCount"]),
      alphaCount: Self.count(row["alphaCount"]), userCount: Self.count(row["userCount"]))
  }

  private func unlisted(_ id: String, _ row: JSONValue) -> MetadataCatalogue.Dataset {
    MetadataCatalogue.Dataset(
      id: id, name: Self.named(row["dataset"], otherwise: id).name,
      subcategory: Self.named(row["subcategory"], otherwise: "unknown"),
      category: Self.named(row["category"], otherwise: "uncategorized"))
  }

  /// - Parameter fallback: the dataset of a row that names none.
  private func field(_ row: JSONValue, dataset fallback: String) -> MetadataCatalogue.Field? {
    guard let id = row["id"]?.textOrNumber, !id.isEmpty,
      let type = row["type"]?.textOrNumber,
      let kind = FieldDescription.Kind(rawValue: type.uppercased())
    else { return nil }
    let dataset =
      row["dataset_id"]?.textOrNumber ?? Self.named(row["dataset"], otherwise: fallback).id
    return MetadataCatalogue.Field(
      id: id, datasetID: dataset.isEmpty ? "unknown" : dataset, kind: kind,
      meaning: row["description"]?.textOrNumber ?? "", coverage: Self.share(row["coverage"]),
      alphaCount: Self.count(row["alphaCount"]), userCount: Self.count(row["userCount"]))
  }

  private func operators(
    among known: [MetadataCatalogue.Operator], _ remarks: inout [String]
  ) throws(RetrievalFailure) -> [MetadataCatalogue.Operator] {
    let name = "operators.json"
    guard FileManager.default.fileExists(atPath: "\(path)/\(name)") else { return known }
    var offered: Set<String> = []
    for row in try rows(name) {
      guard let operatorName = row["name"]?.textOrNumber else { continue }
      // A row without a scope is one that BRAIN does not restrict.
      if case .array(let scopes)? = row["scope"], !scopes.contains(.string("REGULAR")) { continue }
      offered.insert(operatorName.lowercased())
    }
    let unknown = offered.subtracting(known.map(\.name)).sorted()
    if !unknown.isEmpty {
      remarks.append(
        "\(name): the operator table does not know \(unknown.joined(separator: ", ")).")
    }
    return known.filter { offered.contains($0.name) }
  }

  // MARK: - Values

  /// The id and name of `{"id": ..., "name": ...}`, or of a text that is both.
  private static func named(
    _ value: JSONValue?, otherwise fallback: String
  ) -> (id: String, name: String) {
    if let text = value?.textOrNumber, !text.isEmpty { return (text, text) }
    let id = value?["id"]?.textOrNumber ?? value?["name"]?.textOrNumber ?? fallback
    return (id, value?["name"]?.textOrNumber ?? id)
  }

  private static func themes(_ value: JSONValue?) -> [String] {
    guard case .array(let themes)? = value else { return [] }
    return themes.map { named($0, otherwise: "").name }.filter { !$0.isEmpty }
  }

  private static func share(_ value: JSONValue?) -> Double {
    min(1, max(0, value?.double ?? 0))
  }

  private static func count(_ value: JSONValue?) -> Int {
    Int(exactly: (value?.double ?? 0).rounded()).map { max(0, $0) } ?? 0
  }
}

extension JSONValue {
  /// A text, or a number as it is written.
  fileprivate var textOrNumber: String? {
    switch self {
    case .string(let text): text
    case .integer, .number: compactText
    default: nil
    }
  }

  fileprivate var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }
}
