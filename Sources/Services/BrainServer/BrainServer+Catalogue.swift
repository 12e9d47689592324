import AlphaLanguage
import Backtesting
import Essentials
import Markets
import Networking
import Research
import Synchronization

/// What may be used: operators, categories, data sets and fields.
extension BrainServer {
  var catalogueRoutes: [Route] {
    [
      member(.get, "/operators", "The operators that the account may use.") { server, _ in
        .json(.array(server.catalogue.operators.map(Self.row)))
      },
      member(.get, "/data-categories", "The categories of data.") { server, _ in
        .json(.array(server.categories))
      },
      member(.get, "/data-sets", "The data sets.") { server, call in
        server.dataSets(call.request)
      },
      member(
        .get, "/data-sets/{id}", "One data set.", parameters: [Self.name.contract]
      ) { server, call in
        let id = call[Self.name]
        guard let dataset = server.catalogue.datasets.first(where: { $0.id == id }) else {
          return .unknown
        }
        return .json(
          [
            "id": .string(dataset.id), "name": .string(dataset.name),
            "description": .string(dataset.meaning),
            "category": [
              "id": .string(dataset.categoryID), "name": .string(dataset.categoryName),
            ],
            "subcategory": [
              "id": .string(dataset.subcategoryID), "name": .string(dataset.subcategoryName),
            ],
            "data": .array(
              server.everyMarket([
                "coverage": .number(dataset.coverage), "fieldCount": .integer(dataset.fieldCount),
              ])),
            "researchPapers": .array([]),
          ])
      },
      member(.get, "/data-fields", "The fields of a market.") { server, call in
        server.dataFields(call.request)
      },
      member(
        .get, "/data-fields/{id}", "One field.", parameters: [Self.name.contract]
      ) { server, call in
        guard let field = server.catalogue.field(named: call[Self.name]) else { return .unknown }
        let dataset = server.dataset(of: field)
        return .json(
          [
            "id": .string(field.id), "description": .string(field.meaning),
            "type": .string(field.kind.rawValue.uppercased()),
            "dataset": ["id": .string(field.datasetID), "name": .string(dataset?.name ?? "")],
            "category": [
              "id": .string(dataset?.categoryID ?? ""),
              "name": .string(dataset?.categoryName ?? ""),
            ],
            "subcategory": [
              "id": .string(dataset?.subcategoryID ?? ""),
              "name": .string(dataset?.subcategoryName ?? ""),
            ],
            "visualizable": .bool(true),
            "data": .array(server.everyMarket(["coverage": .number(field.coverage)])),
          ])
      },
    ]
  }

  private static let name = RouteParameter.segment("id", "The name of a data set or a field.")

  private static func row(_ entry: MetadataCatalogue.Operator) -> JSONValue {
    [
      "name": .string(entry.name), "category": .string(entry.category),
      "scope": .strings(entry.scope), "definition": .string(entry.signature),
      "description": .string(entry.meaning), "documentation": .null,
      "level": .string(entry.tier == .genius ? "GENIUS" : "ALL"),
    ]
  }

  /// A row for each market that is offered, with what is the same in all of them.
  private func everyMarket(_ rest: JSONValue) -> [JSONValue] {
    guard case .object(let members) = rest else { return [] }
    return offer.universes.flatMap { universe in
      [1, 0].map { delay in
        .object(
          [
            .init("region", .string(BrainOffer.region)), .init("delay", .integer(delay)),
            .init("universe", .string(universe)),
          ] + members)
      }
    }
  }

  /// The kind of data that an alpha uses, as BRAIN classifies it: fields of one data set, beside
  /// groups, which are no data of their own.
  func classifications(of fields: [String]) -> [JSONValue] {
    let used = Set(
      fields.compactMap { catalogue.field(named: $0) }.filter { $0.kind != .group }
        .map(\.datasetID))
    guard used.count == 1 else { return [] }
    return [["id": "DATA_USAGE:SINGLE_DATA_SET", "name": "Single Data Set Alpha"]]
  }

  private func dataset(of field: MetadataCatalogue.Field) -> MetadataCatalogue.Dataset? {
    catalogue.datasets.first { $0.id == field.datasetID }
  }

  private var categories: [JSONValue] {
    var seen: [String] = []
    for subcategory in catalogue.subcategories where !seen.contains(subcategory.categoryID) {
      seen.append(subcategory.categoryID)
    }
    return seen.map { id in
      let children = catalogue.subcategories.filter { $0.categoryID == id }
      let datasets = catalogue.datasets.filter { $0.categoryID == id }
      return [
        "id": .string(id), "name": .string(children[0].categoryName),
        "children": .array(
          children.map { child in
            let own = datasets.filter { $0.subcategoryID == child.id }
            return [
              "id": .string(child.id), "name": .string(child.name),
              "datasetCount": .integer(own.count),
              "fieldCount": .integer(own.reduce(0) { $0 + $1.fieldCount }),
            ]
          }),
        "datasetCount": .integer(datasets.count),
        "fieldCount": .integer(datasets.reduce(0) { $0 + $1.fieldCount }), "alphaCount": 0,
        "userCount": 1, "valueScore": 1, "region": .strings([BrainOffer.region]),
      ]
    }
  }

  // MARK: - Lists

  /// What a question for data is about.
  private struct Market {
    let universe: String
    let delay: Int
  }

  /// The market of a query; nil where a part is missing that must be there, or is not offered.
  private func market(_ target: RequestTarget, isRequired: Bool) -> Market? {
    func part(_ name: String, _ standard: String) -> String? {
      target.value(name) ?? (isRequired ? nil : standard)
    }
    guard let instrument = part("instrumentType", BrainOffer.instrumentType),
      let region = part("region", BrainOffer.region),
      let universe = part("universe", offer.universes[0]), let delay = part("delay", "1"),
      instrument == BrainOffer.instrumentType, region == BrainOffer.region,
      offer.complaint("universe", .string(universe)) == nil, let days = Int(delay),
      (0...1).contains(days)
    else { return nil }
    return Market(universe: universe, delay: days)
  }

  private func dataSets(_ request: ServerRequest) -> ServerResponse {
    let target = request.target
    guard let market = market(target, isRequired: false) else { return .invalidQuery }
    let search = target.value("search")?.lowercased()
    let category = target.value("category")
    let found = catalogue.datasets.filter { dataset in
      (category == nil || dataset.categoryID == category)
        && (search == nil
          || [dataset.id, dataset.name, dataset.meaning].contains {
            $0.lowercased().contains(search ?? "")
          })
    }
    let rows = found.map { dataset in
      [
        "id": .string(dataset.id), "name": .string(dataset.name),
        "description": .string(dataset.meaning),
        "category": ["id": .string(dataset.categoryID), "name": .string(dataset.categoryName)],
        "subcategory": [
          "id": .string(dataset.subcategoryID), "name": .string(dataset.subcategoryName),
        ],
        "region": .string(BrainOffer.region), "delay": .integer(market.delay),
        "universe": .string(market.universe), "coverage": .number(dataset.coverage),
        "dateCoverage": 1, "valueScore": .number(dataset.valueScore),
        "userCount": .integer(dataset.userCount), "alphaCount": .integer(dataset.alphaCount),
        "fieldCount": .integer(dataset.fieldCount), "pyramidMultiplier": 1,
        "themes": .strings(dataset.themes), "researchPapers": .array([]),
      ] as JSONValue
    }
    return BrainPage(request, limitMax: 50).answer(rows)
  }

  private func dataFields(_ request: ServerRequest) -> ServerResponse {
    let target = request.target
    guard let market = market(target, isRequired: true) else { return .invalidQuery }
    let search = target.value("search")?.lowercased()
    let dataset = target.value("dataset.id")
    let kind = target.value("type")
    let category = target.value("category")
    var uses: [String: Int] = [:]
    for record in state.withLock({ Array($0.alphas.values) }) {
      for field in record.fields { uses[field, default: 0] += 1 }
    }
    let rows = catalogue.fields.compactMap { field -> JSONValue? in
      guard let set = self.dataset(of: field), dataset == nil || field.datasetID == dataset,
        kind == nil || field.kind.rawValue.uppercased() == kind,
        category == nil || set.categoryID == category,
        search == nil || field.id.lowercased().contains(search ?? "")
          || field.meaning.lowercased().contains(search ?? "")
      else { return nil }
      return [
        "id": .string(field.id), "description": .string(field.meaning),
        "dataset": ["id": .string(set.id), "name": .string(set.name)],
        "category": ["id": .string(set.categoryID), "name": .string(set.categoryName)],
        "subcategory": ["id": .string(set.subcategoryID), "name": .string(set.subcategoryName)],
        "region": .string(BrainOffer.region), "delay": .integer(market.delay),
        "universe": .string(market.universe), "type": .string(field.kind.rawValue.uppercased()),
        "coverage": .number(field.coverage), "dateCoverage": 1,
        "userCount": .integer(uses[field.id] == nil ? 0 : 1),
        "alphaCount": .integer(uses[field.id] ?? 0), "pyramidMultiplier": 1,
        "themes": .array([]),
      ]
    }
    return BrainPage(request, limitMax: 50).answer(rows)
  }
}

extension ServerResponse {
  static let invalidQuery = json(.strings(["Invalid query"]), status: 400)
}
