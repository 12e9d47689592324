import Foundation
import TestKit
import Testing

@testable import Services

@Suite("The bell of a thread", .ownThread)
struct DoorbellTests {
  @Test("a bell that rang before somebody waits is heard, however often, and then it is silent")
  func early() throws {
    let bell = try #require(Doorbell())
    for count in [1, 3, 64, 100_000] {
      for _ in 0..<count { bell.ring() }
      bell.wait(atMost: .seconds(3600))
      bell.wait(atMost: .zero)
    }
  }

  @Test("a thread that waits is woken")
  func waking() throws {
    let bell = try #require(Doorbell())
    let other = try #require(Doorbell())
    Thread.detachNewThread {
      bell.wait(atMost: .seconds(3600))
      other.ring()
    }
    bell.ring()
    other.wait(atMost: .seconds(3600))
  }

  @Test("who wants to know of an empty queue is told once")
  func flag() {
    let flag = DrainFlag()
    #expect(!flag.take())
    flag.want()
    flag.want()
    #expect(flag.take())
    #expect(!flag.take())
  }
}
