package import AlphaLanguage
package import Essentials
import Markets

/// Generates a knowledge pack from a catalogue: its operators, examples and counterexamples that the
/// checker has confirmed, the rules of the language, and the settings that may be chosen.
package struct KnowledgeBuilder: Sendable {
  private let catalogue: MetadataCatalogue
  private let checker: FormulaChecker
  private let settings: Result<AllowedSettings, DocumentFailure>
  private let generatedAt: Timestamp

  /// - Parameters:
  ///   - settings: what may be chosen, or why that is not known; the part then fails by itself.
  ///   - operators: the table that formulas are checked by.
  package init(
    catalogue: MetadataCatalogue, settings: Result<AllowedSettings, DocumentFailure>,
    at generatedAt: Timestamp, operators: OperatorCatalog = .fastexpr
  ) {
    self.catalogue = catalogue
    checker = FormulaChecker(catalog: operators, schema: catalogue.schema)
    self.settings = settings
    self.generatedAt = generatedAt
  }

  /// Builds every part; one that fails leaves the others whole.
  package func build() -> KnowledgeBuild {
    let signatures = catalogue.operators.map(OperatorSignature.init)
    let curated = curatedExamples()
    let examples = curated.isEmpty ? simplestExamples() : curated
    let (cases, surprises) = counterexamples()
    var build = KnowledgeBuild(
      counts: KnowledgeBuild.Counts(
        operators: signatures.count, settings: 0, examples: examples.count,
        counterexamples: cases.count, visualOperators: signatures.count),
      isFallback: curated.isEmpty)
    build.add(.operators, signatures.isEmpty ? "the catalogue has no operators" : nil) {
      header + [
        .init("operator_count", .integer(signatures.count)),
        .init("operators", .array(signatures.map(\.json))),
        .init("missing_required_fields", .array(signatures.compactMap(Self.gap))),
      ]
    }
    switch settings {
    case .success(let settings):
      guard case .object(let members) = settings.json else { break }
      build.counts.settings = Set(settings.choices.map(\.key)).count
      build.add(.settings, nil) { header + members.filter { $0.name != "version" } }
    case .failure(let failure):
      build.add(.settings, failure.explanation) { [] }
    }
    build.add(.examples, examples.isEmpty ? "no example checks over the catalogue's fields" : nil) {
      header + [
        .init("fallback_used", .bool(curated.isEmpty)),
        .init("examples", .array(examples.map(\.json))),
        .init("rulebook", .array(FormulaRule.all.map(\.json))),
      ]
    }
    build.add(
      .counterexamples,
      surprises.isEmpty
        ? nil : "these mistakes were not refused: \(surprises.joined(separator: ", "))"
    ) { header + [.init("cases", .array(cases.map(\.json)))] }
    build.add(.visual, signatures.isEmpty ? "the catalogue has no operators" : nil) {
      header + [
        .init("operators", .array(signatures.map(OperatorDisplay.document))),
        .init("error_taxonomy", .array(cases.map(Self.taxon))),
        .init(
          "example_cards",
          .array(
            examples.map { Self.card($0.expression, $0.tags, isValid: true) }
              + cases.map { Self.card($0.expression, [$0.errorKey], isValid: false) })),
      ]
    }
    return build
  }

  private var header: [JSONValue.Member] {
    [
      .init("version", .string(KnowledgeFile.version)),
      .init("generated_at", .string(generatedAt.description)),
    ]
  }

  /// What a signature lacks, nil where it is whole.
  private static func gap(_ signature: OperatorSignature) -> JSONValue? {
    guard signature.definition.isEmpty || signature.scope.isEmpty else { return nil }
    return [
      "name": .string(signature.name), "missing_definition": .bool(signature.definition.isEmpty),
      "missing_scope": .bool(signature.scope.isEmpty),
    ]
  }

  /// The pattern is found in what the checker prints, which ends the line of an error with its code.
  private static func taxon(_ entry: FormulaCounterexample) -> JSONValue {
    [
      "error_key": .string(entry.errorKey), "match_pattern": .string("\\[\(entry.errorKey)\\]"),
      "severity": "error", "fix_hint": .string(entry.fixHint),
    ]
  }

  private static func card(_ expression: String, _ tags: [String], isValid: Bool) -> JSONValue {
    [
      "expression": .string(expression), "tags": .strings(tags),
      "quality_flags": [
        "validation_passed": .bool(isValid), "counterexample": .bool(!isValid),
      ],
    ]
  }

  // MARK: - Examples

  private func curatedExamples() -> [FormulaExample] {
    ExampleLibrary.entries.compactMap { example($0.expression, $0.lesson, source: "curated") }
  }

  /// For a catalogue whose fields no curated example reads: a formula over any field that there is.
  private func simplestExamples() -> [FormulaExample] {
    let matrices = catalogue.fields.filter { $0.kind == .matrix }.prefix(4).map(\.id)
    let vectors = catalogue.fields.filter { $0.kind == .vector }.prefix(2).map(\.id)
    return matrices.compactMap {
      example("rank(ts_delta(\($0), 5))", "The change of a field over a week.", source: "fallback")
    }
      + vectors.compactMap {
        example("rank(vec_avg(\($0)))", "The mean of a day's events.", source: "fallback")
      }
  }

  /// The example where its fields and operators are there and the checker accepts it.
  private func example(
    _ expression: String, _ lesson: String, source: String
  ) -> FormulaExample? {
    guard let checked = try? checker.check(expression) else { return nil }
    let called = FormulaText.calledOperators(in: expression)
    let known = Set(catalogue.operators.map(\.name))
    guard called.allSatisfy(known.contains) else { return nil }
    let homes = checked.fields.compactMap { catalogue.field(named: $0)?.datasetID }
    let subcategories = catalogue.datasets.filter { homes.contains($0.id) }.map(\.subcategoryID)
    return FormulaExample(
      expression: expression, lesson: lesson, tags: FormulaText.tags(for: called),
      usedFields: checked.fields, usedOperators: called,
      subcategories: Set(subcategories).sorted(), source: source)
  }

  // MARK: - Counterexamples

  /// The mistakes with what the checker says of them, and the keys of those that it let through.
  private func counterexamples() -> (cases: [FormulaCounterexample], surprises: [String]) {
    var cases: [FormulaCounterexample] = []
    var surprises: [String] = []
    for entry in CounterexampleLibrary.entries {
      guard let expression = filled(entry.template) else { continue }
      do throws(FormulaRejection) {
        _ = try checker.check(expression)
        surprises.append(entry.errorKey)
      } catch {
        guard let found = error.errors.first(where: { $0.code == entry.errorKey }) else {
          surprises.append(entry.errorKey)
          continue
        }
        cases.append(
          FormulaCounterexample(
            expression: expression, errorKey: entry.errorKey, message: found.message,
            fixHint: found.remedy ?? entry.hint))
      }
    }
    return (cases, surprises)
  }

  /// The template over fields of the catalogue, nil where it lacks a kind that the template needs.
  private func filled(_ template: String) -> String? {
    var text = template
    for (place, kind, wanted) in [
      ("{M}", FieldDescription.Kind.matrix, ["close", "returns"]),
      ("{N}", .matrix, ["volume", "open"]), ("{G}", .group, ["sector", "industry"]),
      ("{V}", .vector, []),
    ] where text.contains(place) {
      let names = catalogue.fields.filter { $0.kind == kind }.map(\.id)
      let name =
        wanted.first(where: names.contains) ?? (place == "{N}" ? names.last : names.first)
      guard let name else { return nil }
      text = text.split(separator: place, omittingEmptySubsequences: false).joined(separator: name)
    }
    return text
  }
}
