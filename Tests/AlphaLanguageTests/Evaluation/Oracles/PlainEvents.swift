import AlphaLanguage
import Mathematics

extension PlainCall {
  private var events: [[[Double]]] {
    if case .vector(let cells) = inputs.first { cells } else { [] }
  }

  /// The events that `vec_filter` leaves, nil for any other operator.
  var filteredEvents: [[[Double]]]? {
    guard code == .vecFilter else { return nil }
    let removed = number(0)
    return events.map { row in
      row.map { cell in cell.filter { !($0 == removed || ($0.isNaN && removed.isNaN)) } }
    }
  }

  /// Operators that make one number of the events of a cell.
  var ofEvents: [[Double]]? {
    guard case .vector? = inputs.first, let definition = ofCell else { return nil }
    return events.map { row in
      row.map { cell in
        let counted = code == .vecChoose ? cell : cell.filter(\.isFinite)
        return counted.isEmpty ? .nan : definition(counted)
      }
    }
  }

  private var ofCell: (([Double]) -> Double)? {
    switch code {
    case .vecAvg: return { $0.mean }
    case .vecSum: return { $0.total }
    case .vecCount: return { Double($0.count) }
    case .vecMax: return { $0.highest }
    case .vecMin: return { $0.lowest }
    case .vecRange: return { $0.highest - $0.lowest }
    case .vecStddev: return { $0.deviation }
    case .vecIr: return { $0.varies ? $0.mean / $0.deviation : .nan }
    case .vecNorm: return { $0.map { Swift.abs($0) }.total }
    case .vecPowersum:
      let exponent = number(0)
      return { $0.map { Elementary.pow($0, exponent) }.total }
    case .vecPercentage:
      let share = number(0)
      return { $0.quantile(share) }
    case .vecChoose:
      let place = integer(0)
      return { place < $0.count ? $0[place] : .nan }
    case .vecSkewness: return { $0.skewness }
    case .vecKurtosis: return { $0.excessKurtosis }
    default: return nil
    }
  }
}
