// The reasons of a judgment in words. The run records them as codes, such as `LOW_SHARPE`, and as
// comparisons, such as `sharpe<1.25`.

import { number, percent } from "/ui/shell/format.js";
import { knows, t } from "/ui/shell/i18n.js";

const comparison = /^([a-z_]+)(<=|>=|<|>)(-?[\d.]+)$/;
const fractions = new Set(["turnover", "coverage", "drawdown"]);

/**
 * Returns what a reason means.
 * @param {string} reason
 */
export function reasonText(reason) {
  const key = `lab.reason.${reason}`;
  if (knows(key)) return t(key);
  const parts = comparison.exec(reason);
  if (!parts) return reason.includes(" ") ? reason : t("lab.reason.other");
  const [, metric, sign, bound] = parts;
  const name = knows(`lab.metric.${metric}`) ? t(`lab.metric.${metric}`) : metric;
  const limit = fractions.has(metric) ? percent(Number(bound)) : number(Number(bound));
  return t(sign.startsWith("<") ? "lab.reason.below" : "lab.reason.above", { metric: name, limit });
}
