package import AlphaLanguage
import Essentials
import Markets

/// Repairs a formula by the fewest and least edits after which it checks, keeping what it means.
///
/// The candidates of an edit follow from what the checker says is wrong and where: the nearest known
/// name, a parenthesis where one is missing, a window that was left out. Edited texts are tried in
/// the order of their total cost, so the first that checks is the cheapest that the proposals reach.
/// There is no template: a text from which no short way leads to a formula is left for its author.
///
/// The result always checks, and repairing it again changes nothing. Cost: at most
/// `Limits.checksMax` checks.
package struct FormulaRepair: Sendable {
  /// How far a repair may go.
  package struct Limits: Hashable, Sendable {
    /// Texts that are checked.
    package var checksMax = 200
    package var editsMax = 6
    /// The largest total cost, whatever the length.
    package var costMax = 4.0
    /// The cost that is allowed for any text, and further for each name and number in it: what
    /// changes more than a part of a formula has another meaning.
    package var costAlways = 0.5
    package var costPerWord = 0.4
    /// Longer texts are not repaired.
    package var bytesMax = 8_192

    package init() {}
  }

  /// What became of a text.
  package enum Outcome: Sendable {
    /// The text checks as it is.
    case valid(CheckedFormula)
    case repaired(RepairedFormula)
    /// No short way leads to a formula; the sentence says how far was searched.
    case unrepairable(String)

    /// The repair, nil where the text needs none or has none: what the validation is told.
    package var repairedFormula: RepairedFormula? {
      if case .repaired(let repaired) = self { repaired } else { nil }
    }
  }

  package let checker: FormulaChecker
  package let limits: Limits
  private let names: KnownNames

  /// Sorts the names that the checker knows, once for all repairs.
  package init(checker: FormulaChecker, limits: Limits = Limits()) {
    self.checker = checker
    self.limits = limits
    names = KnownNames(checker)
  }

  private struct Attempt {
    var text: String
    var edits: [RepairEdit]
    var cost: Double
  }

  /// Returns the text as it is where it checks, else the cheapest repair within the limits.
  package func repair(_ source: String) -> Outcome {
    let diagnostics: [Diagnostic]
    do {
      return .valid(try checker.check(source))
    } catch {
      diagnostics = error.errors
    }
    guard source.utf8.count <= limits.bytesMax else {
      return .unrepairable("The text is longer than \(limits.bytesMax) bytes.")
    }
    let outline = FormulaOutline(source)
    let words = outline.tokens.count { $0.kind == .name || $0.kind == .number }
    let costMax = min(limits.costMax, limits.costAlways + limits.costPerWord * Double(words))

    let suggestions = NameSuggestions(names)
    let first = spelled(outline)
    var open = [first]
    var seen: Set<String> = [first.text]
    var checks = 0
    var known: [Diagnostic]? = first.text == source ? diagnostics : nil
    while let next = takeCheapest(&open), checks < limits.checksMax {
      let errors: [Diagnostic]
      if let given = known {
        errors = given
        known = nil
      } else {
        checks += 1
        do {
          let formula = try checker.check(next.text)
          guard !losesParts(formula) else { continue }
          return .repaired(RepairedFormula(text: next.text, formula: formula, edits: next.edits))
        } catch {
          errors = error.errors
        }
      }
      guard next.edits.count < limits.editsMax + first.edits.count, let error = errors.first else {
        continue
      }
      let outline = FormulaOutline(next.text)
      let proposals = EditProposals(checker: checker, names: suggestions, outline: outline)
        .proposals(for: error)
      for proposal in proposals where next.cost + proposal.cost <= costMax {
        guard let (text, edit) = proposal.applied(to: outline), seen.insert(text).inserted else {
          continue
        }
        open.append(
          Attempt(text: text, edits: next.edits + [edit], cost: next.cost + proposal.cost))
      }
    }
    return .unrepairable(
      checks >= limits.checksMax
        ? "No formula was found among the \(checks) texts that were tried."
        : "No formula lies within edits of cost \(JSONValue.number(costMax).compactText).")
  }

  /// Whether a formula holds parts that its value does not depend on: whoever wrote them meant them.
  private func losesParts(_ formula: CheckedFormula) -> Bool {
    formula.warnings.contains {
      $0.code == "statement_without_effect" || $0.code == "unused_variable"
    }
  }

  /// The text in the spelling of FASTEXPR.
  private func spelled(_ outline: FormulaOutline) -> Attempt {
    var attempt = Attempt(text: outline.source, edits: [], cost: 0)
    let proposals = FormulaSpelling.proposals(for: outline)
    guard let bytes = TextPatch.apply(proposals.flatMap(\.patches), to: outline.bytes) else {
      return attempt
    }
    attempt.text = String(decoding: bytes, as: UTF8.self)
    for proposal in proposals {
      guard let (_, edit) = proposal.applied(to: outline) else { continue }
      attempt.edits.append(edit)
      attempt.cost += edit.cost
    }
    return attempt
  }

  /// Removes the attempt of least cost, of equal ones that with fewer edits, then the earliest.
  private func takeCheapest(_ open: inout [Attempt]) -> Attempt? {
    var best: Int?
    for index in open.indices {
      guard let current = best else {
        best = index
        continue
      }
      if (open[index].cost, open[index].edits.count) < (
        open[current].cost, open[current].edits.count
      ) {
        best = index
      }
    }
    return best.map { open.remove(at: $0) }
  }
}
