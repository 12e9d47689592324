package import Essentials

// The life of a computation, by mark and sweep (McCarthy, "Recursive Functions of Symbolic
// Expressions", CACM 3 (4), 1960) with a grace period between the two:
//
//             marked [start]
//      +------------------------+
//      v                        |
//    live -- unmarked [drain] --> draining -- ticked, time is up [sweep] --> swept
//      ^                            |  ^
//      +------ marked [keep] -------+  +-- unmarked until later [drain]; ticked before
//
//  S1  Every pair of state and event is defined; those that are not drawn change nothing.
//  S2  What is marked is live, whatever it was.
//  S3  A drain is never shortened.
//  S4  Nothing is swept before its drain ends.

/// Where a computation stands between being wanted and being forgotten.
package enum SweepState: Hashable, Sendable {
  /// Something that counts depends on it.
  case live
  /// Nothing depends on it; its memory is kept until that instant.
  case draining(until: Timestamp)
  /// Its memory is gone, or never was.
  case swept
}

/// What the sweep learns about one computation.
package enum SweepEvent: Hashable, Sendable {
  /// It is reachable from a root.
  case marked
  /// It is reachable from no root, and must be kept until that instant.
  case unmarked(until: Timestamp)
  /// Time has passed.
  case ticked(Timestamp)
}

/// What is to be done with one computation.
package struct SweepDirective: Hashable, Sendable {
  /// The change that whoever holds the memory has to make.
  package enum Action: Hashable, Sendable {
    /// Begin to compute; there is no memory.
    case start
    /// Go on with the memory that a drain has kept.
    case keep
    /// Keep the memory until then and no longer.
    case drain(until: Timestamp)
    /// Forget the memory.
    case sweep
  }

  package let computation: Computation
  package let action: Action

  package init(_ computation: Computation, _ action: Action) {
    self.computation = computation
    self.action = action
  }
}

extension SweepState {
  /// Returns the state after `event`, and what is to be done about the change (nil for nothing).
  package func after(_ event: SweepEvent) -> (state: SweepState, action: SweepDirective.Action?) {
    switch (self, event) {
    case (.live, .marked), (.live, .ticked): (.live, nil)
    case (.live, .unmarked(let until)): (.draining(until: until), .drain(until: until))
    case (.draining, .marked): (.live, .keep)
    case (.draining(let until), .unmarked(let later)):
      later > until ? (.draining(until: later), .drain(until: later)) : (self, nil)
    case (.draining(let until), .ticked(let now)):
      now >= until ? (.swept, .sweep) : (self, nil)
    case (.swept, .marked): (.live, .start)
    case (.swept, .unmarked), (.swept, .ticked): (.swept, nil)
    }
  }
}
