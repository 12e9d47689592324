import Mathematics
import Networking
import Testing

@testable import Services

@Suite("The frames that are kept")
struct RecentFramesTests {
  private func frames(_ range: ClosedRange<Int64>, bytes: Int = 1) -> [LiveFrame] {
    range.map {
      LiveFrame(seq: $0, run: "r", text: SharedText(String(repeating: "x", count: bytes)))
    }
  }

  @Test("what is kept is the end of what was told, within both bounds, whatever the parts")
  func bounds() {
    var generator = SplitMix64(seed: 5)
    for _ in 0..<200 {
      let countMax = Int.random(in: 1...20, using: &generator)
      let bytesMax = Int.random(in: 1...60, using: &generator)
      var recent = RecentFrames(tail: 7, countMax: countMax, bytesMax: bytesMax)
      var told: [LiveFrame] = []
      for _ in 0..<12 {
        let count = Int64.random(in: 0...15, using: &generator)
        let tail = recent.tail
        guard count > 0 else { continue }
        let part = frames(
          tail + 1...tail + count, bytes: Int.random(in: 1...9, using: &generator))
        told += part
        recent.append(part)
        #expect(recent.tail == tail + count)
        var kept: [LiveFrame] = []
        for frame in told.reversed() {
          let bytes = (kept + [frame]).reduce(0) { $0 + $1.text.bytes.count }
          guard kept.count < countMax, bytes <= bytesMax else { break }
          kept.insert(frame, at: 0)
        }
        #expect(recent.count == kept.count)
        #expect(recent.frames(after: recent.floor, limit: .max).map(Array.init) == kept)
        #expect(recent.frames(after: recent.floor - 1, limit: 9) == nil)
        #expect(recent.frames(after: recent.tail, limit: 9)?.isEmpty == true)
      }
    }
  }

  @Test("a part that does not follow begins anew")
  func gap() {
    var recent = RecentFrames(tail: 0)
    recent.append(frames(1...4))
    recent.append(frames(9...10))
    #expect(recent.floor == 8)
    #expect(recent.tail == 10)
    #expect(recent.frames(after: 8, limit: 1)?.map(\.seq) == [9])
    recent.append([])
    #expect(recent.tail == 10)
    recent.clear(tail: 12)
    #expect(recent.count == 0)
    #expect(recent.tail == 12)
  }
}
