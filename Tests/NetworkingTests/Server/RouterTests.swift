import Essentials
import Networking
import Testing

@Suite("The router")
struct RouterTests {
  private static let peer = ServerPeer(address: "127.0.0.1", isLoopback: true)

  private func router() -> Router {
    let name = RouteParameter<String>.segment("name", "A name.")
    let count = RouteParameter<Int>.whole("count", in: 1...9, default: 3, "How many.")
    let share = RouteParameter<Double>.number("share", in: 0...1, default: 0.5, "How much.")
    let flag = RouteParameter<Bool>.flag("flag", "Whether.")
    let text = RouteParameter<String?>.text("text", "What.")
    func route(
      _ method: HTTPMethod, _ pattern: String, access: RouteAccess = .open,
      _ parameters: [ParameterContract] = [],
      handle: @escaping @Sendable (RouteCall) throws -> ServerResponse
    ) -> Route {
      Route(
        method, pattern, "Answers.", group: "Test", access: access, parameters: parameters,
        answers: [], handle: handle)
    }
    return Router(
      routes: [
        route(.get, "/") { _ in .json("root") },
        route(.get, "/a/fixed") { _ in .json("fixed") },
        route(
          .get, "/a/{name}",
          [name.contract, count.contract, share.contract, flag.contract, text.contract]
        ) { call in
          .json([
            "name": .string(call[name]), "count": .integer(call[count]),
            "share": .number(call[share]), "flag": .bool(call[flag]),
            "text": call[text].map { .string($0) } ?? .null,
          ])
        },
        route(.post, "/a/{name}", access: .role(.operator), [name.contract]) { call in
          .json(["by": .string(call.caller?.name ?? "")])
        },
        route(.get, "/broken") { _ in throw RouteFailure.noSuchResource(what: "run", name: "x") },
      ], guardian: BenchGuard())
  }

  private func ask(
    _ method: HTTPMethod, _ target: String, _ headers: HTTPHeaders = [:]
  ) throws -> ServerResponse {
    router().answer(
      ServerRequest(
        method, try #require(RequestTarget(target)), headers: headers, peer: Self.peer))
  }

  @Test(
    "a request finds the first route that fits its path and method",
    arguments: [
      (HTTPMethod.get, "/", 200, "\"root\""), (.head, "/", 200, "\"root\""),
      (.get, "/a/fixed", 200, "\"fixed\""), (.get, "/a/fixed/", 200, "\"fixed\""),
      (
        .get, "/a/x?count=9&share=1&flag=true&text=b", 200,
        #"{"name":"x","count":9,"share":1,"flag":true,"text":"b"}"#
      ),
      (
        .get, "/a/x", 200, #"{"name":"x","count":3,"share":0.5,"flag":false,"text":null}"#
      ),
      (.get, "/broken", 404, nil), (.get, "/b", 404, nil), (.get, "/a", 404, nil),
      (.get, "/a/b/c", 404, nil), (.delete, "/a/x", 405, nil), (.post, "/", 405, nil),
      (.get, "/a/x?count=10", 422, nil), (.get, "/a/x?share=nan", 422, nil),
      (.get, "/a/x?flag=maybe", 422, nil), (.post, "/a/x", 401, nil),
    ] as [(HTTPMethod, String, Int, String?)])
  func routes(method: HTTPMethod, target: String, status: Int, body: String?) throws {
    let answer = try ask(method, target)
    #expect(answer.status == status)
    let text = String(decoding: answer.body, as: UTF8.self)
    if let body {
      #expect(try JSONValue(parsing: text) == JSONValue(parsing: body))
    } else {
      for member in ["error", "detail", "help"] { #expect(text.contains("\"\(member)\":")) }
    }
  }

  @Test("every parameter that cannot be read is named at once")
  func defects() throws {
    let answer = try ask(.get, "/a/x?count=0&share=2&flag=x")
    let text = String(decoding: answer.body, as: UTF8.self)
    for name in ["count", "share", "flag"] { #expect(text.contains(name)) }
  }

  @Test("a method that a path does not take is answered with those that it does")
  func allowed() throws {
    #expect(try ask(.delete, "/a/x").headers["Allow"] == "GET, HEAD, POST")
  }

  @Test("the guard's caller reaches the handler and the reply")
  func caller() throws {
    let request = ServerRequest(
      .post, try #require(RequestTarget("/a/x")), headers: ["Authorization": "Bearer letmein"],
      peer: Self.peer)
    let router = router()
    let reply: Router.Reply = router.answer(request, by: try router.match(request))
    #expect(reply.caller?.name == "reader")
    #expect(reply.response.status == 200)
    #expect(
      router.refusal(
        of: ServerRequest(
          .get, try #require(RequestTarget("/")), headers: ["Host": "evil.example"],
          peer: Self.peer))?.status == 403)
  }
}
