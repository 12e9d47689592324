import Essentials
import Mathematics
import Testing

@testable import Models

@Suite("Records of calls")
struct DirectionTrackTests {
  private static func instant(_ minute: Int) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: Int64(minute) * 60_000)
  }

  private static func forecast(_ chance: Double) -> DirectionForecast {
    DirectionForecast(chanceLong: chance, speaker: .global)
  }

  @Test("a call is scored by the bar behind it, on its own side, and by nothing else")
  func sides() throws {
    var track = DirectionTrack(DirectionTrack.Settings(window: 10))
    // Chance, move, whether it counts and was right.
    let cases: [(Double?, Double, Bool?)] = [
      (0.6, 1e-3, true), (0.4, -1e-3, true), (0.6, -1e-3, false), (0.4, 1e-3, false),
      (0.51, 1e-3, nil), (0.5, 1e-3, nil), (nil, 1e-3, nil), (0.6, 0, nil), (0.6, .nan, nil),
    ]
    var (hits, calls) = (0, 0)
    for (minute, (chance, move, outcome)) in cases.enumerated() {
      track.hear(chance.map(Self.forecast))
      track.score(move: move, at: Self.instant(minute))
      if let outcome {
        calls += 1
        if outcome { hits += 1 }
        #expect(track.skill?.measuredAt == Self.instant(minute))
      }
      #expect(track.skill?.hits == Proportion(hits, of: calls))
    }
    // Without a call a bar scores nothing, and a call whose bar never came neither.
    let before = track
    track.score(move: 1, at: Self.instant(99))
    track.hear(Self.forecast(0.9))
    track.withdraw()
    track.score(move: 1, at: Self.instant(99))
    #expect(track == before)
  }

  @Test("both windows are those of a plain count over all outcomes, and a restart changes nothing")
  func windows() throws {
    let settings = DirectionTrack.Settings(window: 7)
    var track = DirectionTrack(settings)
    var chance = Chance(seed: 5)
    var outcomes: [Bool] = []
    for minute in 0..<60 {
      let isHit = chance.uniform() < 0.6
      track.hear(Self.forecast(0.7))
      track.score(move: isHit ? 1 : -1, at: Self.instant(minute))
      outcomes.append(isHit)
      let skill = try #require(track.skill)
      let late = outcomes.suffix(7)
      #expect(skill.hits == Proportion(late.count { $0 }, of: late.count))
      let before = outcomes.dropLast(7).suffix(7)
      #expect(skill.before == (before.count == 7 ? Proportion(before.count { $0 }, of: 7) : nil))
      track.hear(Self.forecast(0.3))
      let resumed = try DirectionTrack(settings, resuming: track.savedState)
      #expect(resumed == track && resumed.skill == track.skill)
      track = resumed
    }
  }

  @Test("a state that no record can have is refused")
  func refusals() {
    let settings = DirectionTrack.Settings(window: 2)
    for text in ["01011", "01x"] {
      #expect(throws: DocumentFailure.self) {
        try DirectionTrack(
          settings,
          resuming: [
            "model": "direction_track", "outcomes": .string(text), "call": 0, "scored_at": .null,
          ])
      }
    }
  }
}
