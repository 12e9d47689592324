import Essentials

extension BrainTwin.World {
  /// Universes and delays that depend on the region, and the region on the instrument.
  static let options = """
    {"name":"Simulation List","actions":{"POST":{"type":{"type":"choice","required":true,\
    "choices":[{"value":"REGULAR","label":"Regular"}]},"settings":{"type":"nested object","children":{\
    "instrumentType":{"type":"choice","label":"Instrument type","required":true,\
    "choices":[{"value":"EQUITY","label":"Equity"}]},\
    "region":{"type":"choice","label":"Region","required":true,"choices":{"instrumentType":{"EQUITY":[\
    {"value":"USA","label":"USA"},{"value":"EUR","label":"Europe"}]}}},\
    "universe":{"type":"choice","label":"Universe","required":true,"choices":{"instrumentType":{"EQUITY":{\
    "region":{"USA":[{"value":"TOP3000","label":"TOP3000"},{"value":"TOP1000","label":"TOP1000"}],\
    "EUR":[{"value":"TOP1000","label":"TOP1000"}]}}}}},\
    "delay":{"type":"choice","label":"Delay","required":true,"choices":{"instrumentType":{"EQUITY":{\
    "region":{"USA":[{"value":0,"label":"0"},{"value":1,"label":"1"}],"EUR":[{"value":1,"label":"1"}]}}}}},\
    "decay":{"type":"integer","label":"Decay","required":true,"min_value":0,"max_value":512},\
    "neutralization":{"type":"choice","label":"Neutralization","required":true,\
    "choices":{"instrumentType":{"EQUITY":{"region":{\
    "USA":[{"value":"NONE","label":"None"},{"value":"SUBINDUSTRY","label":"Subindustry"}],\
    "EUR":[{"value":"NONE","label":"None"},{"value":"COUNTRY","label":"Country"}]}}}}},\
    "language":{"type":"choice","label":"Language","required":true,\
    "choices":[{"value":"FASTEXPR","label":"Fast Expression"}]}}}}}}
    """

  static let operators = """
    [{"name":"rank","category":"Cross Sectional","scope":["COMBO","REGULAR"],"definition":"rank(x)",\
    "description":"Ranks.","documentation":null,"level":"ALL"},\
    {"name":"ts_mean","category":"Time Series","scope":["REGULAR"],"definition":"ts_mean(x, d)",\
    "description":"Means.","documentation":null,"level":"ALL"}]
    """

  func datasets(_ request: TwinRequest) -> TwinAnswer {
    guard let market = market(of: request) else { return .json(400, "[\"Invalid query\"]") }
    return page(request, count: setup.datasets.count) { place in
      let dataset = setup.datasets[place]
      return [
        "id": .string(dataset.id), "name": .string("The \(dataset.id)"),
        "description": .string("What \(dataset.id) holds in \(market.region)"),
        "category": ["id": .string(dataset.category), "name": .string(dataset.category)],
        "subcategory": [
          "id": .string("\(dataset.category)-all"), "name": .string("\(dataset.category) all"),
        ],
        "region": .string(market.region), "delay": .integer(market.delay),
        "universe": .string(market.universe), "coverage": .number(market.coverage),
        "valueScore": .integer(dataset.fields % 5), "userCount": 10, "alphaCount": 20,
        "fieldCount": .integer(dataset.fields), "themes": .array([]),
      ]
    }
  }

  func fields(_ request: TwinRequest) -> TwinAnswer {
    guard let market = market(of: request), let id = request.query["dataset.id"],
      let dataset = setup.datasets.first(where: { $0.id == id })
    else { return .json(400, "[\"Invalid query\"]") }
    return page(request, count: dataset.fields) { number in
      [
        "id": .string("\(dataset.id)_f\(number)"),
        "description": .string("Field \(number) of \(dataset.id)"),
        "dataset": ["id": .string(dataset.id), "name": .string("The \(dataset.id)")],
        "region": .string(market.region), "delay": .integer(market.delay),
        "universe": .string(market.universe),
        "type": .string(dataset.category == "news" ? "VECTOR" : "MATRIX"),
        "coverage": .number(market.coverage), "userCount": 1, "alphaCount": 2,
        "themes": .array([]),
      ]
    }
  }

  private func market(
    of request: TwinRequest
  ) -> (region: String, universe: String, delay: Int, coverage: Double)? {
    let query = request.query
    guard query["instrumentType"] == "EQUITY", let region = query["region"],
      let universe = query["universe"], let delay = query["delay"].flatMap({ Int($0) })
    else { return nil }
    return (region, universe, delay, region == "USA" ? 0.9 : 0.5)
  }

  private func page(
    _ request: TwinRequest, count: Int, row: (Int) -> JSONValue
  ) -> TwinAnswer {
    let limit = request.query["limit"].flatMap { Int($0) } ?? 10
    let offset = request.query["offset"].flatMap { Int($0) } ?? 0
    guard limit <= 50, offset + limit <= 10_000 else {
      return .json(400, "[\"Invalid query: pagination limit too high.\"]")
    }
    let page: JSONValue = [
      "count": .integer(count),
      "results": .array((min(offset, count)..<min(offset + limit, count)).map(row)),
    ]
    return .json(page.compactText)
  }
}
