import Essentials
import Foundation
import Markets
import Models
import Services
import Tactics

/// An outlook, both sides side by side.
struct OutlookPage: Sendable {
  let answer: OutlookAnswer

  private var outlook: Outlook { answer.outlook }

  func text(_ terminal: TerminalFacts) -> String {
    func sentence(_ text: String) -> String {
      Paragraph(text).lines(width: terminal.textWidth).joined(separator: "\n")
    }
    var blocks = [sentence(heading)]
    for horizon in answer.plan.horizons.indices {
      let title = "Closed after \(Self.span(answer.plan.seconds(ofHorizon: horizon))) at the latest"
      blocks.append(
        terminal.paint.bold(title) + "\n"
          + table(horizon).rendered(width: terminal.width, paint: terminal.paint))
    }
    blocks.append(sentence(decision))
    return (blocks + remarks.map { sentence($0) }).joined(separator: "\n\n")
  }

  private static func percent(_ share: Double, decimals: Int = 2) -> String {
    Table.Cell.percent(share, decimals: decimals).text + " %"
  }

  /// Whole units where they are whole, seconds with two decimals otherwise.
  private static func span(_ seconds: Double) -> String {
    let milliseconds = (seconds * 1000).rounded()
    guard milliseconds >= 1000, milliseconds.truncatingRemainder(dividingBy: 1000) == 0 else {
      return Table.Cell.number(seconds).text + "s"
    }
    return TimeSpan(milliseconds: Int64(milliseconds)).description
  }

  private var heading: String {
    let plan = answer.plan
    func move(_ value: Double, _ name: String) -> String {
      value.isFinite ? "\(name) \(Self.percent(value))" : "no \(name)"
    }
    let method =
      outlook.source == .closedForm
      ? "by the closed form, without error of sampling"
      : "by \(Table.Cell.count(outlook.paths).text) simulated paths (seed \(answer.request.seed)) "
        + "of steps of \(Self.span(plan.stepSeconds))"
    return """
      A \(answer.request.law.name) price with a drift of \(Self.percent(plan.annualDrift)) and a \
      volatility of \(Self.percent(plan.annualVolatility)) a year, \
      \(move(answer.request.takeProfit, "take-profit")), \
      \(move(answer.request.stopLoss, "stop-loss")), costs of \
      \(Self.percent(plan.costs.entry, decimals: 4)) for each trade, \(method).
      """
  }

  private func table(_ horizon: Int) -> Table {
    let isExact = outlook.source == .closedForm
    var columns: [Table.Column] = [.text(""), .number("long")]
    if !isExact { columns.append(.number("+/-", rank: 1)) }
    columns.append(.number("short"))
    if !isExact { columns.append(.number("+/-", rank: 1)) }
    var table = Table(columns)
    func add(_ name: String, _ cells: (PositionSide) -> (Table.Cell, Table.Cell)) {
      let (long, short) = (cells(.long), cells(.short))
      table.add(
        isExact
          ? [Table.Cell(name), long.0, short.0]
          : [Table.Cell(name), long.0, long.1, short.0, short.1])
    }
    func figures(_ side: PositionSide) -> HorizonEstimate { outlook.estimate[side][horizon] }
    func share(
      _ name: String, decimals: Int, _ estimate: @escaping (HorizonEstimate) -> Estimate
    ) {
      add("\(name) [%]") { side in
        let value = estimate(figures(side))
        return (
          .percent(value.value, decimals: decimals),
          .percent(value.standardError, decimals: decimals)
        )
      }
    }
    share("take-profit", decimals: 2, \.target)
    share("stop-loss", decimals: 2, \.stop)
    share("time over", decimals: 2, \.timeOut)
    share("gain after costs", decimals: 2, \.gain)
    share("expected before costs", decimals: 4, \.gross)
    share("expected after costs", decimals: 4, \.net)
    share("mean of the worst 5 %", decimals: 4, \.netTail)
    add("time in position [s]") { side in
      (.number(answer.holding(side, horizon: horizon), decimals: 1), .missing)
    }
    add("score [1e-6]") { side in
      let point = outlook[side].points[horizon]
      return (
        .number(point.value * 1e6, decimals: 4), .number(point.standardError * 1e6, decimals: 4)
      )
    }
    return table
  }

  private var decision: String {
    let way = outlook.leaning.way
    let verdict =
      switch way {
      case .long: "Decision: long."
      case .short: "Decision: short."
      case .wait: "Decision: wait; neither side reaches the least score and the least result."
      }
    let best =
      "The best time to hold, t*, is \(Self.span(outlook.bestSeconds(.long))) long and "
      + "\(Self.span(outlook.bestSeconds(.short))) short."
    guard outlook.source == .simulation else { return "\(verdict) \(best)" }
    let flip = outlook.leaning.flipProbability
    let chance =
      flip < 1e-4 ? "less than 0.01 %" : "at most " + Self.percent(flip)
    let more = outlook.isStable ? "" : " More paths would make it surer."
    return
      "\(verdict) \(best) The probability that more paths would decide otherwise is \(chance).\(more)"
  }

  private var remarks: [String] {
    var remarks: [String] = []
    if answer.plan.costs.entry == 0, answer.plan.funding.isEmpty {
      remarks.append(
        "No costs were given, so the results are before fees, spread and slippage.")
    }
    if answer.request.law.name == "bootstrap" {
      remarks.append(
        "Steps of history have no inside: barriers are watched at their ends only.")
    }
    return remarks
  }
}
