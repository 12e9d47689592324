import Essentials
import Networking
import Services
import Storage
import Worlds

/// Answers about a world of so many instances: how long the routes take for them without a socket.
/// The journal stays, to be asked through `athanor serve` as well.
struct WorldSuite {
  private let path: String
  private let instances: Int

  private static let world = "bench"
  /// Later than the last row of any panel, and earlier than any clock that serves it.
  private static let start = Timestamp(millisecondsSinceEpoch: 1_760_000_000_000)

  init(arguments: [String]) {
    path = arguments.first ?? ""
    instances = arguments.count > 1 ? Int(arguments[1]) ?? 1000 : 1000
  }

  private struct Anybody: RequestGuard {
    func caller(of request: ServerRequest, for access: RouteAccess, opensSocket: Bool) -> Caller? {
      Caller(name: "bench", role: .viewer)
    }
  }

  /// Every instance has a Sharpe ratio of its own.
  private struct Spread: EvidenceSource {
    func evidence(
      of instances: [InstanceRecord], under policy: WorldPolicy, asOf instant: Timestamp
    ) throws(WorldDeskFailure) -> CycleEvidence {
      CycleEvidence(
        datasets: [
          WorldSnapshot.Dataset(id: "bench", dataEnd: instant, fingerprint: "bench")
        ],
        instances: instances.map {
          InstanceEvidence(id: $0.id, history: .days(400), isWarm: true, volatility: 0.01)
        },
        table: EvidenceTable([
          EvidenceTable.Column(
            MetricName(base: "sharpe", over: .mid),
            values: instances.indices.map { Double($0 * 7919 % 1000) / 500 })
        ]), correlations: nil)
    }
  }

  func run() throws {
    let journal = try Journal.open(
      path: path,
      access: .writing(
        newborn: JournalBirth(id: "bench", at: Self.start + .days(30)), patienceMilliseconds: 0),
      models: [WorldBook()])
    let desk = WorldDesk(
      WorldDeskSetup(journal: journal, now: { Self.start + .days(5) }, evidence: Spread()))
    try fill(desk)
    let router = Router(
      routes: WorldRoutes(
        WorldRoutes.Setup(
          desk: desk, evaluator: WorldEvaluator(desk, meter: WorldMeter(), elapsed: { .zero }),
          now: { Self.start + .days(5) })
      ).routes, guardian: Anybody())
    var figures = [("suite", "\"worlds\""), ("instances", "\(instances)")]
    for part in ["decide", "activation", "", "history"] {
      let path = "/worlds/\(Self.world)" + (part.isEmpty ? "" : "/\(part)")
      var bytes = 0
      let times = try (0..<201).map { _ in
        try Benchmark.seconds { bytes = try ask(router, path) }
      }
      let name = part.isEmpty ? "world" : part
      figures.append(("\(name)_milliseconds", "\(Benchmark.median(times) * 1e3)"))
      figures.append(("\(name)_bytes", "\(bytes)"))
    }
    figures.append(("peak_mib", "\(Benchmark.peakMemory)"))
    Benchmark.answer(figures)
  }

  private func fill(_ desk: WorldDesk) throws {
    var policy = WorldPolicy(world: Self.world)
    policy.selection.gates = .expression(
      .binary(.greaterOrEqual, .metric(MetricName(base: "sharpe", over: .mid)), .number(0.6)))
    policy.selection.score = .metric(MetricName(base: "sharpe", over: .mid))
    let actor = WorldActor.commandLine(user: "bench")
    _ = try desk.publish(policy, reason: "", by: actor)
    for place in 0..<instances {
      _ = try desk.submit(
        InstanceSubmission(
          id: "i\(place)", strategy: "s\(place % 50)", side: place % 3 == 0 ? .short : .long,
          formula: "rank(ts_delta(close, \(place + 1)))"), in: Self.world, by: actor)
    }
    for day in 1...4 {
      _ = try desk.evaluate(Self.world, at: Self.start + .days(Int64(day)), by: .desk)
    }
  }

  /// Asks and returns the length of the answer.
  private func ask(_ router: Router, _ path: String) throws -> Int {
    guard let target = RequestTarget(path) else { preconditionFailure(path) }
    let response = router.answer(
      ServerRequest(.get, target, peer: ServerPeer(address: "127.0.0.1", isLoopback: true)))
    guard response.status == 200 else {
      preconditionFailure(String(decoding: response.body, as: UTF8.self))
    }
    return response.body.count
  }
}
