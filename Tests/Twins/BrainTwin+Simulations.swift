import Essentials
import Synchronization

extension BrainTwin.World {
  // MARK: Simulations

  func simulate(_ request: TwinRequest) -> TwinAnswer {
    guard let body = try? JSONValue(parsing: request.text) else {
      return .json(400, "{\"detail\":\"JSON parse error\"}")
    }
    let bodies: [JSONValue] = if case .array(let bodies) = body { bodies } else { [body] }
    let objections = bodies.map(Self.objection)
    if objections.contains(where: { $0 != .object([]) }) {
      let complaint: JSONValue =
        if case .array = body { .array(objections) } else { objections[0] }
      return .json(400, complaint.compactText)
    }
    if case .array = body, !setup.permissions.contains("MULTI_SIMULATION") {
      return .json(403, "{\"detail\":\"You do not have permission to perform this action.\"}")
    }
    if case .array = body, !(2...10).contains(bodies.count) {
      return .json(400, "[\"Ensure this field has 2 to 10 elements.\"]")
    }
    guard Set(bodies.map(Self.mixture)).count == 1 else {
      return .json(400, "{\"detail\":\"The simulations of an array must agree.\"}")
    }
    return state.withLock { state in
      let running = state.simulations.values.count { $0.parent == nil && $0.pollsLeft > 0 }
      guard running < setup.concurrency else {
        return .json(429, "{\"detail\":\"CONCURRENT_SIMULATION_LIMIT_EXCEEDED\"}")
      }
      let used = state.order.count
      guard used + bodies.count <= setup.quota else {
        return .json(
          429,
          headers: [
            TwinField("X-Ratelimit-Limit", String(setup.quota)),
            TwinField("X-Ratelimit-Remaining", "0"), TwinField("X-Ratelimit-Reset", "3600"),
          ], "{\"detail\":\"SIMULATION_QUOTA\"}")
      }
      let id = start(bodies, &state)
      return .answer(
        201,
        headers: [
          TwinField("Location", "/simulations/\(id)"), TwinField("Retry-After", "5.0"),
          TwinField("X-Ratelimit-Limit", String(setup.quota)),
          TwinField("X-Ratelimit-Remaining", String(setup.quota - used - bodies.count)),
          TwinField("X-Ratelimit-Reset", "3600"),
        ])
    }
  }

  private func start(_ bodies: [JSONValue], _ state: inout BrainTwin.State) -> String {
    let isSpoiled = bodies.count > 1 && bodies.contains { Self.spoils($0) }
    var ids: [String] = []
    for body in bodies {
      var simulation = BrainTwin.Simulation(
        id: "sim\(state.order.count + 1)", body: body, pollsLeft: setup.polls)
      if Self.spoils(body) {
        simulation.status = "ERROR"
        simulation.message = "Attempted to use unknown variable \"clse\""
      } else if isSpoiled {
        simulation.status = "CANCELLED"
      } else {
        simulation.alpha = makeAlpha(of: body, &state)
      }
      state.order.append(simulation.id)
      state.simulations[simulation.id] = simulation
      ids.append(simulation.id)
    }
    guard bodies.count > 1 else { return ids[0] }
    let parent = "multi\(state.order.count)"
    for id in ids {
      state.simulations[id]?.parent = parent
      state.simulations[id]?.pollsLeft = 0
    }
    // The children are told in another order than they were sent in.
    state.simulations[parent] = BrainTwin.Simulation(
      id: parent, body: ["type": "REGULAR"], children: ids.reversed(), pollsLeft: setup.polls,
      status: isSpoiled ? "ERROR" : "COMPLETE")
    return parent
  }

  func progress(_ id: String) -> TwinAnswer {
    state.withLock { state in
      guard var simulation = state.simulations[id] else {
        return .json(404, "{\"detail\":\"Not found.\"}")
      }
      if simulation.pollsLeft > 0 {
        simulation.pollsLeft -= 1
        state.simulations[id] = simulation
        return .json(200, headers: [TwinField("Retry-After", "2.5")], "{\"progress\":0.35}")
      }
      var members: [JSONValue.Member] = [
        .init("id", .string(id)), .init("type", "REGULAR"),
        .init("status", .string(simulation.status)),
      ]
      if !simulation.children.isEmpty {
        members.append(.init("children", .strings(simulation.children)))
      }
      for name in ["settings", "regular"] {
        if let value = simulation.body[name] { members.append(.init(name, value)) }
      }
      if let parent = simulation.parent { members.append(.init("parent", .string(parent))) }
      if let alpha = simulation.alpha { members.append(.init("alpha", .string(alpha))) }
      if let message = simulation.message {
        members.append(.init("message", .string(message)))
        members.append(
          .init("location", ["property": "regular", "line": 1, "start": 5, "end": 9]))
      }
      return .json(JSONValue.object(members).compactText)
    }
  }

  private static func spoils(_ body: JSONValue) -> Bool {
    body["regular"].flatMap(BrainTwin.text)?.contains("clse") ?? false
  }

  /// What BRAIN wants to be equal within an array.
  private static func mixture(_ body: JSONValue) -> [JSONValue?] {
    ["instrumentType", "region", "delay", "language"].map { body["settings"]?[$0] }
      + [body["type"]]
  }

  private static func objection(_ body: JSONValue) -> JSONValue {
    for name in ["selection", "combo"] where body[name] == .null {
      return .object([.init(name, .strings(["This field may not be null."]))])
    }
    if body["type"] == "REGULAR", body["regular"] == nil {
      return ["regular": .strings(["This field is required."])]
    }
    if let region = body["settings"]?["region"].flatMap(BrainTwin.text),
      !["USA", "EUR"].contains(region)
    {
      return ["settings": ["region": .strings(["\"\(region)\" is not a valid choice."])]]
    }
    return .object([])
  }

  // MARK: Alphas

  private func makeAlpha(of body: JSONValue, _ state: inout BrainTwin.State) -> String {
    let id = "alpha\(state.alphaOrder.count + 1)"
    var settings: [JSONValue.Member] = []
    if case .object(let members)? = body["settings"] { settings = members }
    settings += [.init("startDate", "2018-01-20"), .init("endDate", "2023-01-20")]
    state.alphas[id] = [
      "id": .string(id), "type": "REGULAR", "author": "AB12345", "settings": .object(settings),
      "regular": ["code": body["regular"] ?? "", "description": .null, "operatorCount": 2],
      "stage": "IS", "status": "UNSUBMITTED",
      "is": [
        "pnl": 6_543_210, "bookSize": 20_000_000, "longCount": 1498, "shortCount": 1502,
        "turnover": .number(0.3512), "returns": .number(0.1309), "drawdown": .number(0.0621),
        "margin": .number(0.00074), "sharpe": .number(1.71), "fitness": .number(1.04),
        "checks": .array([
          ["name": "LOW_SHARPE", "result": "PASS", "limit": .number(1.25), "value": .number(1.71)],
          ["name": "SELF_CORRELATION", "result": "PENDING"],
        ]),
      ],
      "train": .null, "test": .null, "os": .null,
    ]
    state.alphaOrder.append(id)
    return id
  }

  func alpha(_ request: TwinRequest, _ parts: [String]) -> TwinAnswer {
    guard let alpha = state.withLock({ $0.alphas[parts[1]] }) else {
      return .json(404, "{\"detail\":\"Not found.\"}")
    }
    switch (request.method, parts.dropFirst(2).joined(separator: "/")) {
    case ("GET", ""):
      return isPending(request.path)
        ? .busy(200, retryAfter: "1.0") : .json(alpha.compactText)
    case ("GET", "recordsets"):
      return table("{\"count\":1,\"results\":[{\"name\":\"pnl\",\"title\":\"PnL\"}]}")
    case ("GET", "recordsets/pnl"):
      if isPending(request.path) { return .busy(200, retryAfter: "0.5") }
      return table(
        """
        {"schema":{"name":"pnl","properties":[{"name":"date","type":"date"},{"name":"pnl",\
        "type":"amount"}]},"records":[["2018-01-22",0.0],["2018-01-23",15321.0],["2018-01-24",null]]}
        """)
    case ("GET", "check"):
      if isPending(request.path) { return .busy(200, retryAfter: "1.0") }
      return .json(
        """
        {"is":{"checks":[{"name":"LOW_SHARPE","result":"PASS","limit":1.25,"value":1.71},\
        {"name":"SELF_CORRELATION","result":"PASS","limit":0.7,"value":0.41}]}}
        """)
    case ("GET", "correlations/self"), ("GET", "correlations/prod"):
      if isPending(request.path) { return .busy(200, retryAfter: "1.0") }
      return .json("{\"schema\":{\"properties\":[]},\"records\":[],\"max\":0.41,\"min\":-0.2}")
    case ("POST", "submit"):
      return state.withLock { state in
        guard !state.submitted.contains(parts[1]) else { return .json(404, "{}") }
        state.submitted.append(parts[1])
        return .answer(201)
      }
    case ("GET", "submit"):
      return isPending(request.path) ? .busy(200, retryAfter: "1.0") : .json("{}")
    default: return .json(404, "{\"detail\":\"Not found.\"}")
    }
  }

  /// Whether something is still computed, which is so the first time that it is asked for.
  private func isPending(_ path: String) -> Bool {
    state.withLock { state in
      state.pending[path, default: 0] += 1
      return state.pending[path] == 1
    }
  }

  private func table(_ text: String) -> TwinAnswer {
    switch setup.tables {
    case .json: .json(text)
    case .empty: .answer(200, headers: [TwinField("Content-Type", "text/html")], "")
    case .page: .answer(200, headers: [TwinField("Content-Type", "text/html")], "<html></html>")
    }
  }
}
