package import Essentials
import Models
package import Tactics

/// A set of exit settings under a name, for asking what it would have made of the same entries.
package struct ExitPolicy: Hashable, Sendable {
  /// In snake_case; ``shippedName`` for the exits that come with the desk.
  package let name: String
  package let exits: ExitSettings

  package init(_ name: String, _ exits: ExitSettings) {
    self.name = name
    self.exits = exits
  }

  package static let ownName = "as_configured"
  package static let shippedName = "shipped"

  /// The policies that are asked: the configured exits, those that come with the desk and those of
  /// the seed; the configured ones without each family; and none but prices, or prices and time.
  ///
  /// Where the configured exits are the shipped ones they are asked once, as shipped. The longest
  /// horizon from which labels are picked is the time of the last.
  package static func standard(
    under configuration: TacticsConfiguration, barLength: TimeSpan
  ) throws(ConfigurationFailure) -> [ExitPolicy] {
    let own = configuration.settings.exit
    let shipped = TacticsSettings().exit
    let seed = try TacticsConfiguration([ShippedProfiles.seed]).settings.exit
    var policies = [ExitPolicy(shippedName, shipped)]
    if own != shipped { policies.insert(ExitPolicy(ownName, own), at: 0) }
    policies.append(ExitPolicy("seed", seed))
    let families = ExitKind.allCases.filter(\.isOptional)
    for family in families where family != .time && !own.general.off.contains(family.rawValue) {
      var exits = own
      exits.general.off.append(family.rawValue)
      policies.append(ExitPolicy("without_\(family.rawValue)", exits))
    }
    var prices = own
    prices.general.off = families.map(\.rawValue)
    prices.switching.isEnabled = false
    policies.append(ExitPolicy("price_stops_only", prices))
    var timed = prices
    timed.general.off.removeAll { $0 == ExitKind.time.rawValue }
    timed.time = ExitSettings.Time()
    var hold = timed
    hold.time.closesAtHold = true
    policies.append(ExitPolicy("intended_hold_only", hold))
    var label = timed
    let bars = LabelSettings.usualBars.max() ?? 1
    label.time.after = TimeSpan(milliseconds: barLength.milliseconds * Int64(bars))
    policies.append(ExitPolicy("label_horizon_only", label))
    return policies
  }
}
