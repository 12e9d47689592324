import Essentials
import Storage

/// The folder in which metadata of BRAIN lies, and what was fetched into it.
///
/// ```
/// operators.json                     all operators of the account
/// EQUITY-USA-D1-TOP3000/             one folder for each market
///   datasets.json                    its datasets
///   fields/<dataset>.json            the fields of one dataset, whole
///   fields/<dataset>.part.jsonl      the pages of one that is being fetched, one a line
///   progress.json                    how far the last fetching came
/// ```
///
/// Every document is replaced as a whole, so a reader never sees half of one, and what was whole stays
/// until its successor is.
package struct BrainMetadataFolder: Hashable, Sendable {
  package let path: String
  package let market: BrainMarket

  package init(path: String, market: BrainMarket) {
    self.path = path
    self.market = market
  }

  /// The operators, none where they were not fetched.
  package func operators() throws(BrainFailure) -> [BrainOperator] {
    try rows(of: operatorsFile)?.compactMap { BrainOperator($0) } ?? []
  }

  /// The market's datasets in the order of their ids, none where they were not fetched.
  package func datasets() throws(BrainFailure) -> [BrainDataset] {
    let datasets = try rows(of: datasetsFile)?.compactMap { BrainDataset($0) } ?? []
    return datasets.sorted { $0.id < $1.id }
  }

  /// The fields of the market's datasets in the order of their ids, as far as they were fetched.
  package func fields() throws(BrainFailure) -> [BrainField] {
    var fields: [BrainField] = []
    for dataset in try datasets() {
      let rows = try rows(of: fieldsFile(dataset.id)) ?? []
      fields += rows.compactMap { BrainField($0, datasetID: dataset.id) }
    }
    return fields.sorted { ($0.id, $0.datasetID) < ($1.id, $1.datasetID) }
  }

  // MARK: Files

  var operatorsFile: String { path + "/operators.json" }
  var datasetsFile: String { path + "/" + market.folder + "/datasets.json" }
  var progressFile: String { path + "/" + market.folder + "/progress.json" }

  func fieldsFile(_ dataset: String) -> String { fieldsStem(dataset) + ".json" }
  func unfinishedFile(_ dataset: String) -> String { fieldsStem(dataset) + ".part.jsonl" }

  private func fieldsStem(_ dataset: String) -> String {
    path + "/" + market.folder + "/fields/" + BrainMarket.fileName(dataset)
  }

  /// Reads a document, nil where there is none.
  func document(_ file: String) throws(BrainFailure) -> JSONValue? {
    guard let bytes = try brainFile(WholeFile.read(file)) else { return nil }
    do {
      return try JSONValue(parsing: String(decoding: bytes, as: UTF8.self))
    } catch {
      throw .strangeAnswer(
        endpoint: file, reason: "the file is no JSON at byte \(error.offset); remove it")
    }
  }

  func save(_ document: JSONValue, to file: String) throws(BrainFailure) {
    try brainFile(WholeFile.write(Array((document.compactText + "\n").utf8), to: file))
  }

  private func rows(of file: String) throws(BrainFailure) -> [JSONValue]? {
    guard case .array(let rows)? = try document(file)?["rows"] else { return nil }
    return rows
  }
}
