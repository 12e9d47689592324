import Backtesting
import Essentials
import Networking
import Research
import Synchronization

/// The account: its alphas, what it did, its tags and messages.
extension BrainServer {
  var userRoutes: [Route] {
    [
      member(.get, "/users/self", "The account.") { server, _ in
        .json([
          "id": .string(server.setup.userID), "email": .string(server.setup.email),
          "permissions": .strings(server.setup.permissions),
        ])
      },
      member(.get, "/users/self/alphas", "The alphas of the account, by conditions.") {
        $0.alphas($1.request)
      },
      member(.get, "/users/self/alphas/summary", "How many alphas there are.") { server, _ in
        let submitted = server.state.withLock { state in
          state.alphas.values.count { $0.isSubmitted }
        }
        let all = server.state.withLock { $0.alphas.count }
        return .json([
          "is": .integer(all - submitted), "os": .integer(submitted), "prod": 0,
        ])
      },
      member(
        .get, "/users/self/activities/simulations", "How much was simulated, by day."
      ) { server, _ in
        .json(server.activities())
      },
      member(.get, "/users/self/messages", "Messages, of which there are none.") { _, _ in
        .json(["count": 0, "next": .null, "previous": .null, "results": .array([])])
      },
      member(
        .get, "/users/{id}/activities/diversity", "Alphas by region, delay and kind of data.",
        parameters: [Self.user.contract]
      ) { server, call in
        let user = call[Self.user]
        guard user == "self" || user == server.setup.userID else { return .unknown }
        return .json(server.diversity())
      },
      member(.get, "/tags", "The tags that alphas bear.") { server, _ in
        var counts: [String: Int] = [:]
        for record in server.state.withLock({ Array($0.alphas.values) }) {
          for tag in record.tags { counts[tag, default: 0] += 1 }
        }
        return .json(
          .array(
            counts.keys.sorted().map {
              ["name": .string($0), "alphaCount": .integer(counts[$0] ?? 0)]
            }))
      },
    ]
  }

  private static let user = RouteParameter.segment("id", "The account, or self.")

  private func alphas(_ request: ServerRequest) -> ServerResponse {
    let filters = request.target.query.compactMap { BrainFilter($0) }
    let documents = state.withLock { state in
      state.alphaOrder.reversed().compactMap { state.alphas[$0] }
    }.map { document(of: $0) }
    return BrainPage(request, limitMax: 100).answer(
      documents.filter { document in filters.allSatisfy { $0.admits(document) } })
  }

  private func activities() -> JSONValue {
    let days = state.withLock { $0.simulationsByDay }
    let today = EasternTime(now()).day
    func total(_ days: [CalendarDate: Int]) -> JSONValue {
      .integer(days.values.reduce(0, +))
    }
    func month(_ date: CalendarDate) -> [Int] { [date.civil.year, date.civil.month] }
    let monthBefore = month(
      today.advanced(byDays: -today.civil.day))
    return [
      "yesterday": ["count": .integer(days[today.advanced(byDays: -1)] ?? 0)],
      "current": ["count": total(days.filter { month($0.key) == month(today) })],
      "previous": ["count": total(days.filter { month($0.key) == monthBefore })],
      "ytd": ["count": total(days.filter { $0.key.year == today.year })],
      "total": ["count": total(days)],
      "records": [
        "schema": [
          "name": "simulations",
          "properties": .array([
            ["name": "date", "type": "date"], ["name": "simulationCount", "type": "integer"],
          ]),
        ],
        "records": .array(
          days.keys.sorted().map {
            .array([.string($0.description), .integer(days[$0] ?? 0)])
          }),
      ],
    ]
  }

  private func diversity() -> JSONValue {
    var counts: [String: Int] = [:]
    for record in state.withLock({ Array($0.alphas.values) }) where record.isSubmitted {
      let categories = Set(
        record.fields.compactMap { name in
          catalogue.field(named: name).flatMap { field in
            catalogue.datasets.first { $0.id == field.datasetID }?.categoryID
          }
        })
      for category in categories.sorted() {
        counts["\(record.settings.delay)/\(category)", default: 0] += 1
      }
    }
    return [
      "alphas": .array(
        counts.keys.sorted().map { key in
          let parts = key.split(separator: "/", maxSplits: 1).map(String.init)
          return [
            "region": .string(BrainOffer.region), "delay": .integer(Int(parts[0]) ?? 1),
            "dataCategory": .string(parts[1]), "alphaCount": .integer(counts[key] ?? 0),
          ]
        })
    ]
  }
}
