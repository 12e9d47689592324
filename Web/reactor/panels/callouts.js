// The labels of the containment rings, each with a line to the place where its ring begins.

import { compact, dollars, percent } from "/ui/shell/format.js";
import { h, setText, svg } from "/ui/shell/dom.js";
import { t } from "/ui/shell/i18n.js";
import { gaugeOf, severityOf, shareOf } from "../model/status.js";
import { SEVERITY_MARKS } from "./gauges.js";

/** Which gauges a ring stands for; the fullest of them is shown. */
const RINGS = [
  { key: "request", gauges: ["prompt_tokens", "completion_tokens"] },
  { key: "run", gauges: ["batch_tokens", "batch_cost_usd"] },
  { key: "day", gauges: ["day_tokens", "day_cost_usd"] },
  { key: "week", gauges: ["week_tokens", "week_cost_usd"] },
];

/**
 * @typedef {object} Ring
 * @property {string} key
 * @property {number} fill share of the ceiling, 0 without one
 * @property {boolean} hasLimit
 * @property {import("../scene/tones.js").Severity} severity
 * @property {string} words value and ceiling
 * @property {number | null} share
 */

/** @param {import("../model/status.js").Status | null} status @returns {Ring[]} */
export function ringsOf(status) {
  return RINGS.map(({ key, gauges }) => {
    let name = gauges[0];
    let share = shareOf(gaugeOf(status, name));
    for (const other of gauges.slice(1)) {
      const its = shareOf(gaugeOf(status, other));
      if (its !== null && (share === null || its > share)) [name, share] = [other, its];
    }
    const { value, limit } = gaugeOf(status, name);
    const format = name.endsWith("_usd") ? dollars : compact;
    return {
      key, share, fill: share ?? 0, hasLimit: share !== null, severity: severityOf(share),
      words: `${format(value)} / ${limit === null ? t("reactor.no_limit") : format(limit)}`,
    };
  });
}

/** @param {HTMLElement} list @param {SVGElement} leaders */
export function buildCallouts(list, leaders) {
  const rows = RINGS.map(({ key }) => {
    const mark = h("span", { class: "rx-callout-mark" });
    const name = h("span", { class: "rx-callout-name" });
    const words = h("span", { class: "rx-callout-words num" });
    const part = h("span", { class: "rx-callout-part num" });
    const row = h("li", { class: "rx-callout", "data-ring": key }, mark, name, words, part);
    const line = svg("polyline", { class: "rx-leader" });
    const dot = svg("circle", { class: "rx-leader-dot", r: 2.5 });
    list.append(row);
    leaders.append(line, dot);
    return { key, row, mark, name, words, part, line, dot };
  });
  return {
    /** @param {Ring[]} rings */
    write(rings) {
      rows.forEach((row, index) => {
        const ring = rings[index];
        row.row.dataset.severity = ring.severity;
        setText(row.mark, SEVERITY_MARKS[ring.severity]);
        setText(row.name, t(`reactor.ring.${ring.key}`));
        setText(row.words, ring.words);
        setText(
          row.part,
          ring.share === null ? "" : percent(ring.share, { digits: ring.share < 0.1 ? 1 : 0 })
        );
      });
    },
    /**
     * Draws the lines anew, after the page was laid out.
     * @param {((index: number) => {x: number, y: number}) | null} anchor in the pixels of the
     *   picture; null where there is no picture to point at
     * @param {DOMRect} picture
     */
    point(anchor, picture) {
      leaders.toggleAttribute("hidden", anchor === null);
      if (anchor === null) return;
      const box = leaders.getBoundingClientRect();
      const left = list.getBoundingClientRect().left;
      rows.forEach((row, index) => {
        const at = anchor(index);
        const [x, y] = [at.x + picture.left - box.left, at.y + picture.top - box.top];
        // Each label begins beside its own line. The lines of outer rings come down farther left and
        // end lower, so that none crosses another or a label.
        row.row.style.marginLeft = `${Math.max(0, Math.round(x + box.left - left + 9))}px`;
        const label = row.row.getBoundingClientRect();
        const foot = label.top + label.height / 2 - box.top;
        row.line.setAttribute("points", `${x},${y} ${x},${foot} ${x + 7},${foot}`);
        row.dot.setAttribute("cx", String(x));
        row.dot.setAttribute("cy", String(y));
      });
    },
  };
}
