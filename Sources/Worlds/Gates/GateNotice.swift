package import Essentials

/// The state that a gate takes.
package struct GateChange: Hashable, Sendable {
  package var key: GateKey
  package var state: GateState

  package init(_ key: GateKey, _ state: GateState) {
    self.key = key
    self.state = state
  }
}

/// What a world tells those who hold its gates: the states that gates take with an epoch.
///
/// A change follows on the notice of the epoch before it, so whoever gets epoch 7 and then epoch 9
/// knows that it missed something. A whole notice stands alone: a gate it does not name is closed.
package struct GateNotice: Hashable, Sendable {
  package var world: String
  package var epoch: Int
  /// When it was sent, by the world's clock; leases run from here, however late it arrives.
  package var at: Timestamp
  package var isWhole: Bool
  package var gates: [GateChange]

  package init(
    world: String, epoch: Int, at: Timestamp, isWhole: Bool = false, gates: [GateChange]
  ) {
    self.world = world
    self.epoch = epoch
    self.at = at
    self.isWhole = isWhole
    self.gates = gates
  }
}

/// A world's word that its gates are still those of an epoch, by which leases are renewed.
package struct GateRenewal: Hashable, Sendable {
  package var world: String
  package var epoch: Int
  /// When it was sent, by the world's clock.
  package var at: Timestamp
  package var curb: GateCurb

  package init(world: String, epoch: Int, at: Timestamp, curb: GateCurb = .none) {
    self.world = world
    self.epoch = epoch
    self.at = at
    self.curb = curb
  }
}

extension GateChange {
  /// `{"instance","side","state","weight"}`; the weight is null where the state has none.
  package var json: JSONValue {
    [
      "instance": .string(key.instance), "side": .string(key.side.rawValue),
      "state": .string(state.name), "weight": .optional(state.weight),
    ]
  }

  /// Reads what `json` says; nil for anything that is no change of a gate.
  package init?(_ json: JSONValue) {
    guard case .string(let instance)? = json["instance"],
      case .string(let side)? = json["side"], let side = TradingSide(rawValue: side),
      case .string(let name)? = json["state"],
      let state = GateState(name: name, weight: Self.number(json["weight"]))
    else { return nil }
    self.init(GateKey(instance, side), state)
  }

  private static func number(_ json: JSONValue?) -> Double? {
    switch json {
    case .integer(let number)?: Double(number)
    case .number(let number)?: number
    default: nil
    }
  }
}
