// The colors of light: what the fire looks like in each state, in both themes. The colors of text
// and lines are those of tokens.css; these are brighter than any text may be.

/** @typedef {import("./particles.js").RGB} RGB */
/** @typedef {"idle" | "stable" | "warning" | "critical" | "blocked"} CoreState */
/** @typedef {{deep: RGB, mid: RGB, hot: RGB, crust: number, alarm: number}} Fire */

/** @param {string} hex @returns {RGB} */
export function rgb(hex) {
  const bits = Number.parseInt(hex.slice(1, 7), 16);
  return [((bits >> 16) & 255) / 255, ((bits >> 8) & 255) / 255, (bits & 255) / 255];
}

/** @type {Record<CoreState, Fire>} */
export const FIRES = {
  idle: { deep: rgb("#06121d"), mid: rgb("#2a6c90"), hot: rgb("#9cc9dc"), crust: 0.35, alarm: 0 },
  stable: { deep: rgb("#03204a"), mid: rgb("#00b4ff"), hot: rgb("#d6fbff"), crust: 0, alarm: 0 },
  warning: { deep: rgb("#3a1402"), mid: rgb("#ff9a1a"), hot: rgb("#fff1c4"), crust: 0, alarm: 0 },
  critical: {
    deep: rgb("#42000e"), mid: rgb("#ff2a4c"), hot: rgb("#ffd9a8"), crust: 0.12, alarm: 0.6,
  },
  blocked: { deep: rgb("#1c040a"), mid: rgb("#f02344"), hot: rgb("#ff8a5c"), crust: 1, alarm: 1 },
};

/** @typedef {"calm" | "near" | "full" | "none"} Severity how close a value is to its ceiling */

/** @type {Record<Severity, RGB>} */
export const RING_TONES = {
  none: rgb("#3b6f8c"), calm: rgb("#00d8ff"), near: rgb("#ffb02e"), full: rgb("#ff3158"),
};

/** Tokens of prompts and of completions, dark and light. */
export const TOKEN_TONES = {
  dark: {
    prompt: rgb("#39c8ff"), completion: rgb("#22ff8a"), metal: rgb("#0d1723"),
    track: rgb("#2b6a86"),
  },
  light: {
    prompt: rgb("#0090c8"), completion: rgb("#0aa350"), metal: rgb("#22384a"),
    track: rgb("#4a86a0"),
  },
};
