import Essentials
import Services

/// What came of deciding everything in a world again: counts, and the plans that are not proven by
/// name, as many as fit.
struct WorldProofTally {
  let world: String
  /// The plans that are named at most.
  let namedMax: Int
  private(set) var proven = 0
  private(set) var differing = 0
  private(set) var unprovable = 0
  /// Those that are not proven, in order, at most ``namedMax`` of each kind.
  private(set) var named: [WorldDesk.AuditProof] = []
  private var namedUnprovable = 0

  init(world: String, namedMax: Int) {
    self.world = world
    self.namedMax = namedMax
  }

  var count: Int { proven + differing + unprovable }

  mutating func take(_ proof: WorldDesk.AuditProof) {
    switch proof.finding {
    case .proven: proven += 1
    case .differing:
      differing += 1
      if named.count - namedUnprovable < namedMax { named.append(proof) }
    case .unprovable:
      unprovable += 1
      guard namedUnprovable < namedMax else { return }
      namedUnprovable += 1
      named.append(proof)
    }
  }

  /// The cycles of plans that differ, each once.
  var differingCycles: [Int] {
    var cycles: [Int] = []
    for proof in named {
      if case .differing = proof.finding, cycles.last != proof.cycle { cycles.append(proof.cycle) }
    }
    return cycles
  }

  var json: JSONValue {
    [
      "world": .string(world), "plans": .integer(count), "proven": .integer(proven),
      "differing": .integer(differing), "unprovable": .integer(unprovable),
      "is_proven": .bool(proven == count), "not_proven": .array(named.map(\.json)),
    ]
  }

  func text(_ terminal: TerminalFacts) -> String {
    func paragraph(_ text: String) -> String {
      Paragraph(text).lines(width: terminal.textWidth).joined(separator: "\n")
    }
    guard count > 0 else { return paragraph("The world \(world) has decided nothing yet.") }
    guard proven < count else {
      return paragraph(
        "All \(count) plans of the world \(world) follow again from their record, byte for byte.")
    }
    var lines = [
      paragraph("\(proven) of \(count) plans of the world \(world) follow again from their record.")
    ]
    if differing > 0 { lines.append(paragraph("\(differing) differ from it.")) }
    if unprovable > 0 { lines.append(paragraph("\(unprovable) could not be made again.")) }
    lines += named.map { paragraph(Self.line($0)) }
    if named.count < differing + unprovable {
      lines.append(paragraph("\(differing + unprovable - named.count) more are not listed."))
    }
    return lines.joined(separator: "\n")
  }

  private static func line(_ proof: WorldDesk.AuditProof) -> String {
    let place = "cycle \(proof.cycle), event \(proof.seq), plan \(proof.plan.prefix(12)): "
    switch proof.finding {
    case .proven: return place + "proven"
    case .differing(let parts):
      return place + parts.map(\.rawValue).joined(separator: ", ")
        + (parts.count == 1 ? " differs" : " differ")
    case .unprovable(let obstacle): return place + obstacle.detail
    }
  }
}
