/// The cuts that bring a prompt below a limit, found in one pass over what its parts weigh.
///
/// 1. A pack within the limit is not cut.
/// 2. Fields are cut first, then operators, then subcategories with their fields, each down to the
///    smallest configured share; if that is not enough, fields and then operators down to the
///    explore minimum. Within a kind the lanes keep their shares (``LaneSplit``) and the front of
///    either lane stays.
/// 3. What was cut and turns out to fit is put back, the latest cut first. So nothing is cut in
///    vain, and no dropped candidate alone would still fit.
/// 4. The explore minimum is never broken. Where even the lightest selection that keeps it
///    (``CheapestFloor``) is too heavy, nothing is cut: no pack of these candidates fits.
///
/// Unlike the documented search (``ReferenceFallback``), which renders the prompt anew at every step
/// and multiplies its factors, shares are those of the whole pack, and a step is reported only for
/// cuts that stand. Cost: the candidates times the logarithm of their number.
package struct FallbackPlan: Sendable {
  /// A reported step: the cuts of one phase between two configured shares.
  package struct Cut: Hashable, Sendable {
    package let phase: FallbackPhase
    /// The configured share that the step ends at, or the share that is left where it goes deeper.
    package let factor: Double
    /// The places of the fields that are dropped, in the order of the pack.
    package let fields: [Int]
    /// The places of the operators that are dropped, in the order of the pack.
    package let operators: [Int]
    /// What is selected after the step.
    package let selection: PackSelection
    package let weightSaved: Int
  }

  /// Everything, before any cut.
  package let start: PackSelection
  /// What the prompt carries; where nothing fits, the lightest selection that keeps the minimum.
  package let selection: PackSelection
  package let limit: Int
  private let policy: FallbackPolicy
  /// In the order of the phases; empty where nothing is cut or nothing fits.
  package let cuts: [Cut]

  /// Whether the selection is within the limit.
  package var fits: Bool { selection.weight <= limit }

  /// The weight of the lightest selection that keeps the explore minimum.
  package var leastWeight: Int {
    fits
      ? CheapestFloor.selection(of: start.outline, floor: policy.exploreFloor).weight
      : selection.weight
  }

  /// Plans the cuts of a pack.
  ///
  /// - Parameter limit: in the unit of the outline's weights.
  package init(_ outline: PackOutline, limit: Int, policy: FallbackPolicy) {
    let start = PackSelection(all: outline, floor: policy.exploreFloor)
    var search = Search(start, limit: limit, policy: policy)
    search.run()
    self.start = start
    self.limit = limit
    self.policy = policy
    selection = search.selection
    cuts = search.selection.weight <= limit ? search.cuts(from: start) : []
  }
}

/// A search under way.
private struct Search {
  private enum Item {
    case field(Int)
    case `operator`(Int)
  }

  private(set) var selection: PackSelection
  private let limit: Int
  private let policy: FallbackPolicy
  private let outline: PackOutline
  /// What was dropped, the latest last.
  private var dropped: [Item] = []
  /// The subcategories that were cut as a whole.
  private var cutSubcategories: [Int] = []

  init(_ start: PackSelection, limit: Int, policy: FallbackPolicy) {
    selection = start
    self.limit = limit
    self.policy = policy
    outline = start.outline
  }

  private var isTooHeavy: Bool { selection.weight > limit }

  mutating func run() {
    guard isTooHeavy else { return }
    let fields = order(outline.fields.map(\.lane), floor: policy.exploreFloor)
    let operators = order(outline.operators.map(\.lane), floor: policy.exploreFloor)
    let share = policy.steps.min() ?? 1
    cutFields(fields, to: ShrinkTarget.target(fields.count, share))
    cutOperators(operators, to: ShrinkTarget.target(operators.count, share))
    cutSubcategories(to: ShrinkTarget.target(selection.subcategoryCount, share))
    cutFields(fields, to: 0)
    cutOperators(operators, to: 0)
    if isTooHeavy {
      selection = CheapestFloor.selection(of: outline, floor: policy.exploreFloor)
      guard !isTooHeavy else { return }
      dropped =
        fields.filter { !selection.keepsField[$0] }.map(Item.field)
        + operators.filter { !selection.keepsOperator[$0] }.map(Item.operator)
    }
    putBack()
  }

  /// The candidates of a kind in the order in which they are given up: at every number that is left
  /// the lanes have their shares, and last goes what the explore minimum protects.
  private func order(_ lanes: [Lane], floor: Int) -> [Int] {
    var exploit = lanes.indices.filter { lanes[$0] != .explore }
    var explore = lanes.indices.filter { lanes[$0] == .explore }
    let all = (exploit: exploit.count, explore: explore.count)
    var order: [Int] = []
    for target in stride(from: lanes.count - 1, to: 0, by: -1) {
      let split = LaneSplit(
        target: target, exploit: all.exploit, explore: all.explore, share: policy.exploreShare,
        floor: floor)
      // A target that would break the minimum takes from the exploit lane while it lasts.
      while exploit.count > split?.exploit ?? 0, let last = exploit.popLast() { order.append(last) }
      while explore.count > split?.explore ?? target, let last = explore.popLast() {
        order.append(last)
      }
    }
    return order + exploit.reversed() + explore.reversed()
  }

  private mutating func cutFields(_ order: [Int], to target: Int) {
    for place in order where isTooHeavy && selection.fieldCounts.total > target {
      if selection.dropField(place) { dropped.append(.field(place)) }
    }
  }

  private mutating func cutOperators(_ order: [Int], to target: Int) {
    for place in order where isTooHeavy && selection.operatorCounts.total > target {
      if selection.dropOperator(place) { dropped.append(.operator(place)) }
    }
  }

  private mutating func cutSubcategories(to target: Int) {
    // A subcategory belongs to the lane of its first dataset.
    var lanes: [Int: Lane] = [:]
    for dataset in outline.datasets where lanes[dataset.subcategory] == nil {
      lanes[dataset.subcategory] = dataset.lane
    }
    let written = outline.subcategories.indices.filter { selection.keepsSubcategory($0) }
    for index in order(written.map { lanes[$0] ?? .exploit }, floor: min(1, policy.exploreFloor))
    where isTooHeavy && selection.subcategoryCount > target {
      let places = selection.dropSubcategory(written[index])
      guard !places.isEmpty else { continue }
      cutSubcategories.append(written[index])
      dropped += places.map(Item.field)
    }
  }

  /// One pass finds everything that fits: what did not fit before something else was put back does
  /// not fit afterwards, for the weight that it lacks did not grow.
  private mutating func putBack() {
    for item in dropped.reversed() {
      switch item {
      case .field(let place):
        if selection.weight + selection.weight(ofKeepingField: place) <= limit {
          selection.keepField(place)
        }
      case .operator(let place):
        if selection.weight + outline.operators[place].weight <= limit {
          selection.keepOperator(place)
        }
      }
    }
    dropped.removeAll { item in
      switch item {
      case .field(let place): selection.keepsField[place]
      case .operator(let place): selection.keepsOperator[place]
      }
    }
  }

  // MARK: - Reporting

  /// The steps that lead from `start` to what was found.
  func cuts(from start: PackSelection) -> [FallbackPlan.Cut] {
    var fields: [Int] = []
    var operators: [Int] = []
    var bySubcategory: [Int: [Int]] = [:]
    let gone = cutSubcategories.filter { !selection.keepsSubcategory($0) }
    for item in dropped {
      switch item {
      case .field(let place):
        if let subcategory = selection.subcategory(ofField: place), gone.contains(subcategory) {
          bySubcategory[subcategory, default: []].append(place)
        } else {
          fields.append(place)
        }
      case .operator(let place): operators.append(place)
      }
    }
    var cuts: [FallbackPlan.Cut] = []
    var state = start
    append(.fields, of: start.fieldCounts.total, fields.map { [.field($0)] }, &state, &cuts)
    append(
      .operators, of: start.operatorCounts.total, operators.map { [.operator($0)] }, &state, &cuts)
    append(
      .subcategories, of: start.subcategoryCount,
      gone.map { (bySubcategory[$0] ?? []).map(Item.field) }, &state, &cuts)
    return cuts
  }

  /// Appends the steps of a phase, which drops `groups` one after the other from `count` of them.
  private func append(
    _ phase: FallbackPhase, of count: Int, _ groups: [[Item]], _ state: inout PackSelection,
    _ cuts: inout [FallbackPlan.Cut]
  ) {
    let left = count - groups.count
    var levels = policy.steps.sorted(by: >).map { ($0, max(left, ShrinkTarget.target(count, $0))) }
    levels.append((Double(left) / Double(max(1, count)), left))
    var position = 0
    for (factor, target) in levels where count - position > target {
      let before = state
      for item in groups[position..<(count - target)].joined() {
        switch item {
        case .field(let place): state.dropField(place)
        case .operator(let place): state.dropOperator(place)
        }
      }
      position = count - target
      cuts.append(
        FallbackPlan.Cut(
          phase: phase, factor: factor,
          fields: state.keepsField.indices.filter {
            before.keepsField[$0] && !state.keepsField[$0]
          },
          operators: state.keepsOperator.indices.filter {
            before.keepsOperator[$0] && !state.keepsOperator[$0]
          },
          selection: state, weightSaved: before.weight - state.weight))
    }
  }
}
