@testable import Research

/// The packs and the stub prompt that the seed documents measure the fallback with.
enum FallbackBench {
  /// What a stub prompt has in tokens: a base, and so much for every candidate.
  struct Stub: Sendable {
    let base: Int
    let field: Int
    let `operator`: Int
    let subcategory: Int

    init(_ base: Int, _ field: Int, _ operator: Int, _ subcategory: Int) {
      (self.base, self.field) = (base, field)
      (self.operator, self.subcategory) = (`operator`, subcategory)
    }

    func tokens(_ pack: RetrievalPack) -> Int {
      base + field * pack.fields.count + `operator` * pack.operators.count
        + subcategory * pack.selectedSubcategories.count
    }

    func outline(_ pack: RetrievalPack) -> PackOutline {
      PackOutline(pack, fixed: base) { _ in
        subcategory
      } dataset: { _ in
        0
      } field: { _ in
        field
      } operator: { _ in
        `operator`
      }
    }
  }

  static let policy = FallbackPolicy(BudgetConfiguration())

  /// Fixture P: 72 fields of 15 datasets in four subcategories, and 60 operators.
  static var pack: RetrievalPack {
    var pack = RetrievalPack(ideaID: "P", query: "fixture")
    pack.selectedSubcategories = (1...5).map { "s\($0)" }
    pack.datasets =
      (0..<14).map {
        .init(
          id: "d\($0)", name: "D\($0)", subcategoryID: "s\(1 + $0 % 3)", lane: .exploit, score: 1)
      } + [.init(id: "dx", name: "DX", subcategoryID: "s5", lane: .explore, score: 0.5)]
    pack.fields =
      (0..<60).map {
        .init(id: "f\($0)", datasetID: "d\($0 % 14)", type: "MATRIX", lane: .exploit, score: 1)
      }
      + (0..<12).map {
        .init(id: "x\($0)", datasetID: "dx", type: "MATRIX", lane: .explore, score: 0.5)
      }
    pack.operators = operators("op", 48, .exploit) + operators("ox", 12, .explore)
    return pack
  }

  static func operators(_ name: String, _ count: Int, _ lane: Lane) -> [RetrievalPack.Operator] {
    (0..<count).map {
      .init(
        name: "\(name)\($0)", definition: nil, scope: [], category: nil, lane: lane, score: 0.5)
    }
  }

  /// Fixture P without its explore lane.
  static var exploitPack: RetrievalPack {
    var pack = pack
    pack.fields.removeAll { $0.lane == .explore }
    pack.operators.removeAll { $0.lane == .explore }
    return pack
  }

  /// Two fields and two operators, one of either lane each.
  static var smallPack: RetrievalPack {
    var pack = pack
    pack.selectedSubcategories = ["s1", "s5"]
    pack.datasets.removeAll { $0.id != "d0" && $0.id != "dx" }
    pack.fields = ["f0", "f14", "x0", "x1"].map { id in
      pack.fields.first { $0.id == id } ?? pack.fields[0]
    }
    pack.operators = operators("op", 2, .exploit) + operators("ox", 2, .explore)
    return pack
  }
}
