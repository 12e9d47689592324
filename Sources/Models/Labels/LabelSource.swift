/// Which number of a sample is what a model learns to foretell.
package enum LabelSource: String, Hashable, Sendable, CaseIterable {
  /// The log return of the next bar.
  case move = "y"
  case net = "y_net"
  case feeAdjusted = "y_fee_adj"
  /// The log return over the bars that were best in hindsight. No trade can earn it, and labels of
  /// neighboring bars overlap.
  case hindsight = "y_hstar"
  case hindsightNet = "y_hstar_net"

  /// Reads a name, also `y_net_hstar`, by which the net label of hindsight goes too.
  package init?(name: String) {
    if name == "y_net_hstar" {
      self = .hindsightNet
    } else {
      self.init(rawValue: name)
    }
  }

  package var usesHindsight: Bool { self == .hindsight || self == .hindsightNet }

  /// What decides the class of a sample, costs removed where the source says so; nil where the
  /// sample has none.
  package func target(of sample: LabeledSample) -> Double? {
    switch self {
    case .move: sample.move
    case .net: sample.netMove
    case .feeAdjusted: sample.feeAdjustedMove
    case .hindsight: sample.hindsightMove
    case .hindsightNet: sample.hindsightNetMove
    }
  }

  /// The log return over the time of the label, before costs.
  package func grossMove(of sample: LabeledSample) -> Double? {
    usesHindsight ? sample.hindsightMove : sample.move
  }
}

/// How a label source is chosen.
package enum LabelChoice: Hashable, Sendable {
  case named(LabelSource)
  /// The first of the net labels that is not too sparse, and the bare move if all are. Labels of
  /// hindsight come first where they are allowed.
  case automatic(allowsHindsight: Bool)

  /// The sources to try, in order; the last is taken however sparse it is.
  var candidates: [LabelSource] {
    switch self {
    case .named(let source): [source]
    case .automatic(allowsHindsight: false): [.net, .feeAdjusted, .move]
    case .automatic(allowsHindsight: true):
      [.hindsightNet, .net, .feeAdjusted, .hindsight, .move]
    }
  }
}
