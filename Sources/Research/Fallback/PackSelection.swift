/// Which candidates of an outline a prompt carries, and what that weighs.
///
/// Invariants: the weight is the sum of the fixed text, the kept candidates and the branches that a
/// kept field hangs on; the explore minimum, once met, is never broken by ``dropField(_:)`` and
/// ``dropOperator(_:)``. Each change takes constant time.
package struct PackSelection: Hashable, Sendable {
  package let outline: PackOutline
  package private(set) var keepsField: [Bool]
  package private(set) var keepsOperator: [Bool]
  package private(set) var weight: Int
  package private(set) var fieldCounts: LaneCounts
  package private(set) var operatorCounts: LaneCounts
  /// How many kept fields hang on each dataset, and how many written datasets on each subcategory.
  private var fieldsOfDataset: [Int]
  private var datasetsOfSubcategory: [Int]
  private let fieldsMin: LaneMinimum
  private let operatorsMin: LaneMinimum

  /// How many candidates either lane has.
  package struct LaneCounts: Hashable, Sendable {
    package var exploit = 0
    package var explore = 0
    package var total: Int { exploit + explore }

    init() {}

    init(_ lanes: some Sequence<Lane>) {
      for lane in lanes { self[lane] += 1 }
    }

    /// What is not of the explore lane counts as exploiting.
    package subscript(lane: Lane) -> Int {
      get { lane == .explore ? explore : exploit }
      set { if lane == .explore { explore = newValue } else { exploit = newValue } }
    }
  }

  /// What must stay of one kind of candidate.
  struct LaneMinimum: Hashable, Sendable {
    let explore: Int
    let total: Int

    init(_ counts: LaneCounts, floor: Int) {
      explore = min(max(0, floor), counts.explore)
      total = max(explore, min(1, counts.total))
    }

    func allows(dropping lane: Lane, from counts: LaneCounts) -> Bool {
      counts.total > total && (lane != .explore || counts.explore > explore)
    }

    func isMet(by counts: LaneCounts) -> Bool {
      counts.total >= total && counts.explore >= explore
    }
  }

  /// Selects everything.
  package init(all outline: PackOutline, floor: Int) {
    self.init(none: outline, floor: floor)
    for place in outline.fields.indices { keepField(place) }
    for place in outline.operators.indices { keepOperator(place) }
  }

  /// Selects nothing, which meets no minimum.
  init(none outline: PackOutline, floor: Int) {
    self.outline = outline
    keepsField = Array(repeating: false, count: outline.fields.count)
    keepsOperator = Array(repeating: false, count: outline.operators.count)
    weight = outline.fixed
    fieldCounts = LaneCounts()
    operatorCounts = LaneCounts()
    fieldsOfDataset = Array(repeating: 0, count: outline.datasets.count)
    datasetsOfSubcategory = Array(repeating: 0, count: outline.subcategories.count)
    fieldsMin = LaneMinimum(LaneCounts(outline.fields.map(\.lane)), floor: floor)
    operatorsMin = LaneMinimum(LaneCounts(outline.operators.map(\.lane)), floor: floor)
  }

  /// Whether both kinds keep their minimum of the explore lane, and one candidate at all.
  package var keepsFloor: Bool {
    fieldsMin.isMet(by: fieldCounts) && operatorsMin.isMet(by: operatorCounts)
  }

  /// How many fields of the explore lane must stay.
  var exploreFieldsMin: Int { fieldsMin.explore }
  /// How many operators of the explore lane must stay.
  var exploreOperatorsMin: Int { operatorsMin.explore }

  /// Whether a dataset is written.
  package func keepsDataset(_ place: Int) -> Bool { fieldsOfDataset[place] > 0 }

  /// Whether a subcategory is written.
  package func keepsSubcategory(_ place: Int) -> Bool { datasetsOfSubcategory[place] > 0 }

  /// The number of written datasets.
  var datasetCount: Int { fieldsOfDataset.count { $0 > 0 } }

  /// The number of written subcategories.
  package var subcategoryCount: Int { datasetsOfSubcategory.count { $0 > 0 } }

  /// The subcategory that a field hangs on, nil where it hangs on none.
  package func subcategory(ofField place: Int) -> Int? {
    outline.fields[place].dataset.map { outline.datasets[$0].subcategory }
  }

  // MARK: - Changes

  /// What keeping a dropped field would add, with the branch that would have to be written for it.
  package func weight(ofKeepingField place: Int) -> Int {
    let field = outline.fields[place]
    guard let dataset = field.dataset, fieldsOfDataset[dataset] == 0 else { return field.weight }
    let branch = outline.datasets[dataset]
    return field.weight + branch.weight
      + (datasetsOfSubcategory[branch.subcategory] == 0
        ? outline.subcategories[branch.subcategory] : 0)
  }

  /// Keeps a dropped field.
  package mutating func keepField(_ place: Int) {
    guard !keepsField[place] else { return }
    weight += weight(ofKeepingField: place)
    keepsField[place] = true
    fieldCounts[outline.fields[place].lane] += 1
    guard let dataset = outline.fields[place].dataset else { return }
    fieldsOfDataset[dataset] += 1
    if fieldsOfDataset[dataset] == 1 {
      datasetsOfSubcategory[outline.datasets[dataset].subcategory] += 1
    }
  }

  /// Drops a field unless that would break a minimum; tells whether it did.
  @discardableResult
  package mutating func dropField(_ place: Int) -> Bool {
    let field = outline.fields[place]
    guard keepsField[place], fieldsMin.allows(dropping: field.lane, from: fieldCounts) else {
      return false
    }
    keepsField[place] = false
    fieldCounts[field.lane] -= 1
    if let dataset = field.dataset {
      fieldsOfDataset[dataset] -= 1
      if fieldsOfDataset[dataset] == 0 {
        datasetsOfSubcategory[outline.datasets[dataset].subcategory] -= 1
      }
    }
    weight -= weight(ofKeepingField: place)
    return true
  }

  /// Drops all fields of a subcategory, or none where that would break a minimum. Returns those that
  /// it dropped.
  mutating func dropSubcategory(_ subcategory: Int) -> [Int] {
    let places = keepsField.indices.filter {
      keepsField[$0] && self.subcategory(ofField: $0) == subcategory
    }
    var trial = self
    guard places.allSatisfy({ trial.dropField($0) }) else { return [] }
    self = trial
    return places
  }

  /// Keeps a dropped operator.
  package mutating func keepOperator(_ place: Int) {
    guard !keepsOperator[place] else { return }
    keepsOperator[place] = true
    operatorCounts[outline.operators[place].lane] += 1
    weight += outline.operators[place].weight
  }

  /// Drops an operator unless that would break a minimum; tells whether it did.
  @discardableResult
  package mutating func dropOperator(_ place: Int) -> Bool {
    let lane = outline.operators[place].lane
    guard keepsOperator[place], operatorsMin.allows(dropping: lane, from: operatorCounts) else {
      return false
    }
    keepsOperator[place] = false
    operatorCounts[lane] -= 1
    weight -= outline.operators[place].weight
    return true
  }
}
