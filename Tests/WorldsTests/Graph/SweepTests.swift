import Essentials
import Mathematics
import Testing

@testable import Worlds

/// Invariant 14 as a law over random histories, held against reachability by plain search.
@Suite("Mark and sweep")
struct SweepTests {
  @Test(
    "no sweep removes what an active, a draining or a pinned root reaches",
    arguments: [1, 2, 3] as [UInt64])
  func neverTooEarly(seed: UInt64) throws {
    var history = try RandomHistory(seed: seed)
    for step in 0..<1000 {
      let before = history.graph
      let event = history.nextEvent()
      let directives = try history.graph.apply(event)
      history.record(event)
      history.check(directives, before: before, "seed \(seed) step \(step)")
    }
    // Every kind of change has happened, or the law was not put to the test.
    #expect(history.swept > 50, "seed \(seed): \(history.swept)")
    #expect(history.kept > 20, "seed \(seed): \(history.kept)")
    #expect(history.rollbacks > 20, "seed \(seed): \(history.rollbacks)")

    // Nothing is forgotten to be forgotten: without worlds, everything goes in the end.
    let replayed = try SharedGraph(
      replaying: history.events.map {
        try GraphEvent(json: JSONValue(parsing: $0.json.compactText))
      })
    #expect(replayed.worlds == history.graph.worlds)
    #expect(replayed.sweep.graph.nodes == history.graph.sweep.graph.nodes)
    #expect(
      replayed.sweep.computations.map(\.state) == history.graph.sweep.computations.map(\.state))
    for world in history.graph.worlds.keys.sorted() {
      _ = try history.graph.apply(GraphEvent(at: history.now, .left(world: world)))
    }
    _ = try history.graph.apply(GraphEvent(at: history.now + .days(400), .ticked))
    #expect(history.graph.sweep.computations.isEmpty)
    #expect(history.graph.sweep.graph.nodes.isEmpty)
  }
}

/// Worlds that come, change their minds and go, over one pool of strategies.
private struct RandomHistory {
  /// What the oracle knows of a version: nothing but when and what.
  struct Version {
    var number: Int
    var roots: [String: NodeID]
    var supersededAt: Timestamp?
  }

  private var generator: SplitMix64
  private let pool: StrategyGraph
  private let byID: [NodeID: GraphNode]
  var graph = SharedGraph()
  var now = Timestamp(millisecondsSinceEpoch: 1_600_000_000_000)
  /// The latest time that any event bore.
  private var clock: Timestamp?
  var events: [GraphEvent] = []
  private var rules: [String: SharingRules] = [:]
  private var versions: [String: [Version]] = [:]
  /// What was reachable from a root that counts after the last step.
  private var wanted: Set<Computation> = []
  /// What a computation reads, as of the last step at which it was wanted.
  private var reads: [Computation: Set<Computation>] = [:]
  /// When a computation ceased to be reachable, and the longest window that went with it.
  private var dropped: [Computation: (at: Timestamp, window: TimeSpan)] = [:]
  var swept = 0
  var kept = 0
  var rollbacks = 0

  init(seed: UInt64) throws {
    var dice = SplitMix64(seed: seed)
    var pool = StrategyGraph()
    let kinds: [NodeKind] = [.dataset, .raw, .indicator, .indicator, .signal, .order]
    for place in 0..<36 {
      let kind = kinds[place / 6]
      let below = pool.nodes.filter { $0.kind <= kind }
      let count = below.isEmpty ? 0 : Int.random(in: 1...min(3, below.count), using: &dice)
      let dependencies = (0..<count).map { _ in
        below[Int.random(in: 0..<below.count, using: &dice)].id
      }
      try pool.insert(
        GraphNode(
          kind, code: "n\(place)", period: Int.random(in: 1...60, using: &dice),
          interval: .hours(1), dependencies: dependencies, schema: "MATRIX"))
    }
    byID = Dictionary(uniqueKeysWithValues: pool.nodes.map { ($0.id, $0) })
    generator = dice
    self.pool = pool
  }

  private mutating func chance(_ share: Double) -> Bool { generator.nextUniform() < share }

  mutating func nextEvent() -> GraphEvent {
    if chance(0.5) { now = now + .hours(Int64.random(in: 1...40, using: &generator)) }
    let name = ["a", "b", "c", "d"][Int.random(in: 0..<4, using: &generator)]
    // One event in twenty bears a time that has passed already.
    let at = chance(0.05) ? now - .hours(5) : now
    guard let known = graph.worlds[name], !chance(0.04) else {
      var rules = SharingRules()
      rules.isolation = chance(0.7) ? .shared : .silo
      rules.raw = chance(0.8) ? .global : .world
      rules.indicator = chance(0.8) ? .global : .world
      rules.signal = chance(0.3) ? .global : .world
      rules.keepVersions = Int.random(in: 1...4, using: &generator)
      rules.pinRollback = .hours(Int64.random(in: 0...100, using: &generator))
      rules.drain = chance(0.2) ? .hours(Int64.random(in: 0...90, using: &generator)) : nil
      return GraphEvent(at: at, .joined(world: name, rules: rules))
    }
    switch generator.nextUniform() {
    case ..<0.5:
      var roots = known.current?.roots ?? [:]
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let instance = "i\(Int.random(in: 0..<4, using: &generator))"
        roots[instance] =
          chance(0.5) ? nil : pool.nodes[Int.random(in: 12..<36, using: &generator)].id
      }
      return graph.rooting(name, roots, from: pool, at: at) ?? GraphEvent(at: at, .ticked)
    case ..<0.65:
      let choices = pinned(name, at: told(at)).map(\.number)
      guard !choices.isEmpty else { return GraphEvent(at: at, .ticked) }
      let version = choices[Int.random(in: 0..<choices.count, using: &generator)]
      return GraphEvent(at: at, .rolledBack(world: name, version: version))
    case ..<0.68: return GraphEvent(at: at, .left(world: name))
    default: return GraphEvent(at: at, .ticked)
    }
  }

  private func told(_ at: Timestamp) -> Timestamp { clock.map { max($0, at) } ?? at }

  /// Keeps the oracle's own books.
  mutating func record(_ event: GraphEvent) {
    events.append(event)
    let time = told(event.at)
    clock = time
    func supersede(_ world: String, _ roots: [String: NodeID], _ books: inout [Version]) {
      guard books.last?.roots != roots else { return }
      if !books.isEmpty { books[books.count - 1].supersededAt = time }
      books.append(Version(number: (books.last?.number ?? 0) + 1, roots: roots))
    }
    switch event.fact {
    case .joined(let world, let rules): self.rules[world] = rules
    case .rooted(let world, let roots, _): supersede(world, roots, &versions[world, default: []])
    case .rolledBack(let world, let number):
      guard let old = versions[world]?.first(where: { $0.number == number }) else { return }
      rollbacks += 1
      supersede(world, old.roots, &versions[world, default: []])
    case .left(let world):
      rules[world] = nil
      versions[world] = nil
    case .ticked: break
    }
    // A version that was let go stays let go, though rules that come later would have held it.
    for world in versions.keys { versions[world] = pinned(world, at: time) }
  }

  /// The versions of a world that count: the newest, and those that are pinned at that time.
  private func pinned(_ world: String, at time: Timestamp) -> [Version] {
    guard let books = versions[world], let newest = books.last, let rules = rules[world] else {
      return []
    }
    return books.filter { version in
      guard let superseded = version.supersededAt else { return true }
      return version.number > newest.number - rules.keepVersions
        && time < superseded + rules.pinRollback
    }
  }

  /// Everything reachable from what counts, by plain search, and what each of it reads.
  private func reachable(at time: Timestamp) -> [Computation: Set<Computation>] {
    var found: [Computation: Set<Computation>] = [:]
    for (world, rules) in rules {
      var stack = pinned(world, at: time).flatMap(\.roots.values)
      var seen: Set<NodeID> = []
      func computation(_ node: GraphNode) -> Computation {
        Computation(node.id, for: rules.owner(of: node.kind, in: world))
      }
      while let id = stack.popLast() {
        guard seen.insert(id).inserted, let node = byID[id] else { continue }
        let sources = node.dependencies.compactMap { byID[$0] }
        found[computation(node)] = Set(sources.map(computation))
        stack += node.dependencies
      }
    }
    return found
  }

  /// Everything that a computation reads, itself included, by plain search. What it reads is what
  /// it read when it was last wanted, whatever the rules of its world say by now.
  private func closure(_ computation: Computation) -> Set<Computation> {
    var found: Set<Computation> = []
    var stack = [computation]
    while let next = stack.popLast() {
      guard found.insert(next).inserted else { continue }
      stack += reads[next] ?? []
    }
    return found
  }

  mutating func check(
    _ directives: [SweepDirective], before: SharedGraph, _ label: String
  ) {
    let now = clock ?? now
    let found = reachable(at: now)
    let wanted = Set(found.keys)
    for computation in wanted {
      #expect(graph.sweep.state(of: computation) == .live, "\(label): \(computation) is wanted")
    }
    // Live is what is wanted, and nothing else; the graph holds what has a state, and nothing else.
    let states = graph.sweep.computations
    let live = states.filter { $0.state == .live }.map(\.computation)
    #expect(Set(live) == wanted, "\(label)")
    #expect(
      Set(states.map(\.computation.node)) == Set(graph.sweep.graph.nodes.map(\.id)), "\(label)")

    let gone = self.wanted.subtracting(wanted)
    for computation in gone {
      let windows = closure(computation).intersection(gone).compactMap { byID[$0.node]?.window }
      dropped[computation] = (now, windows.max() ?? .zero)
    }
    for (computation, sources) in found {
      dropped[computation] = nil
      reads[computation] = sources
    }
    self.wanted = wanted

    let removed = Set(directives.filter { $0.action == .sweep }.map(\.computation))
    swept += removed.count
    kept += directives.count { $0.action == .keep }
    for (computation, state) in states {
      guard case .draining(let until) = state else { continue }
      #expect(until > now, "\(label): \(computation) should be gone")
      // A draining root loses nothing that it reads.
      let lost = closure(computation).intersection(removed)
      #expect(lost.isEmpty, "\(label): \(computation) drains, yet loses \(lost)")
    }
    for computation in removed {
      guard let (at, window) = dropped.removeValue(forKey: computation) else {
        Issue.record("\(label): \(computation) is swept and was wanted, or never was")
        continue
      }
      #expect(now - at >= window, "\(label): \(computation)")
    }
    for directive in directives where directive.action == .start {
      #expect(before.sweep.state(of: directive.computation) == .swept, "\(label)")
    }
  }
}
