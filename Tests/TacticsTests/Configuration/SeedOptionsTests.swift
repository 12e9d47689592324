import Testing

@testable import Tactics

@Suite("Seed options")
struct SeedOptionsTests {
  @Test("every choice of the seed's profile is among them, each can be read and changes something")
  func complete() throws {
    let paths = Set(SeedOptions.all.map(\.path))
    let shipped = TacticsConfiguration()
    let profile = try TacticsConfiguration([ShippedProfiles.seed])
    for key in SettingKeys.all where profile.explain(key.path)?.values.first?.value == .word("seed")
    {
      #expect(paths.contains(key.path), "\(key.path)")
    }
    #expect(paths.count >= 15 && paths.contains("signals.rules"))
    for rule in SeedOptions.all {
      let restored = try TacticsConfiguration([.commandLine([rule.assignment])])
      #expect(restored.fingerprint != shipped.fingerprint, "\(rule.assignment)")
      #expect(!rule.meaning.isEmpty)
    }
  }

  @Test("other exits make another configuration, and nothing else of it changes")
  func replacing() throws {
    let base = try TacticsConfiguration([
      .commandLine(["exit.time.after=60", "entry.costs.net_min=0.002"])
    ])
    let other = base.replacing(ExitSettings())
    #expect(other.fingerprint != base.fingerprint && other.settings.exit == ExitSettings())
    #expect(other.settings.entry == base.settings.entry)
    #expect(other.explain("entry.costs.net_min")?.values.first?.origin != .shipped)
    #expect(other.explain("exit.time.after")?.values.first?.origin == .shipped)
    #expect(base.replacing(base.settings.exit).fingerprint == base.fingerprint)
  }
}
