import Essentials
import Networking
import Testing

@Suite("Records of the access log")
struct AccessRecordTests {
  private let record = AccessRecord(
    at: Timestamp(millisecondsSinceEpoch: 784_111_777_250), peer: "::1", method: .get,
    path: "/api/runs/a b\nc", pattern: "/api/runs/{run_id}", status: 200, bytes: 1234,
    milliseconds: 0.123456, caller: "desk screen")

  @Test("a record is one line whose fields nothing in them can end")
  func line() {
    #expect(
      record.line
        == "1994-11-06T08:49:37.250Z ::1 desk%20screen GET /api/runs/a%20b%0Ac 200 1234 0.123ms")
    var empty = record
    empty.method = nil
    empty.path = nil
    empty.caller = nil
    empty.status = 400
    #expect(empty.line == "1994-11-06T08:49:37.250Z ::1 - - - 400 1234 0.123ms")
  }

  @Test("a record is a JSON object with the same fields and the route")
  func json() throws {
    #expect(
      record.json.compactText
        == #"{"at":"1994-11-06T08:49:37.250Z","peer":"::1","method":"GET","#
        + #""path":"/api/runs/a b\nc","route":"/api/runs/{run_id}","status":200,"bytes":1234,"#
        + #""ms":0.123,"caller":"desk screen"}"#)
  }
}
