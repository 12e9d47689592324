/// A scale on which the parts of a prompt add up, so that the tokens of any choice of parts are known
/// without writing it.
///
/// Rounded counts of tokens do not add up; what they are rounded from does: characters, bytes, eighths
/// of a token by script. Exact counts add up over whole lines, for no piece of an encoding's rule
/// reaches over the end of a line into one that begins with a letter, a digit, `*` or `#`.
package struct PromptMeasure: Sendable {
  enum Unit: Sendable {
    case tokens(BytePairEncoding, overhead: Int)
    case eighths(TokenCalibration, model: String)
    case characters
    case bytes
  }

  private let unit: Unit

  init(_ unit: Unit) { self.unit = unit }

  /// What a text weighs.
  package func weight(of text: String) -> Int {
    switch unit {
    case .tokens(let encoding, _): encoding.count(text)
    case .eighths: RoughEstimate.eighths(text)
    case .characters: text.unicodeScalars.count
    case .bytes: text.utf8.count
    }
  }

  /// The upper bound of the tokens of a prompt that weighs so much. Never falls with the weight.
  package func tokens(weight: Int) -> Int {
    switch unit {
    case .tokens(_, let overhead): weight + overhead
    case .eighths(let calibration, let model):
      // Every character has two eighths or more, so the contract value never exceeds the estimate.
      calibration.bound(
        model: model, rough: 0, scriptAware: RoughEstimate.tokens(eighths: weight))
    case .characters: RoughEstimate.tokens(characters: weight)
    case .bytes: weight
    }
  }

  /// The greatest weight of a prompt of at most `tokens` tokens; -1 where even an empty one has more.
  package func weightMax(tokens limit: Int) -> Int {
    guard tokens(weight: 0) <= limit else { return -1 }
    var fits = 0
    var tooHeavy = 1
    while tooHeavy < Self.weightsEnd, tokens(weight: tooHeavy) <= limit {
      (fits, tooHeavy) = (tooHeavy, tooHeavy * 2)
    }
    while tooHeavy - fits > 1 {
      let middle = (fits + tooHeavy) / 2
      if tokens(weight: middle) <= limit { fits = middle } else { tooHeavy = middle }
    }
    return fits
  }

  /// No prompt weighs more.
  private static let weightsEnd = 1 << 48
}
