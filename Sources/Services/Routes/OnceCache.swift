import Synchronization

/// Values that are costly to make, each made once although several threads ask for it.
///
/// Who asks for a value that somebody is making waits for it. Where making fails, nothing is kept and
/// the next question tries again. At most `valuesMax` are kept; the one that was asked for longest ago
/// goes.
package final class OnceCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private final class Seat: Sendable {
    let value = Mutex<Value?>(nil)
  }

  private struct Seats {
    var byKey: [Key: (seat: Seat, askedAt: Int)] = [:]
    var questions = 0
  }

  private let valuesMax: Int
  private let seats = Mutex(Seats())

  package init(valuesMax: Int) {
    precondition(valuesMax > 0, "a cache that keeps nothing")
    self.valuesMax = valuesMax
  }

  /// Returns the value of a key, made by `make` where it is not there.
  package func value(_ key: Key, _ make: () throws -> Value) throws -> Value {
    let seat = take(key)
    do {
      return try seat.value.withLock { value in
        if let value { return value }
        let made = try make()
        value = made
        return made
      }
    } catch {
      seats.withLock { seats in
        if seats.byKey[key]?.seat === seat { seats.byKey[key] = nil }
      }
      throw error
    }
  }

  /// How many values are kept or being made.
  package var count: Int { seats.withLock { $0.byKey.count } }

  private func take(_ key: Key) -> Seat {
    seats.withLock { seats in
      seats.questions += 1
      let seat = seats.byKey[key]?.seat ?? Seat()
      seats.byKey[key] = (seat, seats.questions)
      if seats.byKey.count > valuesMax,
        let oldest = seats.byKey.min(by: { $0.value.askedAt < $1.value.askedAt })?.key
      {
        seats.byKey[oldest] = nil
      }
      return seat
    }
  }
}
