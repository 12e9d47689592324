/// The lightest selection of a pack that keeps the explore minimum.
///
/// Operators stand alone, so the lightest are taken. Fields hang on datasets and subcategories that
/// must be written with them: `costs[k]` of a branch is the least weight of `k` explore fields in it
/// with the branch itself, and branches are joined by trying how many each contributes (a knapsack
/// on a tree). Cost: fields times the square of the minimum, which is one by default.
enum CheapestFloor {
  /// A least weight and the fields that have it.
  private struct Choice {
    var weight = 0
    var fields: [Int] = []
  }

  static func selection(of outline: PackOutline, floor: Int) -> PackSelection {
    var selection = PackSelection(none: outline, floor: floor)
    let exploreOperators = selection.exploreOperatorsMin
    for place in lightest(
      outline.operators.map { ($0.weight, $0.lane) }, exploring: exploreOperators)
    {
      selection.keepOperator(place)
    }
    for place in fields(of: outline, exploring: selection.exploreFieldsMin) {
      selection.keepField(place)
    }
    return selection
  }

  /// The places of the lightest candidates of the explore lane, or of the one lightest candidate
  /// where none need be.
  private static func lightest(_ candidates: [(weight: Int, lane: Lane)], exploring count: Int)
    -> [Int]
  {
    let places = candidates.indices
      .filter { count == 0 || candidates[$0].lane == .explore }
      .sorted { (candidates[$0].weight, $0) < (candidates[$1].weight, $1) }
    return Array(places.prefix(max(1, count)))
  }

  private static func fields(of outline: PackOutline, exploring count: Int) -> [Int] {
    guard !outline.fields.isEmpty else { return [] }
    let wanted = max(1, count)
    var byDataset = Array(repeating: [Int](), count: outline.datasets.count)
    var loose: [Int] = []
    for (place, field) in outline.fields.enumerated() where count == 0 || field.lane == .explore {
      if let dataset = field.dataset {
        byDataset[dataset].append(place)
      } else {
        loose.append(place)
      }
    }
    var bySubcategory = Array(
      repeating: [Choice?](arrayLiteral: Choice()), count: outline.subcategories.count)
    for (place, dataset) in outline.datasets.enumerated() {
      let choices = prefixes(byDataset[place], of: outline, atMost: wanted, branch: dataset.weight)
      bySubcategory[dataset.subcategory] = joined(
        bySubcategory[dataset.subcategory], choices, atMost: wanted)
    }
    var root = prefixes(loose, of: outline, atMost: wanted, branch: 0)
    for (place, weight) in outline.subcategories.enumerated() {
      var choices = bySubcategory[place]
      for count in choices.indices.dropFirst() { choices[count]?.weight += weight }
      root = joined(root, choices, atMost: wanted)
    }
    // There are `wanted` such fields, so the last choice exists.
    return root.last.flatMap { $0?.fields } ?? []
  }

  /// The lightest choices of 0, 1, 2 ... of the fields.
  private static func prefixes(
    _ places: [Int], of outline: PackOutline, atMost limit: Int, branch: Int
  ) -> [Choice?] {
    let sorted = places.sorted {
      (outline.fields[$0].weight, $0) < (outline.fields[$1].weight, $1)
    }
    var choices: [Choice?] = [Choice()]
    var latest = Choice(weight: branch)
    for place in sorted.prefix(limit) {
      latest.weight += outline.fields[place].weight
      latest.fields.append(place)
      choices.append(latest)
    }
    return choices
  }

  private static func joined(
    _ one: [Choice?], _ other: [Choice?], atMost limit: Int
  ) -> [Choice?] {
    var choices = [Choice?](
      repeating: nil, count: min(limit, one.count + other.count - 2) + 1)
    for (i, left) in one.enumerated() {
      guard let left else { continue }
      for (j, right) in other.enumerated() where i + j < choices.count {
        guard let right else { continue }
        let weight = left.weight + right.weight
        if choices[i + j].map({ weight < $0.weight }) ?? true {
          choices[i + j] = Choice(weight: weight, fields: left.fields + right.fields)
        }
      }
    }
    return choices
  }
}
