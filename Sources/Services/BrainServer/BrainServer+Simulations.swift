import AlphaLanguage
import Backtesting
import Essentials
import Networking
import Synchronization

/// Simulations: posted alone or as an array, asked for until they are over.
extension BrainServer {
  var simulationRoutes: [Route] {
    [
      member(.options, "/simulations", "The settings that may be chosen.") { server, _ in
        .json(server.offer.options, headers: ["Allow": "POST, OPTIONS"])
      },
      member(.post, "/simulations", "Begins a simulation, or an array of them.", status: 201) {
        try $0.simulate($1.request)
      },
      member(
        .get, "/simulations/{id}", "How far a simulation is, or how it ended.",
        parameters: [Self.simulation.contract]
      ) { $0.progress($1[Self.simulation]) },
    ]
  }

  private static let simulation = RouteParameter.segment("id", "The name of a simulation.")

  // MARK: - Posting

  private func simulate(_ request: ServerRequest) throws -> ServerResponse {
    guard let text = String(validating: request.body, as: UTF8.self),
      let body = try? JSONValue(parsing: text)
    else { return .detail(400, "JSON parse error.") }
    let requests: [BrainSimulationRequest]
    if case .array(let bodies) = body {
      guard setup.permissions.contains("MULTI_SIMULATION") else {
        return .detail(403, "You do not have permission to perform this action.")
      }
      guard (2...10).contains(bodies.count) else {
        return .json(.strings(["Ensure this field has 2 to 10 elements."]), status: 400)
      }
      var read: [BrainSimulationRequest] = []
      var objections: [JSONValue] = []
      for body in bodies {
        do throws(BrainSimulationRequest.Objection) {
          read.append(try BrainSimulationRequest(body, offer: offer))
          objections.append(.object([]))
        } catch {
          objections.append(error.document)
        }
      }
      guard read.count == bodies.count else { return .json(.array(objections), status: 400) }
      guard Set(read.map(\.mixture)).count == 1 else {
        return .json(
          .strings([
            "The simulations of an array must agree in instrumentType, region and delay."
          ]), status: 400)
      }
      requests = read
    } else {
      do throws(BrainSimulationRequest.Objection) {
        requests = [try BrainSimulationRequest(body, offer: offer)]
      } catch {
        return .json(error.document, status: 400)
      }
    }
    return try begin(requests, request)
  }

  private func begin(
    _ requests: [BrainSimulationRequest], _ request: ServerRequest
  ) throws -> ServerResponse {
    let instant = now()
    let eastern = EasternTime(instant)
    typealias Outcome = (answer: ServerResponse, posting: BrainRunLog.Posting?)
    let (answer, posting) = state.withLock { state -> Outcome in
      let running = state.runOrder.count {
        state.runs[$0].map { $0.parent == nil && !$0.isOver(at: instant) } ?? false
      }
      guard running < setup.concurrency else {
        return (.detail(429, "CONCURRENT_SIMULATION_LIMIT_EXCEEDED"), nil)
      }
      let used = state.simulationsByDay[eastern.day] ?? 0
      func limits(_ left: Int) -> HTTPHeaders {
        [
          "X-Ratelimit-Limit": String(setup.dailyQuota), "X-Ratelimit-Remaining": String(left),
          "X-Ratelimit-Reset": String(eastern.secondsLeftInDay),
        ]
      }
      guard used + requests.count <= setup.dailyQuota else {
        return (.detail(429, "The simulations of this day are used up.", headers: limits(0)), nil)
      }
      let seconds = setup.simulationSeconds * (requests.count > 1 ? 2 : 1)
      let end = Timestamp(
        millisecondsSinceEpoch: instant.millisecondsSinceEpoch + Int64(seconds * 1000))
      let ids = requests.map { _ in freshName(22) }
      let posting = BrainRunLog.Posting(
        head: ids.count > 1 ? freshName(22) : ids[0], posted: instant, earliestEnd: end, ids: ids,
        bodies: requests.map(\.body))
      state.enter(posting, requests)
      forget(&state, at: instant)
      var headers = limits(setup.dailyQuota - used - requests.count)
      headers["Location"] = request.origin + "/simulations/\(posting.head)"
      headers["Retry-After"] = FixedSeconds.text(pollSeconds)
      return (ServerResponse(status: 201, headers: headers), posting)
    }
    guard let posting else { return answer }
    do {
      try runLog.note(posting)
    } catch {
      // What could not be kept was not begun.
      state.withLock { $0.remove(posting) }
      throw error
    }
    enqueue { [weak self] in self?.run(posting, requests) }
    return answer
  }

  private var pollSeconds: Double { min(2.5, max(0.1, setup.simulationSeconds / 2)) }

  private func forget(_ state: inout State, at instant: Timestamp) {
    while state.runOrder.count > Self.runsMax {
      guard let id = state.runOrder.first, let run = state.runs[id], run.isOver(at: instant) else {
        return
      }
      state.runs[id] = nil
      state.runOrder.removeFirst()
    }
  }

  // MARK: - Running

  /// Computes what was posted, on the queue of the server.
  func run(_ posting: BrainRunLog.Posting, _ requests: [BrainSimulationRequest]) {
    var endings: [BrainRun.Ending?] = Array(repeating: nil, count: requests.count)
    var formulas: [CheckedFormula?] = []
    for (place, request) in requests.enumerated() {
      do throws(FormulaRejection) {
        formulas.append(try simulator.check(request.code))
      } catch {
        formulas.append(nil)
        endings[place] = .error(BrainFormulaError(error))
      }
    }
    let isSpoiled = endings.contains { $0 != nil }
    for (place, request) in requests.enumerated() {
      guard let formula = formulas[place] else { continue }
      endings[place] = isSpoiled ? .cancelled : simulate(formula, request)
    }
    let ended = endings.compactMap { $0 }
    state.withLock { $0.end(posting, ended) }
    // An end that cannot be kept is computed anew by the next server, to the same bits.
    try? runLog.note(endOf: posting.head, ended)
  }

  private func simulate(
    _ formula: CheckedFormula, _ request: BrainSimulationRequest
  ) -> BrainRun.Ending {
    do {
      guard let result = try simulator.simulate([formula], request.settings).first else {
        return .failed("The simulation gave no result.")
      }
      let instant = now()
      let fresh = BrainAlphaRecord(result, fields: formula.fields, at: instant)
      // An alpha that is there already keeps its owner's notes.
      let record = state.withLock { state -> BrainAlphaRecord in
        if let known = state.alphas[fresh.id] { return known }
        state.alphas[fresh.id] = fresh
        state.alphaOrder.append(fresh.id)
        return fresh
      }
      if record == fresh { try shelf.keep(record) }
      if let warning = result.warnings.first {
        return .warning(alpha: record.id, message: warning.message)
      }
      return .complete(alpha: record.id)
    } catch {
      let failure = error as? any ExplainedFailure
      return .failed(failure.map { "\($0.explanation) \($0.remedy)" } ?? "The simulation failed.")
    }
  }

  // MARK: - Asking

  private func progress(_ id: String) -> ServerResponse {
    let instant = now()
    return state.withLock { state in
      guard let run = state.runs[id] else { return .unknown }
      guard let ending = run.ending, run.isOver(at: instant) else {
        return .json(
          ["progress": .number(run.progress(at: instant))],
          headers: ["Retry-After": FixedSeconds.text(pollSeconds)])
      }
      return .json(run.document(ending))
    }
  }
}

extension BrainServer.State {
  /// Takes in what was posted.
  mutating func enter(_ posting: BrainRunLog.Posting, _ requests: [BrainSimulationRequest]) {
    let isArray = posting.ids.count > 1
    for (id, request) in zip(posting.ids, requests) {
      var run = BrainRun(
        id: id, posted: posting.posted, earliestEnd: posting.earliestEnd, request: request)
      if isArray { run.parent = posting.head }
      runs[id] = run
    }
    runOrder += posting.ids
    if isArray {
      var parent = BrainRun(
        id: posting.head, posted: posting.posted, earliestEnd: posting.earliestEnd, request: nil)
      parent.children = posting.ids
      runs[posting.head] = parent
      runOrder.append(posting.head)
    }
    simulationsByDay[posting.day, default: 0] += posting.ids.count
    if let endings = posting.endings { end(posting, endings) }
  }

  /// Enters how the simulations of a posting ended.
  mutating func end(_ posting: BrainRunLog.Posting, _ endings: [BrainRun.Ending]) {
    for (id, ending) in zip(posting.ids, endings) { runs[id]?.ending = ending }
    guard posting.ids.count > 1 else { return }
    let hasError = endings.contains { ending in
      switch ending {
      case .error, .failed, .cancelled: true
      default: false
      }
    }
    runs[posting.head]?.ending = .parent(hasError: hasError)
  }

  /// Takes back what was posted last.
  mutating func remove(_ posting: BrainRunLog.Posting) {
    let names = Set(posting.ids + [posting.head])
    for name in names { runs[name] = nil }
    runOrder.removeAll { names.contains($0) }
    simulationsByDay[posting.day, default: 0] -= posting.ids.count
  }
}

extension ServerRequest {
  /// Where the caller reached this server, since clients ask at the place that they are given.
  var origin: String {
    guard let host = headers["Host"], !host.isEmpty else { return "" }
    return "\(peer.isEncrypted ? "https" : "http")://\(host)"
  }
}
