package import Essentials

extension WorldEvent {
  /// What it is called in the journal.
  package var kind: String {
    switch self {
    case .created: "world.created"
    case .policyPublished: "world.policy_published"
    case .stateDeclared: "world.state_declared"
    case .instanceSubmitted: "world.instance_submitted"
    case .evaluated: "world.evaluated"
    case .phaseMoved: "world.phase_moved"
    case .approved: "world.approved"
    case .cutover(let event): event.kind
    case .breaker(.tripped): "breaker.tripped"
    case .breaker(.cooling): "breaker.cooling"
    case .breaker(.armed): "breaker.armed"
    case .observed: "world.observed"
    case .gatesChanged: "gate.changed"
    case .denied: "world.denied"
    case .alerted: "world.alerted"
    case .paperOpened: "paper.opened"
    case .paperOrdered: "paper.ordered"
    case .paperCancelled: "paper.cancelled"
    case .paperFilled: "paper.filled"
    case .paperMarked: "paper.marked"
    case .deleted: "world.deleted"
    }
  }

  /// The instance or run that it is about, empty where it is about the whole world.
  package var subject: String {
    switch self {
    case .instanceSubmitted(let submission): submission.id
    case .phaseMoved(let move): move.instance
    case .approved(let instance, _): instance
    case .cutover(let event): event.run
    case .paperOrdered(let order), .paperCancelled(let order): order.instance
    case .paperFilled(let fill): fill.instance
    case .paperMarked(let mark): mark.instance
    case .gatesChanged(let ruling) where ruling.switches.count == 1:
      ruling.switches[0].instance
    default: ""
    }
  }

  /// The payload without its actor, from which ``init(kind:payload:)`` makes an equal event.
  package var json: JSONValue {
    switch self {
    case .created: [:]
    case .policyPublished(let publication):
      [
        "version": .integer(publication.version),
        "fingerprint": .string(publication.fingerprint.hexadecimal),
        "policy": publication.policy.json, "diff": publication.diff,
        "reason": .string(publication.reason),
      ]
    case .stateDeclared(let state, let reason):
      ["state": .string(state.rawValue), "reason": .string(reason)]
    case .instanceSubmitted(let submission): ["instance": submission.json]
    case .evaluated(let evaluation): evaluation.json
    case .phaseMoved(let move):
      [
        "instance": .string(move.instance), "from": .string(move.from.rawValue),
        "to": .string(move.to.rawValue), "reason": .string(move.reason),
      ]
    case .approved(let instance, let plan):
      ["instance": .string(instance), "plan_id": plan.map { .string($0.hexadecimal) } ?? .null]
    case .cutover(let event): event.json
    case .breaker(let event): event.json
    case .observed(let observations, let instant):
      [
        "at": .integer(Int(instant.millisecondsSinceEpoch)),
        "observations": .array(observations.map(\.json)),
      ]
    case .gatesChanged(let ruling): ruling.json
    case .denied(let denial):
      [
        "command": .string(denial.command),
        "role": denial.role.map { .string($0.rawValue) } ?? .null,
        "needed": .string(denial.needed.rawValue),
      ]
    case .alerted(let alert):
      [
        "occasion": .string(alert.occasion.rawValue), "level": .string(alert.level.rawValue),
        "action": alert.action.map { .string($0.rawValue) } ?? .null,
        "detail": .string(alert.detail),
      ]
    case .paperOpened(let terms): terms.json
    case .paperOrdered(let order), .paperCancelled(let order): order.json
    case .paperFilled(let fill): fill.json
    case .paperMarked(let mark): mark.json
    case .deleted(let reason): ["reason": .string(reason)]
    }
  }

  /// Reads an event back from its kind and payload; members it does not know are passed over.
  package init(kind: String, payload: JSONValue) throws(WorldEventMistake) {
    let reader = PayloadReader(kind: kind, payload: payload)
    switch kind {
    case "world.created": self = .created
    case "world.policy_published":
      self = .policyPublished(
        PolicyPublication(
          version: try reader.integer("version"),
          fingerprint: try reader.fingerprint("fingerprint"),
          policy: try reader.made("policy") { try? WorldPolicy(json: $0) },
          diff: payload["diff"] ?? .array([]), reason: try reader.text("reason")))
    case "world.state_declared":
      self = .stateDeclared(try reader.word("state"), reason: try reader.text("reason"))
    case "world.instance_submitted":
      self = .instanceSubmitted(try InstanceSubmission(reader.inner("instance")))
    case "world.evaluated": self = .evaluated(try WorldEvaluation(reader))
    case "world.phase_moved":
      self = .phaseMoved(
        PhaseMove(
          instance: try reader.text("instance"), from: try reader.word("from"),
          to: try reader.word("to"), reason: try reader.text("reason")))
    case "world.approved":
      self = .approved(
        instance: try reader.text("instance"),
        plan: reader.has("plan_id") ? try reader.fingerprint("plan_id") : nil)
    case "breaker.tripped", "breaker.cooling", "breaker.armed":
      self = .breaker(try BreakerEvent(reader))
    case "world.observed":
      var observations: [RiskCuts.Observation] = []
      for item in try reader.list("observations") {
        observations.append(
          try RiskCuts.Observation(PayloadReader(kind: kind, payload: item)))
      }
      self = .observed(observations, at: try reader.instant("at"))
    case "gate.changed": self = .gatesChanged(try GateRuling(reader))
    case "world.denied":
      self = .denied(
        WorldDenial(
          command: try reader.text("command"),
          role: reader.has("role") ? try reader.word("role") : nil,
          needed: try reader.word("needed")))
    case "world.alerted":
      self = .alerted(
        WorldAlert(
          occasion: try reader.word("occasion"), level: try reader.word("level"),
          action: reader.has("action") ? try reader.word("action") : nil,
          detail: try reader.text("detail")))
    case "paper.opened": self = .paperOpened(try PaperTerms(reader))
    case "paper.ordered": self = .paperOrdered(try PaperOrder(reader))
    case "paper.cancelled": self = .paperCancelled(try PaperOrder(reader))
    case "paper.filled": self = .paperFilled(try PaperFill(reader))
    case "paper.marked": self = .paperMarked(try PaperMark(reader))
    case "world.deleted": self = .deleted(reason: try reader.text("reason"))
    case _ where kind.hasPrefix("cutover."):
      self = .cutover(try reader.made { try? CutoverEvent(kind: kind, json: $0) })
    default: throw .unknownKind(kind)
    }
  }

  /// Whether an event of that kind belongs to a world.
  package static func isKind(_ kind: String) -> Bool {
    ["world.", "cutover.", "breaker.", "gate.", "paper."].contains {
      kind.hasPrefix($0)
    }
  }
}

/// A record that no world wrote.
package enum WorldEventMistake: Error, Hashable, Sendable, CustomStringConvertible {
  case unknownKind(String)
  /// A member of the payload is missing or is something else than it should be.
  case unusable(kind: String, member: String)

  /// What cannot be read, in one sentence.
  package var description: String {
    switch self {
    case .unknownKind(let kind): "No world records \(kind)."
    case .unusable(let kind, let member):
      member.isEmpty
        ? "The payload of \(kind) cannot be read." : "\(member) of \(kind) cannot be read."
    }
  }
}

/// Reads members of the payload of an event.
struct PayloadReader {
  let kind: String
  let payload: JSONValue

  private func mistake(_ name: String) -> WorldEventMistake {
    .unusable(kind: kind, member: name)
  }

  func has(_ name: String) -> Bool { payload[name].map { $0 != .null } ?? false }

  func text(_ name: String) throws(WorldEventMistake) -> String {
    guard case .string(let text)? = payload[name] else { throw mistake(name) }
    return text
  }

  func optionalText(_ name: String) throws(WorldEventMistake) -> String? {
    has(name) ? try text(name) : nil
  }

  func integer(_ name: String) throws(WorldEventMistake) -> Int {
    guard case .integer(let number)? = payload[name] else { throw mistake(name) }
    return number
  }

  func instant(_ name: String) throws(WorldEventMistake) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: Int64(try integer(name)))
  }

  func span(_ name: String) throws(WorldEventMistake) -> TimeSpan {
    TimeSpan(milliseconds: Int64(try integer(name)))
  }

  func flag(_ name: String) throws(WorldEventMistake) -> Bool {
    guard case .bool(let flag)? = payload[name] else { throw mistake(name) }
    return flag
  }

  func number(_ name: String) throws(WorldEventMistake) -> Double {
    switch payload[name] {
    case .integer(let number)?: return Double(number)
    case .number(let number)? where number.isFinite: return number
    default: throw mistake(name)
    }
  }

  func word<Word: RawRepresentable<String>>(_ name: String) throws(WorldEventMistake) -> Word {
    guard let word = Word(rawValue: try text(name)) else { throw mistake(name) }
    return word
  }

  func fingerprint(_ name: String) throws(WorldEventMistake) -> Fingerprint {
    guard let digest = Fingerprint(hexadecimal: try text(name)) else { throw mistake(name) }
    return digest
  }

  func list(_ name: String) throws(WorldEventMistake) -> [JSONValue] {
    guard case .array(let list)? = payload[name] else { throw mistake(name) }
    return list
  }

  func inner(_ name: String) throws(WorldEventMistake) -> PayloadReader {
    guard case .object? = payload[name], let value = payload[name] else { throw mistake(name) }
    return PayloadReader(kind: kind, payload: value)
  }

  func made<Value>(
    _ name: String, _ make: (JSONValue) -> Value?
  ) throws(WorldEventMistake) -> Value {
    guard let value = payload[name].flatMap(make) else { throw mistake(name) }
    return value
  }

  func made<Value>(_ make: (JSONValue) -> Value?) throws(WorldEventMistake) -> Value {
    guard let value = make(payload) else { throw mistake("") }
    return value
  }
}
