import Essentials
import Execution
import Markets
import Worlds

/// The prices that a world's accounts are fed with: the rows of the panels of its instances, by the
/// instant at which they are complete.
struct PaperTape {
  private let panels: [Panel]

  /// The panels of instances, each once. An instance whose panel cannot be opened has none here; it
  /// fails where it is evaluated, and says why.
  init(of records: [InstanceRecord], from evidence: PanelEvidence) {
    var panels: [Panel] = []
    for record in records {
      guard let panel = try? evidence.panel(of: record.submission),
        !panels.contains(where: { $0.fingerprint == panel.fingerprint })
      else { continue }
      panels.append(panel)
    }
    self.panels = panels
  }

  /// The first row of a panel that is complete after an instant.
  private static func firstRow(of panel: Panel, after instant: Timestamp) -> Int {
    panel.axis.firstRow(notBefore: instant - panel.axis.interval + TimeSpan(milliseconds: 1))
  }

  /// When rows are complete after an instant and not after another, ascending.
  func instants(after first: Timestamp, through last: Timestamp) -> [Timestamp] {
    var instants: Set<Timestamp> = []
    for panel in panels {
      var row = Self.firstRow(of: panel, after: first)
      while row < panel.rows, panel.axis.end(ofRow: row) <= last {
        instants.insert(panel.axis.end(ofRow: row))
        row += 1
      }
    }
    return instants.sorted()
  }

  /// The bars of the rows that are complete at an instant; of a symbol in several panels that of the
  /// first.
  func bars(at instant: Timestamp) -> [MarketBar] {
    var seen: Set<String> = []
    var bars: [MarketBar] = []
    for panel in panels {
      let row = Self.firstRow(of: panel, after: instant) - 1
      guard row >= 0, panel.axis.end(ofRow: row) == instant, let close = panel.matrix("close")
      else { continue }
      let others = ["open", "high", "low"].map { panel.matrix($0) }
      let volume = panel.matrix("volume")
      for (column, instrument) in panel.instruments.enumerated() {
        let last = close[row, column]
        func price(_ matrix: MatrixColumn?) -> Double {
          matrix.map { $0[row, column] }.flatMap { $0.isFinite ? $0 : nil } ?? last
        }
        let open = price(others[0])
        // Rounded data may put a close a hair outside of its range.
        let high = max(price(others[1]), open, last)
        let low = min(price(others[2]), open, last)
        guard seen.insert(instrument.symbol).inserted,
          let bar = MarketBar(
            symbol: instrument.symbol, open: open, high: high, low: low, close: last,
            volume: volume.map { $0[row, column] })
        else { continue }
        bars.append(bar)
      }
    }
    return bars
  }

  /// The last close of each symbol that is known at an instant.
  func prices(asOf instant: Timestamp) -> [String: Price] {
    var prices: [String: (price: Price, at: Timestamp)] = [:]
    for panel in panels {
      guard let close = panel.matrix("close") else { continue }
      let next = Self.firstRow(of: panel, after: instant)
      for (column, instrument) in panel.instruments.enumerated() {
        var row = next - 1
        while row >= 0 {
          let at = panel.axis.end(ofRow: row)
          if let known = prices[instrument.symbol], known.at >= at { break }
          if let price = Price(close[row, column]) {
            prices[instrument.symbol] = (price, at)
            break
          }
          row -= 1
        }
      }
    }
    return prices.mapValues(\.price)
  }
}
