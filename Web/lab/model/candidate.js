// A candidate as the page keeps it: what the server lists of it, moved on by live events.

/**
 * @typedef {object} Metrics
 * @property {number | null} sharpe annual
 * @property {number | null} fitness
 * @property {number | null} turnover fraction of the book in a day
 * @property {number | null} returns annual fraction
 * @property {number | null} drawdown fraction
 * @property {number | null} margin fraction of what is traded
 * @property {number | null} coverage fraction of the instruments
 */
/**
 * @typedef {object} Candidate
 * @property {string} key
 * @property {string | null} alphaID
 * @property {string} idea
 * @property {string | null} lane
 * @property {string} expression
 * @property {string} canonical
 * @property {string} state one of `states` in vocabulary.js
 * @property {boolean | null} passed
 * @property {boolean} accepted the run ended with it among its alphas
 * @property {number | null} score
 * @property {Metrics} metrics
 * @property {any} trust
 * @property {number} attempts
 * @property {string[]} errors
 * @property {string | null} parent
 * @property {string | null} source how it was made from its parent
 * @property {number} generation
 * @property {number} firstSeq
 * @property {number} lastSeq
 * @property {number} simulatedSeq the event that told its figures, 0 before
 * @property {number | null} at of its last live event, in milliseconds since 1970
 * @property {any} panel
 * @property {any} settings
 * @property {{start: string, end: string} | null} period of its simulation
 * @property {number} place in the order in which candidates were first seen
 */

/** @type {(keyof Metrics)[]} */
export const metricNames = [
  "sharpe", "fitness", "turnover", "returns", "drawdown", "margin", "coverage",
];

/** @param {unknown} value @returns {number | null} */
export function figureOf(value) {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** @param {unknown} value @returns {string | null} */
export function textOf(value) {
  return typeof value === "string" && value !== "" ? value : null;
}

/** @param {unknown} value @returns {string[]} */
export function textsOf(value) {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/**
 * @param {any} value
 * @returns {Metrics}
 */
export function metricsOf(value) {
  const metrics = /** @type {Metrics} */ ({});
  for (const name of metricNames) metrics[name] = figureOf(value?.[name]);
  return metrics;
}

/**
 * Returns a candidate of which nothing is known but its key.
 * @param {string} key
 * @param {number} place
 * @returns {Candidate}
 */
export function newCandidate(key, place) {
  return {
    key, alphaID: null, idea: "", lane: null, expression: "", canonical: "", state: "proposed",
    passed: null, accepted: false, score: null, metrics: metricsOf(null), trust: null, attempts: 0,
    errors: [], parent: null, source: null, generation: 0, firstSeq: 0, lastSeq: 0,
    simulatedSeq: 0, at: null, panel: null, settings: null, period: null, place,
  };
}

/**
 * Takes over what the server lists of a candidate.
 * @param {Candidate} candidate
 * @param {any} listed
 */
export function takeListed(candidate, listed) {
  candidate.alphaID = textOf(listed.alpha_id);
  candidate.idea = textOf(listed.idea_id) ?? "";
  candidate.lane = textOf(listed.lane);
  candidate.expression = textOf(listed.expression) ?? "";
  candidate.canonical = textOf(listed.canonical) ?? "";
  candidate.state = textOf(listed.state) ?? "proposed";
  candidate.passed = typeof listed.passed === "boolean" ? listed.passed : null;
  candidate.score = figureOf(listed.score);
  candidate.metrics = metricsOf(listed.metrics);
  candidate.trust = listed.trust ?? null;
  candidate.attempts = figureOf(listed.attempts) ?? 0;
  candidate.errors = textsOf(listed.errors);
  candidate.parent = textOf(listed.parent_candidate_key);
  candidate.source = textOf(listed.mutation_source);
  candidate.generation = figureOf(listed.generation) ?? 0;
  candidate.firstSeq = figureOf(listed.first_seq) ?? 0;
  candidate.lastSeq = figureOf(listed.last_seq) ?? 0;
  candidate.panel = listed.panel ?? null;
  candidate.settings = listed.settings ?? null;
}

const word = /[A-Za-z_][A-Za-z0-9_.]*/g;
/** @type {WeakMap<Candidate, {text: string, names: Set<string>}>} */
const namesKept = new WeakMap();

/**
 * Returns the names that a formula uses: fields, operators and groups alike.
 * @param {Candidate} candidate
 * @returns {Set<string>}
 */
export function namesOf(candidate) {
  const text = candidate.canonical || candidate.expression;
  const kept = namesKept.get(candidate);
  if (kept && kept.text === text) return kept.names;
  const names = new Set(text.match(word) ?? []);
  namesKept.set(candidate, { text, names });
  return names;
}
