import Essentials
import Foundation
import Synchronization
import TestKit
import Twins

/// The desk's server as the pages see it: the files of `Web` with the security policy of the real
/// one, documents that a test lays out, and a live stream that does what a test planned.
final class SiteTwin: Sendable {
  struct Plan: Sendable {
    /// The answers by path, without the query; what is not there is answered with 404.
    var documents: [String: TwinAnswer] = [:]
    /// What is asked before the documents; nil leaves the answer to them.
    var answers: (@Sendable (TwinRequest) -> TwinAnswer?)?
    /// What each connection of the live stream does after the handshake, in the order of the
    /// connections; the last plan serves all that follow. None refuses every stream.
    var streams: [[TwinAnswer.Step]] = []
    /// What every other document of the service is, in place of 404.
    var otherwise: TwinAnswer?
    /// Paths below `/ui/` that are not there.
    var missingFiles: Set<String> = []
  }

  private struct State {
    var plan: Plan
    var streamCount = 0
  }

  private let server: HTTPTwin
  private let state: Lock
  /// Opened by the test to let a stream go on, see ``wait``.
  let gate: TwinGate

  private final class Lock: Sendable {
    let value: Mutex<State>
    init(_ state: State) { value = Mutex(state) }
  }

  init(_ plan: Plan, gate: TwinGate = TwinGate()) throws {
    let state = Lock(State(plan: plan))
    self.state = state
    self.gate = gate
    server = try HTTPTwin { Self.answer($0, state) }
  }

  /// The address of a page, such as `page("lab?lang=ko")`.
  func page(_ path: String = "") -> String { "\(server.address)/ui/\(path)" }

  /// Asks of the pages that were read to their end, in their order.
  var requests: [TwinRequest] { server.requests }

  /// Replaces what is served from here on.
  func change(_ body: (inout Plan) -> Void) { state.value.withLock { body(&$0.plan) } }

  private static func answer(_ request: TwinRequest, _ state: Lock) -> TwinAnswer {
    if request.path == "/ws/live" {
      let steps: [TwinAnswer.Step]? = state.value.withLock { state in
        defer { state.streamCount += 1 }
        guard !state.plan.streams.isEmpty else { return nil }
        return state.plan.streams[min(state.streamCount, state.plan.streams.count - 1)]
      }
      guard let steps, let talk = SocketTalk.opening(request, protocol: "athanor.v1", then: steps)
      else { return .json(503, #"{"error":"no_stream","detail":"No stream.","help":""}"#) }
      return talk
    }
    let plan = state.value.withLock { $0.plan }
    if let answer = plan.answers?(request) ?? plan.documents[request.path] { return answer }
    if let otherwise = plan.otherwise, !request.path.hasPrefix("/ui") { return otherwise }
    if request.path.hasPrefix("/ui/") {
      let path = String(request.path.dropFirst(4))
      if !plan.missingFiles.contains(path), let file = file(path) { return file }
    }
    let detail = JSONValue.string("There is no \(request.path).").compactText
    return .json(404, #"{"error":"not_found","detail":\#(detail),"help":""}"#)
  }

  /// Whether the library of the scenes is vendored.
  static let hasThree = FileManager.default.fileExists(
    atPath: checkoutFolder.appendingPathComponent("Web/vendor/three.js").path)

  private static let kinds = [
    "html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml",
  ]

  private static func file(_ path: String) -> TwinAnswer? {
    let name = ["", "reactor", "lab", "worlds"].contains(path) ? "\(path)/index.html" : path
    let url = checkoutFolder.appendingPathComponent("Web/\(name)")
    guard let bytes = try? Data(contentsOf: url) else { return nil }
    let kind = kinds[url.pathExtension] ?? "application/octet-stream"
    return .answer(
      headers: [
        TwinField("Content-Type", "\(kind); charset=utf-8"),
        TwinField("Content-Security-Policy", policy),
      ], bytes: Array(bytes))
  }

  private static let policy =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    + "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
}

/// Messages of the live stream and documents of the service, as its contract words them.
enum Wire {
  static let instant = "2026-11-21T14:10:13.553000+00:00"

  /// Returns an envelope with a payload that is JSON already.
  static func envelope(
    _ kind: String, seq: Int? = nil, run: String = "run-1", message: String = "",
    payload: String = "{}"
  ) -> String {
    let cursor = seq.map { #","seq":\#($0)"# } ?? ""
    return """
      {"event_type":"\(kind)","run_id":"\(run)","idea_id":"","stage":"test","message":"\(message)",\
      "severity":"info","created_at":"\(instant)","payload":\(payload)\(cursor)}
      """
  }

  static func hello(journal: String = "j1", head: Int = 0) -> TwinAnswer.Step {
    SocketTalk.text(
      envelope("stream.hello", payload: #"{"protocol":1,"journal":"\#(journal)","head":\#(head)}"#))
  }

  static func heartbeat(head: Int, behind: Int = 0) -> TwinAnswer.Step {
    SocketTalk.text(
      envelope("stream.heartbeat", payload: #"{"head":\#(head),"behind":\#(behind)}"#))
  }

  static func event(_ seq: Int, _ kind: String = "agent.alpha_started") -> TwinAnswer.Step {
    SocketTalk.text(envelope(kind, seq: seq, message: "event \(seq)"))
  }

  /// A run in the list of runs.
  static func run(
    _ id: String, state: String = "finished", summary: String = "null"
  ) -> String {
    """
    {"run_id":"\(id)","title":"research · offline-proposer-1","state":"\(state)","events":12,\
    "first_seq":1,"last_seq":12,"started_at":"\(instant)","last_at":"\(instant)","kinds":[],\
    "summary":\(summary)}
    """
  }

  static func runs(_ runs: [String]) -> TwinAnswer {
    .json(#"{"count":\#(runs.count),"runs":[\#(runs.joined(separator: ","))]}"#)
  }

  static let desk = TwinAnswer.json(
    """
    {"version":"0.4.0","journal":{"id":"j1","head":12,"archived_through":0},"latest_run":null,\
    "caller":{"name":"ana","role":"operator"},"demo":false,"budget":{\
    "day":{"tokens":46907,"tokens_reserved":6055,"tokens_limit":1500000,"cost_usd":0.42,\
    "cost_usd_reserved":0,"cost_usd_limit":null},\
    "week":{"tokens":846907,"tokens_reserved":0,"tokens_limit":1000000,"cost_usd":4.21,\
    "cost_usd_reserved":0,"cost_usd_limit":4}}}
    """)

  static let noJobs = TwinAnswer.json(#"{"count":0,"jobs":[]}"#)

  static func reactor(run: String, tokens: Int, state: String = "stable") -> String {
    """
    {"run_id":"\(run)","series":{"cost_pulse":[{"ts":"\(instant)","tokens":\(tokens),"value":0}]},\
    "gauges":{"batch_tokens":{"value":\(tokens),"limit":52000},\
    "pressure":{"value":0.9,"limit":1}},"flags":{"reactor_state":"\(state)"},"reactor":{}}
    """
  }
}
