// The gauges: value, ceiling and share of each, with a mark of its own for each severity.

import { compact, dollars, percent } from "/ui/shell/format.js";
import { h, setText } from "/ui/shell/dom.js";
import { t } from "/ui/shell/i18n.js";
import { smooth } from "/ui/shell/motion.js";
import { gaugeOf, severityOf, shareOf } from "../model/status.js";

const TOKEN_GAUGES = [
  "prompt_tokens", "completion_tokens", "batch_tokens", "day_tokens", "week_tokens",
  "exploit_tokens", "explore_tokens",
];
const MONEY_GAUGES = ["batch_cost_usd", "day_cost_usd", "week_cost_usd"];
export const SEVERITY_MARKS = { none: "–", calm: "●", near: "◆", full: "▲" };

/** @param {HTMLElement} list */
export function buildGauges(list) {
  const rows = [...TOKEN_GAUGES, ...MONEY_GAUGES].map((name) => {
    const label = h("span", { class: "rx-gauge-name" });
    const value = h("span", { class: "rx-gauge-value num" });
    const part = h("span", { class: "rx-gauge-part num" });
    const mark = h("span", { class: "rx-gauge-mark", "aria-hidden": "true" });
    const fill = h("span", { class: "rx-bar-fill" });
    const row = h("div", {
      class: "rx-gauge", role: "meter", "aria-valuemin": "0", "aria-valuemax": "100",
      "data-gauge": name,
    },
      mark, label, value, part, h("span", { class: "rx-bar" }, fill));
    list.append(row);
    return {
      name, row, label, value, part, mark, fill, shown: 0, target: 0, drawn: -1,
      isMoney: MONEY_GAUGES.includes(name),
    };
  });

  return {
    /** @param {import("../model/status.js").Status | null} status */
    write(status) {
      for (const row of rows) {
        const gauge = gaugeOf(status, row.name);
        const share = shareOf(gauge);
        const severity = severityOf(share);
        const format = row.isMoney ? dollars : compact;
        // A money gauge of free calls without a ceiling says nothing.
        row.row.hidden = row.isMoney && gauge.limit === null && !(
          gauge.value !== null && gauge.value > 0
        );
        row.target = Math.min(1, share ?? 0);
        row.row.dataset.severity = severity;
        const name = t(`reactor.gauge.${row.name}`);
        setText(row.label, name);
        setText(row.mark, SEVERITY_MARKS[severity]);
        const limit = gauge.limit === null ? t("reactor.no_limit") : format(gauge.limit);
        const words = `${format(gauge.value)} / ${limit}`;
        setText(row.value, words);
        setText(row.part, share === null ? "" : percent(share, { digits: share < 0.1 ? 1 : 0 }));
        row.row.setAttribute("aria-label", name);
        row.row.setAttribute("aria-valuenow", String(Math.round(Math.min(1, share ?? 0) * 100)));
        row.row.setAttribute("aria-valuetext", t("reactor.gauge_said", {
          value: words, percent: percent(share, { digits: 0 }), severity: t(
            `reactor.severity.${severity}`
          ),
        }));
      }
    },
    /** @param {number} dt @param {boolean} isStill */
    frame(dt, isStill) {
      for (const row of rows) {
        row.shown = smooth(row.shown, row.target, dt, isStill ? 0 : 0.35);
        if (Math.abs(row.shown - row.drawn) < 0.0005) continue;
        row.drawn = row.shown;
        row.fill.style.transform = `scaleX(${row.shown.toFixed(4)})`;
      }
    },
  };
}
