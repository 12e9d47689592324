/// How a number of candidates is divided between the lanes.
package struct LaneSplit: Hashable, Sendable {
  package let exploit: Int
  package let explore: Int

  /// Divides `target` between what is available, the explore lane getting `share` of it and at least
  /// `floor`; nil where the target is too small to give it that.
  ///
  /// A lane that has too few leaves its places to the other.
  package init?(target: Int, exploit: Int, explore: Int, share: Double, floor: Int) {
    let split = Self(
      documentedTarget: target, exploit: exploit, explore: explore, share: share, floor: floor)
    guard split.explore >= min(floor, explore) else { return nil }
    self = split
  }

  /// Divides as the seed documents do: a target of one goes to the exploit lane even where that
  /// breaks the explore minimum.
  package init(documentedTarget target: Int, exploit: Int, explore: Int, share: Double, floor: Int)
  {
    guard exploit + explore > target else {
      (self.exploit, self.explore) = (exploit, explore)
      return
    }
    var x = Int((Double(target) * share).rounded(.toNearestOrEven))
    if explore > 0, floor > 0 { x = max(x, min(floor, target)) }
    x = min(x, explore, target)
    var e = min(exploit, target - x)
    if exploit > 0, e <= 0 {
      e = 1
      x = max(0, target - 1)
    }
    e += min(exploit - e, max(0, target - e - x))
    x += min(explore - x, max(0, target - e - x))
    (self.exploit, self.explore) = (e, x)
  }
}
