package import Essentials
import Foundation

/// What language models are told of the formula language, beside the candidates of an idea.
package struct KnowledgePack: Hashable, Sendable {
  /// When the operators were written down, as the file says.
  package let generatedAt: String
  /// Sorted by name.
  package let operators: [OperatorSignature]
  package let settings: AllowedSettings
  package let examples: [FormulaExample]
  package let rules: [FormulaRule]
  package let counterexamples: [FormulaCounterexample]
  /// What pages show: colors and hints for people. Never part of a prompt.
  package let visual: JSONValue

  /// What a source has for a file.
  enum Content {
    case text(String)
    /// Completes the sentence "the file ...".
    case missing(String)
  }

  /// Reads the five files of a folder, or throws everything that is wrong with any of them.
  package init(folder: String) throws(KnowledgeFailure) {
    try self.init(folder: folder) { file in
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(file.fileName)") else {
        return .missing("is missing")
      }
      return String(validating: data, as: UTF8.self).map(Content.text)
        ?? .missing("is not UTF-8 text")
    }
  }

  init(folder: String, _ content: (KnowledgeFile) -> Content) throws(KnowledgeFailure) {
    var defects: [KnowledgeFailure.Defect] = []
    func read<Part: ReadableDocument>(_ file: KnowledgeFile, _: Part.Type) -> Part? {
      switch content(file) {
      case .missing(let reason):
        defects.append(.init(file: file.fileName, reason: reason))
      case .text(let text):
        do throws(DocumentFailure) {
          return try Part(text: text, document: file.fileName)
        } catch {
          let reasons = error.defects.map(\.explanation).joined(separator: " ")
          defects.append(.init(file: file.fileName, reason: "is defective (\(reasons))"))
        }
      }
      return nil
    }
    let operators = read(.operators, OperatorsPart.self)
    let settings = read(.settings, SettingsPart.self)
    let examples = read(.examples, ExamplesPart.self)
    let counterexamples = read(.counterexamples, CounterexamplesPart.self)
    let visual = read(.visual, VisualPart.self)
    guard let operators, let settings, let examples, let counterexamples, let visual else {
      throw KnowledgeFailure(folder: folder, defects: defects)
    }
    generatedAt = operators.generatedAt
    self.operators = operators.operators
    self.settings = settings.settings
    self.examples = examples.examples
    rules = examples.rules
    self.counterexamples = counterexamples.cases
    self.visual = visual.json
  }
}

// MARK: - Prompts

extension KnowledgePack {
  /// How many examples and counterexamples a prompt holds at most.
  package struct PromptLimits: Hashable, Sendable {
    package var examples = 8
    package var counterexamples = 8

    package init() {}
  }

  /// What a prompt for a retrieval pack holds: the signatures of its operators, the settings of its
  /// market, examples that read and call nothing else than the pack offers, counterexamples and the
  /// rules. Colors and hints for people are left out.
  package func promptDocument(
    for pack: RetrievalPack, limits: PromptLimits = PromptLimits()
  ) -> JSONValue {
    let offered = Set(pack.operators.map(\.name))
    let fields = Set(pack.fields.map(\.id))
    let fitting = examples.filter {
      $0.usedOperators.allSatisfy(offered.contains) && $0.usedFields.allSatisfy(fields.contains)
    }
    return [
      "rulebook": .array(
        rules.map { rule in
          .string(rule.sample.isEmpty ? rule.rule : "\(rule.rule) Example: \(rule.sample)")
        }),
      "settings_allowed": settings.allowed(in: pack.target),
      "operators": .array(
        operators.filter { offered.contains($0.name) }.map {
          [
            "name": .string($0.name), "signature": .string($0.definition),
            "description": .string($0.meaning),
          ]
        }),
      "examples": .array(
        varied(fitting, limit: limits.examples).map {
          ["expression": .string($0.expression), "lesson": .string($0.lesson)]
        }),
      "counterexamples": .array(
        counterexamples.prefix(limits.counterexamples).map {
          [
            "wrong": .string($0.expression), "error": .string($0.errorKey),
            "message": .string($0.message), "fix": .string($0.fixHint),
          ]
        }),
      "compact_policy": [
        "operator_candidates": .integer(offered.count), "field_candidates": .integer(fields.count),
        "max_examples": .integer(limits.examples),
        "max_counterexamples": .integer(limits.counterexamples),
      ],
    ]
  }

  /// Examples that show as many different operators as possible, in the order of the pack.
  private func varied(_ examples: [FormulaExample], limit: Int) -> [FormulaExample] {
    var shown: Set<String> = []
    var chosen: [Int] = []
    while chosen.count < min(limit, examples.count) {
      var best: (place: Int, gain: Int)?
      for place in examples.indices where !chosen.contains(place) {
        let gain = examples[place].usedOperators.count { !shown.contains($0) }
        if gain > best?.gain ?? -1 { best = (place, gain) }
      }
      guard let best else { break }
      chosen.append(best.place)
      shown.formUnion(examples[best.place].usedOperators)
    }
    return chosen.sorted().map { examples[$0] }
  }
}

// MARK: - Files

/// What every file begins with.
private struct PartHeader {
  let generatedAt: String

  init(_ reader: inout DocumentReader) {
    let version = reader.requiredText("version")
    if !version.isEmpty, version != KnowledgeFile.version {
      reader.noteContradiction(
        "version", "is \"\(version)\"", remedy: "Build the pack with this program.")
    }
    generatedAt = reader.line("generated_at") ?? ""
  }
}

private struct OperatorsPart: ReadableDocument {
  let generatedAt: String
  let operators: [OperatorSignature]

  init(reading reader: inout DocumentReader) {
    generatedAt = PartHeader(&reader).generatedAt
    reader.requireMember("operators")
    operators = reader.documents("operators") ?? []
  }

  var json: JSONValue { ["operators": .array(operators.map(\.json))] }
}

private struct SettingsPart: ReadableDocument {
  let settings: AllowedSettings

  init(reading reader: inout DocumentReader) {
    _ = PartHeader(&reader)
    settings = AllowedSettings(reading: &reader)
  }

  var json: JSONValue { settings.json }
}

private struct ExamplesPart: ReadableDocument {
  let examples: [FormulaExample]
  let rules: [FormulaRule]

  init(reading reader: inout DocumentReader) {
    _ = PartHeader(&reader)
    reader.requireMember("examples")
    examples = reader.documents("examples") ?? []
    rules = reader.documents("rulebook") ?? []
  }

  var json: JSONValue { ["examples": .array(examples.map(\.json))] }
}

private struct CounterexamplesPart: ReadableDocument {
  let cases: [FormulaCounterexample]

  init(reading reader: inout DocumentReader) {
    _ = PartHeader(&reader)
    reader.requireMember("cases")
    cases = reader.documents("cases") ?? []
  }

  var json: JSONValue { ["cases": .array(cases.map(\.json))] }
}

private struct VisualPart: ReadableDocument {
  let json: JSONValue

  init(reading reader: inout DocumentReader) {
    _ = PartHeader(&reader)
    var members: [JSONValue.Member] = []
    for name in ["operators", "error_taxonomy", "example_cards"] {
      reader.requireMember(name)
      members.append(.init(name, reader.value(name) ?? .array([])))
    }
    json = .object(members)
  }
}
