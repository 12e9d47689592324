import Essentials
import Testing

@testable import Worlds

@Suite("A change of a gate")
struct GateNoticeTests {
  @Test(
    "reads back what it says",
    arguments: [
      GateState.closed, .reduceOnly, .monitor(weight: 0.25), .open(weight: 0), .open(weight: 1),
    ])
  func roundTrip(state: GateState) throws {
    let change = GateChange(GateKey("mom.long.0a1b2c3d", .short), state)
    let text = change.json.compactText
    #expect(GateChange(try JSONValue(parsing: text)) == change)
  }

  @Test(
    "is not read from what no gate can be",
    arguments: [
      #"{}"#, #"{"instance":"a","side":"banana","state":"open","weight":1}"#,
      #"{"instance":"a","side":"long","state":"open","weight":null}"#,
      #"{"instance":"a","side":"long","state":"open","weight":70}"#,
      #"{"instance":"a","side":"long","state":"open","weight":-1}"#,
      #"{"instance":"a","side":"long","state":"ajar","weight":1}"#,
      #"{"instance":7,"side":"long","state":"closed","weight":null}"#, "[]",
    ])
  func refused(text: String) throws {
    #expect(GateChange(try JSONValue(parsing: text)) == nil)
  }
}
