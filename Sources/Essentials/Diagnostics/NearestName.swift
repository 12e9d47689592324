/// Returns the candidate closest to a mistyped name, or nil where none is close.
///
/// Closeness is the optimal string alignment distance (insert, delete, replace, swap of
/// neighbors), compared without regard to case; at most a third of the name may differ. Ties go to
/// the candidate that sorts first, so the answer does not depend on the order of `candidates`.
/// Cost: name length times candidate length for each candidate.
package func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased().utf8.prefix(64))
  let allowed = max(1, (wanted.count + 1) / 3)
  var best: (distance: Int, name: String)?
  for candidate in candidates {
    let offered = Array(candidate.lowercased().utf8.prefix(64))
    guard abs(offered.count - wanted.count) <= allowed else { continue }
    let distance = alignmentDistance(wanted, offered)
    guard distance <= allowed else { continue }
    if let current = best, (current.distance, current.name) <= (distance, candidate) { continue }
    best = (distance, candidate)
  }
  return best?.name
}

private func alignmentDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var beforePrevious = [Int](repeating: 0, count: right.count + 1)
  var previous = Array(0...right.count)
  for i in 0..<left.count {
    var current = [i + 1] + [Int](repeating: 0, count: right.count)
    for j in 0..<right.count {
      let replaced = previous[j] + (left[i] == right[j] ? 0 : 1)
      current[j + 1] = min(replaced, previous[j + 1] + 1, current[j] + 1)
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
        current[j + 1] = min(current[j + 1], beforePrevious[j - 1] + 1)
      }
    }
    beforePrevious = previous
    previous = current
  }
  return previous[right.count]
}
