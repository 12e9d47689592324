import AlphaLanguage
import Backtesting
import Essentials
import Markets
import Synchronization
import Worlds

/// The books of formulas on panels, each computed once for everybody who may have it.
///
/// 1. Formulas of worlds that share their indicators are evaluated together, those of worlds that are
///    foreseen and have not asked yet as well, so that a subformula of several runs once on a panel. A
///    silo is evaluated by itself.
/// 2. A book is found by the ``ComputeKey`` of its signal: what is computed, for whom, on which data. A
///    panel that has grown is other data, and what was made of the one before is forgotten.
/// 3. Beyond ``bytesMax`` books are forgotten, those that were longest not asked for first, and
///    nothing is computed ahead of time.
///
/// Whoever asks while something is computed waits for it.
final class SharedBooks: Sendable {
  /// What was asked for, by its place in the question.
  struct Answer: Sendable {
    var books: [Int: BookHistory] = [:]
    /// Why a formula has no book.
    var failures: [Int: any ExplainedFailure] = [:]
  }

  /// The memory that books have together; what is asked for is computed in any case.
  let bytesMax: Int
  private let observe: @Sendable ([Computation]) -> Void
  private let memory = Mutex(Memory())

  private struct Memory {
    var books: [ComputeKey: Entry] = [:]
    /// By the fingerprint of their panel and their settings.
    var frames: [Fingerprint: [SimulationSettings: MarketFrame]] = [:]
    var bytes = 0
    /// Grows with every question.
    var question = 0
  }

  private struct Entry {
    var book: BookHistory
    var bytes: Int
    /// The last question that asked for it.
    var question: Int
  }

  /// A book that is wanted.
  private struct Order {
    var formula: WorldFormula
    var frame: MarketFrame
    var arrangement: SharedComputation.Arrangement
    var key: ComputeKey
  }

  /// Why there is no book.
  private struct NoBook: Error {
    var cause: any ExplainedFailure
  }

  /// - Parameter observe: is told of every plan that ran, what it computed.
  init(
    bytesMax: Int = 1 << 29,
    observing observe: @escaping @Sendable ([Computation]) -> Void = { _ in }
  ) {
    self.bytesMax = bytesMax
    self.observe = observe
  }

  /// Returns the books of formulas that were checked against the panel's schema.
  ///
  /// - Parameters:
  ///   - foreseen: what other worlds are going to ask for on this panel.
  ///   - rules: how the worlds of all these formulas share.
  func books(
    of wanted: [WorldFormula], foreseen: [WorldFormula], rules: [String: SharingRules],
    on panel: Panel
  ) -> Answer {
    memory.withLock { memory in
      memory.question += 1
      Self.forgetOthers(of: panel, &memory)
      var answer = Answer()
      var places: [ComputeKey: [Int]] = [:]
      var missing: [Order] = []
      for (place, formula) in wanted.enumerated() {
        do throws(NoBook) {
          let order = try Self.order(formula, rules, panel, &memory)
          if let book = Self.take(order.key, &memory) {
            answer.books[place] = book
          } else {
            if places[order.key] == nil { missing.append(order) }
            places[order.key, default: []].append(place)
          }
        } catch {
          answer.failures[place] = error.cause
        }
      }
      guard !missing.isEmpty else { return answer }
      let company = company(of: missing, foreseen, rules, panel, &memory)
      do throws(NoBook) {
        let books = try computed(missing + company, rules, panel)
        for (key, book) in books {
          for place in places[key] ?? [] { answer.books[place] = book }
        }
        keep(books, panel, &memory)
      } catch {
        for place in places.values.joined() { answer.failures[place] = error.cause }
      }
      return answer
    }
  }

  // MARK: - What is wanted

  private static func order(
    _ formula: WorldFormula, _ rules: [String: SharingRules], _ panel: Panel,
    _ memory: inout Memory
  ) throws(NoBook) -> Order {
    guard let rule = rules[formula.world] else {
      throw NoBook(cause: GraphMistake.unknownWorld(formula.world))
    }
    let signal: NodeID
    do throws(GraphMistake) {
      signal = try FormulaGraphNodes(
        formula.formula, panel: panel, settings: formula.settings, side: formula.side
      ).signal
    } catch {
      throw NoBook(cause: error)
    }
    let owner = rule.owner(of: .signal, in: formula.world)
    return Order(
      formula: formula, frame: try frame(formula.settings, panel, &memory),
      arrangement: SharedComputation.Arrangement(of: formula, rules: rule),
      key: ComputeKey(Computation(signal, for: owner), data: panel.fingerprint))
  }

  private static func frame(
    _ settings: SimulationSettings, _ panel: Panel, _ memory: inout Memory
  ) throws(NoBook) -> MarketFrame {
    let known = memory.frames[panel.fingerprint] ?? [:]
    if let frame = known[settings] { return frame }
    let other =
      known.values.first { $0.settings.universe == settings.universe } ?? known.values.first
    do throws(SimulationRefusal) {
      let frame: MarketFrame
      if let other {
        frame = try other.revised(settings)
      } else {
        frame = try MarketFrame(panel: panel, settings: settings)
      }
      memory.frames[panel.fingerprint, default: [:]][settings] = frame
      return frame
    } catch {
      throw NoBook(cause: error)
    }
  }

  /// Those of the foreseen that are evaluated together with what is missing, as far as there is room
  /// to keep them until they are asked for.
  private func company(
    of missing: [Order], _ foreseen: [WorldFormula], _ rules: [String: SharingRules],
    _ panel: Panel, _ memory: inout Memory
  ) -> [Order] {
    let sought = Set(missing.map(\.arrangement))
    var keys = Set(missing.map(\.key))
    var room = bytesMax - (memory.bytes + missing.count * Self.bytes(of: panel))
    var company: [Order] = []
    for formula in foreseen {
      // One that cannot be computed says so when its own world asks.
      guard let rule = rules[formula.world],
        sought.contains(SharedComputation.Arrangement(of: formula, rules: rule)),
        let order = try? Self.order(formula, rules, panel, &memory),
        memory.books[order.key] == nil, keys.insert(order.key).inserted
      else { continue }
      room -= Self.bytes(of: panel)
      if room < 0 { break }
      company.append(order)
    }
    return company
  }

  // MARK: - Computing

  private func computed(
    _ orders: [Order], _ rules: [String: SharingRules], _ panel: Panel
  ) throws(NoBook) -> [(key: ComputeKey, book: BookHistory)] {
    let computation: SharedComputation
    do throws(GraphMistake) {
      computation = try SharedComputation(orders.map(\.formula), rules: rules, panel: panel)
    } catch {
      throw NoBook(cause: error)
    }
    let books = orders.map { FormulaBook(frame: $0.frame) }
    let frames = Dictionary(orders.map { ($0.frame.settings, $0.frame) }) { first, _ in first }
    do throws(SimulationRefusal) {
      try computation.evaluate(on: panel, in: frames) { place, rows in
        books[place].advance(
          rows: rows.firstRow..<(rows.firstRow + rows.count), alpha: rows.values,
          stride: rows.stride)
      }
    } catch {
      throw NoBook(cause: error)
    }
    for group in computation.groups { observe(computation.computations(of: group)) }
    return zip(orders, books).map { ($0.key, $1.history) }
  }

  // MARK: - Memory

  private static func bytes(of panel: Panel) -> Int {
    panel.rows * panel.columns * MemoryLayout<Double>.stride
  }

  private static func take(_ key: ComputeKey, _ memory: inout Memory) -> BookHistory? {
    memory.books[key]?.question = memory.question
    return memory.books[key]?.book
  }

  private func keep(
    _ books: [(key: ComputeKey, book: BookHistory)], _ panel: Panel, _ memory: inout Memory
  ) {
    let bytes = Self.bytes(of: panel)
    for (key, book) in books {
      memory.books[key] = Entry(book: book, bytes: bytes, question: memory.question)
      memory.bytes += bytes
    }
    let old = memory.books.sorted {
      ($0.value.question, $0.key.computation) < ($1.value.question, $1.key.computation)
    }
    for (key, entry) in old where memory.bytes > bytesMax {
      memory.books[key] = nil
      memory.bytes -= entry.bytes
    }
  }

  /// Forgets what was computed on other data of the panel's name.
  private static func forgetOthers(of panel: Panel, _ memory: inout Memory) {
    let others = memory.frames.filter { fingerprint, frames in
      fingerprint != panel.fingerprint && frames.values.first?.panel.name == panel.name
    }
    for fingerprint in others.keys {
      memory.frames[fingerprint] = nil
      for (key, entry) in memory.books where key.data == fingerprint {
        memory.books[key] = nil
        memory.bytes -= entry.bytes
      }
    }
  }
}
