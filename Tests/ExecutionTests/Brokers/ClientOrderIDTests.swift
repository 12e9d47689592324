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

  @Test("a run's orders are named for the run, the instance and what they are for")
  func runs() {
    #expect(
      ClientOrderID(run: "r1", instance: "a.long", transition: 0).text == "r1:a.long:transition:0")
    #expect(
      ClientOrderID(run: "r1", instance: "a.long", paperClosing: 2).text == "r1:a.long:paper:2")
  }
}
