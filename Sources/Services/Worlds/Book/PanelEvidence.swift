import AlphaLanguage
import Backtesting
package import Essentials
package import Markets
import Synchronization
package import Worlds

/// Evidence from the panels of the desk: each instance's formula is replayed on its panel, and what it
/// earned is measured as of the instant that is asked for.
///
/// 1. Nothing later than the instant is used: a row counts once it is complete.
/// 2. What an instance earned on paper, where its world recorded it, stands in the place of what the
///    replay says of the same row.
/// 3. A world whose data has a gap sees the data up to the gap as long as it lasts.
///
/// Books are computed once for each panel and set of instances; asking for ascending instants costs
/// the rows between them.
package final class PanelEvidence: EvidenceSource {
  /// A span of time in which no data arrives.
  package struct Gap: Hashable, Sendable {
    package var from: Timestamp
    package var to: Timestamp

    package init(from: Timestamp, to: Timestamp) {
      self.from = from
      self.to = to
    }
  }

  private let open: @Sendable (String) throws -> Panel
  private let gaps: [Gap]
  private let memory = Mutex(Memory())

  private struct Memory {
    var panels: [String: Panel] = [:]
    var benches: [String: InstanceBench] = [:]
    var failures: [String: String] = [:]
    var streams: [String: Stream] = [:]
  }

  private struct Stream {
    var evidence: StreamingEvidence
    /// Rows of the bench's record that were told.
    var rows: Int
  }

  /// - Parameters:
  ///   - gaps: when no data arrives, for rehearsals.
  ///   - open: opens a panel by its name.
  package init(
    gaps: [Gap] = [], opening open: @escaping @Sendable (String) throws -> Panel
  ) {
    self.open = open
    self.gaps = gaps
  }

  /// The latest instant of which data has arrived at an instant.
  package func dataInstant(at instant: Timestamp) -> Timestamp {
    let gap = gaps.first { $0.from < instant && instant <= $0.to }
    return gap?.from ?? instant
  }

  // MARK: - Panels and benches

  /// The panel of an instance, opened once.
  package func panel(of submission: InstanceSubmission) throws(WorldDeskFailure) -> Panel {
    guard case .string(let name)? = submission.panel["name"] else {
      throw .incompleteAlpha(submission.id, missing: "panel")
    }
    if let panel = memory.withLock({ $0.panels[name] }) { return panel }
    let panel: Panel
    do {
      panel = try open(name)
    } catch let failure as any ExplainedFailure {
      throw .evidence(failure)
    } catch {
      throw .incompleteAlpha(submission.id, missing: "panel \(name)")
    }
    memory.withLock { $0.panels[name] = panel }
    return panel
  }

  /// Opens every panel anew, for data may have come. What was worked out of a panel that is the same as
  /// before stays; one that cannot be opened now stays as it was.
  package func refresh() {
    let known = memory.withLock { $0.panels }
    for (name, panel) in known {
      guard let latest = try? open(name), latest.fingerprint != panel.fingerprint else { continue }
      let stale = "\(panel.fingerprint)\n"
      memory.withLock { memory in
        memory.panels[name] = latest
        memory.benches = memory.benches.filter { !$0.key.hasPrefix(stale) }
        memory.streams = memory.streams.filter { !$0.key.hasPrefix(stale) }
      }
    }
  }

  /// Instances with one panel and one way of simulating.
  struct Group {
    var panel: Panel
    var settings: SimulationSettings
    var records: [InstanceRecord]
    var key: String
  }

  /// Instances by panel and settings, in the order of their first; those without are told why.
  private func groups(
    _ records: [InstanceRecord]
  ) -> (groups: [Group], failures: [String: String]) {
    var groups: [Group] = []
    var places: [String: Int] = [:]
    var failures: [String: String] = [:]
    for record in records {
      do {
        let panel = try panel(of: record.submission)
        let settings = try SimulationSettings(json: Self.document(record.submission.settings))
        let key = "\(panel.fingerprint)\n\(settings.json.compactText)"
        if let place = places[key] {
          groups[place].records.append(record)
        } else {
          places[key] = groups.count
          groups.append(Group(panel: panel, settings: settings, records: [record], key: key))
        }
      } catch let failure as any ExplainedFailure {
        failures[record.id] = failure.explanation
      } catch {
        failures[record.id] = "\(error)"
      }
    }
    return (groups, failures)
  }

  private static func document(_ settings: JSONValue) -> JSONValue {
    settings == .null ? [:] : settings
  }

  /// The bench of a group. An instance that cannot be put on it is left out and told why.
  private func bench(_ group: Group) -> (bench: InstanceBench?, failures: [String: String]) {
    var failures: [String: String] = [:]
    var instances: [BenchInstance] = []
    let checker = FormulaChecker(schema: group.panel.schema)
    for record in group.records {
      let submission = record.submission
      do throws(FormulaRejection) {
        let formula = try checker.check(submission.formula)
        instances.append(
          BenchInstance(
            id: record.id, formula: formula, side: BookSide(submission.side),
            symbols: submission.symbols.isEmpty ? nil : submission.symbols))
      } catch {
        failures[record.id] = error.explanation
      }
    }
    let key = ([group.key] + instances.map(\.id)).joined(separator: "\n")
    if let known = memory.withLock({ $0.benches[key] }) { return (known, failures) }
    while !instances.isEmpty {
      do {
        let bench = try InstanceBench(
          panel: group.panel, settings: group.settings, instances: instances)
        memory.withLock { memory in
          // Sets of instances change seldom, and an older one is not asked for again.
          memory.benches = memory.benches.filter { !$0.key.hasPrefix(group.key + "\n") }
          memory.benches[key] = bench
        }
        return (bench, failures)
      } catch let refusal as BenchRefusal {
        failures[refusal.instance] = refusal.explanation
        let before = instances.count
        instances.removeAll { $0.id == refusal.instance }
        if instances.count == before { break }
      } catch {
        for instance in instances { failures[instance.id] = "\(error)" }
        break
      }
    }
    return (nil, failures)
  }

  /// What an instance wants to hold from the close of the latest row on, by symbol; nil where nothing
  /// is known of it.
  package func targets(
    of records: [InstanceRecord], asOf instant: Timestamp
  ) -> [String: [String: Double]] {
    var targets: [String: [String: Double]] = [:]
    let known = dataInstant(at: instant)
    for group in groups(records).groups {
      guard let bench = bench(group).bench, let row = bench.row(asOf: known) else { continue }
      for (place, instance) in bench.instances.enumerated() {
        targets[instance.id] = bench.targets(place, row: row)
      }
    }
    return targets
  }

  // MARK: - Evidence

  /// What is known of instances as of an instant.
  package func evidence(
    of instances: [InstanceRecord], under policy: WorldPolicy, asOf instant: Timestamp
  ) throws(WorldDeskFailure) -> CycleEvidence {
    let known = dataInstant(at: instant)
    let names = policy.measures
    var (groups, failures) = groups(instances)
    groups.sort { $0.key < $1.key }
    var columns = names.map {
      EvidenceTable.Column(
        $0, values: Self.unknown(instances), days: Self.unknown(instances),
        trades: Self.unknown(instances), bars: Self.unknown(instances))
    }
    var facts: [String: InstanceEvidence] = [:]
    var records = [EvidenceSeries](repeating: EvidenceSeries(), count: instances.count)
    var places: [String: Int] = [:]
    for (place, record) in instances.enumerated() { places[record.id] = place }
    var ends: [String: WorldSnapshot.Dataset] = [:]
    for group in groups {
      let (bench, refused) = bench(group)
      failures.merge(refused) { first, _ in first }
      let end = Self.dataEnd(of: group.panel, asOf: known)
      if let end {
        ends[group.panel.name] = WorldSnapshot.Dataset(
          id: group.panel.name, dataEnd: end, fingerprint: group.panel.fingerprint.hexadecimal)
      }
      guard let bench else { continue }
      let byID = Dictionary(group.records.map { ($0.id, $0) }) { first, _ in first }
      for (place, item) in bench.instances.enumerated() {
        guard let target = places[item.id], let record = byID[item.id] else { continue }
        facts[item.id] = Self.facts(bench, place, asOf: known)
        records[target] = bench.evidence(place, asOf: known)
        let age = end.map { (instant - $0).seconds } ?? .nan
        let measures = measures(
          names, of: record, on: bench, place, under: policy, asOf: known, dataAge: age,
          key: group.key)
        for (column, measure) in measures.enumerated() {
          columns[column].values[target] = measure.value
          columns[column].days[target] = Double(measure.days)
          columns[column].trades[target] = Double(measure.trades)
          columns[column].bars[target] = Double(measure.bars)
        }
      }
    }
    return CycleEvidence(
      datasets: ends.values.sorted { $0.id < $1.id },
      instances: instances.map { record in
        var item =
          facts[record.id] ?? InstanceEvidence(id: record.id, history: .zero, isWarm: false)
        item.failure = failures[record.id]
        return item
      },
      table: EvidenceTable(columns),
      correlations: correlations(of: records, instances, under: policy, asOf: known))
  }

  private static func unknown(_ instances: [InstanceRecord]) -> [Double] {
    [Double](repeating: .nan, count: instances.count)
  }

  /// The end of the last row that is complete at an instant.
  private static func dataEnd(of panel: Panel, asOf instant: Timestamp) -> Timestamp? {
    let next = panel.axis.firstRow(
      notBefore: instant - panel.axis.interval + TimeSpan(milliseconds: 1))
    return next > 0 ? panel.axis.end(ofRow: next - 1) : nil
  }

  private static func facts(
    _ bench: InstanceBench, _ place: Int, asOf instant: Timestamp
  ) -> InstanceEvidence {
    let id = bench.instances[place].id
    guard let row = bench.row(asOf: instant) else {
      return InstanceEvidence(id: id, history: .zero, isWarm: false)
    }
    let exposure = bench.exposure(place, row: row)
    func shares(_ shares: [ExposureShare]) -> [WorldSnapshot.Share] {
      shares.map { WorldSnapshot.Share($0.name, $0.share) }
    }
    return InstanceEvidence(
      id: id, history: bench.history(place, asOf: instant),
      isWarm: bench.isWarm(place, row: row), symbols: shares(exposure.symbols),
      sectors: shares(exposure.sectors), venues: shares(exposure.venues),
      volatility: bench.dailyVolatility(place, asOf: instant))
  }

  private func correlations(
    of records: [EvidenceSeries], _ instances: [InstanceRecord], under policy: WorldPolicy,
    asOf instant: Timestamp
  ) -> CorrelationTable? {
    guard instances.count > 1 else { return nil }
    let rule = policy.selection.correlation
    let window = Self.window(rule?.window ?? .mid, under: policy)
    let matrix = CorrelationMatrix(
      of: records, over: window, asOf: instant, signs: instances.map(\.side.sign))
    let overlaps = matrix.overlaps.map { rows in
      Double(rows) * policy.interval.days
    }
    return CorrelationTable(count: matrix.count, values: matrix.values, overlaps: overlaps)
  }

  private static func window(
    _ window: MetricWindow?, under policy: WorldPolicy
  ) -> EvidenceWindow {
    guard let window else { return .all }
    if case .bars(let count) = window { return .bars(count) }
    return policy.metrics.length(of: window).map(EvidenceWindow.span) ?? .all
  }

  // MARK: - Measures

  private func measures(
    _ names: [MetricName], of record: InstanceRecord, on bench: InstanceBench, _ place: Int,
    under policy: WorldPolicy, asOf instant: Timestamp, dataAge: Double, key: String
  ) -> [SampledMeasure] {
    let requests = names.map { name in
      EvidenceMetric(rawValue: name.base).map {
        EvidenceRequest($0, over: Self.window(name.window, under: policy))
      }
    }
    let settings = Self.settings(of: record, under: policy, on: bench)
    let stream = stream(
      of: record, requests.compactMap { $0 }, settings, on: bench, place, asOf: instant, key: key)
    let known = stream?.measures() ?? []
    var next = 0
    return zip(names, requests).map { name, request in
      if request != nil {
        defer { next += 1 }
        return next < known.count ? known[next] : Self.nothing
      }
      switch name.base {
      case "data_age": return SampledMeasure(value: dataAge, days: 0, trades: 0, bars: 0)
      case _ where name.base.hasPrefix(MetricCatalog.beta.base):
        return Self.beta(
          String(name.base.dropFirst(MetricCatalog.beta.base.utf8.count)), of: place, on: bench,
          over: Self.window(name.window, under: policy), asOf: instant)
      // What nobody hands in is unknown.
      default: return Self.nothing
      }
    }
  }

  private static let nothing = SampledMeasure(value: .nan, days: 0, trades: 0, bars: 0)

  private static func settings(
    of record: InstanceRecord, under policy: WorldPolicy, on bench: InstanceBench
  ) -> EvidenceSettings {
    var settings = EvidenceSettings(
      annualise: policy.metrics.annualise, interval: bench.panel.axis.interval)
    let robustness = policy.robustness
    settings.trials =
      switch robustness.trials {
      case .registry: max(1, record.submission.trials)
      case .fixed(let count): max(1, count)
      }
    if let folds = robustness.purgedFolds {
      settings.folds.count = folds.folds
      settings.folds.embargoShare = folds.embargo
    }
    if let walk = robustness.walkForward {
      settings.walk = EvidenceWalk(train: walk.train, test: walk.test, step: walk.step)
    }
    return settings
  }

  /// The stream of an instance, told all rows up to an instant.
  private func stream(
    of record: InstanceRecord, _ requests: [EvidenceRequest], _ settings: EvidenceSettings,
    on bench: InstanceBench, _ place: Int, asOf instant: Timestamp, key: String
  ) -> StreamingEvidence? {
    // A stretch on paper that begins anew is another record.
    let stretch = record.paper.first.map { "\($0.day)" } ?? "simulated"
    let name = "\(key)\n\(record.id)\n\(stretch)"
    let series = bench.series(place)
    let end = series.count(asOf: instant)
    var stream = memory.withLock { $0.streams[name] }
    if let known = stream,
      known.rows > end || known.evidence.requests != requests
        || known.evidence.settings != settings
    {
      stream = nil
    }
    var told =
      stream ?? Stream(evidence: StreamingEvidence(requests: requests, settings: settings), rows: 0)
    var paper: [Timestamp: PaperMark] = [:]
    for mark in record.paper where mark.day <= instant { paper[mark.day] = mark }
    do throws(EvidenceFailure) {
      for row in series.rows[told.rows..<end] {
        try told.evidence.append(Self.merged(row, paper[row.instant]))
      }
      told.rows = end
      if let last = told.evidence.instant, last < instant {
        try told.evidence.advance(to: instant)
      }
    } catch {
      // Rows of a bench ascend; time that goes back begins anew.
      memory.withLock { $0.streams[name] = nil }
      return nil
    }
    memory.withLock { memory in
      memory.streams = memory.streams.filter {
        !$0.key.hasPrefix("\(key)\n\(record.id)\n") || $0.key == name
      }
      memory.streams[name] = told
    }
    return told.evidence
  }

  /// A row as the paper account has it, where it has one.
  private static func merged(_ row: EvidenceRow, _ mark: PaperMark?) -> EvidenceRow {
    guard let mark, mark.dayReturn.isFinite else { return row }
    var row = row
    row.netReturn = mark.dayReturn
    row.trades = mark.trades
    row.isValid = true
    row.origin = .paper
    return row
  }

  /// The slope of an instance's returns on those of a symbol, or of the mean of all for `market`.
  private static func beta(
    _ name: String, of place: Int, on bench: InstanceBench, over window: EvidenceWindow,
    asOf instant: Timestamp
  ) -> SampledMeasure {
    guard let returns = marketReturns(name, of: bench.panel) else { return nothing }
    return bench.series(place).beta(against: returns, over: window, asOf: instant)
  }

  private static func marketReturns(_ name: String, of panel: Panel) -> EvidenceSeries? {
    guard let close = panel.matrix("close") else { return nil }
    let symbols = panel.instruments.map { $0.symbol.lowercased() }
    let columns: [Int]
    if name == "market" {
      columns = Array(symbols.indices)
    } else if let column = symbols.firstIndex(of: name)
      ?? symbols.firstIndex(where: { $0.hasPrefix(name) })
    {
      columns = [column]
    } else {
      return nil
    }
    let prices = close.values()
    var rows: [EvidenceRow] = []
    for row in 1..<max(1, panel.rows) {
      var sum = 0.0
      var count = 0
      for column in columns {
        let ratio =
          prices[row * panel.columns + column] / prices[(row - 1) * panel.columns + column] - 1
        if ratio.isFinite {
          sum += ratio
          count += 1
        }
      }
      rows.append(
        EvidenceRow(
          instant: panel.axis.end(ofRow: row), netReturn: count > 0 ? sum / Double(count) : .nan))
    }
    return try? EvidenceSeries(rows)
  }
}

extension BookSide {
  init(_ side: TradingSide) {
    self = side == .long ? .long : .short
  }
}

extension BenchRefusal {
  /// The instance that is refused.
  fileprivate var instance: String {
    switch self {
    case .unknownSymbol(let instance, _, _), .noSymbols(let instance),
      .unknownField(let instance, _, _):
      instance
    }
  }
}
