import Essentials
import Testing

@Suite("The nearest name")
struct NearestNameTests {
  private let names = ["close", "open", "volume", "returns", "ts_mean", "ts_median", "rank"]

  @Test(
    "a slip of the pen finds its name",
    arguments: [
      ("clsoe", "close"), ("Close", "close"), ("clos", "close"), ("closee", "close"),
      ("ts_maen", "ts_mean"), ("ts_men", "ts_mean"), ("volumes", "volume"), ("retrns", "returns"),
      ("rnak", "rank"),
    ])
  func slips(_ written: String, _ meant: String) {
    #expect(nearestName(to: written, among: names) == meant)
  }

  @Test(
    "a name that differs by more than a third finds nothing",
    arguments: ["", "x", "sharesout", "clxxe_"])
  func strangers(_ written: String) {
    #expect(nearestName(to: written, among: names) == nil)
  }

  @Test("ties go to the name that sorts first, in whatever order the names come")
  func ties() {
    #expect(nearestName(to: "xrank", among: ["brank", "arank"]) == "arank")
    #expect(nearestName(to: "xrank", among: ["arank", "brank"]) == "arank")
  }

  @Test("a name is nearest to itself, and no name is found among none")
  func itself() {
    for name in names { #expect(nearestName(to: name, among: names.reversed()) == name) }
    #expect(nearestName(to: "close", among: [String]()) == nil)
  }

  @Test("a name of ten thousand letters is compared by its beginning")
  func long() {
    let long = String(repeating: "a", count: 10_000)
    #expect(nearestName(to: long, among: [String(repeating: "a", count: 64)]) != nil)
    #expect(nearestName(to: long, among: names) == nil)
  }
}
