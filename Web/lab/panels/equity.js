// What a candidate earned: its equity, the days that were held out set apart, and its drawdown.

import { address, ApiError, get } from "/ui/shell/api.js";
import { lineChart } from "/ui/shell/chart.js";
import { fill, h, setText } from "/ui/shell/dom.js";
import { dollars, integer, percent } from "/ui/shell/format.js";
import { onLanguage, t } from "/ui/shell/i18n.js";

/** @typedef {import("/ui/shell/chart.js").Point} Point */
/**
 * @typedef {object} Profit
 * @property {number[]} at of each day, in milliseconds since 1970
 * @property {(number | null)[]} equity as a fraction of half the book
 * @property {(number | null)[]} drawdown as a fraction of half the book, zero or less
 * @property {number | null} trainEnd
 * @property {number | null} book in dollars
 */

/**
 * Reads the answer of the server.
 * @param {any} answer
 * @returns {Profit}
 */
export function readProfit(answer) {
  const dates = Array.isArray(answer?.dates) ? answer.dates : [];
  const sums = Array.isArray(answer?.pnl) ? answer.pnl : [];
  const book = typeof answer?.book_size === "number" && answer.book_size > 0 ? answer.book_size : null;
  // Returns and drawdown of the judgment count half the book as the capital; so does the curve.
  const unit = answer?.unit === "USD" && book !== null ? book / 2 : 1;
  /** @type {Profit} */
  const profit = {
    at: dates.map((/** @type {string} */ each) => Date.parse(each)), equity: [], drawdown: [],
    trainEnd: typeof answer?.train_end === "string" ? Date.parse(answer.train_end) : null, book,
  };
  let peak = 0;
  profit.at.forEach((_, i) => {
    const value = typeof sums[i] === "number" && Number.isFinite(sums[i]) ? sums[i] / unit : null;
    if (value !== null) peak = Math.max(peak, value);
    profit.equity.push(value);
    profit.drawdown.push(value === null ? null : value - peak);
  });
  return profit;
}

export function makeEquity() {
  const format = (/** @type {number} */ value) => percent(value);
  const equity = lineChart({ label: t("lab.equity.title"), x: "date", format, zero: true, test: "equity" });
  const drawdown = lineChart({ label: t("lab.equity.drawdown"), x: "date", format, zero: true, test: "drawdown" });
  const words = h("p", { class: "soft num small-words", role: "status" });
  const box = h("div", { class: "equity", hidden: true },
    h("h4", { "data-t": "lab.equity.title" }), equity.element,
    h("h4", { "data-t": "lab.equity.drawdown" }), drawdown.element);
  const element = h("div", null, box, words);
  /** @type {Profit | null} */
  let shown = null;
  /** @type {unknown} */
  let failure = null;
  /** @type {AbortController | null} */
  let asking = null;

  function write() {
    box.hidden = shown === null;
    if (shown === null) {
      setText(words, failure instanceof ApiError ? `${failure.detail} ${failure.help}`.trim()
        : failure ? String(failure) : asking ? t("lab.equity.loading") : t("lab.equity.none"));
      return;
    }
    const { at, trainEnd, book } = shown;
    const profit = shown;
    /** @param {(number | null)[]} values @param {boolean} isTest @returns {Point[]} */
    const points = (values, isTest) => at.flatMap((x, i) =>
      trainEnd === null || (isTest ? x >= trainEnd : x <= trainEnd)
        ? [/** @type {Point} */ ([x, values[i]])] : []);
    const marks = trainEnd === null ? []
      : [{ x: trainEnd, label: t("lab.equity.train_end"), color: "warn" }];
    /** @param {(number | null)[]} values @param {string} train @param {string} test */
    const series = (values, train, test) => trainEnd === null
      ? [{ name: t("lab.equity.all"), points: points(values, false), color: train, area: true }]
      : [
        { name: t("lab.equity.train"), points: points(values, false), color: train },
        { name: t("lab.equity.test"), points: points(values, true), color: test, area: true },
      ];
    equity.setSeries(series(profit.equity, "series-1", "series-2"),
      { marks, label: t("lab.equity.title") });
    drawdown.setSeries(series(profit.drawdown, "bad", "series-6"),
      { marks: marks.map((mark) => ({ ...mark, label: "" })), label: t("lab.equity.drawdown") });
    const last = profit.equity.reduce((value, each) => each ?? value, null);
    const worst = profit.drawdown.reduce((least, each) =>
      each !== null && (least === null || each < least) ? each : least, null);
    setText(words, [
      t("lab.equity.summary", {
        total: percent(last, { signed: true }), worst: percent(worst), n: integer(at.length),
        count: at.length, book: book === null ? "–" : dollars(book),
      }),
      trainEnd === null ? t("lab.equity.no_test") : "",
    ].filter(Boolean).join(" "));
  }

  onLanguage(write);
  return {
    element,
    /** @param {string} runID @param {string} key */
    async load(runID, key) {
      asking?.abort();
      asking = new AbortController();
      const mine = asking;
      [shown, failure] = [null, null];
      write();
      try {
        const answer = await get(address(["api", "runs", runID, "candidates", key, "pnl"]),
          { signal: mine.signal });
        if (mine !== asking) return;
        shown = readProfit(answer);
      } catch (reason) {
        if (mine !== asking || (reason instanceof ApiError && reason.error === "aborted")) return;
        failure = reason;
      }
      asking = null;
      write();
    },
    clear() {
      asking?.abort();
      asking = null;
      [shown, failure] = [null, null];
      fill(words);
      box.hidden = true;
    },
    state: () => ({ points: shown?.at.length ?? 0, failed: failure !== null }),
  };
}
