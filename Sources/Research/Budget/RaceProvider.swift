import Essentials
import Foundation
import Glibc
import Mathematics
import Synchronization

/// Bills what it is sent, honestly, and keeps accounts of its own.
///
/// With a file it survives the death of the process: each bill is one line, written before the caller
/// goes on.
final class RaceProvider: Sendable {
  /// A bill: the call, when and for whom it was made, and what it used.
  fileprivate struct Bill: Sendable {
    let id: ReservationID
    let run: String
    let at: Timestamp
    let lane: Lane
    let usage: TokenUsage
    let cost: NanoDollars

    var line: String {
      "\(id.number) \(run) \(at.millisecondsSinceEpoch) \(lane.rawValue) \(usage.prompt) "
        + "\(usage.completion) \(cost.count)\n"
    }

    init(_ reservation: Reservation, _ usage: TokenUsage, _ cost: NanoDollars) {
      id = reservation.id
      run = reservation.request.run
      at = reservation.at
      lane = reservation.request.lane
      self.usage = usage
      self.cost = cost
    }

    init?(line: Substring) {
      let parts = line.split(separator: " ")
      guard parts.count == 7, let number = Int(parts[0]), let at = Int64(parts[2]),
        let lane = Lane(rawValue: String(parts[3])), let prompt = Int(parts[4]),
        let completion = Int(parts[5]), let cost = Int64(parts[6])
      else { return nil }
      id = ReservationID(number)
      run = String(parts[1])
      self.at = Timestamp(millisecondsSinceEpoch: at)
      self.lane = lane
      usage = TokenUsage(prompt: prompt, completion: completion)
      self.cost = NanoDollars(cost)
    }
  }

  fileprivate struct Total: Sendable {
    var exploit = Spend.zero
    var explore = Spend.zero
    var both = Spend.zero
    var all: Spend { exploit + explore + both }
  }

  fileprivate struct Accounts: Sendable {
    var totals: [BudgetScope: Total] = [:]
    var statements: [ReservationID: TokenUsage] = [:]
  }

  private let accounts = Mutex(Accounts())
  private let descriptor: Int32?

  /// A provider that forgets with the process.
  init() {
    descriptor = nil
  }

  /// A provider that goes on with the bills of a file.
  init(file path: String) throws(RaceFailure) {
    let opened = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard opened >= 0 else { throw .bills(path: path, reason: String(cString: strerror(errno))) }
    descriptor = opened
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") {
      guard let bill = Bill(line: line) else {
        close(opened)
        throw .bills(path: path, reason: "a line is no bill")
      }
      accounts.withLock { $0.enter(bill) }
    }
  }

  deinit {
    if let descriptor { close(descriptor) }
  }

  /// A use within what a call may use; every tenth call uses all of it.
  static func usage(of request: CallRequest, _ chance: inout SplitMix64) -> TokenUsage {
    guard Int.random(in: 0..<10, using: &chance) > 0 else {
      return TokenUsage(prompt: request.promptTokensMax, completion: request.completionTokensMax)
    }
    return TokenUsage(
      prompt: Int.random(in: 1...request.promptTokensMax, using: &chance),
      completion: Int.random(in: 0...request.completionTokensMax, using: &chance))
  }

  func bill(
    _ reservation: Reservation, _ usage: TokenUsage, _ price: ModelPrice?
  ) throws(RaceFailure) {
    let bill = Bill(reservation, usage, price?.cost(of: usage) ?? .zero)
    if let descriptor {
      let line = Array(bill.line.utf8)
      guard line.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == line.count
      else { throw .bills(path: "the bills", reason: String(cString: strerror(errno))) }
    }
    accounts.withLock { $0.enter(bill) }
  }

  /// What a call was billed for, nil where it never arrived.
  func statement(_ id: ReservationID) -> TokenUsage? {
    accounts.withLock { $0.statements[id] }
  }

  /// How many calls were billed.
  var count: Int { accounts.withLock { $0.statements.count } }

  /// Every ceiling that was billed beyond, and how full the fullest of each kind is.
  func verdict(
    on configuration: BudgetConfiguration
  ) -> (violations: [RaceViolation], fullest: [(ceiling: BudgetCeiling, percent: Double)]) {
    let totals = accounts.withLock { $0.totals }.sorted { $0.key.name < $1.key.name }
    var violations: [RaceViolation] = []
    var fullest: [BudgetCeiling: Double] = [:]
    for (scope, total) in totals {
      guard let period = scope.period else { continue }
      let ceilings = configuration.ceilings(period)
      let millionths = configuration.exploreMillionths
      func hold(_ amount: Int, _ ceiling: BudgetCeiling, _ limit: Int?) {
        guard let limit else { return }
        fullest[ceiling] = max(fullest[ceiling] ?? 0, 100 * Double(amount) / Double(limit))
        guard amount > limit else { return }
        violations.append(RaceViolation(scope: scope, ceiling: ceiling, excess: amount - limit))
      }
      let floor = ceilings.exploreFloorTokens(millionths: millionths)
      let floorCost = ceilings.exploreFloorCost(millionths: millionths)
      hold(total.all.tokens, .tokens(period), ceilings.tokens)
      hold(total.explore.tokens, .exploreTokens(period), ceilings.exploreTokens)
      hold(total.exploit.tokens, .exploreFloorTokens(period), ceilings.tokens.map { $0 - floor })
      hold(Int(total.all.cost.count), .cost(period), ceilings.cost.map { Int($0.count) })
      hold(
        Int(total.explore.cost.count), .exploreCost(period),
        ceilings.exploreCost.map { Int($0.count) })
      hold(
        Int(total.exploit.cost.count), .exploreFloorCost(period),
        ceilings.cost.map { Int(($0 - floorCost).count) })
    }
    let sorted = fullest.map { (ceiling: $0.key, percent: $0.value) }
      .sorted { ($1.percent, $0.ceiling.key) < ($0.percent, $1.ceiling.key) }
    return (violations, sorted)
  }
}

extension RaceProvider.Accounts {
  fileprivate mutating func enter(_ bill: RaceProvider.Bill) {
    let amount = Spend(tokens: bill.usage.total, cost: bill.cost)
    statements[bill.id] = bill.usage
    for scope in LedgerState.scopes(run: bill.run, at: bill.at) {
      switch bill.lane {
      case .exploit: totals[scope, default: RaceProvider.Total()].exploit += amount
      case .explore: totals[scope, default: RaceProvider.Total()].explore += amount
      case .both: totals[scope, default: RaceProvider.Total()].both += amount
      }
    }
  }
}
