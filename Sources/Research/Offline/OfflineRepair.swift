import AlphaLanguage
import Essentials
import Mathematics

/// Mends formulas that did not check: each finding is answered at the place where it stands, and
/// only what cannot be mended is written anew.
struct OfflineRepair {
  private let grammar: SignalGrammar
  private let findings: [String]

  /// - Parameter findings: what a checker that has the panel said, a line each; fields that it does
  ///   not know are avoided although the pack lists them.
  init(pack: RetrievalPack, findings: [String]) {
    var pack = pack
    let unknown = Set(
      findings.filter { $0.contains("Unknown") || $0.contains("unknown") }.flatMap(Self.names))
    let kept = pack.fields.filter { !unknown.contains($0.id) }
    if kept.contains(where: { $0.type.uppercased() == "MATRIX" }) { pack.fields = kept }
    grammar = SignalGrammar(pack: pack, idea: pack.query)
    self.findings = findings
  }

  /// The words of a sentence that may be names of fields.
  private static func names(in text: String) -> [String] {
    text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
  }

  /// Edits before the formula is written anew.
  private static let editsMax = 12

  /// Returns the candidate with a formula that checks against the pack and is not the one it had;
  /// nil where the pack allows none.
  func repaired(_ candidate: CandidateAlpha, seed: UInt64) -> CandidateAlpha? {
    var generator = SplitMix64(seed: seed)
    var grammar = grammar
    let text =
      mended(candidate.formula, using: &generator)
      ?? grammar.signal(lane: candidate.notes.lane ?? .exploit, using: &generator)?.text
    guard let text, let formula = try? grammar.checker.check(text) else { return nil }
    var repaired = candidate
    repaired.alphaID = nil
    repaired.simulation.type = "REGULAR"
    repaired.simulation.regular = text
    repaired.simulation.settings.language = "FASTEXPR"
    repaired.notes = CandidateAlpha.Notes(of: formula, lane: candidate.notes.lane ?? .exploit)
    repaired.notes.usedOperators = FormulaSchema.calls(in: text).sorted()
    repaired.notes.validationPassed = nil
    repaired.notes.validationAttempts = candidate.notes.validationAttempts
    return repaired
  }

  /// The formula with each finding answered in turn; nil where it cannot be mended so.
  private func mended(_ formula: String, using generator: inout SplitMix64) -> String? {
    var text = formula
    for _ in 0..<Self.editsMax {
      do throws(FormulaRejection) {
        let checked = try grammar.checker.check(text)
        guard let stray = strayCall(in: text) else {
          // A formula that nothing here objects to, and that was still refused, must change.
          return text == formula ? nil : checked.fields.isEmpty ? nil : text
        }
        guard let next = exchanged(stray, in: text, using: &generator) else { return nil }
        text = next
      } catch {
        guard let finding = error.errors.first,
          let next = answered(finding, in: text, using: &generator), next != text
        else { return nil }
        text = next
      }
    }
    return nil
  }

  // MARK: - Edits of the text

  private func replaced(_ span: SourceSpan, in text: String, by part: String) -> String? {
    let bytes = Array(text.utf8)
    guard span.end <= bytes.count else { return nil }
    return String(
      decoding: bytes[..<span.start] + Array(part.utf8) + bytes[span.end...], as: UTF8.self)
  }

  private func part(_ span: SourceSpan, of text: String) -> String {
    let bytes = Array(text.utf8)
    return String(
      decoding: bytes[min(span.start, bytes.count)..<min(span.end, bytes.count)], as: UTF8.self)
  }

  /// Answers one finding by the smallest change that can satisfy it.
  private func answered(
    _ finding: Diagnostic, in text: String, using generator: inout SplitMix64
  ) -> String? {
    let span = finding.span
    switch finding.code {
    case "unknown_operator", "operator_scope_violation":
      return exchanged(name(at: span, in: text), in: text, using: &generator)
    case "unknown_data_field":
      return field(like: part(span, of: text), using: &generator)
        .flatMap { replaced(span, in: text, by: $0) }
    case "vector_used_in_non_vec":
      guard grammar.allows("vec_avg") else { return regrown(span, text, using: &generator) }
      return replaced(span, in: text, by: "vec_avg(\(part(span, of: text)))")
    case "group_used_as_number", "ts_non_matrix_input", "text_used_as_number", "constant_input":
      return number(using: &generator).flatMap { replaced(span, in: text, by: $0) }
    case "vec_requires_vector":
      let events = grammar.palette.entries(for: "event")
      guard let event = events.randomElement(using: &generator)?.field.id else {
        return regrown(enclosingCall(of: span, in: text) ?? span, text, using: &generator)
      }
      return replaced(span, in: text, by: event)
    case "group_requires_group_and_matrix":
      let isGroup = grammar.palette.entries(for: "group").contains {
        $0.field.id == part(span, of: text)
      }
      let value = isGroup ? number(using: &generator) : grammar.grouping(using: &generator)
      return value.flatMap { replaced(span, in: text, by: $0) }
    case "result_not_matrix":
      return number(using: &generator).flatMap { replaced(span, in: text, by: $0) }
    case "operator_arity_mismatch", "argument_not_allowed", "argument_out_of_range",
      "window_out_of_range", "argument_not_constant", "unknown_argument", "duplicate_argument",
      "operator_no_arguments", "operator_empty_argument":
      return recalled(around: span, in: text, using: &generator)
    default:
      return nil
    }
  }

  private func name(at span: SourceSpan, in text: String) -> String {
    String(part(span, of: text).prefix { $0.isLetter || $0.isNumber || $0 == "_" })
  }

  /// A field that is written nearly so, else one of the idea's.
  private func field(like name: String, using generator: inout SplitMix64) -> String? {
    let names = grammar.palette.entries(for: "any").map(\.field.id)
    return nearestName(to: name, among: names) ?? number(using: &generator)
  }

  private func number(using generator: inout SplitMix64) -> String? {
    SignalGrammar.draw(grammar.palette.entries(for: "any"), using: &generator) {
      $0.favor * (0.2 + $0.field.score)
    }?.field.id
  }

  /// A call whose operator is not one of the pack's, although the language has it.
  private func strayCall(in text: String) -> String? {
    FormulaSchema.calls(in: text).sorted().first { !grammar.allows($0.lowercased()) }
  }

  /// Puts an operator of the pack in the place of another, wherever it is called: one that is
  /// written nearly so, one of its family, or one of the kind that its name begins with.
  private func exchanged(
    _ name: String, in text: String, using generator: inout SplitMix64
  ) -> String? {
    let catalog = grammar.checker.catalog
    let open = catalog.entries.filter {
      $0.code != nil && $0.scopes.contains(.regular) && grammar.allows($0.name)
    }
    var choice = nearestName(to: name, among: open.map(\.name).filter { $0 != name })
    if let code = catalog.entry(named: name)?.code {
      choice =
        OperatorFamilies.relatives(of: code).first { grammar.allows($0.rawValue) }?.rawValue
        ?? choice
    }
    if choice == nil {
      let prefix = name.hasPrefix("ts_") ? "ts_" : name.hasPrefix("group_") ? "group_" : ""
      choice =
        (prefix == "ts_"
        ? ["ts_mean", "ts_delta", "ts_rank"]
        : prefix == "group_"
          ? ["group_rank", "group_neutralize"] : ["rank", "zscore"]).first(where: grammar.allows)
    }
    guard let choice, choice != name else { return nil }
    return renamed(name, to: choice, in: text)
  }

  /// Renames calls of an operator; names that merely hold its name are left alone.
  private func renamed(_ name: String, to other: String, in text: String) -> String {
    var result = ""
    var word = ""
    for character in text + " " {
      if character.isLetter || character.isNumber || character == "_" {
        word.append(character)
        continue
      }
      result += word == name ? other : word
      word = ""
      result.append(character)
    }
    return String(result.dropLast())
  }

  /// Writes the call around a place anew with the inputs that it has: the kinds that its operator
  /// wants, in its order, with usual options in the place of wrong ones.
  private func recalled(
    around span: SourceSpan, in text: String, using generator: inout SplitMix64
  ) -> String? {
    guard let call = enclosingCall(of: span, in: text) else { return nil }
    let source = part(call, of: text)
    guard let open = source.firstIndex(of: "("),
      let entry = grammar.checker.catalog.entry(named: String(source[..<open]))
    else { return regrown(call, text, using: &generator) }
    let inside = source[source.index(after: open)...].dropLast()
    var given = Self.arguments(in: String(inside)).filter { !$0.isEmpty }
    var numbers = given.filter { Double($0) != nil }
    given.removeAll { Double($0) != nil || Self.isNamed($0) }
    var written: [String] = []
    for parameter in entry.parameters {
      switch parameter.kind {
      case .window(let minimum):
        let window = numbers.isEmpty ? nil : Int(numbers.removeFirst()).map(abs)
        written.append(String(min(max(window ?? 20, minimum, 2), 252)))
      case .group:
        let place = given.firstIndex { argument in
          argument.hasPrefix("bucket(")
            || grammar.palette.entries(for: "group").contains { $0.field.id == argument }
        }
        guard let group = place.map({ given.remove(at: $0) }) ?? grammar.grouping(using: &generator)
        else { return regrown(call, text, using: &generator) }
        written.append(group)
      case .matrix, .groupOrMatrix:
        guard let value = given.isEmpty ? number(using: &generator) : given.removeFirst() else {
          return nil
        }
        written.append(value)
        while parameter.isVariadic, !given.isEmpty { written.append(given.removeFirst()) }
      case .vector:
        guard
          let value = given.isEmpty
            ? grammar.palette.entries(for: "event").first?.field.id : given.removeFirst()
        else { return regrown(call, text, using: &generator) }
        written.append(value)
      default:
        // An option with a default is left to it; one without has a number that always fits.
        if parameter.standard == nil { written.append("0.5") }
        if entry.name == "hump", let step = numbers.first { written.append("hump=\(step)") }
        if entry.name == "bucket", parameter.name == "range" {
          written.append("range=\"0.1,1,0.1\"")
        }
      }
    }
    return replaced(call, in: text, by: "\(entry.name)(\(written.joined(separator: ", ")))")
  }

  /// Whether an argument is written with its name.
  private static func isNamed(_ argument: String) -> Bool {
    guard let equals = argument.firstIndex(of: "=") else { return false }
    return argument[..<equals].allSatisfy {
      $0.isLetter || $0.isNumber || $0 == "_" || $0 == " "
    }
  }

  /// The arguments of a call, split at commas outside parentheses and quotes.
  private static func arguments(in text: String) -> [String] {
    var arguments = [""]
    var depth = 0
    var isQuoted = false
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if !isQuoted {
        if character == "(" { depth += 1 }
        if character == ")" { depth -= 1 }
        if character == ",", depth == 0 {
          arguments.append("")
          continue
        }
      }
      arguments[arguments.count - 1].append(character)
    }
    return arguments.map { argument in
      let tail = argument.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace)
      return String(tail.reversed())
    }
  }

  /// The innermost call that holds a place or begins at it, its name and parentheses included.
  private func enclosingCall(of span: SourceSpan, in text: String) -> SourceSpan? {
    let bytes = Array(text.utf8)
    var opened: [Int] = []
    var best: SourceSpan?
    for (index, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "(") { opened.append(index) }
      guard byte == UInt8(ascii: ")"), let open = opened.popLast() else { continue }
      var start = open
      while start > 0, Self.isNameByte(bytes[start - 1]) { start -= 1 }
      guard start < open, start <= span.start, index + 1 >= span.end else { continue }
      if best.map({ index + 1 - start < $0.end - $0.start }) ?? true {
        best = SourceSpan(start: start, end: index + 1)
      }
    }
    return best
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// Writes a subformula anew: a place of one of the idea's fields within its window.
  private func regrown(
    _ span: SourceSpan, _ text: String, using generator: inout SplitMix64
  ) -> String? {
    guard let field = number(using: &generator) else { return nil }
    let part =
      grammar.allows("ts_rank")
      ? "ts_rank(\(field), 20)" : grammar.allows("rank") ? "rank(\(field))" : field
    return replaced(span, in: text, by: part)
  }
}
