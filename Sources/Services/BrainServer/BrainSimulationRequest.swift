import AlphaLanguage
import Backtesting
import Essentials

/// Reads the bodies of `POST /simulations` as BRAIN does: mistakes come back by member, settings that
/// nobody knows are passed over.
struct BrainSimulationRequest: Hashable, Sendable {
  let settings: SimulationSettings
  /// The settings as they were sent.
  let sent: JSONValue
  let code: String

  /// The body again, without what nobody reads.
  var body: JSONValue { ["type": "REGULAR", "settings": sent, "regular": .string(code)] }

  /// A mistake in a body, as BRAIN's document of it.
  struct Objection: Error, Hashable {
    let document: JSONValue
  }

  /// Settings that must be there.
  private static let required = [
    "instrumentType", "region", "universe", "delay", "decay", "neutralization", "truncation",
    "pasteurization", "unitHandling", "nanHandling", "language",
  ]
  private static let switches = ["pasteurization", "nanHandling", "maxTrade"]

  init(
    _ body: JSONValue, offer: BrainOffer
  ) throws(Objection) {
    guard case .object = body else { throw Self.objection("", "Invalid data.") }
    guard let type = body["type"]?.asText else { throw Self.objection("type", Self.missing) }
    guard type == "REGULAR" else {
      throw Self.objection(
        "type",
        type == "SUPER"
          ? "Super alphas are not simulated by this server." : "\"\(type)\" is not a valid choice.")
    }
    guard let code = body["regular"], code != .null else {
      throw Self.objection("regular", Self.missing)
    }
    guard let text = code.asText, !text.isEmpty else {
      throw Self.objection("regular", "Not a valid string.")
    }
    guard let sent = body["settings"], case .object(let members) = sent else {
      throw Self.objection("settings", Self.missing)
    }
    var mistakes: [JSONValue.Member] = []
    for name in Self.required where sent[name] == nil || sent[name] == .null {
      mistakes.append(.init(name, .strings([Self.missing])))
    }
    for member in members {
      if Self.switches.contains(member.name), case .bool(let flag) = member.value {
        // As Python writes it, since that is what the server of BRAIN is written in.
        let shown = flag ? "True" : "False"
        mistakes.append(.init(member.name, .strings(["\"\(shown)\" is not a valid choice."])))
      } else if let complaint = offer.complaint(member.name, member.value) {
        mistakes.append(.init(member.name, .strings([complaint])))
      }
    }
    guard mistakes.isEmpty else {
      throw Objection(document: ["settings": .object(mistakes)])
    }
    let known = members.filter { SimulationSettings.names.contains($0.name) }
    do throws(SimulationRefusal) {
      settings = try SimulationSettings(json: .object(known))
    } catch {
      let name: String =
        switch error {
        case .settingNotAllowed(let name, _, _): name
        default: "non_field_errors"
        }
      throw Objection(
        document: ["settings": .object([.init(name, .strings(["\(error.remedy)"]))])])
    }
    self.sent = sent
    self.code = text
  }

  /// What must be equal within an array, beside type and language, of which there is one each.
  var mixture: [String] {
    [settings.instrumentType, settings.region, String(settings.delay)]
  }

  private static let missing = "This field is required."

  private static func objection(_ name: String, _ sentence: String) -> Objection {
    Objection(
      document: name.isEmpty
        ? .strings([sentence]) : .object([.init(name, .strings([sentence]))]))
  }
}
