// A formula in color, what is wrong with it underlined. The server reads the formula; the page only
// paints what it was told.

import { h } from "./dom.js";

/** @typedef {{start: number, end: number, class: string}} Token in UTF-16 code units */
/**
 * @typedef {object} Diagnostic
 * @property {string} severity
 * @property {string} code
 * @property {string} message
 * @property {string | null} [remedy]
 * @property {number} start
 * @property {number} end
 */

/**
 * Returns the parts of a formula as elements.
 * @param {string} text
 * @param {Token[]} tokens
 * @param {Diagnostic[]} diagnostics
 * @returns {HTMLElement[]}
 */
export function paint(text, tokens, diagnostics) {
  /** @param {number} at */
  const bounded = (at) => Math.max(0, Math.min(text.length, Math.floor(at)));
  const found = diagnostics.map((each) => {
    const start = bounded(each.start);
    // A finding between two characters still needs something to stand under.
    const end = Math.max(bounded(each.end), Math.min(text.length, start + 1));
    return { severity: each.severity, start: end > start ? start : Math.max(0, end - 1), end };
  });
  const cuts = new Set([0, text.length]);
  for (const { start, end } of [...tokens, ...found]) {
    cuts.add(bounded(start));
    cuts.add(bounded(end));
  }
  const places = [...cuts].sort((a, b) => a - b);
  const inOrder = [...tokens].sort((a, b) => a.start - b.start);
  /** @type {HTMLElement[]} */
  const parts = [];
  let next = 0;
  for (let i = 0; i + 1 < places.length; i += 1) {
    const [from, to] = [places[i], places[i + 1]];
    while (next < inOrder.length && inOrder[next].end <= from) next += 1;
    const token = inOrder[next]?.start <= from ? inOrder[next] : undefined;
    const over = found.filter((each) => each.start <= from && each.end >= to);
    const isError = over.some((each) => each.severity === "error");
    const names = [
      token ? `tok-${token.class}` : "",
      over.length > 0 ? `squiggle ${isError ? "error" : "warning"}` : "",
    ].join(" ").trim();
    parts.push(h("span", names ? { class: names } : null, text.slice(from, to)));
  }
  return parts;
}

/**
 * Returns the findings as a list, each with its remedy.
 * @param {Diagnostic[]} diagnostics
 * @param {(diagnostic: Diagnostic) => void} [onPick]
 * @returns {HTMLElement[]}
 */
export function findings(diagnostics, onPick) {
  return diagnostics.map((each) => {
    const words = [
      h("span", { class: `finding-mark ${each.severity === "error" ? "bad" : "warn"}`,
        "aria-hidden": "true" }, each.severity === "error" ? "✕" : "!"),
      h("span", null, h("span", null, each.message),
        each.remedy ? h("span", { class: "soft" }, ` ${each.remedy}`) : null,
        h("code", { class: "faint" }, ` ${each.code}`)),
    ];
    return h("li", { class: "finding" }, onPick
      ? h("button", { type: "button", class: "finding-button", onclick: () => onPick(each) }, words)
      : h("div", { class: "finding-button" }, words));
  });
}
