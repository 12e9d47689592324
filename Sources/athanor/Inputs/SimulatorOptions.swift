import Backtesting
import Essentials
import Research
import Services
import Storage

/// The options of commands that simulate candidates: here on a panel, or on WorldQuant BRAIN.
enum SimulatorOptions {
  static let brain = Option.flag(
    "brain", help: "Simulate on WorldQuant BRAIN in place of a panel.")

  static let skipRecordsets = Option.flag(
    "skip-recordsets", help: "Save no tables, such as the profits of every day.")
  static let recordsets = Option(
    "recordsets-dir", .folder(), default: "data/recordsets",
    help: "Where the tables of every alpha are saved.")

  /// The metadata of a checkout, taken with `--brain` where no other is named.
  static let usualMetadata = "data/meta"

  static let definitions =
    [brain.definition, skipRecordsets.definition, recordsets.definition]
    + CatalogueOptions.definitions + [
      BrainFlags.credentials.definition, BrainFlags.interactiveLogin.definition,
      BrainFlags.url.definition, PricingChoices.limits.definition,
      PricingChoices.threads.definition,
    ]

  /// Where candidates are simulated, for the pages of help.
  static let explanation = """
    Candidates are simulated here on --panel, with their own settings. With --brain they are \
    simulated on WorldQuant BRAIN, checked before by the metadata of --meta-dir, otherwise \
    \(usualMetadata); the journal remembers what was sent, so that nothing is sent twice.
    """
}

extension Invocation {
  /// The catalogue that candidates for a market are checked by: that of BRAIN's metadata with
  /// `--brain`, else that of the panel.
  func simulatorCatalogue(for target: SimulationTarget) throws -> NamedCatalogue {
    let isBrain = self[SimulatorOptions.brain]
    let named = self[CatalogueOptions.metadata]
    guard isBrain || named != nil else { return try catalogue(for: target) }
    return try catalogue(
      of: named ?? SimulatorOptions.usualMetadata, for: target)
  }

  /// Where the tables of results are saved, nil for nowhere.
  var recordsetFolder: RecordsetFolder? {
    self[SimulatorOptions.skipRecordsets]
      ? nil : RecordsetFolder(path: self[SimulatorOptions.recordsets])
  }

  /// What simulates candidates.
  ///
  /// - Parameters:
  ///   - journal: opened for writing; nil where nothing is recorded, which BRAIN does not allow.
  ///   - run: the run that simulates.
  func candidateSimulator(
    _ journal: Journal?, run: String
  ) throws -> any CandidateSimulator {
    guard self[SimulatorOptions.brain] else {
      return PanelSimulator(
        panel: try openPanel(), limits: self[PricingChoices.limits],
        threads: self[PricingChoices.threads] ?? surroundings.processors, now: surroundings.now)
    }
    guard let journal else { throw SimulatorChoiceFailure.brainWithoutJournal }
    let folder = self[CatalogueOptions.metadata] ?? SimulatorOptions.usualMetadata
    return BrainCandidateSimulator(
      session: try brainSession(), record: try JournalBrainRecord(journal: journal, run: run),
      options: try BrainOptions.load(folder: folder), wantsTables: recordsetFolder != nil)
  }
}

/// A choice of simulators that contradicts itself.
enum SimulatorChoiceFailure: ExplainedFailure, Hashable {
  /// Simulations on BRAIN cost quota and must be remembered.
  case brainWithoutJournal
  /// A panel cannot serve formulas that were checked by the metadata of BRAIN.
  case metadataWithPanel

  var key: String {
    switch self {
    case .brainWithoutJournal: "brain_without_journal"
    case .metadataWithPanel: "metadata_with_panel"
    }
  }

  var explanation: String {
    switch self {
    case .brainWithoutJournal: "What is sent to BRAIN has to be remembered in a journal."
    case .metadataWithPanel:
      "--meta-dir names the data of BRAIN, and the simulation is to run on a panel."
    }
  }

  var remedy: String {
    switch self {
    case .brainWithoutJournal: "Leave --no-journal out, or name a journal with --journal."
    case .metadataWithPanel: "Add --brain or --skip-simulation, or leave --meta-dir out."
    }
  }

  var outcome: FailureOutcome { .badConfiguration }
}
