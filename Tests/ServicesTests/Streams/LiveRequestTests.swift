import Testing

@testable import Services

@Suite("A message of a subscriber")
struct LiveRequestTests {
  @Test(
    "a message that is known is understood, whatever else stands in it",
    arguments: [
      (#"{"type":"ping"}"#, LiveRequest.ping),
      (#"{"type":"ping","more":[1,{}]}"#, .ping),
      (#"{"type":"watch","run_id":"r-1"}"#, .watch(run: "r-1")),
      (#"{"type":"watch","run_id":"desk"}"#, .watch(run: "")),
      (#"{"type":"watch","run_id":""}"#, .watch(run: nil)),
      (#"{"type":"watch","run_id":null}"#, .watch(run: nil)),
      (#"{"type":"watch"}"#, .watch(run: nil)),
      (#"{"type":"reactor","interval_sec":2}"#, .reactor(every: .seconds(2))),
      (#"{"type":"reactor","interval_sec":0.1}"#, .reactor(every: .milliseconds(100))),
      (#"{"type":"reactor","interval_sec":null}"#, .reactor(every: nil)),
    ])
  func known(text: String, request: LiveRequest) throws {
    #expect(try LiveRequest(text) == request)
  }

  @Test(
    "a message that is not known is refused with the reason",
    arguments: [
      ("", "JSON object"), ("ping", "JSON object"), ("[]", "JSON object"), ("{", "JSON object"),
      (#"{"type":"ping"} {}"#, "JSON object"), ("\u{0}", "JSON object"),
      ("{}", "`type`"), (#"{"type":1}"#, "`type`"), (#"{"type":"subscribe"}"#, "none of ping"),
      (#"{"type":"watch","run_id":7}"#, "`run_id`"),
      (#"{"type":"watch","run_id":"\#(String(repeating: "x", count: 257))"}"#, "256 bytes"),
      (#"{"type":"reactor"}"#, "`interval_sec`"),
      (#"{"type":"reactor","interval_sec":0}"#, "0.1"),
      (#"{"type":"reactor","interval_sec":1e400}"#, ""),
      (#"{"type":"reactor","interval_sec":10.5}"#, "10.0"),
      (#"{"type":"reactor","interval_sec":"1"}"#, "`interval_sec`"),
      (String(repeating: "[", count: 4000), "JSON object"),
    ])
  func unknown(text: String, reason: String) {
    do throws(LiveRequest.Defect) {
      _ = try LiveRequest(text)
      Issue.record("\(text) was understood")
    } catch {
      #expect(reason.isEmpty || error.reason.contains(reason), "\(error.reason)")
    }
  }
}
