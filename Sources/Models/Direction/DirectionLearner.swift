package import Essentials

/// By what a direction is learned.
package enum DirectionLearner: Hashable, Sendable {
  /// A logistic regression with the penalty of ``LogisticRegression/fit(_:targets:ridge:iterationsMax:)``.
  case logistic(ridge: Double)
  case trees(TreeSettings)

  /// What it is called: `logistic` or `lightgbm`.
  package var name: String {
    switch self {
    case .logistic: "logistic"
    case .trees: "lightgbm"
    }
  }

  package var json: JSONValue {
    switch self {
    case .logistic(let ridge): ["learner": .string(name), "ridge": .number(ridge)]
    case .trees(let settings): ["learner": .string(name), "trees": settings.json]
    }
  }

  /// Of learners that do equally well the simpler one comes first: a plane before trees, the larger
  /// penalty, fewer trees, and smaller ones.
  func isSimpler(than other: DirectionLearner) -> Bool {
    switch (self, other) {
    case (.logistic(let ridge), .logistic(let others)): return ridge > others
    case (.logistic, .trees): return true
    case (.trees, .logistic): return false
    case (.trees(let settings), .trees(let others)):
      let mine = settings.rounds * settings.leaves
      let theirs = others.rounds * others.leaves
      return (mine, settings.learningRate) < (theirs, others.learningRate)
    }
  }
}

/// What a learner made of rows, before calibration.
enum LearnedDirection: Hashable, Sendable {
  case logistic(DirectionPart)
  case trees(BoostedTrees)

  /// The log odds for one value of each feature; zero, which says nothing, for another number.
  func logOdds(_ values: [Double]) -> Double {
    switch self {
    case .logistic(let part): part.logOdds(values)
    case .trees(let trees): trees.logOdds(values) ?? 0
    }
  }
}
