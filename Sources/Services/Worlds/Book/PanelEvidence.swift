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
/// Books are computed once for each panel, and what worlds share is computed once for all of them
/// (``SharedBooks``); asking for ascending instants costs the rows between them.
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
  private let current: @Sendable (String) -> Fingerprint?
  private let gaps: [Gap]
  private let books: SharedBooks
  private let memory = Mutex(Memory())

  private struct Memory {
    var panels: [String: Panel] = [:]
    var benches: [Group.Key: Bench] = [:]
    var streams: [StreamKey: Stream] = [:]
    var nodes: [NodesKey: FormulaGraphNodes] = [:]
    /// The worlds of which evidence is going to be asked.
    var foreseen: [WorldState] = []
  }

  private struct Bench {
    var bench: InstanceBench
    /// What stands on it.
    var mounted: Set<Mounted>
  }

  /// What an instance is on a bench.
  private struct Mounted: Hashable {
    var id: String
    var formula: Fingerprint
    var side: BookSide
    var symbols: [String]?

    init(_ instance: BenchInstance) {
      id = instance.id
      formula = instance.formula.fingerprint
      side = instance.side
      symbols = instance.symbols
    }
  }

  private struct NodesKey: Hashable {
    var panel: Fingerprint
    var formula: String
    var settings: SimulationSettings
    var side: TradingSide
  }

  private struct StreamKey: Hashable {
    var group: Group.Key
    var instance: String
  }

  private struct Stream {
    var evidence: StreamingEvidence
    var mounted: Mounted
    /// When its stretch on paper began; one that begins anew is another record.
    var stretch: Timestamp?
    /// Rows of the bench's record that were told.
    var rows: Int
  }

  /// - Parameters:
  ///   - gaps: when no data arrives, for rehearsals.
  ///   - books: where books are computed and kept.
  ///   - current: the fingerprint of what is stored under the name of a panel now, so that one that
  ///     has grown is opened again; nil where it is not known.
  ///   - open: opens a panel by its name.
  init(
    gaps: [Gap] = [], books: SharedBooks,
    current: @escaping @Sendable (String) -> Fingerprint? = { _ in nil },
    opening open: @escaping @Sendable (String) throws -> Panel
  ) {
    self.open = open
    self.current = current
    self.gaps = gaps
    self.books = books
  }

  /// Evidence with books of its own.
  package convenience init(
    gaps: [Gap] = [], current: @escaping @Sendable (String) -> Fingerprint? = { _ in nil },
    opening open: @escaping @Sendable (String) throws -> Panel
  ) {
    self.init(gaps: gaps, books: SharedBooks(), current: current, opening: open)
  }

  /// The latest instant of which data has arrived at an instant.
  package func dataInstant(at instant: Timestamp) -> Timestamp {
    let gap = gaps.first { $0.from < instant && instant <= $0.to }
    return gap?.from ?? instant
  }

  // MARK: - Panels and benches

  /// The panel of an instance, opened once as long as it does not change.
  package func panel(of submission: InstanceSubmission) throws(WorldDeskFailure) -> Panel {
    guard let name = submission.panelName else {
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

  /// Opens the panels anew that are stored otherwise by now, for data may have come. One that cannot be
  /// opened now stays as it was.
  package func refresh() {
    for (name, panel) in memory.withLock({ $0.panels }) {
      guard let latest = current(name), latest != panel.fingerprint, let opened = try? open(name)
      else { continue }
      memory.withLock { $0.panels[name] = opened }
    }
  }

  /// Instances of a world with one panel and one way of simulating.
  struct Group {
    var panel: Panel
    var settings: SimulationSettings
    var records: [InstanceRecord]
    var key: Key

    struct Key: Hashable {
      var world: String
      var panel: Fingerprint
      var settings: SimulationSettings
    }
  }

  /// Instances by panel and settings, in the order of their first; those without are told why.
  private func groups(
    _ records: [InstanceRecord], of world: String
  ) -> (groups: [Group], failures: [String: String]) {
    var groups: [Group] = []
    var places: [Group.Key: Int] = [:]
    var failures: [String: String] = [:]
    for record in records {
      do {
        let panel = try panel(of: record.submission)
        let settings = try record.submission.simulationSettings
        let key = Group.Key(world: world, panel: panel.fingerprint, settings: settings)
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

  /// The instances of a group that can be put on a bench; the others are told why not.
  private static func instances(
    of group: Group, _ failures: inout [String: String]
  ) -> [BenchInstance] {
    let checker = FormulaChecker(schema: group.panel.schema)
    var instances: [BenchInstance] = []
    for record in group.records {
      let submission = record.submission
      do {
        let instance = BenchInstance(
          id: record.id, formula: try checker.check(submission.formula),
          side: BookSide(submission.side),
          symbols: submission.symbols.isEmpty ? nil : submission.symbols)
        try InstanceBench.check(instance, on: group.panel)
        instances.append(instance)
      } catch let failure as any ExplainedFailure {
        failures[record.id] = failure.explanation
      } catch {
        failures[record.id] = "\(error)"
      }
    }
    return instances
  }

  /// The bench of each group, nil where nothing stands on it. Groups of one panel are computed
  /// together, and with what other worlds are foreseen to ask for. An instance that cannot be put on
  /// its bench is left out and told why.
  private func benches(
    _ groups: [Group], under policy: WorldPolicy
  ) -> (benches: [InstanceBench?], failures: [String: String]) {
    var failures: [String: String] = [:]
    let instances = groups.map { Self.instances(of: $0, &failures) }
    var benches = zip(groups, instances).map { known($0.key, with: $1) }
    var missing = groups.indices.filter { benches[$0] == nil && !instances[$0].isEmpty }
    while let first = missing.first {
      let panel = groups[first].panel
      let places = missing.filter { groups[$0].panel.fingerprint == panel.fingerprint }
      missing.removeAll(where: places.contains)
      let wanted = places.flatMap { place in instances[place].map { (place, $0) } }
      let (others, rules) = foreseen(on: panel, under: policy)
      let answer = books.books(
        of: wanted.map { place, instance in
          WorldFormula(
            world: policy.world, instance: instance.id, formula: instance.formula,
            settings: groups[place].settings, side: instance.side == .long ? .long : .short)
        }, foreseen: others, rules: rules, on: panel)
      var mounted: [Int: (instances: [BenchInstance], books: [BookHistory])] = [:]
      for (number, (place, instance)) in wanted.enumerated() {
        failures[instance.id] = answer.failures[number]?.explanation
        guard let book = answer.books[number] else { continue }
        mounted[place, default: ([], [])].instances.append(instance)
        mounted[place]?.books.append(book)
      }
      for (place, found) in mounted {
        let bench = InstanceBench(found.instances, with: found.books)
        benches[place] = bench
        memory.withLock { memory in
          memory.benches[groups[place].key] = Bench(
            bench: bench, mounted: Set(found.instances.map(Mounted.init)))
        }
      }
    }
    return (benches, failures)
  }

  /// The bench that is at hand, where all of these stand on it.
  private func known(_ key: Group.Key, with instances: [BenchInstance]) -> InstanceBench? {
    memory.withLock { $0.benches[key] }.flatMap { known in
      known.mounted.isSuperset(of: instances.map(Mounted.init)) ? known.bench : nil
    }
  }

  // MARK: - Other worlds

  /// Takes note of the worlds of which evidence is going to be asked, so that what they share with
  /// another is computed with it.
  package func foresee(_ worlds: [WorldState]) {
    memory.withLock { $0.foreseen = worlds.filter { Self.shares($0.rules) } }
  }

  /// Whether a world computes anything together with others.
  private static func shares(_ policy: WorldPolicy) -> Bool {
    policy.sharing.owner(of: .indicator, in: policy.world) == .everybody
  }

  /// What other worlds are going to ask for on a panel that may be computed with what a world of
  /// this policy asks for, and how all of them share.
  private func foreseen(
    on panel: Panel, under policy: WorldPolicy
  ) -> (formulas: [WorldFormula], rules: [String: SharingRules]) {
    var rules = [policy.world: policy.sharing]
    guard Self.shares(policy) else { return ([], rules) }
    var formulas: [WorldFormula] = []
    let checker = FormulaChecker(schema: panel.schema)
    let (states, panels) = memory.withLock { ($0.foreseen, $0.panels) }
    let names = Set(panels.filter { $1.fingerprint == panel.fingerprint }.keys)
    for state in states where state.world != policy.world {
      rules[state.world] = state.rules.sharing
      for record in state.judged where record.submission.panelName.map(names.contains) == true {
        // One that may not run says so when its own world asks.
        guard let formula = try? record.submission.formula(in: state.world, checkedBy: checker)
        else { continue }
        formulas.append(formula)
      }
    }
    return (formulas, rules)
  }

  // MARK: - The graph

  /// How many instances are remembered as nodes.
  private static let nodesMax = 20_000

  /// The instance's formula on its panel as nodes of the graph of all worlds.
  package func nodes(of submission: InstanceSubmission) -> FormulaGraphNodes? {
    guard let panel = try? panel(of: submission), let settings = try? submission.simulationSettings
    else { return nil }
    let key = NodesKey(
      panel: panel.fingerprint, formula: submission.formula, settings: settings,
      side: submission.side)
    if let known = memory.withLock({ $0.nodes[key] }) { return known }
    guard let formula = try? FormulaChecker(schema: panel.schema).check(submission.formula),
      let nodes = try? FormulaGraphNodes(
        formula, panel: panel, settings: settings, side: submission.side)
    else { return nil }
    memory.withLock { memory in
      if memory.nodes.count >= Self.nodesMax { memory.nodes = [:] }
      memory.nodes[key] = nodes
    }
    return nodes
  }

  // MARK: - Targets

  /// What an instance wants to hold from the close of the latest row on, by symbol; nil where nothing
  /// is known of it.
  package func targets(
    of records: [InstanceRecord], under policy: WorldPolicy, asOf instant: Timestamp
  ) -> [String: [String: Double]] {
    var targets: [String: [String: Double]] = [:]
    let known = dataInstant(at: instant)
    let wanted = Set(records.map(\.id))
    for bench in benches(groups(records, of: policy.world).groups, under: policy).benches {
      guard let bench, let row = bench.row(asOf: known) else { continue }
      for (place, instance) in bench.instances.enumerated() where wanted.contains(instance.id) {
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
    refresh()
    var (groups, failures) = self.groups(instances, of: policy.world)
    let (benches, refused) = benches(groups, under: policy)
    failures.merge(refused) { first, _ in first }
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
    for (group, bench) in zip(groups, benches) {
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
    forget(of: policy.world, besides: groups.map(\.key))
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

  /// Forgets what a world computed for groups that it does not have any more.
  private func forget(of world: String, besides keys: [Group.Key]) {
    let kept = Set(keys)
    memory.withLock { memory in
      memory.benches = memory.benches.filter { $0.key.world != world || kept.contains($0.key) }
      memory.streams = memory.streams.filter {
        $0.key.group.world != world || kept.contains($0.key.group)
      }
    }
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
    let window = policy.metrics.evidenceWindow(rule?.window ?? .mid)
    let matrix = CorrelationMatrix(
      of: records, over: window, asOf: instant, signs: instances.map(\.side.sign))
    let overlaps = matrix.overlaps.map { rows in
      Double(rows) * policy.interval.days
    }
    return CorrelationTable(count: matrix.count, values: matrix.values, overlaps: overlaps)
  }

  // MARK: - Measures

  private func measures(
    _ names: [MetricName], of record: InstanceRecord, on bench: InstanceBench, _ place: Int,
    under policy: WorldPolicy, asOf instant: Timestamp, dataAge: Double, key: Group.Key
  ) -> [SampledMeasure] {
    let requests = names.map { name in
      EvidenceMetric(rawValue: name.base).map {
        EvidenceRequest($0, over: policy.metrics.evidenceWindow(name.window))
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
          over: policy.metrics.evidenceWindow(name.window), asOf: instant)
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
    on bench: InstanceBench, _ place: Int, asOf instant: Timestamp, key group: Group.Key
  ) -> StreamingEvidence? {
    let key = StreamKey(group: group, instance: record.id)
    let mounted = Mounted(bench.instances[place])
    let stretch = record.paper.first?.day
    let series = bench.series(place)
    let end = series.count(asOf: instant)
    var stream = memory.withLock { $0.streams[key] }
    if let known = stream,
      known.rows > end || known.mounted != mounted || known.stretch != stretch
        || known.evidence.requests != requests || known.evidence.settings != settings
    {
      stream = nil
    }
    var told =
      stream
      ?? Stream(
        evidence: StreamingEvidence(requests: requests, settings: settings), mounted: mounted,
        stretch: stretch, rows: 0)
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
      memory.withLock { $0.streams[key] = nil }
      return nil
    }
    memory.withLock { $0.streams[key] = told }
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
