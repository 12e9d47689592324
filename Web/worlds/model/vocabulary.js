// How things of a world look: a sign and a tone for each, so that color is never the only cue.

/** @typedef {{mark: string, tone: string}} Look the tone is good, bad, warn, accent or empty */

/** @type {Record<string, Look>} */
export const phaseLooks = {
  submitted: { mark: "○", tone: "" },
  backtest: { mark: "◔", tone: "" },
  dryrun: { mark: "◑", tone: "accent" },
  live: { mark: "●", tone: "good" },
  inactive: { mark: "◌", tone: "" },
  failed: { mark: "✕", tone: "bad" },
  retired: { mark: "■", tone: "" },
};

/** @type {Record<string, Look>} */
export const verdictLooks = {
  pass: { mark: "✓", tone: "good" },
  fail: { mark: "✕", tone: "bad" },
  insufficient: { mark: "?", tone: "warn" },
  none: { mark: "–", tone: "" },
};

/** @type {Record<string, Look>} */
export const gateLooks = {
  open: { mark: "◯", tone: "good" },
  monitor: { mark: "◎", tone: "accent" },
  reduce_only: { mark: "◒", tone: "warn" },
  closed: { mark: "⊘", tone: "" },
};

/** @type {Record<string, Look>} */
export const modeLooks = {
  active: { mark: "▶", tone: "good" },
  eval_only: { mark: "◐", tone: "warn" },
  halted: { mark: "■", tone: "bad" },
  paused: { mark: "‖", tone: "warn" },
};

/** @type {Record<string, Look>} */
export const breakerLooks = {
  armed: { mark: "✓", tone: "good" },
  tripped: { mark: "⚡", tone: "bad" },
  cooling: { mark: "◷", tone: "warn" },
};

/** @type {Record<string, Look>} */
export const standingLooks = {
  CURRENT: { mark: "✓", tone: "good" },
  STALE: { mark: "◷", tone: "warn" },
  FUTURE: { mark: "!", tone: "bad" },
  UNKNOWN: { mark: "?", tone: "warn" },
};

/** @type {Record<string, Look>} */
export const levelLooks = {
  info: { mark: "i", tone: "accent" },
  warn: { mark: "!", tone: "warn" },
  critical: { mark: "✕", tone: "bad" },
};

/**
 * @param {Record<string, Look>} looks
 * @param {string} name
 * @returns {Look}
 */
export function look(looks, name) {
  return looks[name] ?? { mark: "?", tone: "" };
}

/** @param {string} outcome of a step of a derivation @returns {Look} */
export function outcomeLook(outcome) {
  switch (outcome) {
    case "pass": return { mark: "✓", tone: "good" };
    case "fail": return { mark: "✕", tone: "bad" };
    case "unknown": return { mark: "?", tone: "warn" };
    default: return { mark: "·", tone: "" };
  }
}

/** Groups of events, the part of a kind before its dot, in the order of the filter. */
export const groups = ["world", "cutover", "gate", "breaker", "graph", "paper"];

/** @param {string} kind of an event @returns {Look} */
export function eventLook(kind) {
  switch (kind) {
    case "breaker.tripped": return { mark: "⚡", tone: "bad" };
    case "cutover.aborted": case "cutover.rolled_back": return { mark: "✕", tone: "bad" };
    case "cutover.completed": return { mark: "✓", tone: "good" };
    case "world.denied": return { mark: "⊘", tone: "bad" };
    case "world.alerted": return { mark: "!", tone: "warn" };
    case "world.state_declared": case "breaker.cooling": return { mark: "◐", tone: "warn" };
    case "breaker.armed": return { mark: "✓", tone: "good" };
    case "world.policy_published": return { mark: "§", tone: "accent" };
    case "world.evaluated": return { mark: "○", tone: "" };
    default:
  }
  switch (kind.split(".")[0]) {
    case "cutover": return { mark: "⇄", tone: "accent" };
    case "gate": return { mark: "◎", tone: "" };
    case "breaker": return { mark: "⚡", tone: "warn" };
    case "graph": return { mark: "◇", tone: "" };
    case "paper": return { mark: "▫", tone: "" };
    default: return { mark: "●", tone: "" };
  }
}
