import Essentials

/// How quantities of a replay are written in both languages.
struct QuantityText: Sendable {
  /// The name of the account's coin.
  let currency: String

  /// The quantity with its unit; `--` where it is not known.
  func text(_ quantity: ReplayPageContent.Quantity) -> BilingualText {
    switch quantity {
    case .money(let value): BilingualText(same: money(value))
    case .share(let value): BilingualText(same: FigureStyle.percent.marked(value))
    case .number(let value, let decimals):
      BilingualText(same: FigureStyle.decimal(value, digits: decimals))
    case .count(let count): BilingualText(same: FigureStyle.whole(count))
    case .span(let span): Self.span(span)
    case .instant(let instant): BilingualText(same: Self.instant(instant))
    case .shares(let lower, let upper):
      BilingualText(
        same: Self.range(
          FigureStyle.percent.text(lower), FigureStyle.percent.text(upper),
          FigureStyle.percentSign))
    case .numbers(let lower, let upper, let decimals):
      BilingualText(
        same: Self.range(
          FigureStyle.decimal(lower, digits: decimals),
          FigureStyle.decimal(upper, digits: decimals), ""))
    case .text(let text): text
    case .missing: BilingualText(same: Self.missing)
    }
  }

  /// What stands for a quantity that is not known.
  static let missing = "--"

  /// An amount with the name of its coin.
  func money(_ value: Double) -> String {
    value.isFinite ? "\(FigureStyle.money.text(value))\u{00A0}\(currency)" : Self.missing
  }

  /// An instant to the minute, in UTC.
  static func instant(_ instant: Timestamp) -> String {
    "\(instant.date) \(TimeScale.clock(instant)) UTC"
  }

  /// A length of time in its two largest units.
  static func span(_ span: TimeSpan?) -> BilingualText {
    guard let span else { return BilingualText(same: missing) }
    let seconds = abs(span.milliseconds / 1000)
    let sign = span < .zero ? "\u{2212}" : ""
    func pair(
      _ first: Int64, _ english: String, _ korean: String, _ second: Int64, _ smaller: String,
      _ smallerKorean: String
    ) -> BilingualText {
      let rest = BilingualText(
        second > 0 ? "\u{00A0}\(second)\u{00A0}\(smaller)" : "",
        second > 0 ? "\u{00A0}\(second)\(smallerKorean)" : "")
      return BilingualText("\(sign)\(first)\u{00A0}\(english)", "\(sign)\(first)\(korean)") + rest
    }
    switch seconds {
    case 86_400...:
      return pair(seconds / 86_400, "d", "일", seconds % 86_400 / 3600, "h", "시간")
    case 3600...: return pair(seconds / 3600, "h", "시간", seconds % 3600 / 60, "min", "분")
    case 60...: return pair(seconds / 60, "min", "분", 0, "", "")
    default: return pair(seconds, "s", "초", 0, "", "")
    }
  }

  private static func range(_ lower: String, _ upper: String, _ unit: String) -> String {
    lower == missing && upper == missing ? missing : "\(lower) \u{2026} \(upper)\(unit)"
  }
}
