import Essentials
import Mathematics
import Testing

@testable import Research

@Suite("Fallback plans")
struct FallbackPlanTests {
  typealias Stub = FallbackBench.Stub

  private func plan(
    _ stub: Stub, pack: RetrievalPack = FallbackBench.pack, limit: Int = 12_000
  ) -> FallbackPlan {
    FallbackPlan(stub.outline(pack), limit: limit, policy: FallbackBench.policy)
  }

  /// Subcategories, datasets, fields and operators.
  private func counts(_ selection: PackSelection) -> [Int] {
    [
      selection.subcategoryCount, selection.datasetCount, selection.fieldCounts.total,
      selection.operatorCounts.total,
    ]
  }

  @Test("F0: a prompt within its limit is not touched, and the limit is inclusive")
  func f0() {
    let whole = plan(Stub(1_000, 40, 80, 0))
    #expect(whole.fits && whole.cuts.isEmpty && whole.selection.weight == 8_680)
    #expect(counts(whole.selection) == [4, 15, 72, 60])
    #expect(plan(Stub(0, 0, 200, 0)).cuts.isEmpty)
  }

  @Test("F1: no kind is cut below the smallest share, and almost all of the limit is used")
  func f1() {
    let shrunk = plan(Stub(1_000, 40, 380, 0))
    #expect(shrunk.fits && shrunk.selection.weight > 11_960)
    #expect(shrunk.selection.fieldCounts.total >= 28)
    #expect(shrunk.selection.operatorCounts.total >= 24)
    #expect(
      shrunk.cuts.map(\.phase) == [
        .fields, .fields, .fields, .fields, .operators, .operators, .operators, .operators,
      ])
    #expect(shrunk.cuts.last?.selection == shrunk.selection)
  }

  @Test("F2: fields that weigh nothing stay, and one operator goes")
  func f2() {
    let shrunk = plan(Stub(1, 0, 200, 0))
    #expect(shrunk.fits && shrunk.selection.weight == 11_801)
    #expect(counts(shrunk.selection) == [4, 15, 72, 59])
    #expect(shrunk.cuts.map(\.phase) == [.operators])
    #expect(shrunk.cuts[0].operators.count == 1 && shrunk.cuts[0].weightSaved == 200)
  }

  @Test("F3: where only subcategories weigh anything, only they are cut")
  func f3() {
    let shrunk = plan(Stub(0, 0, 0, 4_000))
    #expect(shrunk.fits && shrunk.selection.weight == 12_000)
    #expect(shrunk.cuts.map(\.phase) == [.subcategories])
    // The exploiting subcategory that goes takes its four datasets and their fields along.
    #expect(counts(shrunk.selection) == [3, 11, 55, 60])
    #expect(shrunk.selection.keepsFloor)
  }

  @Test("F4: a fixed part above the limit is found without a step, the minimum kept")
  func f4() {
    let blocked = plan(Stub(5_000, 40, 380, 0), limit: 500)
    #expect(!blocked.fits && blocked.cuts.isEmpty)
    #expect(blocked.start.outline.fixed > blocked.limit)
    #expect(blocked.selection.keepsFloor && blocked.selection.weight == 5_420)
  }

  @Test("F7: one exploring field and one exploring operator are kept")
  func f7() {
    let shrunk = plan(
      Stub(1_000, 1_000, 1_000, 0), pack: FallbackBench.smallPack, limit: 3_500)
    #expect(shrunk.fits && shrunk.selection.weight == 3_000)
    #expect(shrunk.selection.fieldCounts.explore == 1)
    #expect(shrunk.selection.operatorCounts.explore == 1)
  }

  @Test("F8: without exploring candidates the limit is filled up to an item")
  func f8() {
    let shrunk = plan(Stub(1_000, 100, 200, 0), pack: FallbackBench.exploitPack)
    #expect(shrunk.fits && shrunk.selection.weight == 12_000)
  }

  @Test("a pack without candidates fits if its fixed text does")
  func empty() {
    let outline = PackOutline(
      fixed: 10, subcategories: [], datasets: [], fields: [], operators: [])
    #expect(FallbackPlan(outline, limit: 10, policy: FallbackBench.policy).fits)
    #expect(!FallbackPlan(outline, limit: 9, policy: FallbackBench.policy).fits)
  }

  @Test("steps that save weight add up to what is saved")
  func savings() {
    for limit in [26_000, 20_000, 12_000, 6_000, 3_000, 1_420] {
      let shrunk = plan(Stub(1_000, 40, 380, 0), limit: limit)
      #expect(shrunk.fits, "limit \(limit)")
      let saved = shrunk.cuts.reduce(0) { $0 + $1.weightSaved }
      #expect(shrunk.start.weight - saved == shrunk.selection.weight, "limit \(limit)")
      #expect(shrunk.cuts.allSatisfy { $0.weightSaved > 0 }, "limit \(limit)")
      #expect(shrunk.cuts.last?.selection == shrunk.selection, "limit \(limit)")
      let shares = shrunk.cuts.map(\.factor)
      #expect(shares.allSatisfy { $0 > 0 && $0 < 1 }, "limit \(limit)")
    }
  }

  @Test("random packs fit or rightly do not, keep the minimum, and lack nothing that would fit")
  func laws() {
    var dice = SplitMix64(seed: 20_261_121)
    for trial in 0..<2_000 {
      let outline = RandomOutline.make(using: &dice)
      let floor = Int.random(in: 0...3, using: &dice)
      let policy = FallbackPolicy(
        steps: [0.85, 0.7, 0.55, 0.4], exploreShare: Double.random(in: 0...1, using: &dice),
        exploreFloor: floor)
      let whole = PackSelection(all: outline, floor: floor)
      let limit = Int.random(in: outline.fixed...(whole.weight + 2), using: &dice)
      let plan = FallbackPlan(outline, limit: limit, policy: policy)
      let selection = plan.selection
      #expect(selection.keepsFloor, "trial \(trial)")
      #expect(selection.weight == NaiveOutline.weight(of: selection), "trial \(trial)")
      if outline.fields.count + outline.operators.count <= 12 {
        let lightest = NaiveOutline.lightest(outline, floor: floor)
        #expect(plan.fits == (lightest <= limit), "trial \(trial)")
        if !plan.fits { #expect(selection.weight == lightest, "trial \(trial)") }
      }
      guard plan.fits else { continue }
      for place in outline.fields.indices where !selection.keepsField[place] {
        #expect(
          selection.weight + selection.weight(ofKeepingField: place) > limit, "trial \(trial)")
      }
      for place in outline.operators.indices where !selection.keepsOperator[place] {
        #expect(selection.weight + outline.operators[place].weight > limit, "trial \(trial)")
      }
      let isReached = (plan.cuts.last?.selection ?? plan.start) == selection
      #expect(isReached, "trial \(trial)")
      #expect(plan.cuts.isEmpty == (whole.weight <= limit), "trial \(trial)")
    }
  }
}

/// Outlines of all shapes, most of them tiny.
enum RandomOutline {
  static func make(using dice: inout SplitMix64) -> PackOutline {
    let isTiny = Int.random(in: 0..<3, using: &dice) > 0
    func weight(_ dice: inout SplitMix64) -> Int { Int.random(in: 0...9, using: &dice) }
    func lane(_ dice: inout SplitMix64) -> Lane {
      Int.random(in: 0..<3, using: &dice) == 0 ? .explore : .exploit
    }
    let subcategories = (0..<Int.random(in: 1...4, using: &dice)).map { _ in weight(&dice) }
    let datasets = (0..<Int.random(in: 1...(isTiny ? 3 : 8), using: &dice)).map { _ in
      PackOutline.Dataset(
        weight: weight(&dice), lane: lane(&dice),
        subcategory: Int.random(in: subcategories.indices, using: &dice))
    }
    let fields = (0..<Int.random(in: 0...(isTiny ? 6 : 30), using: &dice)).map { _ in
      PackOutline.Field(
        weight: weight(&dice), lane: lane(&dice),
        dataset: Int.random(in: 0..<6, using: &dice) == 0
          ? nil : Int.random(in: datasets.indices, using: &dice))
    }
    let operators = (0..<Int.random(in: 0...(isTiny ? 6 : 30), using: &dice)).map { _ in
      PackOutline.Operator(weight: weight(&dice), lane: lane(&dice))
    }
    return PackOutline(
      fixed: weight(&dice), subcategories: subcategories, datasets: datasets, fields: fields,
      operators: operators)
  }
}

/// The weight of a selection and the lightest one, by definition.
enum NaiveOutline {
  static func weight(of selection: PackSelection) -> Int {
    weight(selection.outline, selection.keepsField, selection.keepsOperator)
  }

  private static func weight(_ outline: PackOutline, _ fields: [Bool], _ operators: [Bool]) -> Int {
    let kept = outline.fields.indices.filter { fields[$0] }
    let datasets = Set(kept.compactMap { outline.fields[$0].dataset })
    let subcategories = Set(datasets.map { outline.datasets[$0].subcategory })
    return outline.fixed + kept.reduce(0) { $0 + outline.fields[$1].weight }
      + datasets.reduce(0) { $0 + outline.datasets[$1].weight }
      + subcategories.reduce(0) { $0 + outline.subcategories[$1] }
      + outline.operators.indices.filter { operators[$0] }
      .reduce(0) { $0 + outline.operators[$1].weight }
  }

  /// Tries all subsets of the fields and of the operators.
  static func lightest(_ outline: PackOutline, floor: Int) -> Int {
    func least(_ lanes: [Lane], _ weight: ([Bool]) -> Int) -> Int {
      let explore = lanes.count { $0 == .explore }
      return (0..<(1 << lanes.count)).compactMap { bits -> Int? in
        let kept = lanes.indices.map { bits >> $0 & 1 == 1 }
        let exploring = lanes.indices.count { kept[$0] && lanes[$0] == .explore }
        guard exploring >= min(floor, explore), lanes.isEmpty || kept.contains(true) else {
          return nil
        }
        return weight(kept)
      }.min() ?? 0
    }
    let none = (
      fields: outline.fields.map { _ in false }, operators: outline.operators.map { _ in false }
    )
    return least(outline.fields.map(\.lane)) { weight(outline, $0, none.operators) }
      + least(outline.operators.map(\.lane)) { weight(outline, none.fields, $0) } - outline.fixed
  }
}
