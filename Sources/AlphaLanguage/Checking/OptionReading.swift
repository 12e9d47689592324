import Essentials

extension FormulaAnalysis {
  /// Returns the options of a call in the catalogue's order, defaults filled in, or nil where one is
  /// not allowed, which has been reported.
  mutating func options(
    of entry: OperatorEntry, _ binding: ArgumentBinding, span: SourceSpan
  ) -> [OptionValue]? {
    var options: [OptionValue] = []
    guard !entry.options.isEmpty else { return options }
    options.reserveCapacity(entry.options.count)
    var isSound = true
    for (slot, parameter) in entry.parameters.enumerated() where parameter.kind.isOption {
      guard let index = binding.slots[slot] else {
        options.append(parameter.standard ?? .absent)
        continue
      }
      if let option = option(index, parameter, entry, span) {
        options.append(option)
      } else {
        isSound = false
      }
    }
    return isSound ? options : nil
  }

  private mutating func option(
    _ index: Int, _ parameter: OperatorParameter, _ entry: OperatorEntry, _ span: SourceSpan
  ) -> OptionValue? {
    let argument = tree.arguments[index]
    switch parameter.kind {
    case .window(let minimum):
      return window(argument, atLeast: minimum, parameter, entry, span)
    case .integer(let range):
      guard let number = constant(argument, parameter, entry) else { return nil }
      guard let whole = Int(exactly: number), range.contains(whole) else {
        reportRange(
          argument, parameter, entry, number,
          "a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
      }
      return .number(Double(whole))
    case .number(let domain):
      guard let number = constant(argument, parameter, entry) else { return nil }
      guard domain.contains(number) else {
        reportRange(argument, parameter, entry, number, domain.requirement)
        return nil
      }
      return .number(number == 0 ? 0 : number)
    case .flag:
      guard let number = constant(argument, parameter, entry) else { return nil }
      guard number == 0 || number == 1 else {
        reportRange(argument, parameter, entry, number, "true or false")
        return nil
      }
      return .flag(number == 1)
    case .word(let words):
      return word(argument, of: words, parameter, entry)
    case .wordOrNumber(let words):
      if let text = wordText(argument),
        let word = words.first(where: { $0.lowercased() == text.lowercased() })
      {
        return .word(word)
      }
      guard let number = constant(argument, parameter, entry) else { return nil }
      return number.isNaN ? .word("NAN") : .number(number)
    case .numbers:
      return numbers(argument, parameter, entry)
    case .matrix, .group, .groupOrMatrix, .vector:
      preconditionFailure("\(parameter.name) of \(entry.name) is no option")
    }
  }

  // MARK: - Numbers

  /// Returns the constant that an argument is, also where it is written as a text.
  private mutating func constant(
    _ argument: SyntaxTree.Argument, _ parameter: OperatorParameter, _ entry: OperatorEntry
  ) -> Double? {
    let value = resolved(values[argument.value], at: tree.nodes[argument.value].span)
    switch value.shape {
    case .constant(let number): return number
    case .unusable: return nil
    case .text:
      if let number = Self.number(textContent(argument)) { return number }
    default: break
    }
    findings.report(
      "argument_not_constant",
      "The argument \(parameter.name) of \(entry.name) must be a constant and is "
        + "\(value.shape.description).",
      at: argument.span, remedy: "Write a number there, as in \(entry.signature).")
    return nil
  }

  private mutating func window(
    _ argument: SyntaxTree.Argument, atLeast minimum: Int, _ parameter: OperatorParameter,
    _ entry: OperatorEntry, _ span: SourceSpan
  ) -> OptionValue? {
    guard let number = constant(argument, parameter, entry) else { return nil }
    let largest = OperatorParameter.largestWindow
    if let rows = Int(exactly: number), rows >= minimum, rows <= largest {
      return .number(Double(rows))
    }
    if number < 0, entry.reach == .delayed || entry.reach == .rowAndDelayed {
      findings.report(
        "look_ahead",
        "`\(shown(span))` looks \(Int(exactly: -number).map { "\(rows($0)) " } ?? "")into the future.",
        at: span, remedy: "Write a delay of 0 rows or more.")
    } else {
      findings.report(
        "window_out_of_range",
        "The window \(parameter.name) of \(entry.name) is \(CanonicalText.spelling(of: number)); it "
          + "must be a whole number of rows from \(minimum) to \(largest).",
        at: argument.span, remedy: "Write a window such as 20.")
    }
    return nil
  }

  private mutating func reportRange(
    _ argument: SyntaxTree.Argument, _ parameter: OperatorParameter, _ entry: OperatorEntry,
    _ number: Double, _ requirement: String
  ) {
    findings.report(
      "argument_out_of_range",
      "The argument \(parameter.name) of \(entry.name) is \(CanonicalText.spelling(of: number)); it "
        + "must be \(requirement).",
      at: argument.span, remedy: "Write \(entry.signature).")
  }

  // MARK: - Words and lists

  private mutating func word(
    _ argument: SyntaxTree.Argument, of words: [String], _ parameter: OperatorParameter,
    _ entry: OperatorEntry
  ) -> OptionValue? {
    if let text = wordText(argument) {
      if let word = words.first(where: { $0.lowercased() == text.lowercased() }) {
        return .word(word)
      }
      let near = nearestName(to: text, among: words)
      findings.report(
        "argument_not_allowed",
        "The argument \(parameter.name) of \(entry.name) is `\(text.prefix(40))`; it must be "
          + "\(words.joined(separator: " or ")).",
        at: argument.span, remedy: "Write \(parameter.name)=\"\(near ?? words[0])\".")
      return nil
    }
    if values[argument.value].shape != .unusable {
      findings.report(
        "argument_not_allowed",
        "The argument \(parameter.name) of \(entry.name) must be \(words.joined(separator: " or ")).",
        at: argument.span, remedy: "Write \(parameter.name)=\"\(words[0])\".")
    }
    return nil
  }

  /// Reads a list of numbers: a text with commas or spaces between them, or one constant.
  private mutating func numbers(
    _ argument: SyntaxTree.Argument, _ parameter: OperatorParameter, _ entry: OperatorEntry
  ) -> OptionValue? {
    guard values[argument.value].shape == .text else {
      return constant(argument, parameter, entry).map { .numbers([$0 == 0 ? 0 : $0]) }
    }
    var numbers: [Double] = []
    for part in textContent(argument).utf8.split(whereSeparator: { $0 == 44 || $0 == 32 }) {
      guard let number = Self.number(String(decoding: part, as: UTF8.self)) else {
        findings.report(
          "argument_not_allowed",
          "`\(String(decoding: part.prefix(40), as: UTF8.self))` in the argument "
            + "\(parameter.name) of \(entry.name) is not a number.",
          at: argument.span,
          remedy: "Write numbers in one text, as in \(parameter.name)=\"0,1,0.1\".")
        return nil
      }
      numbers.append(number == 0 ? 0 : number)
    }
    guard !numbers.isEmpty else {
      findings.report(
        "argument_not_allowed", "The argument \(parameter.name) of \(entry.name) lists no number.",
        at: argument.span,
        remedy: "Write numbers in one text, as in \(parameter.name)=\"0,1,0.1\".")
      return nil
    }
    return .numbers(numbers)
  }

  /// Reads a decimal number or `nan`; nothing else, in particular no hexadecimal and no infinity.
  private static func number(_ text: String) -> Double? {
    if text.lowercased() == "nan" { return .nan }
    let isDecimal = text.utf8.allSatisfy {
      ($0 >= 48 && $0 <= 57)
        || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+")].contains($0)
        || $0 | 32 == UInt8(ascii: "e")
    }
    guard isDecimal, let number = Double(text), number.isFinite else { return nil }
    return number
  }

  /// The word that an argument is: a bare name or a text.
  private func wordText(_ argument: SyntaxTree.Argument) -> String? {
    switch tree.nodes[argument.value].kind {
    case .name: tree.text(tree.nodes[argument.value].span)
    case .text: textContent(argument)
    default: nil
    }
  }

  private func textContent(_ argument: SyntaxTree.Argument) -> String {
    let span = tree.nodes[argument.value].span
    return tree.text(SourceSpan(start: span.start + 1, end: span.end - 1))
  }

  // MARK: - Options that depend on each other

  /// Checks what the range of a single option cannot say.
  mutating func areSound(
    _ options: [OptionValue], of entry: OperatorEntry, _ code: OperatorCode, span: SourceSpan
  ) -> Bool {
    func refuse(_ message: String, _ remedy: String) -> Bool {
      findings.report("argument_not_allowed", message, at: span, remedy: remedy)
      return false
    }
    func number(_ name: String) -> Double? {
      guard let index = entry.options.firstIndex(where: { $0.name == name }),
        case .number(let number) = options[index]
      else { return nil }
      return number
    }
    func list(_ name: String) -> [Double]? {
      guard let index = entry.options.firstIndex(where: { $0.name == name }),
        case .numbers(let numbers) = options[index]
      else { return nil }
      return numbers
    }
    switch code {
    case .nanOut, .clamp:
      let (lower, upper) = (number("lower"), number("upper"))
      if lower == nil && upper == nil {
        return refuse(
          "Operator \(entry.name) needs at least one bound.", "Write lower= or upper=.")
      }
      if let lower, let upper, lower > upper {
        return refuse(
          "The bounds of \(entry.name) are the wrong way round.", "Write the smaller as lower=.")
      }
      if code == .clamp, options.contains(.flag(true)), lower == nil || upper == nil {
        return refuse("clamp with inverse=true needs both bounds.", "Write lower= and upper=.")
      }
    case .bucket:
      return isSoundBucket(list("range"), list("buckets"), span: span)
    case .replace:
      if let targets = list("target"), let replacements = list("dest"),
        replacements.count != 1, replacements.count != targets.count
      {
        return refuse(
          "replace has \(targets.count) targets and \(replacements.count) replacements.",
          "Write one replacement for all targets, or one for each.")
      }
    case .filter:
      if (list("h") ?? []).contains(where: \.isNaN) || (list("t") ?? []).contains(where: \.isNaN) {
        return refuse("The taps of filter must be numbers.", "Write numbers such as h=\"1,2\".")
      }
    case .tsTargetTvrDecay, .tsTargetTvrDeltaLimit, .tsTargetTvrHump:
      if let low = number("lambda_min"), let high = number("lambda_max"), low > high {
        return refuse("lambda_min is above lambda_max.", "Write the smaller as lambda_min=.")
      }
    default: break
    }
    return true
  }

  private mutating func isSoundBucket(
    _ range: [Double]?, _ edges: [Double]?, span: SourceSpan
  ) -> Bool {
    let message: String? =
      switch (range, edges) {
      case (nil, nil), (.some, .some): "bucket needs either range= or buckets=."
      case (let range?, nil):
        range.count != 3 || !range.allSatisfy(\.isFinite) || range[2] <= 0 || range[1] < range[0]
          ? "The range of bucket must be start, end and a positive step."
          : (range[1] - range[0]) / range[2] > Double(OperatorParameter.largestWindow)
            ? "The range of bucket has more than \(OperatorParameter.largestWindow) edges." : nil
      case (nil, let edges?):
        !zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) || !edges.allSatisfy(\.isFinite)
          ? "The edges of bucket must ascend." : nil
      }
    guard let message else { return true }
    findings.report(
      "argument_not_allowed", message, at: span,
      remedy: "Write bucket(rank(x), range=\"0,1,0.1\") or bucket(x, buckets=\"2,5,7\").")
    return false
  }
}
