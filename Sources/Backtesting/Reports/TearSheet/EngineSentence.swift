/// A sentence of the engine, which speaks English, with its Korean.
///
/// Objections, reasons, notes and warnings arrive as English sentences with numbers in them. Each
/// known one is a pattern with blanks; what fills the blanks is carried over. A sentence without a
/// pattern is shown in English on both pages: better than hidden or guessed.
enum EngineSentence {
  /// Returns the sentence in both languages.
  static func inBoth(_ sentence: String) -> BilingualText {
    BilingualText(typeset(sentence), typeset(korean(sentence) ?? sentence))
  }

  /// Returns the sentence with true minus signs before its negative numbers, and percent signs that
  /// stay on the line of theirs.
  private static func typeset(_ sentence: String) -> String {
    var typeset = ""
    var last: Character = " "
    for (character, next) in zip(sentence, sentence.dropFirst() + " ") {
      let isSign = character == "-" && next.isNumber && (last == " " || last == "(")
      let isGlue = character == " " && next == "%"
      typeset.append(isSign ? "\u{2212}" : isGlue ? "\u{00A0}" : character)
      last = character
    }
    return typeset
  }

  /// Returns the Korean of a known sentence, nil for others.
  static func korean(_ sentence: String) -> String? {
    for (english, korean) in patterns {
      guard let fillings = fillings(of: english, in: sentence) else { continue }
      return filled(korean, with: fillings.map { self.korean($0) ?? $0 })
    }
    return nil
  }

  /// Returns what stands in the blanks of `pattern` where it fits the whole sentence.
  private static func fillings(of pattern: String, in sentence: String) -> [String]? {
    let pieces = pieces(of: pattern)
    var rest = sentence[...]
    guard rest.hasPrefix(pieces[0]) else { return nil }
    rest = rest.dropFirst(pieces[0].count)
    var fillings: [String] = []
    for (place, piece) in pieces.enumerated().dropFirst() {
      if place == pieces.count - 1 {
        guard rest.hasSuffix(piece), rest.count > piece.count else { return nil }
        fillings.append(String(rest.dropLast(piece.count)))
        return fillings
      }
      guard let found = rest.firstRange(of: piece), found.lowerBound > rest.startIndex
      else { return nil }
      fillings.append(String(rest[..<found.lowerBound]))
      rest = rest[found.upperBound...]
    }
    return rest.isEmpty ? fillings : nil
  }

  private static func filled(_ pattern: String, with fillings: [String]) -> String {
    let pieces = pieces(of: pattern)
    var sentence = pieces[0]
    for (place, piece) in pieces.dropFirst().enumerated() {
      sentence += (place < fillings.count ? fillings[place] : "") + piece
    }
    return sentence
  }

  /// The texts around the blanks, which are written `{}`.
  private static func pieces(of pattern: String) -> [String] {
    pattern.split(separator: "{}", omittingEmptySubsequences: false).map(String.init)
  }

  /// A longer pattern stands before one that it begins with. Blanks keep their order.
  static let patterns: [(english: String, korean: String)] = [
    // Objections.
    (
      "The value in row {}, column {} changes from {} to {} once rows after {} are known: the "
        + "formula sees the future.",
      "{}행 {}열의 값이 {}에서 {}(으)로 바뀝니다. {}행 다음의 자료를 알게 되었기 때문이며, 이 수식은 미래를 봅니다."
    ),
    (
      "The probability that the true Sharpe ratio is above zero is {}; {} is needed. At this Sharpe "
        + "ratio it takes {} years.",
      "참 샤프 비율이 0보다 클 확률은 {}이며, {}가 필요합니다. 이 샤프 비율이라면 {}년이 걸립니다."
    ),
    (
      "The probability that the true Sharpe ratio is above zero is {}; {} is needed.",
      "참 샤프 비율이 0보다 클 확률은 {}이며, {}가 필요합니다."
    ),
    (
      "The probability that the true Sharpe ratio is above the best of {} trials by luck is {}; {} "
        + "is needed. At this Sharpe ratio it takes {} years.",
      "시도 {}번 중 운으로 나올 최고 샤프 비율보다 참값이 클 확률은 {}이며, {}가 필요합니다. 이 샤프 비율이라면 {}년이 걸립니다."
    ),
    (
      "The probability that the true Sharpe ratio is above the best of {} trials by luck is {}; {} "
        + "is needed.",
      "시도 {}번 중 운으로 나올 최고 샤프 비율보다 참값이 클 확률은 {}이며, {}가 필요합니다."
    ),
    (
      "The {} interval of the Sharpe ratio, {} to {}, is not above zero.",
      "샤프 비율의 {} 신뢰구간({} ~ {})이 0보다 위에 있지 않습니다."
    ),
    (
      "In {} of all splits the formula that looks best in one half is below the median in the "
        + "other; at most {} is allowed.",
      "전체 분할의 {}에서 한쪽 절반의 최고 수식이 다른 절반에서는 중앙값 아래입니다. 허용 한도는 {}입니다."
    ),
    (
      "Out of sample {} of the Sharpe ratio is left; at least {} is needed.",
      "표본 밖에서는 샤프 비율의 {}만 남습니다. 적어도 {}가 필요합니다."
    ),
    (
      "{} of the data is missing; at most {} is allowed.",
      "자료의 {}가 빠져 있습니다. 허용 한도는 {}입니다."
    ),
    (
      "{} of the days have no profit; at most {} is allowed.",
      "손익이 없는 날이 {}입니다. 허용 한도는 {}입니다."
    ),
    // Reasons why a figure is not known.
    (
      "{} days with a profit are too few; {} are needed.",
      "손익이 있는 날이 {}일로 너무 적습니다. {}일이 필요합니다."
    ),
    (
      "The profits never vary, so there is no Sharpe ratio.",
      "손익이 전혀 변하지 않아 샤프 비율이 없습니다."
    ),
    ("The share of missing data was not handed in.", "빠진 자료의 비율이 주어지지 않았습니다."),
    ("No look-ahead probe was run.", "미래 참조 검사를 하지 않았습니다."),
    (
      "The resampled Sharpe ratios bracket no interval.",
      "다시 뽑은 표본의 샤프 비율로 구간을 정할 수 없습니다."
    ),
    (
      "The skewness and kurtosis of the profits allow no standard error.",
      "손익의 왜도와 첨도로는 표준오차를 구할 수 없습니다."
    ),
    (
      "The Sharpe ratio is not above what luck would reach: no record is long enough.",
      "샤프 비율이 운으로 나올 값보다 높지 않아, 기록이 아무리 길어도 부족합니다."
    ),
    ("The Sharpe ratio is not positive.", "샤프 비율이 양수가 아닙니다."),
    ("There are no other formulas to compare with.", "견줄 다른 수식이 없습니다."),
    ("There are no profits to split.", "나눌 손익이 없습니다."),
    (
      "The average Sharpe ratio in sample is not positive: there is nothing to keep.",
      "표본 안 평균 샤프 비율이 양수가 아니어서 유지할 것이 없습니다."
    ),
    ("Fewer than two folds have a Sharpe ratio.", "샤프 비율이 있는 구간이 둘보다 적습니다."),
    ("There is no trial to examine.", "살펴볼 시도가 없습니다."),
    ("{} has no finite value in row {}.", "{}의 {}행에 유한한 값이 없습니다."),
    ("1 row is too few for {}, which needs {}.", "1행은 {}에 너무 적습니다. {}행이 필요합니다."),
    ("{} rows are too few for {}, which needs {}.", "{}행은 {}에 너무 적습니다. {}행이 필요합니다."),
    ("1 trial is too few for {}, which needs {}.", "시도 1번은 {}에 너무 적습니다. {}번이 필요합니다."),
    (
      "{} trials are too few for {}, which needs {}.",
      "시도 {}번은 {}에 너무 적습니다. {}번이 필요합니다."
    ),
    ("The setting {} is {}; it must be {}.", "설정 {}의 값 {}은(는) 쓸 수 없습니다. 허용값: {}."),
    ("{} walk-forward folds", "전진 분석 {}구간"),
    ("{} purged folds", "정제 교차검증 {}구간"),
    ("{} blocks of two rows", "두 행짜리 블록 {}개"),
    ("the probability of overfitting", "과최적화 확률"),
    // Reasons why a figure of a replay is not known.
    ("There was no trade.", "거래가 없었습니다."),
    ("One trade has no interval.", "거래 한 건으로는 구간을 구할 수 없습니다."),
    (
      "The account's worth has fewer than ten returns, or they do not vary.",
      "계좌의 수익률이 열 개보다 적거나 변하지 않습니다."
    ),
    ("The returns have no standard error.", "수익률의 표준오차를 구할 수 없습니다."),
    ("There is no trade with bars.", "봉이 있는 거래가 없습니다."),
    ("There is no other time to leave at.", "달리 나올 시점이 없습니다."),
    ("There are no bars of any contract.", "봉이 있는 계약이 없습니다."),
    (
      "The account's worth is known at fewer than three instants.",
      "계좌 가치를 아는 시점이 셋보다 적습니다."
    ),
    ("Nothing was forecast whose time is over.", "때가 지난 예측이 없습니다."),
    (
      "The data has room for {} trades as long as the average one; {} are needed.",
      "자료에는 평균 길이의 거래 {}건이 들어가며, {}건이 필요합니다."
    ),
    (
      "The data has room for {} trades of {}; {} are needed.",
      "자료에 들어가는 거래는 {}건({} 길이)이며, {}건이 필요합니다."
    ),
    (
      "The trades were opened at {} separate times; {} are needed.",
      "거래가 시작된 시점은 {}개로, {}개가 필요합니다."
    ),
    // Notes of checks.
    ("The figure is not defined for this book.", "이 북에는 정의되지 않는 값입니다."),
    ("Positions are held in {} of {} rows.", "{}행에서만 포지션을 보유합니다(전체 {}행)."),
    (
      "The panel has no volume by which the most traded instruments could be found.",
      "패널에 거래량이 없어 가장 많이 거래된 종목을 고를 수 없습니다."
    ),
    ("The sample is shorter than two years.", "표본이 2년보다 짧습니다."),
    ("The Sharpe of the last {} years is too low.", "최근 {}년의 샤프 비율이 너무 낮습니다."),
    (
      "It resembles {} without a Sharpe {} times as high.",
      "{}와(과) 닮았지만 샤프 비율이 {}배에 이르지 못합니다."
    ),
    (
      "It resembles {} with a Sharpe {} times as high.",
      "{}와(과) 닮았지만 샤프 비율이 {}배 이상입니다."
    ),
    (
      "Alphas with too few common rows to compare: {}.",
      "공통 행이 너무 적어 견줄 수 없는 알파: {}개."
    ),
    // Warnings.
    ("The universe {} has no member in any row.", "유니버스 {}에는 어느 행에도 종목이 없습니다."),
    (
      "The universe {} is larger than the panel, which has {} instruments.",
      "유니버스 {}이(가) 패널보다 큽니다. 패널의 종목은 {}개입니다."
    ),
    (
      "A row of the panel is known only at its close, so delay 0 earns the return of the next row, "
        + "as delay 1 does, and only its limits are stricter.",
      "패널의 행은 종가에서야 알 수 있으므로 지연 0도 지연 1처럼 다음 행의 수익을 얻으며, 한도만 더 엄격합니다."
    ),
    (
      "The first position is held on {}; the {} of {} rows before it earn nothing but count in "
        + "every figure.",
      "첫 포지션은 {}에 있습니다. 그 앞의 {}행(전체 {}행)은 아무것도 벌지 않지만 모든 수치에 포함됩니다."
    ),
    ("The formula holds no position in any row.", "이 수식은 어느 행에서도 포지션을 갖지 않습니다."),
    (
      "{} times a held position had no return and earned 0.",
      "보유한 포지션에 수익률이 없어 0으로 계산한 경우가 {}번 있습니다."
    ),
    (
      "In {} rows too few instruments had a value to keep each weight to {} of the book; these rows "
        + "were not truncated.",
      "{}행에서는 값이 있는 종목이 너무 적어 각 비중을 북의 {}(으)로 제한하지 못했으며, 그 행은 제한하지 않았습니다."
    ),
  ]
}
