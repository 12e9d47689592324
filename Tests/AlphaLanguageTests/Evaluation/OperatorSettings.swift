import AlphaLanguage

/// Values worth trying for the options of each operator.
enum OperatorSettings {
  /// Complete lists of options: one of ordinary values, then each option in turn with each of its
  /// other values.
  ///
  /// - Parameter longest: a window longer than the panel.
  static func all(of code: OperatorCode, longest: Int) -> [[OptionValue]] {
    if let special = special(code) { return special }
    let options = OperatorCatalog.fastexpr.entry(of: code).options
    let candidates = options.map { values(of: $0, longest: longest) }
    let ordinary = candidates.map { $0[0] }
    var settings = [ordinary]
    for (position, values) in candidates.enumerated() {
      for value in values.dropFirst() {
        var setting = ordinary
        setting[position] = value
        settings.append(setting)
      }
    }
    return settings
  }

  private static func values(of option: OperatorParameter, longest: Int) -> [OptionValue] {
    let standard = option.standard.map { [$0] } ?? []
    let others: [OptionValue]
    switch option.kind {
    case .window(let minimum):
      others = [5, 1, 2, 20, longest, 0].filter { $0 >= minimum }.map { .number(Double($0)) }
    case .integer(let range):
      let all = range.count <= 20
      let some = [range.lowerBound, range.lowerBound + 1, range.lowerBound + 3]
      others = (all ? Array(range) : some).map { .number(Double($0)) }
    case .number(let domain):
      others = [0.3, -1.5, 0, 0.05, 1, 2, 25].filter(domain.contains).map { .number($0) }
    case .flag: others = [.flag(false), .flag(true)]
    case .word(let words): others = words.map { .word($0) }
    case .numbers: others = [.numbers([0, .nan]), .numbers([0.7, -1.4])]
    case .wordOrNumber, .matrix, .group, .groupOrMatrix, .vector:
      preconditionFailure("\(option.name) has no values of its own here")
    }
    return standard + others.filter { !standard.contains($0) }
  }

  /// Options that depend on each other.
  private static func special(_ code: OperatorCode) -> [[OptionValue]]? {
    func numbers(_ lists: [Double]...) -> [[OptionValue]] {
      lists.map { list in list.map { .number($0) } }
    }
    let none = OptionValue.absent
    switch code {
    case .nanOut:
      return [
        [.number(-0.5), .number(1)], [none, .number(0.7)], [.number(-0.7), none],
      ]
    case .clamp:
      let bounds: [OptionValue] = [.number(-0.7), .number(0.9)]
      return [
        bounds + [.flag(false), none], [none, .number(0.7), .flag(false), none],
        [.number(-0.7), none, .flag(false), none], bounds + [.flag(true), none],
        bounds + [.flag(true), .word("nearest_bound")], bounds + [.flag(true), .word("mean")],
        bounds + [.flag(true), .word("NAN")], bounds + [.flag(true), .number(7)],
      ]
    case .bucket:
      let lists: [[OptionValue]] = [
        [none, .numbers([-1, 0, 0.7, 1])], [.numbers([-1.4, 1.4, 0.7]), none],
        [.numbers([0, 100, 12.5]), none], [none, .numbers([0.7])],
      ]
      let flags: [[Bool]] = [
        [false, false, false, false], [true, false, false, false], [false, true, false, true],
        [false, false, true, false],
      ]
      return lists.flatMap { list in flags.map { list + $0.map { .flag($0) } } }
    case .replace:
      return [
        [.numbers([0, 0.7]), .numbers([5])], [.numbers([.nan, 0.7]), .numbers([1, .nan])],
        [.numbers([0.7, 0.7, -1.4]), .numbers([1, 2, 3])],
      ]
    case .filter:
      return [
        [.numbers([1, 2, 3, 4]), .numbers([0.5])], [.numbers([1]), .numbers([0])],
        [.numbers([0.5, 0.25, 0.1]), .numbers([0.3, -0.2])],
        [.numbers([0, 1]), .numbers([0, 0.9])],
      ]
    case .tsTargetTvrDecay, .tsTargetTvrHump, .tsTargetTvrDeltaLimit:
      return numbers([0, 1, 0.1], [0.1, 0.6, 0.3], [0, 0.05, 0.01], [0.2, 0.2, 0.2], [0, 1, 5])
    default:
      return nil
    }
  }
}
