// Lines over time or number on a canvas: axes, a reading under the pointer or the arrow keys, sharp
// on any screen, and a table for those who do not see it.

import { dress, fill, h } from "./dom.js";
import { clock, date, instant, number } from "./format.js";
import { onLanguage, register, t } from "./i18n.js";
import { color, onTheme } from "./theme.js";

register({
  en: {
    "chart.empty": "No points yet",
    "chart.summary": "{label}: {count} points, from {first} to {last}, lowest {low}, highest {high}.",
    "chart.table": "The numbers of the chart",
    "chart.at": "At",
    "chart.keys": "Arrow keys read the points.",
  },
  ko: {
    "chart.empty": "아직 데이터가 없습니다",
    "chart.summary": "{label}: 점 {count}개, 처음 {first}, 마지막 {last}, 최저 {low}, 최고 {high}.",
    "chart.table": "차트의 수치",
    "chart.at": "시점",
    "chart.keys": "화살표 키로 값을 하나씩 읽습니다.",
  },
});

/** @typedef {[number, number | null]} Point x in milliseconds or numbers; null breaks the line */
/**
 * @typedef {object} Series
 * @property {string} name
 * @property {Point[]} points in the order of x
 * @property {string} [color] a name of tokens.css, such as `series-1`
 * @property {boolean} [area] fills down to zero
 * @property {boolean} [step] holds each value until the next
 * @property {number[]} [dash]
 */
/** @typedef {{x: number, label: string, color?: string}} Mark a vertical line with its word */
/** @typedef {{y: number, label: string, color?: string}} Level a horizontal line with its word */
/**
 * @typedef {object} ChartOptions
 * @property {string} label what it shows, for its accessible name
 * @property {"time" | "date" | "number"} [x] how x is read; time unless told
 * @property {(value: number) => string} [format] how y is written
 * @property {Mark[]} [marks]
 * @property {Level[]} [levels]
 * @property {boolean} [zero] keeps zero in view
 * @property {string} [test] the value of data-test
 */
/**
 * @typedef {object} Chart
 * @property {HTMLElement} element fills the width of its parent; give it a height by CSS
 * @property {(series: Series[], more?: {marks?: Mark[], levels?: Level[], label?: string}) => void}
 *   setSeries
 * @property {() => {points: number, reading: number | null}} state
 * @property {() => void} destroy
 */

/**
 * @param {ChartOptions} options
 * @returns {Chart}
 */
export function lineChart(options) {
  const format = options.format ?? ((/** @type {number} */ value) => number(value));
  const canvas = h("canvas", { "aria-hidden": "true" });
  const tip = h("div", { class: "chart-tip", hidden: true, role: "status" });
  const alternative = h("div", { class: "hidden-visually" });
  const element = h(
    "div",
    { class: "chart", role: "group", tabindex: 0, "data-test": options.test },
    canvas, tip, alternative
  );
  /** @type {Series[]} */
  let series = [];
  let marks = options.marks ?? [];
  let bars = options.levels ?? [];
  let label = options.label;
  /** @type {number | null} the place among `instants` that is read */
  let reading = null;
  /** @type {number[]} */
  let instants = [];
  let isWaiting = false;
  /** @type {((x: number) => number) | null} */
  let placeOf = null;

  /** @param {number} x @param {boolean} [isLong] */
  function writeX(x, isLong) {
    if (options.x === "number") return number(x, { digits: Number.isInteger(x) ? 0 : 2 });
    if (options.x === "date") return date(x);
    const span = instants.length > 0 ? instants[instants.length - 1] - instants[0] : 0;
    // Below ten seconds whole ones say nothing; above two days the hour says little.
    const part = span < 10_000 ? `.${String(Math.floor(x) % 1000).padStart(3, "0").slice(0, 2)}` : "";
    if (isLong) return instant(x) + part;
    return span > 2 * 86_400_000 ? date(x) : clock(x) + part;
  }

  function ask() {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      draw();
    });
  }

  function draw() {
    const width = element.clientWidth;
    const height = element.clientHeight;
    if (width < 8 || height < 8) return;
    const ratio = Math.min(3, devicePixelRatio || 1);
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const pen = canvas.getContext("2d");
    if (!pen) return;
    pen.scale(ratio, ratio);
    pen.clearRect(0, 0, width, height);
    pen.font = `11px ${getComputedStyle(element).fontFamily}`;
    const extent = extentOf(series, bars, options.zero ?? false);
    placeOf = null;
    if (!extent) {
      pen.fillStyle = color("text-faint");
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(t("chart.empty"), width / 2, height / 2);
      return;
    }
    const yTicks = ticks(extent.low, extent.high, Math.max(2, Math.floor(height / 48)));
    const gutter = Math.ceil(
      Math.max(...yTicks.map((value) => pen.measureText(format(value)).width))) + 12;
    const box = { left: gutter, right: width - 10, top: 12, bottom: height - 22 };
    const toX = (/** @type {number} */ x) => extent.last === extent.first
      ? (box.left + box.right) / 2
      : box.left + ((x - extent.first) / (extent.last - extent.first)) * (box.right - box.left);
    const toY = (/** @type {number} */ y) =>
      box.bottom - ((y - extent.low) / (extent.high - extent.low)) * (box.bottom - box.top);
    placeOf = toX;

    pen.lineWidth = 1;
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    for (const value of yTicks) {
      const y = Math.round(toY(value)) + 0.5;
      pen.strokeStyle = value === 0 ? color("line-strong") : color("grid");
      pen.beginPath();
      pen.moveTo(box.left, y);
      pen.lineTo(box.right, y);
      pen.stroke();
      pen.fillStyle = color("text-faint");
      pen.fillText(format(value), box.left - 8, y);
    }
    pen.textBaseline = "alphabetic";
    const room = Math.max(2, Math.floor((box.right - box.left) / 110));
    const xs = extent.last === extent.first ? [extent.first]
      : Array.from({ length: room + 1 }, (_, i) =>
        extent.first + ((extent.last - extent.first) * i) / room);
    xs.forEach((x, i) => {
      pen.textAlign = xs.length === 1 ? "center"
        : i === 0 ? "left" : i === xs.length - 1 ? "right" : "center";
      pen.fillText(writeX(x), toX(x), height - 6);
    });

    pen.save();
    pen.beginPath();
    pen.rect(box.left, 0, box.right - box.left, height);
    pen.clip();
    for (const level of bars) {
      const y = Math.round(toY(level.y)) + 0.5;
      pen.strokeStyle = pen.fillStyle = color(level.color ?? "warn");
      pen.setLineDash([5, 4]);
      pen.beginPath();
      pen.moveTo(box.left, y);
      pen.lineTo(box.right, y);
      pen.stroke();
      pen.setLineDash([]);
      pen.textAlign = "right";
      pen.fillText(level.label, box.right - 2, y - 4);
    }
    series.forEach((each, index) => {
      stroke(pen, each, color(each.color ?? `series-${(index % 6) + 1}`), toX, toY,
        Math.min(box.bottom, Math.max(box.top, toY(0))));
    });
    for (const mark of marks) {
      const x = Math.round(toX(mark.x)) + 0.5;
      pen.strokeStyle = pen.fillStyle = color(mark.color ?? "text-soft");
      pen.setLineDash([3, 3]);
      pen.beginPath();
      pen.moveTo(x, box.top);
      pen.lineTo(x, box.bottom);
      pen.stroke();
      pen.setLineDash([]);
      pen.textAlign = x > (box.left + box.right) / 2 ? "right" : "left";
      pen.fillText(mark.label, x + (pen.textAlign === "right" ? -5 : 5), box.top + 9);
    }
    if (reading !== null && instants[reading] !== undefined) {
      const x = toX(instants[reading]);
      pen.strokeStyle = color("text-soft");
      pen.beginPath();
      pen.moveTo(Math.round(x) + 0.5, box.top);
      pen.lineTo(Math.round(x) + 0.5, box.bottom);
      pen.stroke();
      series.forEach((each, index) => {
        const value = valueAt(each, instants[reading ?? 0]);
        if (value === null) return;
        pen.fillStyle = color(each.color ?? `series-${(index % 6) + 1}`);
        pen.beginPath();
        pen.arc(x, toY(value), 3.5, 0, 2 * Math.PI);
        pen.fill();
      });
    }
    pen.restore();
  }

  function writeTip() {
    if (reading === null || instants[reading] === undefined || !placeOf) {
      tip.hidden = true;
      return;
    }
    const at = instants[reading];
    tip.hidden = false;
    fill(tip, h("div", { class: "chart-tip-at" }, writeX(at, true)),
      series.map((each, index) => {
        const value = valueAt(each, at);
        return h("div", { class: "chart-tip-line" },
          h("span", { class: "swatch", style: {
            background: `var(--${each.color ?? `series-${(index % 6) + 1}`})` } }),
          h("span", null, each.name),
          h("strong", { class: "num" }, value === null ? "–" : format(value)));
      }));
    const x = placeOf(at);
    const isRight = x > element.clientWidth / 2;
    tip.style.left = isRight ? "auto" : `${x + 12}px`;
    tip.style.right = isRight ? `${element.clientWidth - x + 12}px` : "auto";
  }

  /** @param {number | null} next */
  function read(next) {
    if (next === reading) return;
    reading = next;
    writeTip();
    ask();
  }

  element.addEventListener("pointermove", (event) => {
    if (!placeOf || instants.length === 0) return;
    const x = event.clientX - element.getBoundingClientRect().left;
    let best = 0;
    for (let i = 1; i < instants.length; i += 1) {
      if (Math.abs(placeOf(instants[i]) - x) < Math.abs(placeOf(instants[best]) - x)) best = i;
    }
    read(best);
  });
  element.addEventListener("pointerleave", () => read(null));
  element.addEventListener("blur", () => read(null));
  element.addEventListener("keydown", (event) => {
    if (instants.length === 0) return;
    const end = instants.length - 1;
    const step = event.shiftKey ? Math.max(1, Math.round(end / 20)) : 1;
    /** @type {Record<string, number | null>} */
    const goals = {
      ArrowRight: Math.min(end, (reading ?? -1) + step),
      ArrowLeft: Math.max(0, (reading ?? end + 1) - step),
      Home: 0, End: end, Escape: null,
    };
    if (!(event.key in goals)) return;
    event.preventDefault();
    read(goals[event.key]);
  });

  function describe() {
    const all = series.flatMap((each) => each.points);
    const values = all.map((point) => point[1]).filter((y) => y !== null && Number.isFinite(y));
    const numbers = /** @type {number[]} */ (values);
    const summary = numbers.length === 0 ? `${label}: ${t("chart.empty")}` : t("chart.summary", {
      label, count: all.length, first: writeX(extreme(all.map((p) => p[0]), Math.min), true),
      last: writeX(extreme(all.map((p) => p[0]), Math.max), true),
      low: format(extreme(numbers, Math.min)), high: format(extreme(numbers, Math.max)),
    });
    dress(element, { "aria-label": `${summary} ${t("chart.keys")}` });
    // A screen reader wants the shape, not ten thousand rows.
    const some = instants.filter((_, i) =>
      i % Math.max(1, Math.ceil(instants.length / 24)) === 0 || i === instants.length - 1);
    fill(alternative, h("table", null,
      h("caption", null, t("chart.table")),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, t("chart.at")),
        series.map((each) => h("th", { scope: "col" }, each.name)))),
      h("tbody", null, some.map((x) => h("tr", null,
        h("th", { scope: "row" }, writeX(x, true)),
        series.map((each) => {
          const value = valueAt(each, x);
          return h("td", null, value === null ? "–" : format(value));
        }))))));
  }

  const sizes = new ResizeObserver(ask);
  sizes.observe(element);
  const endTheme = onTheme(ask);
  const endLanguage = onLanguage(() => {
    describe();
    ask();
  });
  describe();
  ask();

  return {
    element,
    setSeries(next, more) {
      series = next;
      if (more?.marks) marks = more.marks;
      if (more?.levels) bars = more.levels;
      if (more?.label) label = more.label;
      instants = [...new Set(series.flatMap((each) => each.points.map((point) => point[0])))]
        .sort((a, b) => a - b);
      if (reading !== null && reading >= instants.length) reading = null;
      describe();
      draw();
      writeTip();
    },
    state: () => ({ points: instants.length, reading }),
    destroy() {
      sizes.disconnect();
      endTheme();
      endLanguage();
      element.remove();
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Series} series
 * @param {string} tint
 * @param {(x: number) => number} toX
 * @param {(y: number) => number} toY
 * @param {number} floor
 */
function stroke(pen, series, tint, toX, toY, floor) {
  /** @type {[number, number][][]} */
  const runs = [[]];
  for (const [x, y] of series.points) {
    if (y === null || !Number.isFinite(y)) {
      if (runs[runs.length - 1].length > 0) runs.push([]);
      continue;
    }
    const run = runs[runs.length - 1];
    if (series.step && run.length > 0) run.push([toX(x), run[run.length - 1][1]]);
    run.push([toX(x), toY(y)]);
  }
  for (const run of runs) {
    if (run.length === 0) continue;
    if (run.length === 1) {
      pen.fillStyle = tint;
      pen.beginPath();
      pen.arc(run[0][0], run[0][1], 2, 0, 2 * Math.PI);
      pen.fill();
      continue;
    }
    pen.beginPath();
    run.forEach(([x, y], i) => (i === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)));
    pen.strokeStyle = tint;
    pen.lineWidth = 1.75;
    pen.lineJoin = "round";
    pen.setLineDash(series.dash ?? []);
    pen.stroke();
    pen.setLineDash([]);
    if (series.area) {
      pen.lineTo(run[run.length - 1][0], floor);
      pen.lineTo(run[0][0], floor);
      pen.closePath();
      pen.globalAlpha = 0.12;
      pen.fillStyle = tint;
      pen.fill();
      pen.globalAlpha = 1;
    }
  }
}

/**
 * @param {number[]} values
 * @param {(a: number, b: number) => number} which
 */
function extreme(values, which) {
  return values.reduce((a, b) => which(a, b));
}

/**
 * @param {Series[]} series
 * @param {Level[]} levels
 * @param {boolean} zero
 */
function extentOf(series, levels, zero) {
  let [first, last, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const each of series) {
    for (const [x, y] of each.points) {
      if (y === null || !Number.isFinite(y)) continue;
      first = Math.min(first, x);
      last = Math.max(last, x);
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
  }
  if (first > last) return null;
  for (const level of levels) {
    low = Math.min(low, level.y);
    high = Math.max(high, level.y);
  }
  if (zero) [low, high] = [Math.min(0, low), Math.max(0, high)];
  if (low === high) {
    const around = Math.abs(low) * 0.1 || 1;
    [low, high] = [low - around, high + around];
  } else {
    const air = (high - low) * 0.06;
    if (!(zero && low === 0)) low -= air;
    if (!(zero && high === 0)) high += air;
  }
  return { first, last, low, high };
}

/**
 * Returns round values between two bounds, about as many as wanted.
 * @param {number} low
 * @param {number} high
 * @param {number} wanted
 */
export function ticks(low, high, wanted) {
  const raw = (high - low) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= raw) ?? raw;
  const values = [];
  for (let i = Math.ceil(low / step); i * step <= high; i += 1) {
    // Through the decimal text, so that 3 steps of 0.1 are 0.3.
    values.push(Number((i * step).toPrecision(12)));
  }
  return values;
}

/**
 * @param {Series} series
 * @param {number} x
 * @returns {number | null} the value at x, or for steps the last one before it
 */
function valueAt(series, x) {
  const points = series.points;
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle][0] <= x) low = middle + 1;
    else high = middle;
  }
  const found = points[low - 1];
  if (!found || (!series.step && found[0] !== x)) return null;
  return found[1];
}

/**
 * Draws a line of a word's height.
 * @param {(number | null)[]} values
 * @param {{label: string, color?: string, area?: boolean, width?: number, height?: number}} how
 * @returns {HTMLCanvasElement}
 */
export function sparkline(values, how) {
  const width = how.width ?? 96;
  const height = how.height ?? 24;
  const ratio = Math.min(3, devicePixelRatio || 1);
  const canvas = h("canvas", { class: "sparkline", role: "img", "aria-label": how.label });
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d");
  /** @type {Series} */
  const line = { name: how.label, points: values.map((y, x) => [x, y]), area: how.area };
  const extent = extentOf([line], [], false);
  if (!pen || !extent) return canvas;
  pen.scale(ratio, ratio);
  stroke(pen, line, color(how.color ?? "accent"),
    (x) => 2 + (x / Math.max(1, values.length - 1)) * (width - 4),
    (y) => height - 2 - ((y - extent.low) / (extent.high - extent.low)) * (height - 4), height);
  return canvas;
}
