// The states in which a candidate can be, what each looks like, and what the stages of a run are
// called. Every state has a shape besides its color.

/**
 * @typedef {"proposed" | "validating" | "repairing" | "rejected" | "validated" | "queued"
 *   | "simulating" | "simulated" | "failed" | "dropped" | "duplicate"} CandidateState
 */
/**
 * How a candidate shines: what the state and the judgment together make of it.
 * @typedef {"proposed" | "validating" | "repairing" | "rejected" | "waiting" | "simulating"
 *   | "simulated" | "passed" | "dim"} Phase
 */
/** @typedef {"disc" | "ring" | "cross" | "diamond" | "star" | "dot" | "square"} Shape */
/**
 * @typedef {object} Look
 * @property {string} color a name of tokens.css
 * @property {Shape} shape
 * @property {number} size of its star, 1 is plain
 * @property {number} light how bright it is, 0 to 1
 * @property {string} mark one character for chips and lists
 * @property {"good" | "bad" | "warn" | "accent" | ""} chip the class of its chip
 */

/** @type {CandidateState[]} */
export const states = [
  "proposed", "validating", "repairing", "rejected", "validated", "queued", "simulating",
  "simulated", "failed", "dropped", "duplicate",
];

/** @type {Phase[]} */
export const phases = [
  "proposed", "validating", "repairing", "rejected", "waiting", "simulating", "simulated",
  "passed", "dim",
];

/** @type {Record<Phase, Look>} */
export const looks = {
  proposed: { color: "text", shape: "dot", size: 0.8, light: 0.75, mark: "•", chip: "" },
  validating: { color: "accent", shape: "ring", size: 0.9, light: 0.85, mark: "○", chip: "accent" },
  repairing: { color: "warn", shape: "square", size: 1, light: 1, mark: "◪", chip: "warn" },
  rejected: { color: "bad", shape: "cross", size: 0.8, light: 0.5, mark: "✕", chip: "bad" },
  waiting: { color: "series-5", shape: "ring", size: 0.8, light: 0.75, mark: "◔", chip: "" },
  simulating: { color: "warn", shape: "disc", size: 1.1, light: 1, mark: "◉", chip: "warn" },
  simulated: { color: "accent", shape: "disc", size: 1, light: 0.85, mark: "●", chip: "accent" },
  passed: { color: "good", shape: "star", size: 1.7, light: 1, mark: "★", chip: "good" },
  dim: { color: "text-faint", shape: "disc", size: 0.72, light: 0.42, mark: "◦", chip: "" },
};

/**
 * Returns the phase of a candidate.
 * @param {{state: string, passed: boolean | null}} candidate
 * @returns {Phase}
 */
export function phaseOf(candidate) {
  if (candidate.passed === true) return "passed";
  switch (candidate.state) {
    case "validating": return "validating";
    case "repairing": return "repairing";
    case "rejected": case "failed": return "rejected";
    case "validated": case "queued": return "waiting";
    case "simulating": return "simulating";
    case "simulated": return candidate.passed === false ? "dim" : "simulated";
    case "dropped": case "duplicate": return "dim";
    default: return "proposed";
  }
}

/**
 * Returns the word of the state that people read: a simulated one that was judged says how.
 * @param {{state: string, passed: boolean | null}} candidate
 * @returns {string} a key of the dictionary
 */
export function stateWord(candidate) {
  if (candidate.passed === true) return "lab.state.passed";
  if (candidate.passed === false && candidate.state === "simulated") return "lab.state.not_passed";
  return `lab.state.${states.includes(/** @type {any} */ (candidate.state))
    ? candidate.state : "proposed"}`;
}

/** Stages of a run in their order, as events name them. */
export const stages = [
  "idea_research", "retrieval", "alpha_maker", "budget", "validation", "simulation", "evaluation",
  "feedback", "summary", "control",
];

/** @type {Record<string, string>} */
const stageMarks = {
  idea_research: "◇", retrieval: "⌕", alpha_maker: "✦", budget: "¤", validation: "✓",
  simulation: "∿", evaluation: "⚖", feedback: "↺", summary: "Σ", control: "▸",
};

/**
 * Returns the sign of a stage.
 * @param {string} stage
 */
export function stageMark(stage) {
  return stageMarks[stage] ?? "·";
}
