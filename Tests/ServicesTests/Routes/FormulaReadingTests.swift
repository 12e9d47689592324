import AlphaLanguage
import Essentials
import Markets
import Mathematics
import Networking
import Research
import Services
import Storage
import Testing

@Suite("A formula as an editor shows it")
struct FormulaReadingTests {
  private let checker = FormulaChecker(schema: CampaignBench.panel.schema)

  /// The words of a text by their class, cut out by the offsets as JavaScript would.
  private func words(_ source: String) -> [String] {
    let units = Array(source.utf16)
    let members = JSONValue.object(FormulaReading(source, by: checker).members)
    return (members["tokens"] ?? .null).elements.map { token in
      guard case .integer(let start)? = token["start"], case .integer(let end)? = token["end"]
      else { return "no offsets" }
      let text = String(decoding: units[start..<end], as: UTF16.self)
      return "\(token["class"]?.string ?? "") \(text)"
    }
  }

  @Test("every word has its class")
  func classes() {
    #expect(
      words("x = ts_mean(close, 5); # 평균\nrank(winsorize(x, std=3)) > 0.5 ? x : nan /* end */")
        == [
          "name x", "punctuation =", "operator ts_mean", "punctuation (", "field close",
          "punctuation ,", "number 5", "punctuation )", "punctuation ;", "comment # 평균",
          "operator rank", "punctuation (", "operator winsorize", "punctuation (", "name x",
          "punctuation ,", "name std", "punctuation =", "number 3", "punctuation )",
          "punctuation )", "operator >", "number 0.5", "punctuation ?", "name x", "punctuation :",
          "keyword nan", "comment /* end */",
        ])
    #expect(
      words("bucket(rank(cap), range=\"0, 1\") // 😀 close\n+ frobnicate(1) § 'open")
        == [
          "operator bucket", "punctuation (", "operator rank", "punctuation (",
          checker.schema.fields["cap"] == nil ? "name cap" : "field cap", "punctuation )",
          "punctuation ,", "name range", "punctuation =", "string \"0, 1\"", "punctuation )",
          "comment // 😀 close", "operator +", "name frobnicate", "punctuation (", "number 1",
          "punctuation )", "error §", "error 'open",
        ])
  }

  @Test("findings point at their words in units of UTF-16, behind whatever stands before them")
  func offsets() throws {
    for before in ["", "/* 가 */ ", "/* 😀😀 */ ", "# é\n"] {
      let source = before + "rank(clsoe)"
      let members = JSONValue.object(FormulaReading(source, by: checker).members)
      #expect(members["valid"] == .bool(false))
      let finding = try #require((members["diagnostics"] ?? .null).elements.first)
      guard case .integer(let start)? = finding["start"], case .integer(let end)? = finding["end"]
      else {
        Issue.record("no offsets")
        return
      }
      #expect(String(decoding: Array(source.utf16)[start..<end], as: UTF16.self) == "clsoe")
      #expect(finding["remedy"]?.string?.contains("close") == true)
    }
  }

  @Test("words stand in order and never overlap, whatever bytes a text is made of")
  func anyText() {
    var generator = SplitMix64(seed: 4)
    let pieces = [
      "rank(", "close", ")", "/*", "*/", "//", "#", "\n", "\"", "'", "1e", "2.5", ";", "=", "가",
      "😀", "\u{0}", "&", "§", " ", "ts_mean(x,", "nan", "-", "\r\n",
    ]
    for _ in 0..<400 {
      let source = (0..<Int(generator.next() % 24)).map { _ in
        pieces[Int(generator.next() % UInt64(pieces.count))]
      }.joined()
      let reading = FormulaReading(source, by: checker)
      var end = 0
      for word in reading.words {
        #expect(word.span.start >= end && word.span.end > word.span.start, "\(source)")
        end = word.span.end
      }
      #expect(end <= source.utf8.count, "\(source)")
      let errors = reading.diagnostics.contains { $0.severity == .error }
      #expect(reading.isValid != errors, "\(source)")
    }
  }

  // MARK: - Over HTTP

  private func desk() throws -> DeskBench {
    let desk = try DeskBench()
    _ = try desk.library.store.write(CampaignBench.panel, provenance: PanelProvenance())
    return desk
  }

  @Test("a valid formula and a broken one are both answers")
  func checks() throws {
    let desk = try desk()
    let good = try desk.check(#"{"expression":"rank(-returns)"}"#)
    #expect(good.status == 200 && good.json["valid"] == .bool(true))
    #expect(good.json["panel"] == .string(CampaignBench.panel.name))
    for text in ["", "(", "rank(", "\\u0000", "가나다", "1 +"] {
      let broken = try desk.check("{\"expression\":\"\(text)\",\"panel\":null}")
      #expect(broken.status == 200 && broken.json["valid"] == .bool(false), "\(text)")
      #expect(!(broken.json["diagnostics"] ?? .null).elements.isEmpty, "\(text)")
    }
    let long = try desk.check("{\"expression\":\"\(String(repeating: "1+", count: 40_000))1\"}")
    #expect(long.status == 200 && long.json["valid"] == .bool(false))
    #expect(long.json["tokens"] == .array([]))
  }

  @Test("a body that is no question is refused, with everything that is wrong with it")
  func bodies() throws {
    let desk = try desk()
    for (body, status, word) in [
      ("", 400, "JSON"), ("{", 400, "JSON"), ("[]", 400, "array"), ("{}", 400, "expression"),
      (#"{"expression":7}"#, 400, "expression"),
      (#"{"expression":"1","pannel":"x"}"#, 400, "pannel"),
      (#"{"expression":"1","expression":"2"}"#, 400, "twice"),
      (#"{"expression":"\ud800"}"#, 400, "JSON"),
      (#"{"expression":"1","panel":"no-such"}"#, 400, "no-such"),
      (#"{"expression":"1","panel":"../etc"}"#, 400, "etc"),
      (#"{"expression":""# + String(repeating: " ", count: 270_000) + #""}"#, 413, "KiB"),
    ] {
      let response = try desk.check(body)
      #expect(response.status == status, "\(body.prefix(60)): \(response.text)")
      #expect(response.json["detail"]?.string?.contains(word) == true, "\(response.text)")
      #expect(response.json["help"]?.string?.isEmpty == false)
    }
    let bytes = desk.router.answer(
      ServerRequest(
        .post, try #require(RequestTarget("/api/formulas/check")), body: [0x7b, 0xff, 0x7d],
        peer: ServerPeer(address: "127.0.0.1", isLoopback: true)))
    #expect(bytes.status == 400)
    #expect(try DeskBench().check(#"{"expression":"1"}"#).status == 409)
  }
}
