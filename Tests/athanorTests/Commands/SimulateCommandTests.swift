import Foundation
import TestKit
import Testing

@testable import athanor

@Suite("athanor simulate")
struct SimulateCommandTests {
  private func market() throws -> TinyMarket { try TinyMarket.shared.get() }

  @Test("one formula gets a full report that ends with its trust and its fingerprint")
  func report() throws {
    let rehearsal = try market().rehearse()
    #expect(rehearsal.serve("simulate", "rank(-returns)", "--panel", "tiny") == 0)
    let blocks = ["alpha", "Performance", "By year", "Checks", "Can you trust it?", "result "]
    var rest = rehearsal.output[...]
    for block in blocks {
      let place = try #require(rest.range(of: block), "\(block) is missing or out of order")
      rest = rest[place.upperBound...]
    }
    #expect(rest.drop { $0.isHexDigit } == "\n")
    #expect(rehearsal.errors == "")
  }

  @Test("the same formula, panel and settings give the same bytes on any number of threads")
  func repeatable() throws {
    let sheet = try market().file(
      "threads.txt", (1...40).map { "ts_delta(close, \($0))" }.joined(separator: "\n"))
    let runs = try ["1", "3"].map { threads in
      let rehearsal = try market().rehearse()
      #expect(
        rehearsal.serve(
          "simulate", "--file", sheet, "-p", "tiny", "--json", "--series", "--threads", threads)
          == 0)
      return rehearsal.output
    }
    #expect(runs[0] == runs[1])
  }

  @Test("settings reach the simulation and are written into its document")
  func settings() throws {
    let rehearsal = try market().rehearse()
    #expect(
      rehearsal.serve(
        "simulate", "rank(close)", "-p", "tiny", "--neutralization", "sector", "--decay", "3",
        "--delay", "0", "--truncation", "0.5", "--universe", "TOP4", "--cost-bp", "25",
        "--test-period", "P1M", "--step-order", "truncate_last", "--nan-handling", "on",
        "--pasteurization", "off", "--max-trade", "on", "--book-size", "1000", "--from",
        "2016-08-01", "--to", "2016-10-31", "--limits", "consultant", "--json") == 0,
      "\(rehearsal.errors)")
    let settings = try #require(try rehearsal.object()["settings"] as? [String: Any])
    #expect(settings["neutralization"] as? String == "SECTOR")
    #expect(settings["decay"] as? Int == 3)
    #expect(settings["delay"] as? Int == 0)
    #expect(settings["truncation"] as? Double == 0.5)
    #expect(settings["universe"] as? String == "TOP4")
    #expect(settings["costRate"] as? Double == 0.0025)
    #expect(settings["testPeriod"] as? String == "P0Y1M")
    #expect(settings["stepOrder"] as? String == "TRUNCATE_LAST")
    #expect(settings["nanHandling"] as? String == "ON")
    #expect(settings["pasteurization"] as? String == "OFF")
    #expect(settings["maxTrade"] as? String == "ON")
    #expect(settings["bookSize"] as? Double == 1000)
    #expect(settings["startDate"] as? String == "2016-08-01")
    #expect(settings["endDate"] as? String == "2016-10-31")
  }

  @Test("a sheet with mistakes is simulated without them, and the exit code is 2")
  func mixedSheet() throws {
    let sheet = try market().file(
      "mixed.txt",
      """
      # A comment.
      one: rank(close)
      bad: rank(clsoe)

      two: -returns
      again: rank( close )
      rnak(volume)
      """)
    let rehearsal = try market().rehearse()
    #expect(rehearsal.serve("simulate", "--file", sheet, "-p", "tiny") == 2)
    #expect(rehearsal.errors.contains("mixed.txt:3:11"))
    #expect(rehearsal.errors.contains("mixed.txt:7:1"))
    #expect(rehearsal.errors.contains("Write close."))
    #expect(rehearsal.output.contains("again (line 6) means the same as one and was run once."))
    #expect(rehearsal.output.contains("The best of 2 formulas without any skill"))

    let json = try market().rehearse()
    #expect(json.serve("simulate", "--file", sheet, "-p", "tiny", "--json") == 2)
    let object = try json.object()
    #expect((object["alphas"] as? [Any])?.count == 2)
    #expect((object["duplicates"] as? [[String: Any]])?.first?["sameAs"] as? String == "one")
    let refused = try #require(object["refused"] as? [[String: Any]])
    #expect(refused.map { $0["line"] as? Int } == [3, 7])
    #expect(try json.complaint()["error"] as? String == "formulas_refused")
  }

  @Test("under --strict nothing is simulated where one formula is refused")
  func strict() throws {
    let rehearsal = try market().rehearse(input: Array("rank(close)\nrank(clsoe)\n".utf8))
    #expect(rehearsal.serve("simulate", "--strict", "-p", "tiny") == 2)
    #expect(rehearsal.output == "")
    #expect(rehearsal.errors.contains("standard input:2:6"))
  }

  @Test("earlier trials lower the deflated Sharpe ratio and nothing else")
  func trials() throws {
    func trust(_ arguments: [String]) throws -> [String: Any] {
      let rehearsal = try market().rehearse()
      let door = FrontDoor(root: .athanor, surroundings: rehearsal.surroundings)
      #expect(door.serve(["simulate", "-returns", "-p", "tiny", "--json"] + arguments) == 0)
      return try #require(try rehearsal.object()["trust"] as? [String: Any])
    }
    let alone = try trust([])
    let many = try trust(["--trials", "999"])
    #expect(many["trials"] as? Int == 1000)
    #expect(alone["sharpe"] as? Double == many["sharpe"] as? Double)
    let probabilities = try [alone, many].map {
      try #require($0["deflatedSharpe"] as? Double)
    }
    #expect(probabilities[1] < probabilities[0])
  }

  @Test("an alpha is compared with those of a pool that an earlier run wrote")
  func pool() throws {
    let first = try market().rehearse()
    #expect(first.serve("simulate", "rank(-close)", "-p", "tiny", "--json", "--series") == 0)
    let pool = try market().file("pool.json", first.output)
    let second = try market().rehearse()
    #expect(
      second.serve("simulate", "-rank(close) * 2", "-p", "tiny", "--json", "--pool", pool) == 0)
    let book = try #require(try second.object()["is"] as? [String: Any])
    let checks = try #require(book["checks"] as? [[String: Any]])
    let resemblance = try #require(checks.first { $0["name"] as? String == "SELF_CORRELATION" })
    #expect(resemblance["result"] as? String == "FAIL")
    #expect((resemblance["value"] as? Double ?? 0) > 0.999)
  }

  @Test("a pool that is none is refused with the way to make one")
  func brokenPool() throws {
    let pool = try market().file("broken.json", "{\"alphas\": 3}")
    let rehearsal = try market().rehearse()
    #expect(rehearsal.serve("simulate", "close", "-p", "tiny", "--pool", pool) == 4)
    #expect(rehearsal.errors.contains("[not_results]"))
  }

  @Test(
    "several formulas are ordered by the figure that was asked for",
    arguments: [
      "sharpe", "fitness", "returns", "turnover", "drawdown", "margin", "coverage", "deflated",
      "sheet",
    ])
  func order(figure: String) throws {
    let input = Array("a: close\nb: -ts_delta(close, 9)\nc: rank(volume)\n".utf8)
    let rehearsal = try market().rehearse(input: input)
    #expect(rehearsal.serve("simulate", "-p", "tiny", "--sort", figure, "--json") == 0)
    let alphas = try #require(try rehearsal.object()["alphas"] as? [[String: Any]])
    if figure == "sheet" {
      #expect(alphas.map { $0["name"] as? String } == ["a", "b", "c"])
      return
    }
    let values = alphas.compactMap { alpha in
      figure == "deflated"
        ? (alpha["trust"] as? [String: Any])?["deflatedSharpe"] as? Double
        : (alpha["is"] as? [String: Any])?[figure] as? Double
    }
    #expect(values.count == 3)
    let isAscending = ["turnover", "drawdown"].contains(figure)
    #expect(values == values.sorted { isAscending ? $0 < $1 : $0 > $1 })
  }

  @Test("every table of a report fits the terminal")
  func width() throws {
    for width in [60, 80, 120] {
      let rehearsal = try market().rehearse(width: width, isTerminal: true)
      #expect(rehearsal.serve("simulate", "rank(-returns)", "-p", "tiny") == 0)
      for line in rehearsal.output.split(separator: "\n")
      where !line.hasPrefix("not shown") && !line.hasPrefix("result ") {
        #expect(DisplayWidth.of(line) <= width, "\(line)")
      }
    }
  }

  @Test("a formula that holds nothing is reported, with -- where figures are not defined")
  func emptyBook() throws {
    let rehearsal = try market().rehearse()
    #expect(rehearsal.serve("simulate", "close * nan", "-p", "tiny") == 0)
    #expect(rehearsal.output.contains("no_positions"))
    #expect(rehearsal.output.contains("insufficient"))
    #expect(rehearsal.output.contains("  --"))
    #expect(!rehearsal.output.contains("nan  "))
  }
}
