package import Essentials
import Mathematics

/// What a paired comparison says of its first side, and why.
package struct PairedVerdict: Hashable, Sendable {
  /// The four things that can be said.
  package enum Finding: String, Hashable, Sendable, CaseIterable {
    /// It earns more, and its worst slices are at least as good.
    case better
    /// It is worse by less than the margin in both, if at all.
    case atLeastAsGood = "at_least_as_good"
    /// It earns less or its worst slices are worse, and the margin does not excuse it.
    case worse
    case cannotBeTold = "cannot_be_told"
  }

  package let finding: Finding
  package let reason: BilingualText
  /// The probabilities that the finding rests on, as they count among all comparisons: of no
  /// difference in what is earned and in the worst slices, and of being worse by the margin.
  package let netProbability: Double
  package let tailProbability: Double
  package let inferiorityProbability: Double

  /// Judges comparisons together, so that the more there are the surer each must be
  /// (``HolmCorrection``).
  ///
  /// Differences of profit and of worst slices are one family of questions, being no worse another; to
  /// be no worse in both, the less sure of the two must be sure.
  package static func verdicts(
    of pairs: [PairedReplay], settings: PairedReplay.Settings = PairedReplay.Settings()
  ) -> [PairedVerdict] {
    let differences = HolmCorrection.adjusted(
      pairs.map(\.net.probability) + pairs.map(\.tail.probability))
    let inferior = HolmCorrection.adjusted(
      pairs.map { max($0.net.inferiorityProbability, $0.tail.inferiorityProbability) })
    return pairs.indices.map { place in
      PairedVerdict(
        pairs[place], net: differences[place], tail: differences[pairs.count + place],
        inferior: inferior[place], settings)
    }
  }

  private init(
    _ pair: PairedReplay, net: Double, tail: Double, inferior: Double,
    _ settings: PairedReplay.Settings
  ) {
    netProbability = net
    tailProbability = tail
    inferiorityProbability = inferior
    let allowed = 1 - settings.confidence
    let margin = FixedDecimal.text(settings.margin * 100, digits: 2) + " %"
    let isNoWorse = inferior <= allowed
    let gain = pair.net.interval.estimate
    if pair.isSame {
      finding = .atLeastAsGood
      reason = BilingualText(
        "It sends the very same orders in this market.", "이 시장에서는 주문이 완전히 같습니다.")
    } else if isNoWorse, net <= allowed, gain > 0 {
      finding = .better
      reason = BilingualText(
        "It earns more, which chance does not explain, and its worst times are no worse.",
        "더 벌었고 우연으로는 설명되지 않으며, 최악의 때도 더 나쁘지 않습니다.")
    } else if isNoWorse {
      finding = .atLeastAsGood
      reason =
        net <= allowed
        ? BilingualText(
          "It surely earns less, but by less than \(margin) of the capital a day.",
          "확실히 덜 벌지만, 하루에 자본의 \(margin)보다 적은 차이입니다.")
        : BilingualText(
          "If it is worse, then by less than \(margin) of the capital, a day and at the worst times.",
          "더 나쁘더라도 하루에도, 최악의 때에도 자본의 \(margin)보다 적습니다.")
    } else if net <= allowed, gain < 0 {
      finding = .worse
      reason = BilingualText(
        "It earns less, and chance does not explain that.", "덜 벌었고, 우연으로는 설명되지 않습니다.")
    } else if tail <= allowed, pair.tail.interval.estimate < 0 {
      finding = .worse
      reason = BilingualText(
        "It loses more at the worst times, and chance does not explain that.",
        "최악의 때에 더 잃었고, 우연으로는 설명되지 않습니다.")
    } else {
      finding = .cannotBeTold
      reason = Self.undecided(pair, settings, margin)
    }
  }

  private static func undecided(
    _ pair: PairedReplay, _ settings: PairedReplay.Settings, _ margin: String
  ) -> BilingualText {
    if pair.tail.inferiorityProbability > pair.net.inferiorityProbability {
      return BilingualText(
        "At the worst times it may be worse by more than \(margin) of the capital, or better.",
        "최악의 때에 자본의 \(margin)보다 더 나쁠 수도, 더 나을 수도 있습니다.")
    }
    // Ends of intervals of a mean come nearer with the root of the time.
    let days = Double(pair.slices) * pair.length.days
    let sure = StandardNormal.quantile(settings.confidence)
    let reach = sure * pair.net.deviation / settings.margin
    let needed = days * reach * reach
    guard needed > days, needed < 1e6 else {
      return BilingualText(
        "It may earn \(margin) of the capital a day less, or more than the other.",
        "하루에 자본의 \(margin)만큼 덜 벌 수도, 더 벌 수도 있습니다.")
    }
    let count = FixedDecimal.text(needed, digits: 0)
    return BilingualText(
      "The interval is too wide: about \(count) such days would tell \(margin) a day apart.",
      "구간이 너무 넓습니다. 하루 \(margin)를 가리려면 이런 날이 약 \(count)일 필요합니다.")
  }

  package var json: JSONValue {
    [
      "finding": .string(finding.rawValue), "reason": .string(reason.english),
      "net_probability": .number(netProbability), "tail_probability": .number(tailProbability),
      "inferiority_probability": .number(inferiorityProbability),
    ]
  }
}
