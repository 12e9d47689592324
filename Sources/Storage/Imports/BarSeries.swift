/// The bars of one instrument on their way from a table to a panel.
final class BarSeries {
  let symbol: String
  private(set) var bars: [Bar] = []
  /// The most frequent distance between bars as they were read, in milliseconds; 0 before `finish`.
  private(set) var sourceStep: Int64 = 0
  private(set) var firstStamp = Int64.max
  private(set) var lastStamp = Int64.min
  private(set) var sortedRows = 0
  private(set) var droppedDuplicates = 0

  private let rules: BarRules
  private var pending: Bar?
  private var collected: [Bar] = []
  private var steps: [Int64: Int] = [:]
  private var step: Int64 = 0
  private var stepCount = 0

  init(symbol: String, rules: BarRules) {
    self.symbol = symbol
    self.rules = rules
  }

  /// Takes a bar in the order of the file.
  func append(_ bar: Bar, at place: @autoclosure () -> TableFailure.Place) throws(ImportFailure) {
    switch rules.order {
    case .refuse: try take(bar, place)
    case .sort: collected.append(bar)
    }
  }

  /// Finishes the series: sorts it where that was asked for and closes the last bar.
  func finish(path: String) throws(ImportFailure) {
    if rules.order == .sort {
      // Ties keep the order of the file, so "first" and "last" of duplicates have a meaning.
      for i in collected.indices.dropFirst() where collected[i].stamp < collected[i - 1].stamp {
        sortedRows += 1
      }
      let order = collected.indices.sorted {
        (collected[$0].stamp, $0) < (collected[$1].stamp, $1)
      }
      for index in order {
        let bar = collected[index]
        try take(bar) { TableFailure.Place(path: path, row: bar.row, column: 1) }
      }
      collected = []
    }
    if let pending { settle(pending) }
    pending = nil
    steps[step, default: 0] += stepCount
    steps[0] = nil
    // The smaller distance wins a tie, so that the answer does not depend on hashing.
    sourceStep = steps.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? 0
  }

  private func take(
    _ bar: Bar, _ place: () -> TableFailure.Place
  ) throws(ImportFailure) {
    if let previous = pending {
      if bar.stamp == previous.stamp {
        switch rules.duplicates {
        case .refuse:
          throw .duplicateBar(
            place(), instrument: symbol, stamp: stampText(bar.stamp), firstRow: previous.row)
        case .keepFirst: break
        case .keepLast: pending = bar
        }
        droppedDuplicates += 1
        return
      }
      guard bar.stamp > previous.stamp else {
        throw .outOfOrder(
          place(), instrument: symbol, stamp: stampText(bar.stamp),
          previous: stampText(previous.stamp))
      }
      let distance = bar.stamp - previous.stamp
      if distance == step {
        stepCount += 1
      } else {
        steps[step, default: 0] += stepCount
        step = distance
        stepCount = 1
      }
      settle(previous)
    }
    pending = bar
  }

  private func settle(_ bar: Bar) {
    firstStamp = min(firstStamp, bar.stamp)
    lastStamp = max(lastStamp, bar.stamp)
    guard let length = rules.barMilliseconds else {
      bars.append(bar)
      return
    }
    let phase = bar.stamp % length
    let opening = bar.stamp - (phase < 0 ? phase + length : phase)
    if let last = bars.indices.last, bars[last].stamp == opening {
      bars[last].join(bar)
    } else {
      var first = bar
      first.stamp = opening
      bars.append(first)
    }
  }
}

/// What happens to bars that do not come as they should.
package struct BarRules: Hashable, Sendable {
  /// Rows of one instrument that do not ascend in time.
  package enum Order: String, Hashable, Sendable, CaseIterable {
    case refuse, sort
  }

  /// A second bar of one instrument at the same instant.
  package enum Duplicates: String, Hashable, Sendable, CaseIterable {
    case refuse
    case keepFirst = "keep-first"
    case keepLast = "keep-last"
  }

  /// Bars that no market can have printed, such as a high below the low.
  package enum Impossible: String, Hashable, Sendable, CaseIterable {
    case refuse
    case leaveOut = "leave-out"
  }

  /// Longer bars of which the source lacks a part.
  package enum Partial: String, Hashable, Sendable, CaseIterable {
    /// The longer bar is missing: its high, low and volume would be those of another period.
    case leaveOut = "leave-out"
    /// The parts that exist are joined; right for instruments that often do not trade for a while.
    case join
  }

  package var order = Order.refuse
  package var duplicates = Duplicates.refuse
  package var impossible = Impossible.refuse
  package var partial = Partial.leaveOut
  /// The length of the bars to store; nil for those of the source. They open at multiples of their
  /// length since 1970-01-01T00:00:00Z.
  package var barSeconds: Int?

  package init() {}

  var barMilliseconds: Int64? { barSeconds.map { Int64($0) * 1000 } }
}
