package import Essentials
import Markets
import Mathematics

/// Joins features with moves that began when they were known.
///
/// It takes one vector for each bar and symbol, in the order of time. The close that comes with a
/// later vector is the only thing that can label an earlier one. A label never spans a missing bar.
package struct LabelBuilder: Sendable {
  /// Why a vector was not taken.
  package enum Refusal: String, Hashable, Sendable, CaseIterable {
    /// Its bar does not end after the last one of the symbol.
    case notLater
    /// Its bar has another length than those before.
    case otherSpan
    /// It has another number of features than those before.
    case otherFeatures
  }

  package let settings: LabelSettings
  private var vectors: [String: [FeatureVector]] = [:]
  private var exits: [String: [LabeledSample.ExitNote]] = [:]
  private var first: FeatureVector?

  package init(_ settings: LabelSettings) {
    self.settings = settings
  }

  /// Takes the vector of a bar that just closed; nothing changes where it is refused.
  package mutating func observe(_ vector: FeatureVector) -> Refusal? {
    if let first {
      guard first.span == vector.span else { return .otherSpan }
      guard first.values.count == vector.values.count else { return .otherFeatures }
    }
    if let last = vectors[vector.symbol]?.last, last.time >= vector.time { return .notLater }
    if first == nil { first = vector }
    vectors[vector.symbol, default: []].append(vector)
    return nil
  }

  /// Notes an exit; its reason stays with every sample of the symbol whose label it may have marred.
  package mutating func noteExit(of symbol: String, at instant: Timestamp, reason: String) {
    exits[symbol, default: []].append(LabeledSample.ExitNote(instant: instant, reason: reason))
  }

  /// The samples whose next bar has closed, by time and then symbol. Cost: one step for each sample
  /// and horizon.
  package var samples: [LabeledSample] {
    var samples: [LabeledSample] = []
    for symbol in vectors.keys.sorted() {
      let rows = vectors[symbol, default: []]
      let notes = exits[symbol, default: []].enumerated()
        .sorted { ($0.element.instant, $0.offset) < ($1.element.instant, $1.offset) }
        .map(\.element)
      var start = 0
      while start < rows.count {
        var end = start + 1
        while end < rows.count, rows[end].time == rows[end - 1].time + rows[end].span.length {
          end += 1
        }
        label(rows[start..<end], notes, into: &samples)
        start = end
      }
    }
    return samples.sorted {
      ($0.features.time, $0.features.symbol) < ($1.features.time, $1.features.symbol)
    }
  }

  /// Labels vectors of successive bars.
  private func label(
    _ rows: ArraySlice<FeatureVector>, _ notes: [LabeledSample.ExitNote],
    into samples: inout [LabeledSample]
  ) {
    let logs = rows.map { Elementary.log($0.close) }
    var place = 0
    for (index, row) in rows.enumerated().dropLast() {
      let hindsight = hindsight(from: index, in: logs)
      let length = row.span.length.milliseconds * Int64(hindsight?.barsSeen ?? 1)
      let end = row.time.millisecondsSinceEpoch + length
      while place < notes.count, notes[place].instant <= row.time { place += 1 }
      let marring = notes[place...].prefix { $0.instant.millisecondsSinceEpoch <= end }
      samples.append(
        LabeledSample(
          features: row, move: logs[index + 1] - logs[index], hindsight: hindsight,
          exits: Array(marring), cost: settings.cost))
    }
  }

  /// A horizon fits if a labeled row stands at its end.
  private func hindsight(from index: Int, in logs: [Double]) -> LabeledSample.Hindsight? {
    var best: LabeledSample.Hindsight?
    let fitting = settings.hindsightBars.prefix { index + $0 <= logs.count - 2 }
    guard let seen = fitting.last else { return nil }
    for bars in fitting {
      let move = logs[index + bars] - logs[index]
      // The costs are the same for all horizons; the first of equals stays.
      if best.map({ move.magnitude > $0.move.magnitude }) ?? true {
        best = LabeledSample.Hindsight(move: move, bars: bars, barsSeen: seen)
      }
    }
    return best
  }
}
