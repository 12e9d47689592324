package import Essentials

extension ExitMemory {
  /// The memory as a document, from which ``init(json:)`` makes the same one to the bit.
  package var json: JSONValue {
    func instant(_ at: Timestamp?) -> JSONValue {
      at.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null
    }
    return [
      "confirmations": .object(
        ExitKind.allCases.map { kind in
          let entry = confirmations.counts[kind.index]
          return JSONValue.Member(
            kind.rawValue,
            .array([
              .integer(entry.count), instant(entry.lastTrigger), instant(entry.lastCounted),
            ]))
        }),
      "reference": reference.map { .array([.number($0.score), instant($0.at)]) } ?? .null,
      "means": means.map {
        .array([.number($0.score), .number($0.stopProbability), instant($0.at)])
      } ?? .null,
    ]
  }

  /// Reads a memory back; nil where the document is none.
  package init?(json: JSONValue) {
    self.init()
    guard case .object(let members)? = json["confirmations"] else { return nil }
    for member in members {
      guard let kind = ExitKind(rawValue: member.name), case .array(let parts) = member.value,
        parts.count == 3, let count = parts[0].whole, count >= 0
      else { return nil }
      var entry = ExitConfirmations.Count()
      entry.count = count
      entry.lastTrigger = parts[1].instant
      entry.lastCounted = parts[2].instant
      confirmations.counts[kind.index] = entry
    }
    if case .array(let parts)? = json["reference"] {
      guard parts.count == 2, let score = parts[0].double, let at = parts[1].instant else {
        return nil
      }
      reference = Reference(score: score, at: at)
    }
    if case .array(let parts)? = json["means"] {
      guard parts.count == 3, let score = parts[0].double, let stop = parts[1].double,
        let at = parts[2].instant
      else { return nil }
      means = Means(score: score, stopProbability: stop, at: at)
    }
  }
}

extension JSONValue {
  fileprivate var whole: Int? {
    if case .integer(let number) = self { number } else { nil }
  }

  fileprivate var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  fileprivate var instant: Timestamp? {
    whole.map { Timestamp(millisecondsSinceEpoch: Int64($0)) }
  }
}
