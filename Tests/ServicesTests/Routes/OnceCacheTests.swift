import Dispatch
import Services
import Synchronization
import Testing

@Suite("Values that are made once")
struct OnceCacheTests {
  @Test("a value is made once, however many threads ask for it at a time")
  func once() {
    let cache = OnceCache<Int, Int>(valuesMax: 8)
    let made = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 64) { turn in
      let value = try? cache.value(turn % 4) {
        made.add(1, ordering: .relaxed)
        return turn % 4 * 10
      }
      #expect(value == turn % 4 * 10)
    }
    #expect(made.load(ordering: .relaxed) == 4 && cache.count == 4)
  }

  @Test("what could not be made is tried again")
  func failure() throws {
    struct Mishap: Error {}
    let cache = OnceCache<String, Int>(valuesMax: 2)
    #expect(throws: Mishap.self) { _ = try cache.value("a") { throw Mishap() } }
    #expect(cache.count == 0)
    #expect(try cache.value("a") { 7 } == 7)
    #expect(try cache.value("a") { throw Mishap() } == 7)
  }

  @Test("the value that was asked for longest ago goes first")
  func oldest() throws {
    let cache = OnceCache<Int, Int>(valuesMax: 2)
    var made: [Int] = []
    for key in [1, 2, 1, 3, 1, 2] {
      _ = try cache.value(key) {
        made.append(key)
        return key
      }
    }
    #expect(made == [1, 2, 3, 2] && cache.count == 2)
  }
}
