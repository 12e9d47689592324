import AlphaLanguage
import Testing

@testable import Research

@Suite("Formulas that were tried")
struct KnownFormulasTests {
  static func identity(
    _ formula: String, _ settings: CandidateSettings = CandidateSettings()
  ) throws -> KnownFormulas.Identity {
    KnownFormulas.Identity(try DeskFields.checker.check(formula), settings)
  }

  @Test(
    "the same formula written differently is known",
    arguments: [
      ("rank(close) + rank(volume)", "rank(volume)+rank(close)"),
      ("rank(close)", "  rank ( close ) # text"),
      ("close * returns", "multiply(returns, close)"),
      ("a = rank(close); a * 2", "2 * rank(close)"),
      ("hump(close)", "hump(close, hump=0.01)"),
    ])
  func same(_ left: String, _ right: String) throws {
    #expect(try Self.identity(left) == Self.identity(right))
  }

  @Test(
    "another formula is not",
    arguments: [
      ("rank(close) - rank(volume)", "rank(volume) - rank(close)"),
      ("ts_mean(close, 5)", "ts_mean(close, 6)"),
    ])
  func different(_ left: String, _ right: String) throws {
    #expect(try Self.identity(left) != Self.identity(right))
  }

  @Test("settings that decide a result make another identity, and the others do not")
  func settings() throws {
    let plain = try Self.identity("rank(close)")
    var settings = CandidateSettings()
    settings.visualization = true
    settings.language = "fastexpr"
    #expect(try Self.identity("rank(close)", settings) == plain)
    settings.decay = 4
    #expect(try Self.identity("rank(close)", settings) != plain)
  }

  @Test("a formula is granted once, again after it was given back, and never after it has a result")
  func claims() throws {
    var known = KnownFormulas()
    let identity = try Self.identity("rank(close)")
    #expect(known.claim(identity, by: "a") == .granted)
    #expect(known.claim(identity, by: "b") == .beingTried(by: "a"))
    known.release(identity)
    #expect(known.claim(identity, by: "b") == .granted)
    known.finish(identity, by: "b")
    #expect(known.claim(identity, by: "c") == .alreadyTried(by: "b"))
    known.release(identity)
    #expect(known.claim(identity, by: "c") == .alreadyTried(by: "b"))
  }
}
