import AlphaLanguage
import Essentials
import Markets
import Mathematics

/// The making of one pack, kind by kind: subcategories, their datasets, the fields of those, and
/// operators.
struct PackAssembly {
  /// A row that was chosen.
  struct Choice: Hashable {
    let position: Int
    let lane: Lane
    /// In [0, 1].
    let score: Double
  }

  /// At least so many rows, and four times as many as are wanted, are compared for variety.
  private static let variedRowsMin = 200
  private static let hintBonus = 1.0

  private let builder: PackBuilder
  private let idea: IdeaSpec
  private let text: String
  private let query: SearchQuery
  /// What the explore lane is searched with.
  private let exploration: SearchQuery
  private let hints: Hints

  private var catalogue: MetadataCatalogue { builder.catalogue }

  init(_ builder: PackBuilder, _ idea: IdeaSpec, query explicit: String?) {
    self.builder = builder
    self.idea = idea
    text = explicit ?? idea.query
    hints = Hints(idea)
    var query = SearchQuery(text)
    if explicit != nil || !idea.keywordsForRetrieval.isEmpty {
      query.add(idea.hypothesis, weight: 0.4)
    }
    query.add(idea.themeTags.joined(separator: " "), weight: 0.6)
    query.add(idea.candidateSubcategories.joined(separator: " "), weight: 0.4)
    query.add(idea.candidateDatasets.joined(separator: " "), weight: 0.4)
    self.query = query
    exploration = idea.explorationIntent.map { SearchQuery($0) } ?? query
  }

  func pack() -> RetrievalPack {
    let hits = builder.index.fields.scores(of: query, by: builder.scoring)
    let datasetScores = scoreDatasets(fieldHits: hits)
    let subcategoryScores = scoreSubcategories(datasetScores: datasetScores)
    let subcategories = chooseSubcategories(subcategoryScores, datasetScores)
    let datasets = chooseDatasets(datasetScores, within: subcategories)
    let fields = chooseFields(hits: hits, datasetScores: datasetScores, within: datasets)
    let operators = chooseOperators(fields: fields)

    var pack = RetrievalPack(ideaID: idea.ideaID, query: text)
    pack.target = idea.target
    let held = Set(datasets.map { catalogue.datasets[$0.position].subcategoryID })
    let kept = subcategories.filter { held.contains(catalogue.subcategories[$0.position].id) }
    pack.selectedSubcategories = kept.map { catalogue.subcategories[$0.position].id }
    pack.datasets = datasets.map { choice in
      let row = catalogue.datasets[choice.position]
      return .init(
        id: row.id, name: row.name, subcategoryID: row.subcategoryID, lane: choice.lane,
        score: choice.score)
    }
    pack.fields = fields.map { choice in
      let row = catalogue.fields[choice.position]
      return .init(
        id: row.id, datasetID: row.datasetID, type: row.kind.rawValue, lane: choice.lane,
        score: choice.score, meaning: row.meaning)
    }
    pack.operators = operators.map { choice in
      let row = catalogue.operators[choice.position]
      return .init(
        name: row.name, definition: row.signature, scope: row.scope, category: row.category,
        lane: choice.lane, score: choice.score)
    }
    pack.budgetPolicy = builder.budget.policy
    pack.expansionPolicy = builder.budget.expansion.json
    let dropped = catalogue.subcategories.indices
      .filter { position in !kept.contains { $0.position == position } }
      .sorted { (subcategoryScores[$1], $0) < (subcategoryScores[$0], $1) }
    pack.visualGraph =
      RetrievalGraph(
        pack: pack, catalogue: catalogue, selected: kept,
        dropped: dropped.prefix(RetrievalGraph.droppedMax).map {
          Choice(position: $0, lane: .explore, score: Self.rounded(subcategoryScores[$0]))
        }
      ).json
    return pack
  }

  private static func rounded(_ score: Double) -> Double {
    (min(1, max(0, score)) * 1e4).rounded() / 1e4
  }

  private func draw(_ purpose: String) -> WeightedDraw {
    WeightedDraw(seed: builder.seed, idea: idea.ideaID, purpose: purpose)
  }

  // MARK: - Datasets and subcategories

  /// Half of what is said of a dataset, three tenths of how well its best three fields fit, and a
  /// fifth of its quality; a hinted dataset comes before all others.
  private func scoreDatasets(fieldHits: [Double]) -> [Double] {
    let rows = catalogue.datasets
    var best = [[Double]](repeating: [], count: rows.count)
    for (position, home) in catalogue.fieldHomes.enumerated() where fieldHits[position] > 0 {
      best[home].append(fieldHits[position])
    }
    let said = Normalization.minMax(builder.index.datasets.scores(of: query, by: builder.scoring))
    let held = Normalization.minMax(
      best.map { $0.sorted(by: >).prefix(3).reduce(0, +) / 3 })
    let quality = Normalization.minMax(
      rows.map {
        4 * $0.valueScore + 2 * $0.coverage + 0.01 * Double($0.fieldCount)
          + 0.001 * Double($0.userCount)
      })
    return rows.indices.map { position in
      0.5 * said[position] + 0.3 * held[position] + 0.2 * quality[position]
        + (hints.name(rows[position]) ? Self.hintBonus : 0)
    }
  }

  /// Two fifths of what is said of a subcategory and three fifths of its best dataset; a hinted one
  /// comes before all others.
  private func scoreSubcategories(datasetScores: [Double]) -> [Double] {
    let said = Normalization.minMax(
      builder.index.subcategories.scores(of: query, by: builder.scoring))
    return catalogue.subcategories.enumerated().map { position, subcategory in
      let best = subcategory.datasets.map { datasetScores[$0] }.max() ?? 0
      return 0.4 * said[position] + 0.6 * best
        + (hints.name(subcategory) ? Self.hintBonus : 0)
    }
  }

  private func chooseSubcategories(_ scores: [Double], _ datasetScores: [Double]) -> [Choice] {
    let rows = catalogue.subcategories
    let shares = LaneShares(
      available: rows.count, room: builder.budget.room(\.subcategories))
    let ranked = rows.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
    let rest = ranked.dropFirst(shares.exploit).sorted()
    let use = Normalization.logarithmic(
      rest.map { rows[$0].datasets.reduce(0) { $0 + catalogue.datasets[$1].alphaCount } })
    var draw = draw("subcategories")
    let drawn = draw.order(
      weights: rest.indices.map { 0.1 + 0.6 * (1 - use[$0]) + 0.3 * min(1, scores[rest[$0]]) })
    return ranked.prefix(shares.exploit).map {
      Choice(position: $0, lane: .exploit, score: Self.rounded(scores[$0]))
    }
      + drawn.prefix(shares.explore).map {
        Choice(position: rest[$0], lane: .explore, score: Self.rounded(scores[rest[$0]]))
      }
  }

  private func chooseDatasets(_ scores: [Double], within subcategories: [Choice]) -> [Choice] {
    func members(_ lane: Lane) -> [Int] {
      subcategories.filter { $0.lane == lane }
        .flatMap { catalogue.subcategories[$0.position].datasets }
    }
    let (exploitPool, explorePool) = (members(.exploit), members(.explore))
    let shares = LaneShares(
      available: exploitPool.count + explorePool.count, room: builder.budget.room(\.datasets))
    let ranked = exploitPool.sorted { (scores[$1], $0) < (scores[$0], $1) }
    // Every subcategory first gives its best dataset, unless there is no room for all of them.
    let exploit = firstOfEachSubcategory(ranked, count: shares.exploit)
    let pool = explorePool + ranked.filter { !exploit.contains($0) }
    let use = Normalization.logarithmic(pool.map { catalogue.datasets[$0].alphaCount })
    var draw = draw("datasets")
    let drawn = draw.order(
      weights: pool.indices.map { place in
        let isElsewhere = place < explorePool.count
        return (isElsewhere ? 1 : 0.2)
          * (0.1 + 0.6 * (1 - use[place]) + 0.3 * min(1, scores[pool[place]]))
      }
    ).map { pool[$0] }
    let explore = firstOfEachSubcategory(
      drawn, count: shares.explore, only: Set(explorePool))
    let missing = shares.exploit - exploit.count
    let others = explorePool.filter { !explore.contains($0) }
      .sorted { (scores[$1], $0) < (scores[$0], $1) }.prefix(max(0, missing))
    return (exploit + others).map {
      Choice(position: $0, lane: .exploit, score: Self.rounded(scores[$0]))
    }
      + explore.map { Choice(position: $0, lane: .explore, score: Self.rounded(scores[$0])) }
  }

  /// Takes `count` of the datasets in their order, but the first of each subcategory before the
  /// second of any; `only` are those that go ahead so.
  private func firstOfEachSubcategory(
    _ ordered: [Int], count: Int, only: Set<Int>? = nil
  ) -> [Int] {
    var seen: Set<String> = []
    let firsts = ordered.filter {
      only?.contains($0) ?? true && seen.insert(catalogue.datasets[$0].subcategoryID).inserted
    }
    let taken = Set((firsts + ordered.filter { !firsts.contains($0) }).prefix(count))
    return ordered.filter(taken.contains)
  }

  // MARK: - Fields

  private func chooseFields(
    hits: [Double], datasetScores: [Double], within datasets: [Choice]
  ) -> [Choice] {
    var chosen = [Choice?](repeating: nil, count: catalogue.datasets.count)
    for choice in datasets { chosen[choice.position] = choice }
    let homes = catalogue.fieldHomes
    let pool = catalogue.fields.indices.filter { chosen[homes[$0]] != nil }
    let rows = pool.map { catalogue.fields[$0] }
    let lanes = pool.map { chosen[homes[$0]]?.lane ?? .exploit }
    let relevance = relevance(
      of: rows, hits: pool.map { hits[$0] },
      datasetScores: pool.map { chosen[homes[$0]]?.score ?? 0 })
    let shares = LaneShares(available: pool.count, room: builder.budget.room(\.fields))

    let exploit = varied(
      rows, relevance, isFirst: lanes.map { $0 == .exploit }, count: shares.exploit)
    let taken = Set(exploit)
    let searched = builder.index.fields.scores(of: exploration, by: builder.scoring)
    let explore = drawnFields(
      rows, isTaken: { taken.contains($0) },
      isFirst: { lanes[$0] == .explore },
      searched: Normalization.minMax(pool.map { searched[$0] }),
      count: shares.explore)
    return exploit.map {
      Choice(position: pool[$0], lane: .exploit, score: Self.rounded(relevance[$0]))
    }
      + explore.map { place, score in
        Choice(position: pool[place], lane: .explore, score: Self.rounded(score))
      }
  }

  /// Seven tenths of how well the field fits, the rest its own quality and its dataset's score.
  private func relevance(
    of rows: [MetadataCatalogue.Field], hits: [Double], datasetScores: [Double]
  ) -> [Double] {
    let fit = Normalization.minMax(hits)
    let use = Normalization.logarithmic(rows.map(\.alphaCount))
    return rows.indices.map { place in
      0.7 * fit[place] + 0.15 * (0.7 * use[place] + 0.3 * rows[place].coverage)
        + 0.15 * datasetScores[place]
    }
  }

  /// The most fields of a kind among `count`, so that matrices, which nearly every formula is made
  /// of, are not crowded out.
  private static func limit(_ kind: FieldDescription.Kind, among count: Int) -> Int {
    switch kind {
    case .matrix: count
    case .group: max(4, count * 15 / 100)
    case .vector: max(2, count * 20 / 100)
    }
  }

  /// Chooses for the exploit lane: rows of exploit datasets before others, groups always among them.
  private func varied(
    _ rows: [MetadataCatalogue.Field], _ relevance: [Double], isFirst: [Bool], count: Int
  ) -> [Int] {
    let ranked = rows.indices.sorted {
      (isFirst[$0] ? 0 : 1, relevance[$1], $0) < (isFirst[$1] ? 0 : 1, relevance[$0], $1)
    }
    // Neutralization needs a group or two whatever the idea speaks of.
    let groups = ranked.filter { rows[$0].kind == .group }.prefix(min(2, count / 8))
    let near = Array(ranked.prefix(max(Self.variedRowsMin, 4 * count)))
    let candidates = near + groups.filter { !near.contains($0) }
    let choice = VariedChoice(
      texts: candidates.map { "\(rows[$0].id) \(rows[$0].meaning)" })
    let places = Dictionary(uniqueKeysWithValues: candidates.enumerated().map { ($1, $0) })
    let ahead = groups.compactMap { places[$0] }
    // What is not of an exploit dataset comes only when those are used up.
    let merits = candidates.map { relevance[$0] + (isFirst[$0] ? 0 : -2) }
    let kinds = FieldDescription.Kind.allCases
    let mixed = choice.choose(
      count, relevance: merits, ahead: ahead,
      limit: (
        candidates.map { kinds.firstIndex(of: rows[$0].kind) ?? 0 },
        kinds.map { Self.limit($0, among: count) }
      ))
    guard mixed.count < count else { return inOrder(mixed.map { candidates[$0] }, relevance) }
    // Room is left only where matrices have run out, so what is left may take it.
    let filled = choice.choose(count, relevance: merits, ahead: mixed)
    return inOrder(filled.map { candidates[$0] }, relevance)
  }

  /// The better first, so that a pack that shrinks keeps its best rows.
  private func inOrder(_ places: [Int], _ relevance: [Double]) -> [Int] {
    places.sorted { (relevance[$1], $0) < (relevance[$0], $1) }
  }

  /// Draws for the explore lane: rows of explore datasets before others, likelier the less they are
  /// used, the better they are filled, and the better they fit what the exploration is after.
  private func drawnFields(
    _ rows: [MetadataCatalogue.Field], isTaken: (Int) -> Bool, isFirst: (Int) -> Bool,
    searched: [Double], count: Int
  ) -> [(place: Int, score: Double)] {
    let pool = rows.indices.filter { !isTaken($0) }
    let use = Normalization.logarithmic(pool.map { rows[$0].alphaCount })
    let weights = pool.indices.map { place in
      (0.1 + 0.5 * (1 - use[place]) + 0.4 * searched[pool[place]])
        * (0.2 + 0.8 * rows[pool[place]].coverage)
    }
    var draw = draw("fields")
    let drawn = draw.order(weights: weights)
    let ordered = drawn.filter { isFirst(pool[$0]) } + drawn.filter { !isFirst(pool[$0]) }
    // Three of four are matrices where there are as many.
    var others = max(1, count / 4)
    var chosen: [Int] = []
    for place in ordered where chosen.count < count {
      if rows[pool[place]].kind != .matrix {
        guard others > 0 else { continue }
        others -= 1
      }
      chosen.append(place)
    }
    if chosen.count < count {
      let taken = Set(chosen)
      chosen += ordered.filter { !taken.contains($0) }.prefix(count - chosen.count)
    }
    return chosen.map { (pool[$0], weights[$0]) }
  }

  // MARK: - Operators

  private func chooseOperators(fields: [Choice]) -> [Choice] {
    let kinds = Set(fields.map { catalogue.fields[$0.position].kind })
    // An operator that no field of the pack can feed is of no use.
    let pool = catalogue.operators.indices.filter { position in
      let row = catalogue.operators[position]
      return row.scope.contains("REGULAR")
        && (kinds.contains(.vector) || row.category != "Vector")
    }
    let rows = pool.map { catalogue.operators[$0] }
    func fit(_ query: SearchQuery) -> [Double] {
      let scores = builder.index.operators.scores(of: query, by: builder.scoring)
      return Normalization.minMax(pool.map { scores[$0] })
    }
    let said = fit(query)
    let merits = rows.indices.map { place in
      0.5 * said[place] + 0.5 * usefulness(of: rows[place])
    }
    let shares = LaneShares(available: pool.count, room: builder.budget.room(\.operators))
    let places = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1.name, $0) })
    let core = CoreOperators.representatives(among: Set(places.keys)).compactMap { places[$0] }
    let choice = VariedChoice(
      texts: rows.map { "\($0.name) \($0.category) \($0.meaning)" })
    let exploit = inOrder(
      choice.choose(shares.exploit, relevance: merits, ahead: core), merits)

    let rest = rows.indices.filter { !exploit.contains($0) }
    let searched = fit(exploration)
    let weights = rest.map { 0.3 + 0.4 * searched[$0] + (rows[$0].tier == .legacy ? 0 : 0.3) }
    var draw = draw("operators")
    let drawn = draw.order(weights: weights).prefix(shares.explore)
    return exploit.map {
      Choice(position: pool[$0], lane: .exploit, score: Self.rounded(merits[$0]))
    }
      + drawn.map {
        Choice(position: pool[rest[$0]], lane: .explore, score: Self.rounded(weights[$0]))
      }
  }

  private func usefulness(of row: MetadataCatalogue.Operator) -> Double {
    if let core = CoreOperators.usefulness[row.name] { return core }
    switch row.tier {
    case .base: return 0.4
    case .genius: return 0.2
    case .legacy: return 0
    }
  }
}
