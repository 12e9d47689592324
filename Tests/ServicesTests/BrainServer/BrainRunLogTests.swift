import Essentials
import Foundation
import Networking
import Storage
import TestKit
import Testing

@testable import Services

@Suite("The record of simulations")
struct BrainRunLogTests {
  private let folder: ScratchFolder
  private var path: String { folder.url.appendingPathComponent("simulations.jsonl").path }

  init() throws { folder = try ScratchFolder() }

  private func posting(_ number: Int, of count: Int = 1) -> BrainRunLog.Posting {
    let instant = Timestamp(millisecondsSinceEpoch: BrainStage.start + Int64(number) * 1000)
    let ids = (0..<count).map { "run\(number)-\($0)" }
    return BrainRunLog.Posting(
      head: count > 1 ? "head\(number)" : ids[0], posted: instant, earliestEnd: instant, ids: ids,
      bodies: ids.map { _ in BrainStage.body("rank(close)") })
  }

  private static let endings: [BrainRun.Ending] = [
    .complete(alpha: "a"), .warning(alpha: "b", message: "units"),
    .error(BrainFormulaError(message: "no", location: ["line": 1])), .failed("why"), .cancelled,
  ]

  @Test("what was posted and how it ended is read again as it was written")
  func reading() throws {
    let log = BrainRunLog(path: path)
    #expect(try log.load() == BrainRunLog.Contents())
    var array = posting(1, of: Self.endings.count)
    try log.note(array)
    try log.note(posting(2))
    try log.note(endOf: array.head, Self.endings)
    array.endings = Self.endings
    #expect(try log.load().postings == [array, posting(2)])
    #expect(try BrainRunLog(path: nil).load() == BrainRunLog.Contents())
  }

  @Test("a last line that a death cut off is passed over, and any other bad line is named")
  func torn() throws {
    let log = BrainRunLog(path: path)
    try log.note(posting(1))
    try WholeFile.append(Array("{\"posted\":17".utf8), to: path)
    #expect(try log.load().postings == [posting(1)])
    // What is added afterwards does not stick to the torn line.
    try log.note(posting(2))
    #expect(try log.load().postings == [posting(1), posting(2)])
    try WholeFile.append(Array("{\"something\":1}\n".utf8), to: path)
    #expect(throws: BrainServerFailure.unreadableLog(path: path, line: 3)) { try log.load() }
  }

  @Test("a long record is shortened to what is open and what came last, and days keep their counts")
  func shortening() throws {
    let log = BrainRunLog(path: path)
    var lines = ""
    for number in 0..<BrainRunLog.postingsMax + 3 {
      lines += posting(number).kept.compactText + "\n"
      if number > 0 {
        let end: JSONValue = [
          "ended": .string("run\(number)-0"), "endings": .array([BrainRun.Ending.cancelled.kept]),
        ]
        lines += end.compactText + "\n"
      }
    }
    try WholeFile.write(Array(lines.utf8), to: path)
    let contents = try log.load()
    #expect(contents.postings.count == BrainRunLog.postingsMax)
    #expect(contents.postings.first == posting(0))
    #expect(contents.countsByDay.values.reduce(0, +) == 3)
    #expect(try log.load() == contents)
  }

  @Test(
    "a server that is opened again knows its simulations, and computes those that had not ended")
  func restart() throws {
    let alphas = folder.url.appendingPathComponent("alphas").path
    var stage: BrainStage? = try BrainStage { $0.folder = alphas }
    try stage?.logIn()
    let ended =
      try stage?.ask(
        .post, "/simulations", BrainStage.body("rank(-returns)").compactText
      ).headers["Location"] ?? ""
    stage?.server.drain()
    stage = nil
    // A death between the answer and the end leaves a posting alone.
    let log = BrainRunLog(path: alphas + "/simulations.jsonl")
    try log.note(posting(9, of: 2))
    let next = try BrainStage { $0.folder = alphas }
    next.server.drain()
    try next.logIn()
    let path = "/" + ended.split(separator: "/").suffix(2).joined(separator: "/")
    #expect(try next.json(.get, path)["alpha"] != nil)
    next.wait(seconds: 60)
    let parent = try next.json(.get, "/simulations/head9")
    #expect(parent["children"] == .strings(["run9-0", "run9-1"]))
    #expect(try next.json(.get, "/simulations/run9-1")["alpha"] != nil)
    let total = try next.json(.get, "/users/self/activities/simulations")["total"]?["count"]
    #expect(total == 3)
    #expect(throws: BrainServerFailure.folderInUse(alphas)) {
      try BrainStage { $0.folder = alphas }
    }
  }
}
