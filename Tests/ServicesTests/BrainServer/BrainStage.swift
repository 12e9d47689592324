import Essentials
import Foundation
import Markets
import Mathematics
import Networking
import Synchronization
import TestKit

@testable import Services

/// A BRAIN server on a small panel, with a clock that a test moves, asked without any socket.
final class BrainStage: Sendable {
  let server: BrainServer
  private let router: Router
  private let world: World

  final class World: Sendable {
    let clock: Mutex<Int64>
    let cookie = Mutex<String?>(nil)
    let chance: Mutex<SplitMix64>

    init(start: Int64) {
      clock = Mutex(start)
      chance = Mutex(SplitMix64(seed: 7))
    }
  }

  private struct Everybody: RequestGuard {
    func caller(
      of request: ServerRequest, for access: RouteAccess, opensSocket: Bool
    ) throws -> Caller? { nil }
  }

  /// 2026-07-14T20:27:19Z, a summer afternoon in New York.
  static let start: Int64 = 1_784_060_839_000

  init(
    panel: Panel = RandomPanels.make(RandomPanels.Shape(rows: 130, columns: 11), seed: 5),
    _ change: (inout BrainServerSetup) -> Void = { _ in }
  ) throws {
    var setup = BrainServerSetup(email: "quant@example.com", password: SecretText("correct horse"))
    setup.simulationSeconds = 0
    change(&setup)
    let world = World(start: Self.start)
    self.world = world
    server = try BrainServer(
      panel: panel, setup: setup,
      now: { Timestamp(millisecondsSinceEpoch: world.clock.withLock { $0 }) },
      chance: { world.chance.withLock { $0.next() } })
    router = Router(routes: server.routes, guardian: Everybody())
  }

  /// A panel on which yesterday's returns foretell today's.
  static func predictablePanel() -> Panel {
    let rows = 400
    let columns = 40
    var generator = SplitMix64(seed: 11)
    var close = [Double](repeating: 0, count: rows * columns)
    var volume = close
    for column in 0..<columns {
      var price = 50.0
      var trend = 0.0
      for row in 0..<rows {
        trend = 0.9 * trend + 0.004 * (generator.nextUniform() - 0.5)
        price *= 1 + trend + 0.004 * (generator.nextUniform() - 0.5)
        close[row * columns + column] = price
        volume[row * columns + column] = 1e6 * (1 + generator.nextUniform())
      }
    }
    var returns = [Double](repeating: .nan, count: rows * columns)
    for cell in columns..<rows * columns { returns[cell] = close[cell] / close[cell - columns] - 1 }
    func field(_ name: String, _ unit: MeasureUnit, _ values: [Double]) -> PanelField {
      PanelField(
        description: FieldDescription(name: name, kind: .matrix, unit: unit),
        values: .matrix(MatrixColumn(rows: rows, columns: columns, values: values)))
    }
    let fields = [
      field("close", .price, close), field("volume", .share, volume),
      field("returns", .dimensionless, returns),
    ]
    let random = RandomPanels.make(RandomPanels.Shape(rows: rows, columns: columns), seed: 1)
    return Panel(
      name: "predictable", fingerprint: Fingerprint(of: "predictable"), axis: random.axis,
      instruments: random.instruments,
      fields: fields)
  }

  func wait(seconds: Double) {
    world.clock.withLock { $0 += Int64(seconds * 1000) }
  }

  /// Asks with the cookie of the last login.
  func ask(
    _ method: HTTPMethod, _ target: String, _ body: String = "", headers: HTTPHeaders = [:]
  ) throws -> ServerResponse {
    var headers = headers
    headers["Host"] = "127.0.0.1:9999"
    if let cookie = world.cookie.withLock({ $0 }) { headers["Cookie"] = "a=b; t=\(cookie)" }
    guard let target = RequestTarget(target) else { throw StageFailure.badTarget }
    let answer = router.answer(
      ServerRequest(
        method, target, headers: headers, body: Array(body.utf8),
        peer: ServerPeer(address: "127.0.0.1", isLoopback: true)))
    if let set = answer.headers["Set-Cookie"], set.hasPrefix("t=") {
      world.cookie.withLock { $0 = String(set.dropFirst(2).prefix { $0 != ";" }) }
    }
    return answer
  }

  enum StageFailure: Error {
    case badTarget
    case noAlpha(String)
  }

  func json(
    _ method: HTTPMethod, _ target: String, _ body: String = ""
  ) throws -> JSONValue {
    try JSONValue(parsing: String(decoding: ask(method, target, body).body, as: UTF8.self))
  }

  @discardableResult
  func logIn(_ password: String = "correct horse") throws -> ServerResponse {
    let pair = Data("quant@example.com:\(password)".utf8).base64EncodedString()
    return try ask(.post, "/authentication", headers: ["Authorization": "Basic \(pair)"])
  }

  /// The body of a simulation; `settings` replaces or adds members.
  static func body(_ code: String, _ settings: [JSONValue.Member] = []) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("instrumentType", "EQUITY"), .init("region", "USA"), .init("universe", "TOP3000"),
      .init("delay", 1), .init("decay", 0), .init("neutralization", "MARKET"),
      .init("truncation", .number(0.08)), .init("pasteurization", "ON"),
      .init("unitHandling", "VERIFY"), .init("nanHandling", "OFF"), .init("language", "FASTEXPR"),
      .init("visualization", .bool(false)),
    ]
    for setting in settings {
      members.removeAll { $0.name == setting.name }
      members.append(setting)
    }
    return ["type": "REGULAR", "settings": .object(members), "regular": .string(code)]
  }

  /// Simulates a formula to its end and returns the answer.
  func simulated(_ code: String) throws -> JSONValue {
    let posted = try ask(.post, "/simulations", Self.body(code).compactText)
    let place = posted.headers["Location"]?.split(separator: "/").suffix(2).joined(separator: "/")
    server.drain()
    return try json(.get, "/" + (place ?? "nowhere"))
  }

  /// Simulates a formula and returns the name of its alpha.
  func alpha(_ code: String) throws -> String {
    let answer = try simulated(code)
    guard case .string(let name)? = answer["alpha"] else {
      throw StageFailure.noAlpha(answer.compactText)
    }
    return name
  }
}
