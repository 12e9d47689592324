package import Essentials
package import Worlds

extension WorldDesk {
  /// What another policy would have made of a world since an instant: every decision of the journal
  /// taken again, with the returns that the paper accounts of the instances earned.
  ///
  /// Where a cycle was decided several times, the last decision counts.
  package func whatIf(
    _ policy: WorldPolicy, in world: String, since: Timestamp
  ) throws -> WhatIf {
    var limit = Self.firstPart
    var past = try decisions(of: world, limit: limit)
    while past.count == limit, let oldest = past.last, oldest.snapshot.at >= since {
      limit *= 4
      past = try decisions(of: world, limit: limit)
    }
    var seen: Set<Int> = []
    let recorded = past.filter {
      $0.snapshot.at >= since && seen.insert($0.snapshot.cycle).inserted
    }.reversed().map {
      WhatIf.Recorded(snapshot: $0.snapshot, plan: $0.evaluation.plan)
    }
    guard let first = recorded.first else { throw StudyRefusal.noDecisions(world: world) }
    return WhatIf(
      Array(recorded), under: policy, earned: try earned(in: world, after: first.snapshot.at))
  }

  /// Enough for half a year of days.
  private static let firstPart = 200

  /// The returns of all instances by day as their accounts recorded them, on paper and with money, in
  /// the order of the record. Of several accounts of an instance on one day that named `paper` counts, else the first.
  package func earned(
    in world: String, after instant: Timestamp? = nil
  ) throws(WorldDeskFailure) -> [WhatIf.Earned] {
    struct Day: Hashable {
      var instance: String
      var at: Timestamp
    }
    var places: [Day: Int] = [:]
    var earned: [WhatIf.Earned] = []
    var cursor: Int64? = 0
    while let after = cursor {
      let page = try audit(world, after: after, limit: 512)
      cursor = page.next
      for entry in page.entries where entry.kind == "paper.marked" {
        guard
          case .paperMarked(let mark)? = try? WorldEvent(kind: entry.kind, payload: entry.payload),
          !mark.instance.isEmpty, mark.dayReturn.isFinite, instant.map({ mark.day > $0 }) ?? true
        else { continue }
        let day = Day(instance: mark.instance, at: mark.day)
        let one = WhatIf.Earned(instance: mark.instance, at: mark.day, value: mark.dayReturn)
        if let place = places[day] {
          if mark.account == "paper" { earned[place] = one }
        } else {
          places[day] = earned.count
          earned.append(one)
        }
      }
    }
    return earned
  }

  /// The records of the paper accounts as series over the days that any of them has, NaN where one
  /// has none, in the order of their names.
  package func paperSeries(of world: String) throws(WorldDeskFailure) -> [NoiseStudy.Series] {
    let state = try existing(world)
    let earned = try earned(in: world)
    let days = Set(earned.map(\.at)).sorted()
    let places = Dictionary(uniqueKeysWithValues: days.enumerated().map { ($1, $0) })
    var columns: [String: [Double]] = [:]
    for one in earned {
      guard let place = places[one.at] else { continue }
      columns[one.instance, default: [Double](repeating: .nan, count: days.count)][place] =
        one.value
    }
    return columns.sorted { $0.key < $1.key }.map { name, returns in
      NoiseStudy.Series(
        name: name, side: state.instances[name]?.side ?? .long, returns: returns)
    }
  }
}
