import Essentials
import Foundation
import Research
import Services

/// `athanor build-knowledge-pack`: what language models are told of the formula language.
enum BuildKnowledgePackCommand {
  private static let output = Option(
    "output-dir", short: "o", .folder(), default: "data/meta/index",
    help: "The folder that the five files are written to.")
  private static let region = Option(
    "region", .text("region"), default: SimulationTarget().region,
    help: "The region of the metadata in --meta-dir.")
  private static let universe = Option(
    "universe", .text("universe"), default: SimulationTarget().universe,
    help: "The universe of the metadata in --meta-dir.")
  private static let delay = Option(
    "delay", .whole("rows", in: 0...1), default: SimulationTarget().delay,
    help: "The delay of the metadata in --meta-dir.")

  static let command: Command = Command(
    "build-knowledge-pack",
    summary: "Write down the language for models: signatures, examples, mistakes, rules",
    discussion: [
      """
      Every example is checked against the fields of the catalogue and every deliberate mistake is \
      found to fail, so that no prompt teaches what does not hold. Settings come from \
      simulations_options.json in --meta-dir, or for a panel from the local simulator.
      """,
      "The exit code is 2 where a part could not be built; the others are written.",
    ],
    options: [
      output.definition, region.definition, universe.definition, delay.definition,
    ] + CatalogueOptions.definitions,
    examples: [
      Command.Example("athanor build-knowledge-pack", "Writes the pack of the bundled stocks"),
      Command.Example(
        "athanor build-knowledge-pack --meta-dir data/meta --json",
        "Writes the pack of fetched metadata"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    var target = SimulationTarget()
    target.region = invocation[region]
    target.universe = invocation[universe]
    target.delay = invocation[delay]
    let named = try invocation.catalogue(for: target)
    let build = KnowledgeBuilder(
      catalogue: named.catalogue, settings: settings(invocation),
      at: invocation.surroundings.now()
    ).build()
    let folder = invocation[output]
    let paths = try build.write(to: folder)
    let failure = build.failures.isEmpty ? nil : IncompletePack(parts: build.failures)
    let document: JSONValue = [
      "success": .bool(failure == nil), "output_dir": .string(folder),
      "generated_files": .strings(paths),
      "failed_parts": .array(
        build.failures.map {
          ["part": .string($0.file.rawValue), "reason": .string($0.reason)]
        }),
      "counts": build.counts.json, "fallback_used": .bool(build.isFallback),
      "remarks": .strings(named.remarks),
    ]
    return Answer(json: document, failure: failure) { terminal in
      let counts = build.counts
      let notes = named.remarks.map { terminal.paint.yellow("remark: ") + $0 }
      let written = Paragraph(
        """
        Wrote \(paths.count) files into \(folder): \(counts.operators) operators, \
        \(counts.settings) settings, \(counts.examples) examples that check and \
        \(counts.counterexamples) mistakes that do not.
        """
      ).lines(width: terminal.textWidth)
      return (written + notes).joined(separator: "\n")
    }
  }

  /// What may be chosen: what BRAIN said of itself where its metadata is used.
  private static func settings(
    _ invocation: Invocation
  ) -> Result<AllowedSettings, DocumentFailure> {
    guard let folder = invocation[CatalogueOptions.metadata] else { return .success(.local) }
    let path = "\(folder)/simulations_options.json"
    do {
      return .success(
        try AllowedSettings(optionsText: SourceText.read(path: path), path: path))
    } catch let failure as DocumentFailure {
      return .failure(failure)
    } catch {
      return .failure(
        DocumentFailure(
          document: path, explanation: "The options cannot be read.",
          remedy: "Run `athanor sync-options`."))
    }
  }
}

/// A pack of which a part is missing.
private struct IncompletePack: ExplainedFailure {
  let parts: [KnowledgeBuild.FailedPart]

  var key: String { "incomplete_knowledge_pack" }
  var explanation: String {
    "The knowledge pack lacks \(parts.count) of its parts: "
      + parts.map { "\($0.file.rawValue) (\($0.reason))" }.joined(separator: "; ") + "."
  }
  var remedy: String { "Mend what is named, then run `athanor build-knowledge-pack` again." }
  var outcome: FailureOutcome { .refused }
}
