/// Where an order stands at its venue.
///
/// Every pair of a state and an event is ruled; a dash is an event that cannot touch the state and
/// leaves it as it is:
///
/// | state \ event | rest | sleep | wake | fill part | fill all | cancel | reject |
/// |---|---|---|---|---|---|---|---|
/// | sent | working | asleep | – | – | – | – | rejected |
/// | asleep | – | – | working | – | – | cancelled | – |
/// | working | – | – | – | partly filled | filled | cancelled | – |
/// | partly filled | – | – | – | partly filled | filled | cancelled | – |
/// | filled | – | – | – | – | – | – | – |
/// | cancelled | – | – | – | – | – | – | – |
/// | rejected | – | – | – | – | – | – | – |
package enum OrderState: UInt8, Hashable, Sendable, CaseIterable {
  /// On its way to the venue.
  case sent
  /// At the venue, waiting for its trigger.
  case asleep
  /// At the venue, open to be filled.
  case working
  case partlyFilled
  case filled
  /// Ended by its sender or by the venue with a part, or nothing, filled.
  case cancelled
  /// Never taken by the venue.
  case rejected

  /// What can happen to an order.
  package enum Event: UInt8, Hashable, Sendable, CaseIterable {
    case rest, sleep, wake, fillPart, fillAll, cancel, reject
  }

  /// The state that an event leads to; nil where the event cannot touch the state.
  package func after(_ event: Event) -> OrderState? {
    switch (self, event) {
    case (.sent, .rest), (.asleep, .wake): .working
    case (.sent, .sleep): .asleep
    case (.sent, .reject): .rejected
    case (.working, .fillPart), (.partlyFilled, .fillPart): .partlyFilled
    case (.working, .fillAll), (.partlyFilled, .fillAll): .filled
    case (.asleep, .cancel), (.working, .cancel), (.partlyFilled, .cancel): .cancelled
    case (.sent, .wake), (.sent, .fillPart), (.sent, .fillAll), (.sent, .cancel): nil
    case (.asleep, .rest), (.asleep, .sleep), (.asleep, .fillPart), (.asleep, .fillAll),
      (.asleep, .reject):
      nil
    case (.working, .rest), (.working, .sleep), (.working, .wake), (.working, .reject): nil
    case (.partlyFilled, .rest), (.partlyFilled, .sleep), (.partlyFilled, .wake),
      (.partlyFilled, .reject):
      nil
    case (.filled, _), (.cancelled, _), (.rejected, _): nil
    }
  }

  /// Whether nothing can happen to the order any more.
  package var isOver: Bool { self == .filled || self == .cancelled || self == .rejected }

  /// Whether the order can be filled.
  package var isOpen: Bool { self == .working || self == .partlyFilled }
}
