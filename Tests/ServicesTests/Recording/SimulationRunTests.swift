import Essentials
import Services
import Testing

@Suite("The name of a run")
struct SimulationRunTests {
  @Test(
    "a run is named by its command, the second of its beginning and chance",
    arguments: [
      (
        Int64(1_500_000_000_123), UInt64(0x0123_4567_89ab_cdef),
        "simulate-20170714T024000Z-01234567"
      ),
      (1_499_990_400_000, 0xffff_ffff_0000_0000, "simulate-20170714T000000Z-ffffffff"),
      (-1, 0, "simulate-19691231T235959Z-00000000"),
    ])
  func name(milliseconds: Int64, chance: UInt64, id: String) {
    let run = SimulationRun(
      command: "simulate", start: Timestamp(millisecondsSinceEpoch: milliseconds), chance: chance)
    #expect(run.id == id)
  }
}
