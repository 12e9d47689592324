/// A fact that speaks against trusting a formula.
package enum TrustObjection: Hashable, Sendable, CustomStringConvertible {
  case seesTheFuture(LookAheadVerdict.Leak)
  /// Too few rows, or no variation; the sentence says which.
  case nothingToJudge(String)
  case luckIsNotExcluded(probability: Double, needed: Double, trials: Int, yearsNeeded: Double?)
  case intervalHoldsZero(ConfidenceInterval)
  case winnersFade(probability: Double, allowed: Double)
  case doesNotLast(efficiency: Double, needed: Double)
  case dataIsMissing(share: Double, allowed: Double)
  case profitsAreMissing(share: Double, allowed: Double)

  /// Whether the fact alone decides against the formula.
  package var refutes: Bool {
    switch self {
    case .seesTheFuture: true
    case .luckIsNotExcluded(let probability, _, _, _): probability < 0.5
    case .winnersFade(let probability, _): probability > 0.5
    case .nothingToJudge, .intervalHoldsZero, .doesNotLast, .dataIsMissing, .profitsAreMissing:
      false
    }
  }

  /// The fact as a sentence with its numbers.
  package var description: String {
    switch self {
    case .seesTheFuture(let leak):
      return
        "The value in row \(leak.row), column \(leak.column) changes from "
        + "\(shown(leak.truncatedValue)) to \(shown(leak.value)) once rows after "
        + "\(leak.truncation - 1) are known: the formula sees the future."
    case .nothingToJudge(let sentence): return sentence
    case .luckIsNotExcluded(let probability, let needed, let trials, let yearsNeeded):
      let best = trials == 1 ? "zero" : "the best of \(trials) trials by luck"
      let wait =
        yearsNeeded.map { " At this Sharpe ratio it takes \(rounded($0, 1)) years." } ?? ""
      return
        "The probability that the true Sharpe ratio is above \(best) is "
        + "\(percent(probability)); \(percent(needed)) is needed.\(wait)"
    case .intervalHoldsZero(let interval):
      return
        "The \(percent(interval.confidence)) interval of the Sharpe ratio, "
        + "\(rounded(interval.lower, 2)) to \(rounded(interval.upper, 2)), is not above zero."
    case .winnersFade(let probability, let allowed):
      return
        "In \(percent(probability)) of all splits the formula that looks best in one half is below "
        + "the median in the other; at most \(percent(allowed)) is allowed."
    case .doesNotLast(let efficiency, let needed):
      return
        "Out of sample \(percent(efficiency)) of the Sharpe ratio is left; "
        + "at least \(percent(needed)) is needed."
    case .dataIsMissing(let share, let allowed):
      return "\(percent(share)) of the data is missing; at most \(percent(allowed)) is allowed."
    case .profitsAreMissing(let share, let allowed):
      return
        "\(percent(share)) of the days have no profit; at most \(percent(allowed)) is allowed."
    }
  }

  private func shown(_ value: Double?) -> String { value.map { "\($0)" } ?? "missing" }

  /// Returns a share as a percentage. One digit is kept, and the last is never rounded up to a limit
  /// that was missed: shares are cut, not rounded.
  private func percent(_ share: Double) -> String {
    rounded((share * 1000).rounded(.towardZero) / 10, 1) + " %"
  }

  /// Returns a number with a fixed count of decimals, at most three.
  private func rounded(_ value: Double, _ decimals: Int) -> String {
    guard value.magnitude < 1e12 else { return "\(value)" }
    let scale = [1, 10, 100, 1000][decimals]
    let digits = Int((value.magnitude * Double(scale)).rounded())
    let sign = value < 0 && digits > 0 ? "-" : ""
    if decimals == 0 { return sign + "\(digits)" }
    let fraction = String(digits % scale)
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return "\(sign)\(digits / scale).\(zeros)\(fraction)"
  }
}
