import Essentials
import Foundation
import Networking
import Testing
import Twins

@Suite("The HTTP server", .timeLimit(.minutes(1)))
struct HTTPServerTests {
  @Test("requests on one connection are answered one after the other")
  func answers() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    let health = try client.ask("GET", "/health")
    #expect(health.status == 200)
    #expect(health.text == "{\"ok\":true}")
    #expect(health["content-type"] == "application/json")
    #expect(health["content-length"] == "11")
    #expect(health["date"] == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(health["x-content-type-options"] == "nosniff")
    #expect(health["connection"] == nil)
    #expect(try client.ask("GET", "/worker").status == 200)
    #expect(try client.ask("POST", "/echo", body: "a body").text == "a body")
    #expect(try client.ask("GET", "/nothing").status == 404)
    let socket = try client.openSocket("/ws/echo")
    #expect(socket.status == 101)
    #expect(socket["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    client.sendText("hello")
    #expect(try client.readFrame().text == "hello")
    bench.server.stop(grace: .zero)
  }
}
