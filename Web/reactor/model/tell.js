// Says an event in words, in the language of the page.

import { compact, dollars, integer, number, percent } from "/ui/shell/format.js";
import { knows, t } from "/ui/shell/i18n.js";

/** @typedef {import("./digest.js").Moment} Moment */

/** @param {string} lane */
export const laneWord = (lane) => t(
  `reactor.lane.${lane === "explore" ? "explore" : lane === "both" ? "both" : "exploit"}`
);

/** @param {string} name of a ceiling, such as `batch_total` */
export function ceilingWord(name) {
  const key = `reactor.ceiling.${name}`;
  return knows(key) ? t(key) : name;
}

/** @param {string} name @returns {string} */
export function phaseWord(name) {
  const key = `reactor.phase.${name}`;
  return knows(key) ? t(key) : name;
}

/**
 * An amount in the unit of a ceiling.
 * @param {number} amount @param {string} unit
 */
export const inUnit = (amount, unit) => (
  unit === "nano_usd" ? dollars(amount / 1e9) : integer(amount)
);

/** @param {import("./digest.js").Breach} breach */
export function breachWords(breach) {
  if (breach.limit <= 0) return ceilingWord(breach.ceiling);
  return t("reactor.why_breach", {
    ceiling: ceilingWord(breach.ceiling), used: inUnit(breach.used + breach.reserved, breach.unit),
    asked: inUnit(breach.asked, breach.unit), limit: inUnit(breach.limit, breach.unit),
  });
}

/** @param {import("./digest.js").FallbackFacts} fallback */
export function fallbackWords(fallback) {
  return t(fallback.kept ? "reactor.why_fallback" : "reactor.why_fallback_short", {
    phase: phaseWord(fallback.phase), factor: percent(fallback.factor, { digits: 0 }),
    fields: fallback.kept?.fields ?? 0, operators: fallback.kept?.operators ?? 0,
    saved: fallback.saved === null ? "–" : integer(fallback.saved),
  });
}

/** @param {Moment} moment @returns {string} */
export function tell(moment) {
  const { facts } = moment;
  const idea = moment.idea || t("reactor.all_ideas");
  if (facts.call) {
    return t("reactor.event.call", {
      prompt: compact(facts.call.prompt), completion: compact(facts.call.completion),
      cost: facts.call.cost === null ? t("reactor.unpriced") : dollars(facts.call.cost), idea,
    });
  }
  if (facts.pack) {
    return t("reactor.event.pack", {
      idea, sectors: facts.pack.sectors.length,
      fields: facts.pack.sectors.reduce((sum, sector) => sum + sector.fields.length, 0),
    });
  }
  if (facts.candidate) {
    return t(facts.candidate.parent ? "reactor.event.child" : "reactor.event.candidate", {
      lane: laneWord(facts.candidate.lane), formula: facts.candidate.formula,
    });
  }
  if (facts.fallback) return fallbackWords(facts.fallback);
  if (facts.refusal) {
    const [breach] = facts.refusal.breaches;
    return t(facts.refusal.isBlocked ? "reactor.event.blocked" : "reactor.event.refused", {
      why: breach ? breachWords(breach) : moment.message,
    });
  }
  if (facts.alert) {
    return t("reactor.event.alert", {
      percent: facts.alert.percent, scope: ceilingWord(facts.alert.scope),
      consumed: compact(facts.alert.consumed), limit: compact(facts.alert.limit),
    });
  }
  if (facts.simulation) return t(
    "reactor.event.simulated", { sharpe: number(facts.simulation.sharpe, { signed: true }) }
  );
  if (facts.verdict) return t(
    "reactor.event.judged", { idea, total: facts.verdict.total, passed: facts.verdict.passed }
  );
  if (facts.summary) return t(
    "reactor.event.summary",
    { accepted: facts.summary.accepted ?? "–", simulated: facts.summary.simulated ?? "–" }
  );
  const key = `reactor.event.${moment.kind}`;
  return knows(key) ? t(key, { idea }) : moment.message || moment.kind;
}
