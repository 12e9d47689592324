import Essentials
import Networking
import Storage

/// Fetches the metadata of one market: operators, datasets, and the fields of each dataset.
///
/// 1. BRAIN shows at most ten thousand rows of one question, so fields are asked for dataset by
///    dataset, fifty rows at a time, the best datasets first.
/// 2. After each page what came is on the disk. A fetching that was interrupted goes on behind its
///    last page, once more where a dataset was refused; one that ended whole begins anew.
/// 3. A dataset that BRAIN refuses is noted and passed over; anything else that goes wrong ends the
///    run, with everything kept.
package struct BrainMetadataSync: Sendable {
  /// The most rows of a page.
  static let pageRows = 50
  /// The most rows that BRAIN shows of one question.
  static let rowsMax = 10_000
  /// An interrupted fetching that is older begins anew, in milliseconds.
  private static let ageMax: Int64 = 7 * 86_400_000

  /// Whose fields are fetched.
  package enum Fields: Hashable, Sendable {
    case none
    case ofAllDatasets
    /// Of so many datasets, taken from each category in turn.
    case ofDatasets(Int)
  }

  /// How far the fetching of fields is.
  package struct Progress: Hashable, Sendable {
    package let dataset: String
    /// How many datasets are done, of all that are wanted.
    package let datasetsDone: Int
    package let datasetsWanted: Int
    package let pages: Int
  }

  private let session: BrainSession
  private let folder: BrainMetadataFolder
  private let wanted: Fields
  private let advance: @Sendable (Progress) -> Void

  /// - Parameter advance: is told of every page of fields.
  package init(
    session: BrainSession, folder: BrainMetadataFolder, fields: Fields,
    advance: @escaping @Sendable (Progress) -> Void = { _ in }
  ) {
    self.session = session
    self.folder = folder
    wanted = fields
    self.advance = advance
  }

  /// Fetches what is missing, and says what there is.
  package func run() async throws(BrainFailure) -> BrainSyncReport {
    var report = BrainSyncReport(scope: scope)
    let start = try resumableStart() ?? session.effects.now().millisecondsSinceEpoch
    try await fetchOperators(&report)
    let datasets = try await fetchDatasets(start: start, &report)
    let chosen = Self.chosen(wanted, of: datasets)
    report.datasetIDs = chosen.map(\.id)
    report.expectedFields = chosen.reduce(0) { $0 + $1.fieldCount }
    for (place, dataset) in chosen.enumerated() {
      do throws(BrainFailure) {
        try await fetchFields(of: dataset.id, place: place, start: start, &report)
      } catch {
        if case .refused(_, _, let detail) = error {
          report.errors.append(.init(dataset: dataset.id, reason: detail))
          continue
        }
        try note(.interrupted, start: start, place: place, report, failure: error)
        throw error
      }
    }
    let isWhole = report.errors.isEmpty
    if wanted != .none {
      let fetched = Set(chosen.map(\.id))
      report.fields =
        Set(
          try folder.fields().filter { fetched.contains($0.datasetID) }.map(\.id)
        ).count
    }
    try note(isWhole ? .completed : .partialError, start: start, place: chosen.count, report)
    return report
  }

  private var scope: BrainSyncReport.Scope {
    switch wanted {
    case .none: .skipped
    case .ofAllDatasets: .allDatasets
    case .ofDatasets: .datasetSubset
    }
  }

  /// The datasets whose fields are fetched, in that order.
  static func chosen(_ wanted: Fields, of datasets: [BrainDataset]) -> [BrainDataset] {
    let ranked = datasets.sorted { ($1.quality, $0.id) < ($0.quality, $1.id) }
    guard case .ofDatasets(let count) = wanted else { return wanted == .none ? [] : ranked }
    let categories = Dictionary(grouping: ranked, by: \.category.id)
    var chosen: [BrainDataset] = []
    for round in 0..<max(1, ranked.count) {
      for name in categories.keys.sorted() {
        guard let members = categories[name], round < members.count else { continue }
        guard chosen.count < count else { return chosen }
        chosen.append(members[round])
      }
    }
    return chosen
  }

  // MARK: Operators and datasets

  private func fetchOperators(_ report: inout BrainSyncReport) async throws(BrainFailure) {
    let question = BrainQuestion(.get, "operators")
    let answer = try await session.document(question)
    guard let rows = Self.rows(of: answer) else {
      throw .strangeAnswer(endpoint: question.endpoint, reason: "it is no list")
    }
    try folder.save(["rows": .array(rows)], to: folder.operatorsFile)
    report.operators = rows.count { BrainOperator($0) != nil }
  }

  private func fetchDatasets(
    start: Int64, _ report: inout BrainSyncReport
  ) async throws(BrainFailure) -> [BrainDataset] {
    let isFetched =
      try folder.document(folder.datasetsFile)?["sync"] == .integer(Int(start))
    if !isFetched {
      var rows: [JSONValue] = []
      var seen: Set<String> = []
      var offset = 0
      while offset + Self.pageRows <= Self.rowsMax {
        let page = try await page("data-sets", offset: offset)
        report.pages += 1
        rows += page.rows.filter { row in
          BrainDataset(row).map { seen.insert($0.id).inserted } ?? false
        }
        offset += page.rows.count
        if page.rows.isEmpty || offset >= page.total { break }
      }
      try folder.save(
        ["sync": .integer(Int(start)), "market": folder.market.json, "rows": .array(rows)],
        to: folder.datasetsFile)
    }
    let datasets = try folder.datasets()
    report.datasets = datasets.count
    report.categories = Set(datasets.map(\.category.id)).count
    report.subcategories = Set(datasets.map(\.subcategory.id)).count
    return datasets
  }

  // MARK: Fields

  private func fetchFields(
    of dataset: String, place: Int, start: Int64, _ report: inout BrainSyncReport
  ) async throws(BrainFailure) {
    let whole = folder.fieldsFile(dataset)
    if try folder.document(whole)?["sync"] == .integer(Int(start)) {
      report.datasetsResumed += 1
      return
    }
    let unfinished = folder.unfinishedFile(dataset)
    let kept = try brainFile(WholeFile.read(unfinished)) ?? []
    var shard = FieldShard(unfinished: kept, start)
    // What a crash tore is cut off before anything is added behind it.
    try brainFile(WholeFile.write(Array(kept.prefix(shard.keptBytes)), to: unfinished))
    while true {
      let page = try await page(
        "data-fields", filter: [.init("dataset.id", dataset)], offset: shard.offset)
      report.pages += 1
      let line = FieldShard.line(start, shard.offset, page.rows)
      shard.add(page.rows)
      advance(
        Progress(
          dataset: dataset, datasetsDone: place, datasetsWanted: report.datasetIDs.count,
          pages: report.pages))
      let isShort = page.rows.isEmpty && shard.offset < page.total
      let isCut = shard.offset < page.total && shard.offset + Self.pageRows > Self.rowsMax
      if isShort || isCut {
        report.errors.append(
          .init(
            dataset: dataset,
            reason: "BRAIN shows only \(shard.offset) of \(page.total) fields"))
      }
      if isShort || isCut || shard.offset >= page.total { break }
      try brainFile(WholeFile.append(line, to: unfinished))
      try note(.running, start: start, place: place, report, total: page.total)
    }
    try folder.save(shard.document(start), to: whole)
    try brainFile(WholeFile.remove(unfinished))
    try note(.running, start: start, place: place + 1, report)
  }

  private func page(
    _ path: String, filter: [BrainQuestion.Parameter] = [], offset: Int
  ) async throws(BrainFailure) -> (total: Int, rows: [JSONValue]) {
    let question = BrainQuestion(
      .get, path,
      query: folder.market.parameters + filter
        + [.init("limit", String(Self.pageRows)), .init("offset", String(offset))])
    let answer = try await session.document(question)
    guard let rows = Self.rows(of: answer) else {
      throw .strangeAnswer(endpoint: question.endpoint, reason: "it has no results")
    }
    return (answer["count"].flatMap(Row.count) ?? offset + rows.count, rows)
  }

  /// The rows of an answer: itself a list, or with a list of results.
  private static func rows(of answer: JSONValue) -> [JSONValue]? {
    if case .array(let rows) = answer { return rows }
    if case .array(let rows)? = answer["results"] { return rows }
    return nil
  }

  // MARK: Progress

  private enum Status: String {
    case running, interrupted, completed
    case partialError = "partial_error"
  }

  /// When the fetching began that can be gone on with, nil where there is none.
  private func resumableStart() throws(BrainFailure) -> Int64? {
    guard let document = try folder.document(folder.progressFile),
      case .string(let status)? = document["status"], status != Status.completed.rawValue,
      case .integer(let start)? = document["sync"],
      session.effects.now().millisecondsSinceEpoch - Int64(start) < Self.ageMax
    else { return nil }
    return Int64(start)
  }

  private func note(
    _ status: Status, start: Int64, place: Int, _ report: BrainSyncReport, total: Int? = nil,
    failure: BrainFailure? = nil
  ) throws(BrainFailure) {
    let ids = report.datasetIDs
    let document: JSONValue = [
      "status": .string(status.rawValue), "final": .bool(status == .completed),
      "sync": .integer(Int(start)),
      "updated_at": .string(session.effects.now().description), "target": folder.market.json,
      "dataset_mode": .string(report.scope.rawValue),
      "dataset_cursor": [
        "index": .integer(place), "total": .integer(ids.count),
        "id": place < ids.count ? .string(ids[place]) : .null,
      ],
      "progress": [
        "pages": .integer(report.pages), "page_total_hint": total.map(JSONValue.integer) ?? .null,
      ],
      "errors": .array(report.errors.map(\.json)),
      "stopped_by": failure.map { .string($0.explanation) } ?? .null,
    ]
    try folder.save(document, to: folder.progressFile)
  }
}

/// The fields of one dataset that came so far.
private struct FieldShard {
  /// How many rows BRAIN has shown, repeated ones included: where the next page begins.
  private(set) var offset = 0
  /// How much of the kept bytes is whole.
  private(set) var keptBytes = 0
  private var rows: [JSONValue] = []
  private var seen: Set<String> = []

  /// Goes on with the pages that were kept of the same fetching. A line that is torn or does not
  /// continue the one before ends them.
  init(unfinished bytes: [UInt8], _ start: Int64) {
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      guard line.endIndex < bytes.endIndex,
        let page = try? JSONValue(parsing: String(decoding: line, as: UTF8.self)),
        page["sync"] == .integer(Int(start)), page["offset"] == .integer(offset),
        case .array(let rows)? = page["rows"]
      else { return }
      add(rows)
      keptBytes = line.endIndex + 1
    }
  }

  /// A page as it is kept.
  static func line(_ start: Int64, _ offset: Int, _ rows: [JSONValue]) -> [UInt8] {
    let page: JSONValue = [
      "sync": .integer(Int(start)), "offset": .integer(offset), "rows": .array(rows),
    ]
    return Array((page.compactText + "\n").utf8)
  }

  mutating func add(_ page: [JSONValue]) {
    offset += page.count
    rows += page.filter { row in
      row["id"].flatMap(Row.text).map { seen.insert($0).inserted } ?? false
    }
  }

  func document(_ start: Int64) -> JSONValue {
    ["sync": .integer(Int(start)), "rows": .array(rows)]
  }
}
