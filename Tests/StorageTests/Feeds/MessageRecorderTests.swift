import Foundation
import TestKit
import Testing

@testable import Storage

@Suite("Message recorder")
struct MessageRecorderTests {
  @Test(
    "messages are lines with their time, packed as the name says",
    arguments: ["a", "a.gz", "a.zst"])
  func lines(name: String) throws {
    let scratch = try ScratchFolder()
    let path = scratch.url.appendingPathComponent(name).path
    let recorder = try MessageRecorder(path: path)
    for place in 0..<20_000 {
      try recorder.append(
        Array("{\"place\":\(place)}".utf8).span, arrivedNanoseconds: Int64(place) * 1_000)
    }
    try recorder.finish()
    #expect(recorder.count == 20_000)
    var place = 0
    try LineFile(path: path).visit { line in
      let text = String(decoding: line.indices.map { line[$0] }, as: UTF8.self)
      guard text == "\(place * 1_000) {\"place\":\(place)}" else {
        Issue.record("\(text)")
        return false
      }
      place += 1
      return true
    }
    #expect(place == 20_000)
    #expect(throws: FileFailure.self) { try MessageRecorder(path: path) }
  }
}
