import Testing

@testable import Execution

@Suite("Client order ids")
struct ClientOrderIDTests {
  @Test("the same purpose, instance and number make the same id, and any other makes another")
  func identity() {
    let id = ClientOrderID(purpose: "r1", instance: "a.long", sequence: 0)
    #expect(id == ClientOrderID(purpose: "r1", instance: "a.long", sequence: 0))
    #expect(id.text == "r1:a.long:0")
    #expect(id != ClientOrderID(purpose: "r2", instance: "a.long", sequence: 0))
    #expect(id != ClientOrderID(purpose: "r1", instance: "b.long", sequence: 0))
    #expect(id != ClientOrderID(purpose: "r1", instance: "a.long", sequence: 1))
    #expect(ClientOrderID(recorded: id.text) == id)
  }
}
