// The arena: every simulated formula in the order in which it was tried, the best so far, the mean,
// the limit of acceptance, and what luck alone would have shown by now.

import { fill, h, setText } from "/ui/shell/dom.js";
import { integer, number, signed } from "/ui/shell/format.js";
import { onLanguage, t } from "/ui/shell/i18n.js";
import { color, onTheme } from "/ui/shell/theme.js";
import { ticks } from "/ui/shell/chart.js";
import { luckyBest } from "../model/luck.js";
import { drawShape } from "../scene/flat-shapes.js";
import { panel } from "./frame.js";

/** @typedef {import("../model/campaign.js").Campaign} Campaign */
/** @typedef {import("../model/candidate.js").Candidate} Candidate */
/** @typedef {"sharpe" | "score"} Measure */
/** @typedef {{candidate: Candidate, value: number, best: number, mean: number, luck: number | null}} Trial */

/** @param {{campaign: () => Campaign, onSelect: (key: string) => void}} options */
export function makeArena(options) {
  /** @type {Measure} */
  let measure = "sharpe";
  /** @type {Trial[]} */
  let trials = [];
  /** @type {number | null} */
  let reading = null;
  /** @type {string | null} */
  let selected = null;
  let version = -1;
  /** @type {((i: number) => number) | null} */
  let placeOf = null;

  const canvas = h("canvas", { "aria-hidden": "true" });
  const tip = h("div", { class: "chart-tip", hidden: true, role: "status" });
  const chart = h("div", {
    class: "chart arena-chart", tabindex: 0, role: "application", "data-test": "arena-chart",
  }, canvas, tip);
  const note = h("span", { class: "soft num head-note" });
  const picker = h("select", {
    class: "small-field", "data-t-label": "lab.arena.measure", "data-test": "arena-measure",
    onchange: () => {
      measure = picker.value === "score" ? "score" : "sharpe";
      version = -1;
      refresh();
    },
  }, h("option", { value: "sharpe", "data-t": "lab.metric.sharpe" }),
  h("option", { value: "score", "data-t": "lab.metric.score" }));
  const legend = h("ul", { class: "legend plain" });
  const element = panel("arena", { note, tools: [legend, picker] }, chart);

  function limit() {
    const value = measure === "sharpe" ? options.campaign().start?.judging?.min_sharpe : null;
    return typeof value === "number" ? value : null;
  }

  function fold() {
    const simulated = options.campaign().list()
      .filter((each) => each.state === "simulated"
        && (measure === "score" ? each.score : each.metrics.sharpe) !== null)
      .sort((a, b) => (a.simulatedSeq || a.lastSeq) - (b.simulatedSeq || b.lastSeq)
        || a.place - b.place);
    let [best, sum, squares] = [-Infinity, 0, 0];
    trials = simulated.map((candidate, i) => {
      const value = Number(measure === "score" ? candidate.score : candidate.metrics.sharpe);
      best = Math.max(best, value);
      sum += value;
      squares += value * value;
      const mean = sum / (i + 1);
      const variance = i > 0 ? Math.max(0, (squares - (i + 1) * mean * mean) / i) : 0;
      return {
        candidate, value, best, mean,
        luck: measure === "sharpe" ? luckyBest(i + 1, Math.sqrt(variance)) : null,
      };
    });
  }

  function draw() {
    const [width, height] = [chart.clientWidth, chart.clientHeight];
    const pen = canvas.getContext("2d");
    if (!pen || width < 40 || height < 40) return;
    const ratio = Math.min(2, devicePixelRatio || 1);
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    pen.scale(ratio, ratio);
    pen.clearRect(0, 0, width, height);
    pen.font = `11px ${getComputedStyle(chart).fontFamily}`;
    placeOf = null;
    if (trials.length === 0) {
      pen.fillStyle = color("text-faint");
      pen.textAlign = "center";
      pen.fillText(t("lab.arena.empty"), width / 2, height / 2);
      return;
    }
    const bar = limit();
    const values = trials.flatMap((each) => [each.value, each.luck ?? each.value]);
    if (bar !== null) values.push(bar);
    let [low, high] = [Math.min(0, ...bounds(values)), Math.max(0, ...bounds(values))];
    const air = (high - low || 1) * 0.08;
    [low, high] = [low - air, high + air];
    const box = { left: 44, right: width - 12, top: 8, bottom: height - 20 };
    const toX = (/** @type {number} */ i) => box.left + 6
      + (trials.length < 2 ? 0 : (i / (trials.length - 1)) * (box.right - box.left - 12));
    const toY = (/** @type {number} */ y) =>
      box.bottom - ((y - low) / (high - low)) * (box.bottom - box.top);
    placeOf = toX;
    drawAxes(pen, box, toY, low, high);
    /** @param {(trial: Trial) => number | null} value @param {string} tint @param {number} thick @param {number[]} dash */
    const line = (value, tint, thick, dash) => {
      pen.beginPath();
      let isBegun = false;
      trials.forEach((trial, i) => {
        const y = value(trial);
        if (y === null) return;
        if (isBegun) pen.lineTo(toX(i), toY(y));
        else pen.moveTo(toX(i), toY(y));
        isBegun = true;
      });
      pen.strokeStyle = color(tint);
      pen.lineWidth = thick;
      pen.setLineDash(dash);
      pen.stroke();
      pen.setLineDash([]);
    };
    const size = trials.length > 1500 ? 1.6 : trials.length > 500 ? 2.1 : 2.7;
    trials.forEach((trial, i) => {
      const { candidate } = trial;
      const isPassed = candidate.passed === true;
      pen.globalAlpha = isPassed ? 1 : 0.6;
      pen.fillStyle = pen.strokeStyle = color(isPassed ? "good"
        : candidate.lane === "explore" ? "explore" : "exploit");
      drawShape(pen, isPassed ? "star" : candidate.lane === "explore" ? "diamond" : "disc",
        toX(i), toY(trial.value), isPassed ? size * 2 : size);
    });
    pen.globalAlpha = 1;
    if (bar !== null) {
      pen.strokeStyle = pen.fillStyle = color("warn");
      pen.lineWidth = 1;
      pen.setLineDash([6, 4]);
      pen.beginPath();
      pen.moveTo(box.left, toY(bar));
      pen.lineTo(box.right, toY(bar));
      pen.stroke();
      pen.setLineDash([]);
      pen.textAlign = "right";
      pen.textBaseline = "top";
      pen.fillText(t("lab.arena.limit", { n: number(bar) }), box.right - 4, toY(bar) + 4);
    }
    line((trial) => trial.luck, "bad", 1.4, [2, 4]);
    line((trial) => trial.mean, "text-soft", 1.4, []);
    line((trial) => trial.best, "accent", 2.2, []);
    const chosen = trials.findIndex((each) => each.candidate.key === selected);
    for (const [i, tint] of /** @type {[number | null, string][]} */ (
      [[chosen >= 0 ? chosen : null, "accent"], [reading, "text"]])) {
      if (i === null || !trials[i]) continue;
      pen.strokeStyle = color(tint);
      pen.lineWidth = 1.5;
      pen.beginPath();
      pen.arc(toX(i), toY(trials[i].value), 8, 0, 2 * Math.PI);
      pen.stroke();
    }
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {{left: number, right: number, top: number, bottom: number}} box
   * @param {(y: number) => number} toY
   * @param {number} low
   * @param {number} high
   */
  function drawAxes(pen, box, toY, low, high) {
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    pen.lineWidth = 1;
    for (const value of ticks(low, high, Math.max(2, Math.floor((box.bottom - box.top) / 40)))) {
      const y = Math.round(toY(value)) + 0.5;
      pen.strokeStyle = color(value === 0 ? "line-strong" : "grid");
      pen.beginPath();
      pen.moveTo(box.left, y);
      pen.lineTo(box.right, y);
      pen.stroke();
      pen.fillStyle = color("text-faint");
      pen.fillText(number(value, { digits: 1 }), box.left - 8, y);
    }
    pen.textBaseline = "alphabetic";
    const wanted = Math.max(2, Math.floor((box.right - box.left) / 130));
    const step = Math.max(1, Math.ceil(trials.length / wanted));
    for (let i = 0; i < trials.length; i += step) {
      pen.textAlign = i === 0 ? "left" : "center";
      pen.fillText(i === 0 ? t("lab.arena.first") : integer(i + 1), placeOf?.(i) ?? 0, box.bottom + 15);
    }
  }

  /** @param {number | null} next */
  function read(next) {
    if (next === reading) return;
    reading = next;
    const trial = next === null ? undefined : trials[next];
    tip.hidden = !trial;
    if (trial && next !== null) {
      fill(tip,
        h("div", { class: "chart-tip-at" }, t("lab.arena.trial", {
          n: integer(next + 1), of: integer(trials.length) })),
        tipLine(t(`lab.metric.${measure}`), number(trial.value)),
        tipLine(t("lab.arena.best"), number(trial.best)),
        tipLine(t("lab.arena.mean"), number(trial.mean)),
        trial.luck === null ? null : tipLine(t("lab.arena.luck"), number(trial.luck)),
        h("code", { class: "clip arena-formula" }, trial.candidate.expression));
      const x = placeOf?.(next) ?? 0;
      const isRight = x > chart.clientWidth / 2;
      tip.style.left = isRight ? "auto" : `${x + 12}px`;
      tip.style.right = isRight ? `${chart.clientWidth - x + 12}px` : "auto";
    }
    draw();
  }

  /** @param {string} name @param {string} value */
  function tipLine(name, value) {
    return h("div", { class: "chart-tip-line" }, h("span", null, name),
      h("strong", { class: "num" }, value));
  }

  chart.addEventListener("pointermove", (event) => {
    if (!placeOf || trials.length === 0) return;
    const x = event.clientX - chart.getBoundingClientRect().left;
    const [first, last] = [placeOf(0), placeOf(trials.length - 1)];
    const share = last === first ? 0 : (x - first) / (last - first);
    read(Math.max(0, Math.min(trials.length - 1, Math.round(share * (trials.length - 1)))));
  });
  chart.addEventListener("pointerleave", () => read(null));
  chart.addEventListener("blur", () => read(null));
  chart.addEventListener("click", () => {
    if (reading !== null) options.onSelect(trials[reading].candidate.key);
  });
  chart.addEventListener("keydown", (event) => {
    const end = trials.length - 1;
    /** @type {Record<string, number | null>} */
    const goals = {
      ArrowRight: Math.min(end, (reading ?? -1) + 1), ArrowLeft: Math.max(0, (reading ?? end + 1) - 1),
      Home: 0, End: end, Escape: null,
    };
    if (event.key === "Enter" && reading !== null) options.onSelect(trials[reading].candidate.key);
    else if (event.key in goals && end >= 0) read(goals[event.key]);
    else return;
    event.preventDefault();
  });

  function refresh() {
    const campaign = options.campaign();
    if (campaign.version === version) return;
    version = campaign.version;
    fold();
    const last = trials[trials.length - 1];
    const words = last ? t("lab.arena.note", {
      n: integer(trials.length), count: trials.length, best: number(last.best),
      mean: signed(last.mean), luck: number(last.luck) }) : "";
    setText(note, words);
    chart.setAttribute("aria-label", `${t("lab.arena.title")}. ${words} ${t("lab.arena.keys")}`);
    /** @type {[string, string, string][]} */
    const entries = [["━", "accent-text", "lab.arena.best"], ["━", "soft", "lab.arena.mean"]];
    if (measure === "sharpe") entries.push(["┅", "bad", "lab.arena.luck"]);
    entries.push(["●", "exploit-text", "lab.lane.exploit"], ["◆", "explore-text", "lab.lane.explore"]);
    fill(legend, entries.map(([sign, tone, key]) => h("li", {
      title: key === "lab.arena.luck" ? t("lab.arena.luck_help") : null },
    h("span", { class: tone, "aria-hidden": "true" }, `${sign} `), t(key))));
    draw();
  }

  new ResizeObserver(draw).observe(chart);
  onTheme(draw);
  onLanguage(() => {
    version = -1;
    refresh();
  });
  return {
    element,
    refresh,
    /** @param {string | null} key */
    select(key) {
      selected = key;
      draw();
    },
    state: () => {
      const last = trials[trials.length - 1];
      return {
        trials: trials.length, measure, best: last?.best ?? null, mean: last?.mean ?? null,
        luck: last?.luck ?? null, limit: limit(),
      };
    },
  };
}

/** @param {number[]} values @returns {[number, number]} */
function bounds(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
