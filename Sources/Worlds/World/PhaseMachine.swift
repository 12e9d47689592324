/// What can happen to an instance, as far as its phase is concerned.
package enum PhaseEvent: String, Hashable, Sendable, CaseIterable {
  /// A cycle begins to replay it.
  case startBacktest = "start_backtest"
  /// Its data is current, long enough and warm, or its cooldown is over.
  case startDryrun = "start_dryrun"
  /// Its history cannot be replayed.
  case sourceFailed = "source_failed"
  /// A person lets a failed one try again.
  case retry
  /// A cutover commits its promotion.
  case promote
  /// A cutover commits its demotion, by policy or by hand.
  case demote
  /// A person takes one on paper back.
  case withdraw
  /// The breaker or a limit closes its gate.
  case cut
  /// The world's data becomes stale.
  case goStale = "go_stale"
  /// It is given up for ever.
  case retire
}

/// The way of an instance from a formula to money.
///
/// ```
/// submitted ─startBacktest─▶ backtest ─startDryrun─▶ dryrun ─promote─▶ live
///                            │    ▲                  │  ▲               │
///                 sourceFailed    retry       withdraw  startDryrun   demote
///                            ▼    │                  ▼  │               │
///                            failed                inactive ◀───────────┘
///
/// every phase but retired ─retire─▶ retired
/// ```
///
/// 1. Money is reached from paper only, and only by the commit of a cutover.
/// 2. A cut closes gates and leaves the phase; stale data leaves it too.
/// 3. Nothing leaves `retired`.
package enum PhaseMachine {
  /// Returns the phase that follows, or says why there is none. Defined for every pair.
  package static func phase(
    after phase: StrategyPhase, on event: PhaseEvent
  ) throws(PhaseMistake) -> StrategyPhase {
    let forbidden = PhaseMistake.forbidden(from: phase, event: event)
    switch phase {
    case .submitted:
      switch event {
      case .startBacktest: return .backtest
      case .goStale, .cut: return .submitted
      case .retire: return .retired
      case .startDryrun, .sourceFailed, .retry, .promote, .demote, .withdraw: throw forbidden
      }
    case .backtest:
      switch event {
      case .startDryrun: return .dryrun
      case .sourceFailed: return .failed
      case .goStale, .cut: return .backtest
      case .retire: return .retired
      case .startBacktest, .retry, .promote, .demote, .withdraw: throw forbidden
      }
    case .dryrun:
      switch event {
      case .promote: return .live
      case .withdraw: return .inactive
      case .goStale, .cut: return .dryrun
      case .retire: return .retired
      case .startBacktest, .startDryrun, .sourceFailed, .retry, .demote: throw forbidden
      }
    case .live:
      switch event {
      case .demote: return .inactive
      case .goStale, .cut: return .live
      case .retire: return .retired
      case .startBacktest, .startDryrun, .sourceFailed, .retry, .promote, .withdraw:
        throw forbidden
      }
    case .inactive:
      switch event {
      case .startDryrun: return .dryrun
      case .goStale, .cut: return .inactive
      case .retire: return .retired
      case .startBacktest, .sourceFailed, .retry, .promote, .demote, .withdraw: throw forbidden
      }
    case .failed:
      switch event {
      case .retry: return .backtest
      case .goStale, .cut: return .failed
      case .retire: return .retired
      case .startBacktest, .startDryrun, .sourceFailed, .promote, .demote, .withdraw:
        throw forbidden
      }
    case .retired:
      switch event {
      case .goStale, .cut: return .retired
      case .startBacktest, .startDryrun, .sourceFailed, .retry, .promote, .demote, .withdraw,
        .retire:
        throw .terminal
      }
    }
  }

  /// The event that leads from one phase to another, nil where none does.
  package static func event(from: StrategyPhase, to: StrategyPhase) -> PhaseEvent? {
    PhaseEvent.allCases.first { event in
      guard event != .cut, event != .goStale else { return false }
      return (try? phase(after: from, on: event)) == to
    }
  }
}

/// Why a phase does not change.
package enum PhaseMistake: Error, Hashable, Sendable, CustomStringConvertible {
  /// The event means nothing in this phase.
  case forbidden(from: StrategyPhase, event: PhaseEvent)
  /// Nothing happens to what is retired.
  case terminal

  /// The mistake in one sentence.
  package var description: String {
    switch self {
    case .forbidden(let from, let event):
      "An instance in phase \(from.rawValue) cannot \(event.rawValue)."
    case .terminal: "The instance is retired, which is for ever."
    }
  }
}
