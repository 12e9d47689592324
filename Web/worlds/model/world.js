// A world as the page sees it: at present, or as a decision of the past saw it.

import { count, figure, list, moment, record, text } from "./read.js";

/** @typedef {"submitted" | "backtest" | "dryrun" | "live" | "inactive" | "failed" | "retired"} Phase */
/**
 * @typedef {object} Gate
 * @property {string} state closed, reduce_only, monitor or open
 * @property {number | null} epoch
 * @property {number | null} leaseUntil milliseconds since 1970; null where nobody holds a lease
 * @property {boolean} needsPerson whether it stays closed until somebody has looked at its orders
 */
/** @typedef {{name: string, value: number | null, days: number | null, trades: number | null, bars: number | null, isKnown: boolean}} Measure */
/**
 * @typedef {object} Instance
 * @property {string} id
 * @property {string} strategy
 * @property {string} side long or short
 * @property {Phase} phase
 * @property {number | null} since
 * @property {number} passes
 * @property {number} fails
 * @property {number | null} weight
 * @property {Gate | null} gate
 * @property {number | null} score
 * @property {number | null} rank
 * @property {string} verdict pass, fail, insufficient or none
 * @property {string} action HOLD, PROMOTE and so on
 * @property {string} hold why it stays, empty where nothing would move it
 * @property {string} rejection why it was not admitted though it passed
 * @property {string} formula
 * @property {Measure[]} measures
 */
/** @typedef {{name: string, observed: number | null, limit: number | null, after: number | null}} RiskLine */
/** @typedef {{scale: number | null, lines: RiskLine[], flags: string[]}} Risk */
/** @typedef {{standing: string, dataset: string, lag: number | null, most: number | null}} Currency */
/** @typedef {{at: number | null, occasion: string, level: string, action: string, detail: string}} Alert */
/**
 * @typedef {object} World
 * @property {string} id
 * @property {string} declared
 * @property {boolean | null} isFrozen whether a person keeps every gate closed; null where the server
 *   did not say
 * @property {string} mode
 * @property {number | null} epoch
 * @property {number | null} cycle
 * @property {number | null} past the cycle that a decision of the past is of; null is the present
 * @property {number | null} at when the past decision was made
 * @property {string} planID of a past decision
 * @property {{version: number | null, fingerprint: string, publishedAt: number | null,
 *   publishedBy: string, promoteAfter: number | null, demoteAfter: number | null}} policy
 * @property {{state: string, reason: string, since: number | null}} breaker
 * @property {Instance[]} instances
 * @property {Risk} risk
 * @property {Currency} currency
 * @property {Alert[]} alerts
 * @property {number | null} lastAt
 * @property {number | null} nextAt null where the schedule leaves the world alone
 * @property {number | null} tradedAt the last row of prices that its accounts traded
 * @property {string | null} role what the caller is in this world; null where the server did not say
 */

/** @type {Phase[]} in the order of a strategy's life */
export const phases = ["submitted", "backtest", "dryrun", "live", "inactive", "failed", "retired"];

/** @param {unknown} value @returns {Phase} */
function phase(value) {
  return phases.find((each) => each === value) ?? "failed";
}

/** @param {unknown} value @returns {Gate | null} */
export function readGate(value) {
  const gate = record(value);
  const state = text(gate.state).toLowerCase();
  if (!state) return null;
  return {
    state, epoch: figure(gate.epoch), leaseUntil: moment(gate.lease_until),
    needsPerson: text(gate.needs_operator) !== "",
  };
}

/** @param {unknown} value @returns {Instance | null} */
function readInstance(value) {
  const from = record(value);
  const id = text(from.id) || text(from.instance);
  if (!id) return null;
  return {
    id,
    strategy: text(from.strategy) || id.split(".")[0],
    side: text(from.side) || "long",
    phase: phase(from.phase),
    since: moment(from.since),
    passes: count(from.passes),
    fails: count(from.fails),
    weight: figure(from.weight),
    gate: readGate(from.gate),
    score: figure(from.score),
    rank: figure(from.rank),
    verdict: text(from.verdict) || "none",
    action: text(from.action) || "HOLD",
    hold: text(from.hold),
    rejection: text(from.rejection),
    formula: text(from.formula),
    measures: Object.entries(record(from.metrics)).map(([name, measure]) => {
      const facts = record(measure);
      return {
        name, value: figure(facts.value), days: figure(facts.days), trades: figure(facts.trades),
        bars: figure(facts.bars), isKnown: facts.known !== false && figure(facts.value) !== null,
      };
    }),
  };
}

/** @param {unknown} value @returns {Risk} */
function readRisk(value) {
  const risk = record(value);
  return {
    scale: figure(risk.scale),
    lines: list(risk.lines).map(record).filter((line) => text(line.name)).map((line) => ({
      name: text(line.name), observed: figure(line.observed), limit: figure(line.limit),
      after: figure(line.after),
    })),
    flags: list(risk.flags).filter((flag) => typeof flag === "string"),
  };
}

/** @param {unknown} value @returns {Currency} */
function readCurrency(value) {
  const currency = record(value);
  return {
    standing: text(currency.standing).toUpperCase() || "UNKNOWN",
    dataset: text(currency.dataset),
    // A plan counts its lag in milliseconds without saying so in the name.
    lag: figure(currency.lag_ms) ?? figure(currency.lag),
    most: figure(currency.lag_max_ms),
  };
}

/** @param {Instance[]} instances @returns {Instance[]} each id once */
function unique(instances) {
  return [...new Map(instances.map((each) => [each.id, each])).values()];
}

/** @param {unknown} value what `GET /worlds/{id}` answers @returns {World | null} */
export function readWorld(value) {
  const from = record(value);
  const id = text(from.id);
  if (!id) return null;
  const policy = record(from.policy);
  const breaker = record(from.breaker);
  const role = text(record(from.caller).role);
  return {
    id,
    declared: text(from.declared),
    isFrozen: typeof from.frozen === "boolean" ? from.frozen : null,
    mode: text(from.mode) || "active",
    epoch: figure(from.epoch),
    cycle: figure(from.cycle),
    past: null,
    at: moment(from.last_evaluated_at),
    planID: "",
    policy: {
      version: figure(policy.version),
      fingerprint: text(policy.fingerprint),
      publishedAt: moment(policy.published_at),
      publishedBy: text(policy.published_by),
      promoteAfter: figure(policy.promote_after),
      demoteAfter: figure(policy.demote_after),
    },
    breaker: {
      state: text(breaker.state) || "armed", reason: text(breaker.reason), since: moment(breaker.since),
    },
    instances: unique(list(from.instances).map(readInstance).flatMap((each) => each ?? [])),
    risk: readRisk(from.risk),
    currency: readCurrency(from.currency),
    alerts: list(from.alerts).map(record).map((alert) => ({
      at: moment(alert.at), occasion: text(alert.occasion), level: text(alert.level) || "info",
      action: text(alert.action), detail: text(alert.detail),
    })),
    lastAt: moment(from.last_evaluated_at),
    nextAt: moment(from.next_evaluation_at),
    tradedAt: moment(from.traded_through),
    role: role || null,
  };
}

/**
 * Returns the world as a decision of the past saw it, before its steps were taken. Gates, the
 * breaker and formulas are not part of a decision: formulas come from the present, gates are unknown.
 * @param {unknown} value a plan, as `GET /worlds/{id}/decide?at=` answers
 * @param {World} present
 * @returns {World | null}
 */
export function readPlan(value, present) {
  const plan = record(value);
  const cycle = figure(plan.cycle);
  if (cycle === null) return null;
  const known = new Map(present.instances.map((each) => [each.id, each]));
  const weights = new Map(list(plan.allocations).map(record).map((each) =>
    [text(each.instance), figure(each.weight)]));
  const instances = list(plan.rows).map(readInstance).flatMap((each) => {
    if (!each) return [];
    const now = known.get(each.id);
    return [{
      ...each, strategy: now?.strategy ?? each.strategy, formula: now?.formula ?? "",
      weight: weights.get(each.id) ?? null,
    }];
  });
  const currency = readCurrency(plan.currency);
  return {
    ...present,
    mode: text(plan.mode) || "active",
    epoch: figure(plan.epoch),
    cycle,
    past: cycle,
    at: moment(plan.at),
    planID: text(plan.id) || text(plan.plan_id),
    policy: {
      ...present.policy, version: figure(plan.policy_version),
      fingerprint: text(plan.policy) || present.policy.fingerprint,
    },
    instances: unique(instances),
    risk: readRisk(plan.risk),
    currency: {
      ...currency, most: currency.most ?? (currency.dataset === present.currency.dataset
        ? present.currency.most : null),
    },
  };
}

/**
 * Returns the world with what the publication of its policy says of streaks: a policy of the past
 * may ask for others than that of the present.
 * @param {World} world
 * @param {AuditEvent[]} publications
 * @returns {World}
 */
export function withRules(world, publications) {
  const { version } = world.policy;
  const published = publications.find((each) => each.payload.version === version);
  const hysteresis = record(record(record(published?.payload.policy).selection).hysteresis);
  return {
    ...world,
    policy: {
      ...world.policy,
      promoteAfter: figure(record(hysteresis.promote_after).windows) ?? world.policy.promoteAfter,
      demoteAfter: figure(record(hysteresis.demote_after).windows) ?? world.policy.demoteAfter,
    },
  };
}

/** @typedef {{cycle: number, at: number | null, mode: string, moves: {instance: string, from: string, to: string}[], live: number, scale: number | null}} Cycle */

/** @param {unknown} value @returns {Cycle[]} oldest first */
export function readHistory(value) {
  return list(record(value).cycles).map(record).filter((each) => figure(each.cycle) !== null)
    .map((each) => ({
      cycle: Number(each.cycle),
      at: moment(each.at),
      mode: text(each.mode) || "active",
      moves: list(each.moves).map(record).map((move) => ({
        instance: text(move.instance), from: text(move.from), to: text(move.to),
      })),
      live: count(each.live),
      scale: figure(each.scale),
    }))
    .sort((a, b) => a.cycle - b.cycle);
}

/** @typedef {{id: string, mode: string, live: number, breaker: string}} WorldSummary */

/** @param {unknown} value what `GET /worlds` answers @returns {WorldSummary[]} */
export function readWorlds(value) {
  return list(record(value).worlds).map(record).filter((each) => text(each.id)).map((each) => ({
    id: text(each.id),
    mode: text(each.mode) || text(each.state),
    live: count(record(each.counts).live),
    breaker: typeof each.breaker === "string" ? each.breaker : text(record(each.breaker).state),
  }));
}

/**
 * @typedef {object} Derivation
 * @property {string} code
 * @property {string} text
 * @property {string} textKo
 * @property {string} outcome pass, fail, unknown or none
 * @property {number | null} value
 * @property {number | null} limit
 * @property {Derivation[]} children
 */

/** Nesting beyond this is not drawn; the language of policies allows 32. */
const depthMost = 64;

/** @param {unknown} value @param {number} [depth] @returns {Derivation | null} */
export function readDerivation(value, depth = 0) {
  const node = record(value);
  const words = text(node.text) || text(node.code);
  if (!words || depth > depthMost) return null;
  return {
    code: text(node.code),
    text: words,
    textKo: text(node.text_ko) || text(node.korean) || words,
    outcome: text(node.outcome),
    value: figure(node.value),
    limit: figure(node.limit),
    children: list(node.children).flatMap((child) => readDerivation(child, depth + 1) ?? []),
  };
}

/**
 * @typedef {object} AuditEvent
 * @property {number} seq
 * @property {number | null} at
 * @property {string} kind
 * @property {string} actor
 * @property {string} subject
 * @property {string} summary
 * @property {string} summaryKo
 * @property {any} payload an object
 */

/** @param {unknown} value what `GET /worlds/{id}/audit` answers @returns {{events: AuditEvent[], next: number | null}} newest first */
export function readAudit(value) {
  const page = record(value);
  const events = list(page.events).map(record).filter((each) => Number.isSafeInteger(each.seq))
    .map((each) => {
      const payload = record(each.payload);
      const summary = text(each.summary) || text(each.kind);
      return {
        seq: Number(each.seq), at: moment(each.at), kind: text(each.kind),
        actor: text(each.actor) || text(payload.actor), subject: text(each.subject),
        summary, summaryKo: text(each.summary_ko) || summary, payload,
      };
    })
    .sort((a, b) => b.seq - a.seq);
  return { events, next: Number.isSafeInteger(page.next) ? Number(page.next) : null };
}
