import Backtesting
import Essentials
import Networking
import Synchronization

/// Alphas: what came out, tables, checks, correlations and submissions.
extension BrainServer {
  var alphaRoutes: [Route] {
    [
      alpha(.get, "", "An alpha with its measures and checks.") { server, record, _ in
        .json(server.document(of: record))
      },
      alpha(.patch, "", "Changes what its owner wrote on an alpha.") { server, record, call in
        try server.change(record, call.request)
      },
      alpha(.put, "", "Changes what its owner wrote on an alpha.") { server, record, call in
        try server.change(record, call.request)
      },
      alpha(.get, "/recordsets", "The tables of an alpha.") { _, _, _ in
        let tables: [JSONValue] = Recordset.allCases.map {
          ["name": .string($0.rawValue), "title": .string($0.title)]
        }
        return .json(["count": .integer(tables.count), "results": .array(tables)])
      },
      alpha(
        .get, "/recordsets/{name}", "A table of an alpha.", parameters: [Self.table.contract]
      ) { server, record, call in
        guard let table = Recordset(rawValue: call[Self.table]) else { return .unknown }
        guard let result = server.simulator.result(of: record) else { return .foreignPanel }
        return .json(result.recordset(table))
      },
      alpha(.get, "/check", "The checks that a submission must pass.") { server, record, _ in
        try server.check(record)
      },
      alpha(
        .get, "/correlations/{kind}", "How an alpha goes along with others.",
        parameters: [Self.correlation.contract]
      ) { server, record, call in
        server.correlations(of: record, kind: call[Self.correlation])
      },
      alpha(.post, "/submit", "Submits an alpha.", status: 201) { server, record, _ in
        try server.submit(record)
      },
      alpha(.get, "/submit", "How a submission went.") { _, record, _ in
        guard record.isSubmitted, let checks = record.checks else { return .unknown }
        return .json(["is": ["checks": checks]])
      },
    ]
  }

  private static let id = RouteParameter.segment("id", "The name of an alpha.")
  private static let table = RouteParameter.segment("name", "The name of a table.")
  private static let correlation = RouteParameter.segment("kind", "self, prod or power-pool.")

  /// A route of an alpha that is there.
  private func alpha(
    _ method: HTTPMethod, _ rest: String, _ summary: String,
    parameters: [ParameterContract] = [], status: Int = 200,
    _ handle:
      @escaping @Sendable (BrainServer, BrainAlphaRecord, RouteCall) throws
      -> ServerResponse
  ) -> Route {
    member(
      method, "/alphas/{id}\(rest)", summary, parameters: [Self.id.contract] + parameters,
      status: status
    ) { server, call in
      guard let record = server.state.withLock({ $0.alphas[call[Self.id]] }) else {
        return .unknown
      }
      return try handle(server, record, call)
    }
  }

  /// The answer to `GET /alphas/{id}`.
  func document(of record: BrainAlphaRecord) -> JSONValue {
    record.document(
      author: setup.userID, classifications: classifications(of: record.fields))
  }

  private func change(
    _ record: BrainAlphaRecord, _ request: ServerRequest
  ) throws -> ServerResponse {
    guard let text = String(validating: request.body, as: UTF8.self),
      let body = try? JSONValue(parsing: text)
    else { return .detail(400, "JSON parse error.") }
    var changed = record
    if let mistakes = changed.change(body, at: now()) { return .json(mistakes, status: 400) }
    try shelf.keep(changed)
    state.withLock { $0.alphas[record.id] = changed }
    return .json(document(of: changed))
  }

  // MARK: - Checks

  /// Submitted alphas, which a newcomer may not resemble.
  private func pool(without id: String, of others: (BrainAlphaRecord) -> Bool) -> PnLPool {
    let records = state.withLock { state in
      state.alphaOrder.compactMap { state.alphas[$0] }
    }.filter { $0.id != id && others($0) }
    return PnLPool(records.compactMap { simulator.result(of: $0)?.poolEntry })
  }

  /// The checks with the one for self-correlation answered; nil where the panel is another one.
  private func checks(of record: BrainAlphaRecord) -> (checks: JSONValue, fails: Bool)? {
    let pool = pool(without: record.id) { $0.isSubmitted }
    guard let result = simulator.result(of: record, pool: pool) else { return nil }
    return (
      .array(result.checks.map(\.json)), result.checks.contains { $0.verdict == .fail }
    )
  }

  private func check(_ record: BrainAlphaRecord) throws -> ServerResponse {
    let instant = now()
    let ready = state.withLock { state -> Timestamp in
      if let ready = state.checksReady[record.id] { return ready }
      let ready = Timestamp(
        millisecondsSinceEpoch: instant.millisecondsSinceEpoch
          + Int64(setup.simulationSeconds * 1000))
      state.checksReady[record.id] = ready
      return ready
    }
    guard instant >= ready else {
      return .busy(
        retryAfter: Double(ready.millisecondsSinceEpoch - instant.millisecondsSinceEpoch) / 1000)
    }
    guard let found = checks(of: record) else { return .foreignPanel }
    let pool = pool(without: record.id) { $0.isSubmitted }
    var kept = record
    kept.checks = found.checks
    try shelf.keep(kept)
    state.withLock { state in
      state.checksReady[record.id] = nil
      state.alphas[record.id]?.checks = found.checks
    }
    return .json([
      "is": ["checks": found.checks, "selfCorrelated": selfTable(record, pool: pool)]
    ])
  }

  private func submit(_ record: BrainAlphaRecord) throws -> ServerResponse {
    guard !record.isSubmitted else { return .unknown }
    guard let found = checks(of: record) else { return .foreignPanel }
    guard !found.fails else {
      return .json(["is": ["checks": found.checks]], status: 403)
    }
    let instant = now()
    let today = EasternTime(instant).day
    let outcome = state.withLock { state -> BrainAlphaRecord? in
      let submitted = state.alphas.values.count {
        $0.submitted.map { EasternTime($0).day } == today
      }
      guard submitted < setup.submissionsPerDay, var current = state.alphas[record.id],
        !current.isSubmitted
      else { return nil }
      current.submitted = instant
      current.checks = found.checks
      state.alphas[record.id] = current
      return current
    }
    guard let outcome else {
      let limit: JSONValue = [
        "name": "REGULAR_SUBMISSION", "result": "FAIL",
        "limit": .integer(setup.submissionsPerDay), "value": .integer(setup.submissionsPerDay),
      ]
      return .json(["is": ["checks": .array([limit])]], status: 403)
    }
    do {
      try shelf.keep(outcome)
    } catch {
      // What could not be kept was not submitted.
      state.withLock { $0.alphas[record.id] = record }
      throw error
    }
    return ServerResponse(
      status: 201, headers: ["Location": "/alphas/\(record.id)/submit", "Retry-After": "0.1"])
  }

  // MARK: - Correlations

  private func correlations(of record: BrainAlphaRecord, kind: String) -> ServerResponse {
    switch kind {
    case "self":
      guard simulator.result(of: record) != nil else { return .foreignPanel }
      return .json(selfTable(record, pool: pool(without: record.id) { $0.isSubmitted }))
    case "prod", "power-pool":
      guard let result = simulator.result(of: record) else { return .foreignPanel }
      return .json(
        Self.histogram(
          pool(without: record.id) { _ in true }.compare(result.poolEntry).records
            .map(\.correlation)))
    default: return .unknown
    }
  }

  private func selfTable(_ record: BrainAlphaRecord, pool: PnLPool) -> JSONValue {
    let names = [
      "id", "name", "instrumentType", "region", "universe", "correlation", "sharpe", "returns",
      "turnover", "fitness", "margin",
    ]
    guard let result = simulator.result(of: record) else { return .null }
    let similar = pool.compare(result.poolEntry)
    let rows = similar.records.map { other -> JSONValue in
      let alpha = state.withLock { $0.alphas[other.name] }
      let measures = alpha?.result["is"] ?? .null
      return .array([
        .string(other.name), alpha?.notes.first { $0.name == "name" }?.value ?? .null,
        .string(BrainOffer.instrumentType), .string(BrainOffer.region),
        .string(alpha?.settings.universe ?? ""), .number(other.correlation),
        .number(other.sharpe), measures["returns"] ?? .null, measures["turnover"] ?? .null,
        measures["fitness"] ?? .null, measures["margin"] ?? .null,
      ])
    }
    return Self.table(
      "self-correlation", columns: names, rows: rows, least: similar.smallest,
      greatest: similar.largest)
  }

  /// How many alphas there are in each tenth of the correlations.
  private static func histogram(_ correlations: [Double]) -> JSONValue {
    let rows = (-10..<10).map { tenth -> JSONValue in
      let low = Double(tenth) / 10
      let high = Double(tenth + 1) / 10
      let count = correlations.count {
        $0 >= low && ($0 < high || (tenth == 9 && $0 <= 1))
      }
      return .array([.number(low), .number(high), .integer(count)])
    }
    return table(
      "prod-correlation", columns: ["min", "max", "alphas"], rows: rows,
      least: correlations.min(), greatest: correlations.max())
  }

  private static func table(
    _ name: String, columns: [String], rows: [JSONValue], least: Double?, greatest: Double?
  ) -> JSONValue {
    [
      "schema": [
        "name": .string(name),
        "properties": .array(columns.map { ["name": .string($0), "title": .string($0)] }),
      ],
      "records": .array(rows), "min": .optional(least), "max": .optional(greatest),
    ]
  }
}

extension ServerResponse {
  /// An alpha that was simulated on another panel than the server has now.
  static let foreignPanel = detail(
    409, "The alpha cannot be simulated on this server's panel, on which it was not made.")
}
