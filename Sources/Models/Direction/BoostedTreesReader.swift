import Essentials

/// Reads the text form of a LightGBM model: lines `name=value`, a header, and a block for each tree.
struct BoostedTreesReader {
  let document: String

  private static let remedy = "Save the model again with LightGBM's save_model."
  /// What tells how a tree came about or how long its text is, on which no score depends.
  private static let idle: Set<Substring> = [
    "split_gain", "leaf_weight", "leaf_count", "internal_value", "internal_weight",
    "internal_count", "feature_infos", "tree_sizes", "monotone_constraints", "shrinkage",
  ]

  func read(_ text: String) throws(DocumentFailure) -> BoostedTrees {
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    guard lines.first == "tree" else {
      throw failure("line 1", "is not \"tree\"; this is no LightGBM model")
    }
    var header: [Substring: Substring] = [:]
    var blocks: [[Substring: Substring]] = []
    var isAverage = false
    var isComplete = false
    var kept = ["tree"]
    for line in lines.dropFirst() {
      if !Self.idle.contains(line.prefix { $0 != "=" }) { kept.append(String(line)) }
      if line == "end of trees" {
        isComplete = true
        break
      }
      if line == "average_output" { isAverage = true }
      guard let equals = line.firstIndex(of: "=") else { continue }
      let name = line[..<equals]
      let value = line[line.index(after: equals)...]
      if name == "Tree" {
        guard Int(value) == blocks.count else {
          throw failure("Tree=\(value)", "stands where tree \(blocks.count) belongs")
        }
        blocks.append([:])
      } else if blocks.isEmpty {
        header[name] = value
      } else {
        blocks[blocks.count - 1][name] = value
      }
    }
    guard isComplete else { throw failure("the text", "has no line \"end of trees\"") }
    guard !blocks.isEmpty else { throw failure("the model", "has no trees") }
    for name in ["num_class", "num_tree_per_iteration"] where header[name[...]] != "1" {
      throw failure(name, "is not 1; a direction has one output")
    }
    let names = (header["feature_names"] ?? "").split(separator: " ").map(String.init)
    guard !names.isEmpty else { throw failure("feature_names", "is missing") }
    guard let last = header["max_feature_idx"].flatMap({ Int($0) }), last == names.count - 1 else {
      throw failure("max_feature_idx", "does not go with \(names.count) feature names")
    }
    let objective = try objective(header["objective"] ?? "")
    var trees: [BoostedTree] = []
    for (place, block) in blocks.enumerated() {
      trees.append(try tree(block, at: place, features: names.count))
    }
    return BoostedTrees(
      featureNames: names, objective: objective, trees: trees, isAverage: isAverage,
      text: kept.joined(separator: "\n") + "\n")
  }

  private func objective(_ text: Substring) throws(DocumentFailure) -> BoostedTrees.Objective {
    let words = text.split(separator: " ")
    guard words.first == "binary" else { return .other }
    guard let word = words.first(where: { $0.hasPrefix("sigmoid:") }) else {
      return .binary(sigmoid: 1)
    }
    guard let sigmoid = Double(word.dropFirst("sigmoid:".count)), sigmoid > 0, sigmoid.isFinite
    else { throw failure("objective", "has no sigmoid above zero") }
    return .binary(sigmoid: sigmoid)
  }

  private func tree(
    _ block: [Substring: Substring], at place: Int, features: Int
  ) throws(DocumentFailure) -> BoostedTree {
    func numbers<Number: LosslessStringConvertible>(
      _ name: String, count: Int, as type: Number.Type
    ) throws(DocumentFailure) -> [Number] {
      let words = (block[name[...]] ?? "").split(separator: " ")
      let numbers = words.compactMap { Number(String($0)) }
      guard numbers.count == words.count, numbers.count == count else {
        throw failure(
          "\(name) of tree \(place)", "does not hold \(count) numbers that can be read")
      }
      return numbers
    }
    if let linear = block["is_linear"], linear != "0" {
      throw failure("is_linear of tree \(place)", "is \(linear); leaves must be constant")
    }
    guard let leafCount = block["num_leaves"].flatMap({ Int($0) }), leafCount > 0 else {
      throw failure("num_leaves of tree \(place)", "is no number above zero")
    }
    let leaves = try numbers("leaf_value", count: leafCount, as: Double.self)
    guard leaves.allSatisfy(\.isFinite) else {
      throw failure("leaf_value of tree \(place)", "is not finite")
    }
    let count = leafCount - 1
    guard count > 0 else { return BoostedTree(nodes: [], leaves: leaves) }
    let feature = try numbers("split_feature", count: count, as: Int.self)
    let threshold = try numbers("threshold", count: count, as: Double.self)
    let decision = try numbers("decision_type", count: count, as: Int.self)
    let left = try numbers("left_child", count: count, as: Int.self)
    let right = try numbers("right_child", count: count, as: Int.self)
    let setCount = block["num_cat"].flatMap { Int($0) } ?? 0
    var bounds: [Int] = []
    var words: [UInt32] = []
    if setCount > 0, setCount <= count {
      bounds = try numbers("cat_boundaries", count: setCount + 1, as: Int.self)
      guard bounds[0] == 0, zip(bounds, bounds.dropFirst()).allSatisfy({ $0 <= $1 }) else {
        throw failure("cat_boundaries of tree \(place)", "do not rise from 0")
      }
      words = try numbers("cat_threshold", count: bounds[setCount], as: UInt32.self)
    }
    var nodes: [BoostedTree.Node] = []
    for node in 0..<count {
      guard (0..<features).contains(feature[node]) else {
        throw failure("split_feature of tree \(place)", "names feature \(feature[node])")
      }
      // A child stands behind its parent, so that every path ends.
      for child in [left[node], right[node]] {
        guard child < 0 ? ~child < leafCount : child > node && child < count else {
          throw failure("tree \(place)", "has a child \(child) at node \(node)")
        }
      }
      let test: BoostedTree.Test
      if decision[node] & 1 == 1 {
        guard let set = Int(exactly: threshold[node]), set >= 0, set < bounds.count - 1 else {
          throw failure("threshold of tree \(place)", "names no set of categories")
        }
        test = .categories(bounds[set]..<bounds[set + 1])
      } else {
        guard let missing = BoostedTree.Missing(rawValue: decision[node] >> 2 & 3),
          !threshold[node].isNaN
        else { throw failure("decision_type of tree \(place)", "is \(decision[node])") }
        test = .threshold(
          threshold[node], missing: missing, defaultsLeft: decision[node] & 2 != 0)
      }
      nodes.append(
        BoostedTree.Node(
          feature: feature[node], test: test, left: left[node], right: right[node]))
    }
    return BoostedTree(nodes: nodes, leaves: leaves, sets: words)
  }

  private func failure(_ place: String, _ problem: String) -> DocumentFailure {
    DocumentFailure(
      document: document,
      defects: [
        DocumentDefect(keyPath: place, explanation: "\(place) \(problem).", remedy: Self.remedy)
      ])
  }
}
