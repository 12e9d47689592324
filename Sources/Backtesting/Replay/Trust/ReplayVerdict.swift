/// What a replay shows about earning money.
package enum ReplayVerdict: String, Hashable, Sendable, CaseIterable {
  /// No position was opened, so nothing was earned and nothing paid.
  case didNotTrade
  /// Trading like this loses after costs.
  case loses
  /// It may earn or lose: luck explains what was seen.
  case cannotBeToldFromChance
  /// It earned after costs, and luck does not explain that.
  case earnsAfterCosts

  /// The verdict as a sentence.
  package var sentence: BilingualText {
    switch self {
    case .didNotTrade:
      BilingualText(
        "It did not trade: nothing was earned and nothing was paid.",
        "거래하지 않았습니다. 번 것도 치른 것도 없습니다.")
    case .loses:
      BilingualText("It loses after costs.", "비용을 치르면 손실입니다.")
    case .cannotBeToldFromChance:
      BilingualText(
        "Its result cannot be told from chance.", "결과를 우연과 구별할 수 없습니다.")
    case .earnsAfterCosts:
      BilingualText(
        "It earned after costs, and chance does not explain it. That is evidence, not a promise.",
        "비용을 치르고도 벌었고, 우연으로는 설명되지 않습니다. 근거일 뿐 약속은 아닙니다.")
    }
  }
}

/// A fact that a verdict rests on.
package struct ReplayGround: Hashable, Sendable {
  /// What a fact says about earning.
  package enum Bearing: String, Hashable, Sendable, CaseIterable {
    case speaksForEarning, leavesOpen, speaksAgainstEarning
  }

  /// What was examined.
  package enum Fact: Hashable, Sendable {
    case trades(Int, needed: Int)
    /// Coins earned by a trade, named by the last.
    case expectancy(ConfidenceInterval, coin: String)
    /// The probability that the true Sharpe ratio is above luck.
    case deflatedSharpe(Double, needed: Double, trials: Int)
    case randomInstants(probability: Double, allowed: Double)
    case randomSides(probability: Double, allowed: Double)
    /// The parameters that know most of the time that was replayed.
    case parameters(FittedKnowledge)
    /// What could not be examined, and why.
    case unknown(Question, reason: String)
  }

  /// What is asked of every replay.
  package enum Question: String, Hashable, Sendable, CaseIterable {
    case trades, expectancy, deflatedSharpe, randomInstants, randomSides, parameters
  }

  package let fact: Fact
  package let bearing: Bearing

  /// What the fact answers.
  package var question: Question {
    switch fact {
    case .trades: .trades
    case .expectancy: .expectancy
    case .deflatedSharpe: .deflatedSharpe
    case .randomInstants: .randomInstants
    case .randomSides: .randomSides
    case .parameters: .parameters
    case .unknown(let question, _): question
    }
  }

  /// The fact as a sentence with its numbers.
  package var sentence: BilingualText {
    switch fact {
    case .trades(let count, let needed):
      let (verb, end) = count < needed ? ("fewer than", "보다 적습니다") : ("at least", "이상입니다")
      return BilingualText(
        "There \(count == 1 ? "is 1 trade" : "are \(count) trades"), \(verb) the \(needed) needed.",
        "거래는 \(count)건으로, 필요한 \(needed)건\(end).")
    case .expectancy(let interval, let coin):
      let share = Self.percent(interval.confidence)
      let (low, high) = (Self.amount(interval.lower), Self.amount(interval.upper))
      let verb = interval.lower > 0 ? "is above" : interval.upper < 0 ? "is below" : "holds"
      let korean =
        interval.lower > 0 ? "0보다 큽니다" : interval.upper < 0 ? "0보다 작습니다" : "0을 품고 있습니다"
      return BilingualText(
        "The \(share) interval of what a trade earns after all costs, \(low) to \(high) \(coin), "
          + "\(verb) zero.",
        "모든 비용을 치른 거래 한 건의 손익은 \(share) 구간이 \(low) ~ \(high) \(coin)로 \(korean).")
    case .deflatedSharpe(let probability, let needed, let trials):
      let best = trials == 1 ? "zero" : "the best of \(trials) trials by luck"
      let korean = trials == 1 ? "0" : "시도 \(trials)번 가운데 운이 가장 좋은 것"
      return BilingualText(
        "The probability that the true Sharpe ratio is above \(best) is "
          + "\(Self.percent(probability)); \(Self.percent(needed)) is needed.",
        "참 샤프 비율이 \(korean)보다 클 확률은 \(Self.koreanPercent(probability))이며, "
          + "\(Self.koreanPercent(needed))가 필요합니다.")
    case .randomInstants(let probability, let allowed):
      return BilingualText(
        "The same trades at random times earn as much with a probability of "
          + "\(Self.percent(probability)); at most \(Self.percent(allowed)) is allowed.",
        "같은 거래를 아무 때나 해도 이만큼 벌 확률은 \(Self.koreanPercent(probability))이며, "
          + "\(Self.koreanPercent(allowed))까지 허용됩니다.")
    case .randomSides(let probability, let allowed):
      return BilingualText(
        "The same trades on random sides earn as much with a probability of "
          + "\(Self.percent(probability)); at most \(Self.percent(allowed)) is allowed.",
        "같은 거래의 방향을 동전으로 정해도 이만큼 벌 확률은 \(Self.koreanPercent(probability))이며, "
          + "\(Self.koreanPercent(allowed))까지 허용됩니다.")
    case .parameters(let knowledge):
      let model = knowledge.model
      guard let through = knowledge.through else {
        return BilingualText(
          "Nothing says on what the parameters of \(model) were fitted: it may be what is replayed.",
          "\(model) 매개변수를 어디까지의 자료로 추정했는지 알 수 없어, 재생한 기간일 수 있습니다.")
      }
      guard through > knowledge.from else {
        return BilingualText(
          "No parameters were fitted on what was traded with them.",
          "어떤 매개변수도 그것으로 거래한 기간의 자료로 추정하지 않았습니다.")
      }
      return BilingualText(
        "The parameters of \(model) were fitted on data through \(through) and used from "
          + "\(knowledge.from) on: they knew what came.",
        "\(model) 매개변수를 \(through)까지의 자료로 추정해 \(knowledge.from)부터 썼습니다: 앞날을 알고 있었습니다.")
    case .unknown(let question, let reason):
      return BilingualText(
        "\(Self.english(question)) cannot be known: \(reason)",
        "\(Self.korean(question)) 알 수 없습니다: \(EngineSentence.korean(reason) ?? reason)")
    }
  }

  private static func english(_ question: Question) -> String {
    switch question {
    case .trades: "The number of trades"
    case .expectancy: "The interval of what a trade earns"
    case .deflatedSharpe: "Whether luck explains the Sharpe ratio"
    case .randomInstants: "What random times would earn"
    case .randomSides: "What random sides would earn"
    case .parameters: "What the parameters were fitted on"
    }
  }

  private static func korean(_ question: Question) -> String {
    switch question {
    case .trades: "거래 수를"
    case .expectancy: "거래 한 건 손익의 구간을"
    case .deflatedSharpe: "샤프 비율이 운인지를"
    case .randomInstants: "아무 때나 한 거래의 손익을"
    case .randomSides: "방향을 동전으로 정한 거래의 손익을"
    case .parameters: "매개변수를 추정한 기간을"
    }
  }

  /// A share as a percentage, never rounded up to a limit that it misses or down to nothing.
  private static func percent(_ share: Double) -> String {
    let tenths = (share * 1000).rounded(.towardZero) / 10
    if tenths == 0, share > 0 { return percentTooSmall }
    return FixedDecimal.text(tenths, digits: 1) + " %"
  }

  private static func koreanPercent(_ share: Double) -> String {
    let text = percent(share)
    return text == percentTooSmall ? "0.1 % 미만" : text
  }

  private static let percentTooSmall = "less than 0.1 %"

  private static func amount(_ coins: Double) -> String {
    FixedDecimal.text(coins, digits: coins.magnitude < 1 ? 4 : 2)
  }
}
