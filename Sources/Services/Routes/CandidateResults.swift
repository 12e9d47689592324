package import AlphaLanguage
package import Backtesting
package import Essentials
package import Markets
import Research
package import Storage

/// The results of candidates, simulated anew from what the journal says of them.
///
/// The journal keeps figures and fingerprints, not series. A simulation follows from formula,
/// settings and panel alone, so it can be made again at any time: the panel must have the fingerprint
/// that the run recorded and the formula its own, otherwise nothing is simulated. What was made is
/// kept for the next question, and nothing is made twice at a time.
package struct CandidateResults: Sendable {
  /// A candidate with everything that is needed to simulate it.
  package struct Subject: Sendable {
    package let candidate: RunCandidate
    package let panel: Panel
    package let formula: CheckedFormula
    package let settings: SimulationSettings

    /// Equal for equal formulas, settings and panels, whoever proposed them.
    package var name: String {
      "\(panel.fingerprint)\n\(formula.fingerprint)\n\(settings.fingerprint)"
    }
  }

  /// What luck is measured by: how many formulas the run tried on the panel, and how their Sharpe
  /// ratios vary.
  package struct Trials: Hashable, Sendable {
    /// Distinct formulas, the candidate's own among them, and those that were tried before the run.
    package var count: Int
    /// Annual Sharpe ratios of the run's candidates, as they were recorded.
    package var sharpes: [Double]

    package init(count: Int, sharpes: [Double]) {
      self.count = count
      self.sharpes = sharpes
    }
  }

  private let store: PanelStore
  private let panels = OnceCache<String, Panel>(valuesMax: 8)
  /// About 200 kB each for 2,000 rows.
  private let results = OnceCache<String, SimulationResult>(valuesMax: 64)
  /// About 300 kB each.
  private let sheets = OnceCache<String, String>(valuesMax: 16)

  package init(store: PanelStore) {
    self.store = store
  }

  /// Finds the panel of a candidate and checks its formula there; throws ``DeskRefusal`` where it
  /// could not come to the same result as in its run.
  package func subject(_ candidate: RunCandidate) throws -> Subject {
    func refused(_ reason: String) -> DeskRefusal {
      .nothingToSimulate(candidate: candidate.key, reason: reason)
    }
    guard candidate.metrics != nil else { throw refused("it was not simulated") }
    guard case .string(let name)? = candidate.panel["name"],
      case .string(let fingerprint)? = candidate.panel["fingerprint"]
    else { throw refused("it was simulated elsewhere, on no panel of this desk") }
    guard let text = candidate.formula?.text else { throw refused("the run tells no formula") }
    let panel = try panel(name, fingerprint)
    let formula: CheckedFormula
    let settings: SimulationSettings
    do {
      formula = try FormulaChecker(schema: panel.schema).check(text)
      settings = try SimulationSettings(json: candidate.settings)
    } catch let failure as any ExplainedFailure {
      throw refused("\(failure.key), although the run simulated it")
    }
    guard formula.fingerprint.hexadecimal == candidate.formula?.fingerprint else {
      throw refused("its formula means something else today than in the run")
    }
    return Subject(candidate: candidate, panel: panel, formula: formula, settings: settings)
  }

  /// Opens a panel of a name, which must have the fingerprint; one that is open keeps its numbers,
  /// whatever becomes of the store.
  private func panel(_ name: String, _ fingerprint: String) throws -> Panel {
    try panels.value(fingerprint) {
      guard store.holds(name) else {
        throw DeskRefusal.panelChanged(name: name, reason: "is not in the store of this desk")
      }
      let panel = try store.open(name)
      guard panel.fingerprint.hexadecimal == fingerprint else {
        throw DeskRefusal.panelChanged(
          name: name,
          reason: "is \(panel.fingerprint.short) here and was \(fingerprint.prefix(12)) in the run")
      }
      return panel
    }
  }

  /// Simulates a candidate, once however often it is asked for.
  package func result(of subject: Subject) throws -> SimulationResult {
    try results.value(subject.name) {
      let simulator = try PopulationSimulator(panel: subject.panel, settings: subject.settings)
      let limits = CheckLimits.standard(for: .user, delay: subject.settings.delay)
      guard let result = simulator.simulate([subject.formula], limits: limits).first else {
        preconditionFailure("a formula was simulated without a result")
      }
      return result
    }
  }

  /// The profit of a candidate by days: a day with a missing row has none and moves nothing.
  package func profit(of subject: Subject) throws -> JSONValue {
    let result = try result(of: subject)
    var days: [(date: CalendarDate, pnl: Double)] = []
    for (stamp, pnl) in zip(result.series.stamps, result.series.pnl) {
      if days.last?.date == stamp.date {
        days[days.count - 1].pnl += pnl
      } else {
        days.append((stamp.date, pnl))
      }
    }
    var sum = 0.0
    let running = days.map { day -> Double in
      guard !day.pnl.isNaN else { return .nan }
      sum += day.pnl
      return sum
    }
    return [
      "candidate_key": .string(subject.candidate.key), "alpha_id": .string(result.identifier),
      "dates": .strings(days.map(\.date.description)), "pnl": .numbers(running),
      "daily": .numbers(days.map(\.pnl)), "unit": "USD",
      "book_size": .number(result.scale.bookSize),
      "train_end": .orNull(result.train?.lastStamp.date.description),
    ]
  }

  /// The tear sheet of a candidate, judged by all that was tried.
  package func tearSheet(
    of subject: Subject, trials: Trials, language: TearSheet.Language?
  ) throws -> String {
    let name = "\(subject.name)\n\(trials.count)\n\(trials.sharpes)\n\(language?.rawValue ?? "")"
    return try sheets.value(Fingerprint(of: name).hexadecimal) {
      let result = try result(of: subject)
      let simulator = try PopulationSimulator(panel: subject.panel, settings: subject.settings)
      var options = PricingOptions(
        limits: .standard(for: .user, delay: subject.settings.delay))
      options.earlierTrials = max(0, trials.count - 1)
      options.trialSharpeVariance = trials.variance(rowsPerYear: result.scale.rowsPerYear)
      let judged = simulator.judge(
        [(result.identifier, subject.formula, result)], options: options)
      guard let alpha = judged.first else {
        preconditionFailure("a result was judged without a verdict")
      }
      let shown = try simulator.withSectorExposure(alpha)
      return TearSheet(result: shown.result, trust: shown.trust).html(language: language)
    }
  }
}

extension CandidateResults.Trials {
  /// The sample variance of the Sharpe ratios for one row; nil for fewer than two.
  fileprivate func variance(rowsPerYear: Double) -> Double? {
    guard sharpes.count > 1 else { return nil }
    let mean = sharpes.reduce(0, +) / Double(sharpes.count)
    let squares = sharpes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return squares / Double(sharpes.count - 1) / rowsPerYear
  }
}
