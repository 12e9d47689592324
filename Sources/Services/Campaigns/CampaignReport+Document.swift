import AlphaLanguage
import Backtesting
package import Essentials
import Research

extension CampaignReport {
  /// The report as a JSON object; `top` bounds the candidates that are told whole.
  package func document(top: Int) -> JSONValue {
    let best = best?.trust
    return [
      "run_id": .string(run),
      "model": ["provider": .string(model.provider), "model": .string(model.model)],
      "panel": [
        "name": .string(panelName), "fingerprint": .string(panelFingerprint.hexadecimal),
      ],
      "settings": plan.settings.json,
      "seed": .string(String(plan.seed)),
      "summary": outcome.json,
      "counts": [
        "proposed": .integer(tally.proposed), "children": .integer(tally.children),
        "broken": .integer(tally.broken), "repaired": .integer(tally.repaired),
        "duplicates": .integer(tally.duplicates), "unreadable": .integer(tally.unreadable),
        "simulated": .integer(entries.count), "accepted": .integer(accepted.count),
        "refuted": .integer(refutedCount),
      ],
      "trials": best.map { .integer($0.trials) } ?? .null,
      "effective_trials": effectiveTrials.map { .integer($0) } ?? .null,
      "overfitting_probability": .optional(best?.overfitting.value?.probability),
      "ideas": .array(plan.ideas.indices.map(idea)),
      "accepted": .strings(accepted),
      "candidates": .array(entries.prefix(top).map(\.document)),
      "resembling": .array(
        resembling.map {
          [
            "alpha_id": .string($0.name), "resembles": .string($0.resembles),
            "correlation": .number($0.correlation),
          ]
        }),
      "search": bandit.json,
      "result": .string(fingerprint.hexadecimal),
    ]
  }

  private func idea(_ number: Int) -> JSONValue {
    let share = share(of: number)
    let outcome = outcomes.indices.contains(number) ? outcomes[number] : nil
    return [
      "idea_id": .string(plan.ideas[number].ideaID),
      "outcome": outcome.map { .string($0.name) } ?? .null,
      "reason": outcome?.reason.map(JSONValue.string) ?? .null,
      "simulated": .integer(share.simulated), "accepted": .integer(share.accepted),
      "best_score": .optional(share.best?.card?.score),
    ]
  }
}

extension CampaignEntry {
  /// The candidate as a JSON object: what it is, its card and its trust.
  fileprivate var document: JSONValue {
    [
      "candidate_key": .string(key), "idea_id": .string(candidate.ideaID),
      "alpha_id": facts.alphaID.map(JSONValue.string) ?? .null,
      "lane": .string(lane.rawValue), "source": .string(arm.name),
      "parent": parent.map(JSONValue.string) ?? .null,
      "generation": .integer(facts.lineage.generation),
      "formula": .string(formula.source), "fingerprint": .string(formula.fingerprint.hexadecimal),
      "settings": settings.json, "card": card?.json ?? .null, "trust": trust?.json ?? .null,
    ]
  }
}
