import Essentials
import Networking
import Research
import Testing

@Suite("What BRAIN says")
struct BrainValuesTests {
  @Test(
    "progress is a share, however it is written",
    arguments: [
      ("{\"progress\":0.35}", 0.35), ("{\"progress\":35}", 0.35), ("{\"percent\":\"50\"}", 0.5),
      ("{\"percent\":\"50%\"}", 0.5), ("{\"progress\":1}", 1), ("{\"progress\":0}", 0),
      (
        """
        {"children":[{"status":"COMPLETE"},{"status":"ERROR"},{"status":"SIMULATING"},\
        {"status":"WAITING"},{"status":"WAITING"}]}
        """, 0.4
      ),
      ("{}", nil), ("{\"progress\":-1}", nil), ("{\"progress\":\"soon\"}", nil),
      ("{\"children\":[\"a\",\"b\"]}", nil), ("[]", nil),
    ] as [(String, Double?)])
  func progress(text: String, share: Double?) throws {
    #expect(BrainProgress.share(of: try JSONValue(parsing: text)) == share)
  }

  @Test("waits double up to half an hour")
  func steps() {
    let seconds = (1...13).map { Int(BrainPatience.step($0) / .seconds(1)) }
    #expect(seconds == [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1800, 1800, 1800])
  }

  @Test("a hint is kept to, within the longest wait and what is left for waiting")
  func hints() {
    let now = Timestamp(millisecondsSinceEpoch: 0)
    func wait(_ headers: HTTPHeaders, streak: Int = 1, waited: Duration = .zero) -> Duration? {
      BrainPatience().wait(
        status: 429, headers: headers, streak: streak, waited: waited, at: now, chance: 250)
    }
    #expect(wait([:]) == .milliseconds(2250))
    #expect(wait(["Retry-After": "0.1"]) == .milliseconds(2250))
    #expect(wait(["Retry-After": "9"], streak: 2) == .milliseconds(9250))
    #expect(wait(["X-Ratelimit-Reset": "40"]) == .milliseconds(40_250))
    #expect(wait(["Retry-After": "9", "X-Ratelimit-Reset": "40"]) == .milliseconds(9250))
    #expect(wait(["Retry-After": "90000"]) == .seconds(21_600))
    #expect(wait([:], waited: .seconds(86_399)) == nil)
  }

  @Test(
    "a complaint is understood in each of its shapes",
    arguments: [
      ("{\"detail\":\"Not found.\"}", ["Not found."]),
      ("[\"Invalid query\"]", ["Invalid query"]),
      (
        "{\"settings\":{\"region\":[\"Required.\"],\"delay\":[\"No.\",\"Never.\"]},\"type\":[\"Bad.\"]}",
        [
          "settings.region: Required.", "settings.delay: No.", "settings.delay: Never.",
          "type: Bad.",
        ]
      ),
      ("<html>\n<body>", ["<html>"]), ("", ["it gave no reason"]), ("{}", ["it gave no reason"]),
    ])
  func complaints(body: String, sentences: [String]) {
    #expect(BrainComplaint(body: Array(body.utf8)).sentences == sentences)
  }

  @Test("simulations are the same however their formulas are spaced and their settings ordered")
  func keys() {
    func key(_ formula: String, _ change: (inout CandidateSettings) -> Void = { _ in })
      -> Fingerprint
    {
      var candidate = CandidateAlpha(ideaID: "i", formula: formula)
      change(&candidate.simulation.settings)
      return BrainSimulation(candidate.simulation).key
    }
    #expect(key("rank( close )") == key("rank(close)"))
    #expect(key("a + b;\n c") == key("a+b;c"))
    #expect(key("a b") != key("ab"))
    #expect(key("rank(close)") != key("rank(open)"))
    #expect(key("rank(close)") != key("rank(close)") { $0.decay = 4 })
    #expect(
      BrainSimulation(body: ["regular": "a", "settings": ["x": 1, "y": 2]]).key
        == BrainSimulation(body: ["settings": ["y": 2, "x": 1], "regular": "a "]).key)
  }

  @Test("a description is of a simulation where its formula and all settings that both name agree")
  func descriptions() throws {
    let simulation = BrainSimulation(
      body: ["type": "REGULAR", "regular": "rank(close)", "settings": ["decay": 4, "delay": 1]])
    for (text, isSame) in [
      ("{\"regular\":\"rank( close )\",\"settings\":{\"decay\":4.0,\"startDate\":\"x\"}}", true),
      ("{\"regular\":{\"code\":\"rank(close)\"},\"settings\":{\"decay\":4}}", true),
      ("{\"regular\":\"rank(close)\",\"settings\":{\"decay\":5}}", false),
      ("{\"regular\":\"rank(open)\",\"settings\":{\"decay\":4}}", false),
      ("{\"regular\":\"rank(close)\"}", true), ("{}", false),
    ] {
      #expect(simulation.isDescribed(by: try JSONValue(parsing: text)) == isSame, "\(text)")
    }
  }
}
