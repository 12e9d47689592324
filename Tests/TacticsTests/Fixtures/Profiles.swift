import Tactics

/// The settings that tests hold rules against.
enum Profiles {
  /// The shipped defaults.
  static let shipped = TacticsSettings()

  /// The named options of the specification's system.
  static let seed: TacticsSettings = {
    guard let configuration = try? TacticsConfiguration([ShippedProfiles.seed]) else {
      preconditionFailure("the shipped profile cannot be read")
    }
    return configuration.settings
  }()
}
