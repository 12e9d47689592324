package import Backtesting
package import Essentials

/// What is known of an alpha when it is scored. Everything but the name may be unknown; what is not
/// known neither adds to a score nor takes from it, except where a policy demands it.
package struct ScoreEvidence: Hashable, Sendable {
  /// The answer to one question of a platform. Names that this desk does not know stand as they came.
  package struct Check: Hashable, Sendable {
    package var name: String
    package var verdict: SimulationCheck.Verdict
    package var value: Double?
    package var limit: Double?

    package init(
      name: String, verdict: SimulationCheck.Verdict, value: Double? = nil, limit: Double? = nil
    ) {
      self.name = name
      self.verdict = verdict
      self.value = value
      self.limit = limit
    }
  }

  /// Whether the profits can be told from luck.
  package struct Trust: Hashable, Sendable {
    /// The probability that the true Sharpe ratio is above what the best of the trials would show by
    /// luck; nil where the sample is too short.
    package var deflatedSharpe: Double?
    /// Every formula that was tried on the panel, by the journal; never only those of this run.
    package var trials: Int
    /// How many different ideas the trials hold; nil where nobody counted.
    package var effectiveTrials: Int?
    package var verdict: TrustReport.Verdict?
    /// Whether a probe found that values change once later rows are known.
    package var seesTheFuture = false

    package init(
      deflatedSharpe: Double?, trials: Int, effectiveTrials: Int? = nil,
      verdict: TrustReport.Verdict? = nil
    ) {
      self.deflatedSharpe = deflatedSharpe?.ifFinite
      self.trials = trials
      self.effectiveTrials = effectiveTrials
      self.verdict = verdict
    }
  }

  package var alphaID: String
  package var metrics: SummaryMetrics
  package var checks: [Check] = []
  package var yearly: YearlyStability?
  package var poolCorrelation: PoolCorrelation?
  /// The Sharpe ratio within the smaller universe.
  package var smallerUniverseSharpe: Double?
  package var trust: Trust?

  package init(alphaID: String, metrics: SummaryMetrics) {
    self.alphaID = alphaID
    self.metrics = metrics
  }

  /// Gathers what a simulation here found.
  ///
  /// - Parameters:
  ///   - trust: its report counts the trials; the number must be that of the journal.
  ///   - effectiveTrials: what `EffectiveTrials` counted, where it was counted.
  ///   - pool: the accepted alphas; nil where there is no pool yet.
  package init(
    _ result: SimulationResult, trust: TrustReport? = nil, effectiveTrials: Int? = nil,
    pool: PnLPool? = nil
  ) {
    alphaID = result.identifier
    metrics = SummaryMetrics(result.inSample)
    checks = result.checks.map {
      Check(name: $0.name.rawValue, verdict: $0.verdict, value: $0.value, limit: $0.limit)
    }
    yearly = YearlyStability(result.yearly)
    poolCorrelation = pool.map { PoolCorrelation(of: result.poolEntry, with: $0) }
    smallerUniverseSharpe = result.smallerUniverseSharpe?.ifFinite
    self.trust = trust.map { report in
      var trust = Trust(
        deflatedSharpe: report.deflatedSharpe.value, trials: report.trials,
        effectiveTrials: effectiveTrials, verdict: report.verdict)
      if case .known(.leaks) = report.lookAhead { trust.seesTheFuture = true }
      return trust
    }
  }

  /// Reads what a platform says of an alpha: its document with `id` and, under `is`, the metrics and
  /// `checks`. A verdict that is no word of BRAIN counts as pending.
  package init(platform document: JSONValue) throws(DocumentFailure) {
    var reader = DocumentReader(document, at: "")
    let id = reader.requiredText("id")
    reader.requireMember("is")
    let measured = reader.object("is") { part in
      (SummaryMetrics(reading: &part), part.documents("checks") as [Check]? ?? [])
    }
    guard let measured, reader.defects.isEmpty else {
      throw DocumentFailure(document: "alpha \(id)", defects: reader.defects)
    }
    self.init(alphaID: id, metrics: measured.0)
    checks = measured.1
    let alike = checks.filter { $0.name == "SELF_CORRELATION" || $0.name == "PROD_CORRELATION" }
      .compactMap(\.value).max { $0.magnitude < $1.magnitude }
    poolCorrelation = alike.map { PoolCorrelation(largest: $0) }
  }
}

extension ScoreEvidence.Check: ReadableDocument {
  /// Reads an entry of `checks`; further members, such as dates, are passed over.
  package init(reading reader: inout DocumentReader) {
    let any = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    name = reader.requiredText("name")
    verdict = reader.text("result").flatMap(SimulationCheck.Verdict.init) ?? .pending
    value = reader.number("value", in: any)
    limit = reader.number("limit", in: any)
  }

  /// The object that reports show.
  package var json: JSONValue {
    [
      "name": .string(name), "result": .string(verdict.rawValue), "value": .optional(value),
      "limit": .optional(limit),
    ]
  }
}

extension ScoreEvidence.Trust {
  /// The object that reports show.
  package var json: JSONValue {
    [
      "deflated_sharpe": .optional(deflatedSharpe), "trials": .integer(trials),
      "effective_trials": effectiveTrials.map { .integer($0) } ?? .null,
      "verdict": verdict.map { .string($0.rawValue) } ?? .null,
      "sees_the_future": .bool(seesTheFuture),
    ]
  }
}
