package import Backtesting
package import Essentials
import Foundation
import Storage

/// Alphas of an earlier run, read from what `athanor simulate --json --series` printed.
package struct EarlierResults: Sendable {
  package let pool: PnLPool

  /// Reads one alpha's document, or a document of several under `alphas`.
  ///
  /// Only `id` (or `name`), `is.sharpe`, `series.date` and `series.pnl` are looked at.
  package init(text: String, path: String) throws(EarlierResultsFailure) {
    let data = Data(text.utf8)
    let decoder = JSONDecoder()
    let documents: [StoredAlpha]
    do {
      documents =
        try (try? decoder.decode(StoredPopulation.self, from: data))?.alphas
        ?? [decoder.decode(StoredAlpha.self, from: data)]
    } catch {
      throw .notResults(path: path)
    }
    var entries: [PnLPool.Entry] = []
    for document in documents {
      let name = document.id ?? document.name ?? "#\(entries.count + 1)"
      let stamps = document.series.date.compactMap { StampText.parse($0)?.stamp }
      guard stamps.count == document.series.date.count, !stamps.isEmpty,
        document.series.pnl.count == stamps.count,
        zip(stamps, stamps.dropFirst()).allSatisfy({ $0 < $1 })
      else { throw .brokenSeries(path: path, name: name) }
      entries.append(
        PnLPool.Entry(
          name: name, stamps: stamps, pnl: document.series.pnl.map { $0 ?? .nan },
          sharpe: document.metrics.sharpe ?? .nan))
    }
    pool = PnLPool(entries)
  }
}

private struct StoredPopulation: Decodable {
  var alphas: [StoredAlpha]
}

private struct StoredAlpha: Decodable {
  struct Metrics: Decodable {
    var sharpe: Double?
  }

  struct Series: Decodable {
    var date: [String]
    var pnl: [Double?]
  }

  var id: String?
  var name: String?
  var metrics: Metrics
  var series: Series

  enum CodingKeys: String, CodingKey {
    case id, name, series
    case metrics = "is"
  }
}

/// A file of earlier results that cannot be used.
package enum EarlierResultsFailure: ExplainedFailure, Hashable {
  case notResults(path: String)
  case brokenSeries(path: String, name: String)

  package var key: String {
    switch self {
    case .notResults: "not_results"
    case .brokenSeries: "broken_series"
    }
  }

  package var explanation: String {
    switch self {
    case .notResults(let path): "\(path) holds no results with their series."
    case .brokenSeries(let path, let name):
      "The dates and profits of \(name) in \(path) do not fit together."
    }
  }

  package var remedy: String {
    "Write the file with `athanor simulate ... --json --series`."
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
