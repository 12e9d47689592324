package import Essentials
package import Markets

/// All that a trader sent and heard, in order, as text of one line each and as the fingerprint of it.
///
/// Two runs with one fingerprint traded the same. A line has the instant in milliseconds, the place of
/// the contract among those of the account, and either what was wanted or what became of it:
///
///     1746372780000 0 submit 12 buy 500 limit 95505400000000 untilCancelled
///     1746372780000 0 submit 13 sell 500 market untilCancelled mark falling 94000000000000 reduces
///     1746372780000 1 cancel 7
///     1746372780000 1 leverage 500
///     1746372840000 0 report 12 buy filled 500 0 95505400000000 taker 26263985 0
///     1746372900000 0 report 13 sell cancelled 0 500 nothingToReduce
///
/// Prices are billionths, quantities lots, leverages hundredths. A report has what was filled and the
/// rest, then of a fill its price, its role, its fee and the profit of what it closed in
/// hundred-millionths, or else the cause of an end. A line is written without allocation once the
/// buffer has its size.
package struct OrderLog: Sendable {
  /// Whether ``text`` has every line, or only those that are not digested yet.
  package let keepsText: Bool
  /// The number of lines.
  package private(set) var count = 0
  private var bytes: ContiguousArray<UInt8> = []
  private var digest = FingerprintDigest()

  /// The bytes that are gathered before they are digested.
  private static let chunk = 1 << 16

  /// A log without lines.
  package init(keepsText: Bool = false) {
    self.keepsText = keepsText
    bytes.reserveCapacity(Self.chunk + 512)
  }

  /// Writes down what was sent at an instant.
  package mutating func append(sent wish: ContractDirective, at instant: Timestamp) {
    begin(instant, wish.contract)
    switch wish.directive {
    case .submit(let order): write(order)
    case .cancel(let number):
      write("cancel")
      write(number.value)
    case .cancelAll: write("cancelAll")
    case .leverage(let leverage):
      write("leverage")
      write(leverage.hundredths)
    }
    endLine()
  }

  /// Writes down what was heard.
  package mutating func append(heard told: ContractReport) {
    let report = told.report
    begin(report.instant, told.contract)
    write("report")
    write(report.number.value)
    write(report.side == .buy ? "buy" : "sell")
    write(report.state.text)
    write(report.filled.lots)
    write(report.rest.lots)
    if let price = report.price {
      write(price.nanos)
      write(report.role == .maker ? "maker" : "taker")
      write(report.fee.atoms)
      write(report.profit.atoms)
    }
    if let end = report.end { write(end.text) }
    endLine()
  }

  /// The fingerprint of all lines.
  package var fingerprint: Fingerprint {
    var digest = digest
    bytes.withUnsafeBytes { digest.absorb($0) }
    return digest.finish()
  }

  /// The lines, if they are kept.
  package var lines: [String] {
    guard keepsText else { return [] }
    return bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  }
}

// MARK: - Lines

extension OrderLog {
  private mutating func write(_ order: MarketOrder) {
    write("submit")
    write(order.number.value)
    write(order.side == .buy ? "buy" : "sell")
    write(order.quantity.lots)
    if let limit = order.limit {
      write("limit")
      write(limit.nanos)
    } else {
      write("market")
    }
    write(order.validity.text)
    if let trigger = order.trigger {
      write(trigger.source == .mark ? "mark" : "last")
      write(trigger.isRising ? "rising" : "falling")
      write(trigger.price.nanos)
    }
    if order.reducesOnly { write("reduces") }
  }

  private mutating func begin(_ instant: Timestamp, _ contract: ContractID) {
    count += 1
    digits(instant.millisecondsSinceEpoch)
    write(Int64(contract.place))
  }

  private mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    guard !keepsText, bytes.count >= Self.chunk else { return }
    bytes.withUnsafeBytes { digest.absorb($0) }
    bytes.removeAll(keepingCapacity: true)
  }

  private mutating func write(_ word: StaticString) {
    bytes.append(UInt8(ascii: " "))
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  private mutating func write(_ number: UInt64) {
    bytes.append(UInt8(ascii: " "))
    digits(of: number)
  }

  private mutating func write(_ number: Int64) {
    bytes.append(UInt8(ascii: " "))
    digits(number)
  }

  private mutating func digits(_ number: Int64) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    digits(of: number.magnitude)
  }

  private mutating func digits(of number: UInt64) {
    // No number of 64 bits has more digits.
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var start = 20
    var rest = number
    repeat {
      start -= 1
      digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    for place in start..<20 { bytes.append(digits[place]) }
  }
}

extension OrderValidity {
  fileprivate var text: StaticString {
    switch self {
    case .untilCancelled: "untilCancelled"
    case .postOnly: "postOnly"
    case .immediate: "immediate"
    case .whole: "whole"
    }
  }
}

extension OrderState {
  fileprivate var text: StaticString {
    switch self {
    case .sent: "sent"
    case .asleep: "asleep"
    case .working: "working"
    case .partlyFilled: "partlyFilled"
    case .filled: "filled"
    case .cancelled: "cancelled"
    case .rejected: "rejected"
    }
  }
}

extension OrderEnd {
  fileprivate var text: StaticString {
    switch self {
    case .bySender: "bySender"
    case .wouldTake: "wouldTake"
    case .notAtOnce: "notAtOnce"
    case .nothingToReduce: "nothingToReduce"
    case .insufficientMargin: "insufficientMargin"
    case .leverageTooHigh: "leverageTooHigh"
    case .liquidation: "liquidation"
    case .refusedByBooks: "refusedByBooks"
    case .quantityOutside: "quantityOutside"
    case .priceOutside: "priceOutside"
    case .worthTooSmall: "worthTooSmall"
    }
  }
}
