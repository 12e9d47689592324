// The trust block: whether a result may be believed, in words. Where the run recorded none for a
// candidate, the block says why, and what the judgment did say.

import { h } from "/ui/shell/dom.js";
import { integer, number, percent } from "/ui/shell/format.js";
import { knows, t } from "/ui/shell/i18n.js";

/** @typedef {import("../model/candidate.js").Candidate} Candidate */

/** @type {Record<string, string>} */
const verdictTones = {
  supported: "good", doubtful: "warn", insufficient: "warn", refuted: "bad",
};

/** Figures of a report that are read out, and how each is written. */
/** @type {[string, (value: number) => string][]} */
const figures = [
  ["deflatedSharpe", (value) => percent(value)], ["deflated_sharpe", (value) => percent(value)],
  ["probabilisticSharpe", (value) => percent(value)],
  ["luckySharpe", (value) => number(value)], ["trials", (value) => integer(value)],
  ["years", (value) => number(value, { digits: 1 })],
  ["minimumTrackRecordYears", (value) => number(value, { digits: 1 })],
  ["overfittingProbability", (value) => percent(value)],
  ["walkForwardEfficiency", (value) => percent(value)],
];

/**
 * Returns what is known of the trust in a candidate.
 * @param {Candidate} candidate
 * @param {{luck: number | null, trials: number, isFinished: boolean}} around luck is the Sharpe ratio
 *   that the best of so many trials shows by chance
 * @returns {HTMLElement[]}
 */
export function trustBlock(candidate, around) {
  const { trust } = candidate;
  /** @type {HTMLElement[]} */
  const parts = [];
  if (trust && typeof trust === "object") parts.push(...report(trust));
  else {
    const key = candidate.state !== "simulated" ? "lab.trust.not_simulated"
      : around.isFinished ? "lab.trust.not_recorded" : "lab.trust.later";
    parts.push(h("p", { "data-test": "trust-why" }, t(key)));
  }
  const { sharpe } = candidate.metrics;
  if (around.luck !== null && sharpe !== null) {
    const beats = sharpe > around.luck;
    parts.push(h("p", { class: "trust-luck num" },
      h("span", { class: beats ? "good" : "warn", "aria-hidden": "true" }, beats ? "▲ " : "▼ "),
      t(beats ? "lab.trust.beats_luck" : "lab.trust.within_luck", {
        sharpe: number(sharpe), luck: number(around.luck), n: integer(around.trials),
        count: around.trials,
      })));
  }
  return parts;
}

/**
 * @param {any} trust
 * @returns {HTMLElement[]}
 */
function report(trust) {
  const verdict = typeof trust.verdict === "string" ? trust.verdict : null;
  const objections = Array.isArray(trust.objections) ? trust.objections : [];
  const known = figures.filter(([name]) => typeof trust[name] === "number");
  const word = `lab.trust.verdict.${verdict}`;
  /** @type {HTMLElement[]} */
  const parts = [];
  if (verdict !== null) {
    parts.push(h("p", { class: `trust-verdict ${verdictTones[verdict] ?? ""}` },
      knows(word) ? t(word) : verdict));
  }
  if (objections.length > 0) {
    parts.push(h("ul", { class: "plain findings" },
      objections.map((/** @type {any} */ each) => h("li", { class: "finding" },
        h("span", { class: each?.refutes ? "bad" : "warn", "aria-hidden": "true" },
          each?.refutes ? "✕ " : "! "),
        h("span", null, String(each?.message ?? each))))));
  }
  if (known.length > 0) {
    parts.push(h("dl", { class: "facts" }, known.map(([name, format]) =>
      h("div", null, h("dt", null, t(`lab.trust.figure.${name}`)),
        h("dd", { class: "num" }, format(trust[name]))))));
  }
  return parts;
}
