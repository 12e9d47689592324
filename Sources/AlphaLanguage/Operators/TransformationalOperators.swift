extension OperatorCatalog {
  /// Operators that reshape a signal, and the one that prices it.
  static let transformational: [OperatorEntry] = [
    OperatorEntry(
      .transformational, .bucket, .base,
      [
        .matrix("x"),
        OperatorParameter(
          "range", .numbers(separator: ","), standard: .absent, isNamedOnly: true),
        OperatorParameter(
          "buckets", .numbers(separator: ","), standard: .absent, isNamedOnly: true),
        .flag("skipBegin"), .flag("skipEnd"), .flag("skipBoth"), .flag("NANGroup"),
      ], gives: .group, units: .dimensionless,
      means: """
        Makes classes of numbers, by edges listed in buckets or by range="start,end,step"; exactly \
        one of the two is given. skipBegin drops class 0, skipEnd the last class, skipBoth both; \
        NANGroup adds a class for missing values.
        """,
      formula: """
        class = number of edges below x; edge i of a range is start + i * step up to end, with a \
        billionth of a step as tolerance
        """,
      missing: "The class is unknown where x is missing, unless NANGroup numbers it edges + 1.",
      ties: "A value on an edge belongs to the class below it.", cost: .logarithmic),
    OperatorEntry(
      .transformational, .tradeWhen, .base, [.matrix("x"), .matrix("y"), .matrix("z")],
      units: .ofSecond, reach: .history,
      means: "Takes y where the trigger x is positive, drops it where z is, and else holds it.",
      formula: "z > 0 ? nan : (x > 0 ? y : prev), prev the result of the row before",
      missing: """
        A missing trigger is not triggered and a missing exit does not exit; the result is missing \
        before the first trigger.
        """),
    OperatorEntry(
      .transformational, .tail, .genius,
      [
        .matrix("x"), .number("lower", 0), .number("upper", 0),
        .number("newval", 0, .anyOrMissing),
      ], units: .kept, means: "Puts a new value in the place of those between two bounds.",
      formula: "lower < x < upper ? newval : x", missing: .spreads),
    OperatorEntry(
      .transformational, .leftTail, .genius, [.matrix("x"), .number("maximum", 0)], units: .kept,
      means: "Keeps the values up to a maximum.", formula: "x <= maximum ? x : nan",
      missing: .spreads),
    OperatorEntry(
      .transformational, .rightTail, .genius, [.matrix("x"), .number("minimum", 0)],
      units: .kept, means: "Keeps the values from a minimum on.",
      formula: "x >= minimum ? x : nan", missing: .spreads),
    OperatorEntry(
      .transformational, .clamp, .legacy,
      [
        .matrix("x"),
        OperatorParameter("lower", .number(.any), standard: .absent, isNamedOnly: true),
        OperatorParameter("upper", .number(.any), standard: .absent, isNamedOnly: true),
        .flag("inverse"),
        OperatorParameter(
          "mask", .wordOrNumber(["nearest_bound", "mean", "NAN"]), standard: .absent,
          isNamedOnly: true),
      ], units: .kept,
      means: """
        Limits values to the given bounds, of which at least one must be given. inverse=true needs \
        both and replaces the values strictly inside them instead, by the mask: the nearest bound \
        (also where no mask is given), the mean of the bounds, NAN, or a number.
        """,
      formula: "max(lower, min(upper, x)); inverse: lower < x < upper ? mask : x",
      missing: .spreads, ties: "The middle between the bounds is nearest to the lower one."),
    OperatorEntry(
      .transformational, .convert, .legacy,
      [.matrix("x"), .word("mode", "dollar2share", of: ["dollar2share", "share2dollar"])],
      units: .unknown, implies: ["close"],
      means: "Turns positions in money into numbers of shares, or back, at the close.",
      formula: "x / close; share2dollar: x * close",
      missing: "Missing where x or close is, and with dollar2share where close is 0.",
      cost: .constant),
    OperatorEntry(
      .special, .instPnl, .genius, [.matrix("x")], units: .kept, reach: .previous,
      implies: ["returns"],
      means: "What each instrument earned by holding yesterday's x through today.",
      formula: "x[t-1] * returns[t]", missing: "Missing where either is.", cost: .constant),
  ]
}
