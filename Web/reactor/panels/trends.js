// How widely and how newly the run searches: three small curves with their latest value.

import { percent } from "/ui/shell/format.js";
import { h, setText } from "/ui/shell/dom.js";
import { t } from "/ui/shell/i18n.js";
import { color } from "/ui/shell/theme.js";
import { lastUpTo } from "../model/replay.js";
import { fitCanvas, flatPen } from "./drawing.js";

const NAMES = /** @type {const} */ (["novelty", "coverage", "explore_ratio"]);
const TONES = { novelty: "series-4", coverage: "series-1", explore_ratio: "explore" };
const LOW_FLAGS = {
  novelty: "low_novelty", coverage: "low_coverage", explore_ratio: "explore_floor_breached",
};

/** @typedef {Record<string, import("../model/status.js").Point[]>} Series */

/** @param {HTMLElement} list */
export function buildTrends(list) {
  const rows = NAMES.map((name) => {
    const label = h("span", { class: "rx-trend-name" });
    const value = h("span", { class: "rx-trend-value num" });
    const canvas = h("canvas", { class: "rx-trend-line", role: "img" });
    list.append(h("div", { class: "rx-trend", "data-trend": name }, label, value, canvas));
    return { name, label, value, canvas, drawn: "" };
  });

  /**
   * @param {typeof rows[number]} row
   * @param {import("../model/status.js").Point[]} points
   * @param {number | null} target
   */
  function draw(row, points, target) {
    const { canvas } = row;
    const { width, height, pixels } = fitCanvas(canvas);
    const pen = flatPen(canvas);
    pen.scale(pixels, pixels);
    /** @param {number} value */
    const level = (value) => height - 2 - Math.min(1, Math.max(0, value)) * (height - 5);
    pen.strokeStyle = color("line-strong");
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(0, height - 1.5);
    pen.lineTo(width, height - 1.5);
    pen.stroke();
    if (target !== null) {
      pen.setLineDash([2, 3]);
      pen.beginPath();
      pen.moveTo(0, level(target));
      pen.lineTo(width, level(target));
      pen.stroke();
      pen.setLineDash([]);
    }
    if (points.length === 0) return;
    pen.strokeStyle = pen.fillStyle = color(TONES[row.name]);
    pen.lineWidth = 1.4;
    pen.lineJoin = "round";
    pen.beginPath();
    points.forEach((point, index) => {
      const x = points.length === 1 ? width - 3 : (index / (points.length - 1)) * (width - 4);
      if (index === 0) pen.moveTo(x, level(point.value));
      else pen.lineTo(x, level(point.value));
    });
    pen.stroke();
    pen.beginPath();
    pen.arc(width - 4, level(points[points.length - 1].value), 2.2, 0, Math.PI * 2);
    pen.fill();
  }

  return {
    /**
     * @param {Series} series
     * @param {number} upTo milliseconds since 1970; later points are not shown
     * @param {import("../model/status.js").Status | null} status
     */
    write(series, upTo, status) {
      for (const row of rows) {
        const all = series[row.name] ?? [];
        const points = all.slice(Math.max(0, lastUpTo(all, upTo) - 119), lastUpTo(all, upTo) + 1);
        const last = points[points.length - 1];
        const isLow = status?.flags[LOW_FLAGS[row.name]] === true;
        const name = t(`reactor.trend.${row.name}`);
        setText(row.label, name);
        setText(row.value, `${percent(last?.value)}${isLow ? ` ▼ ${t("reactor.trend_low")}` : ""}`);
        row.value.classList.toggle("warn", isLow);
        const key = `${points.length} ${last?.at} ${last?.value} ${color("bg")} ${row.canvas.clientWidth}`;
        if (key === row.drawn) continue;
        row.drawn = key;
        draw(row, points, row.name === "explore_ratio" ? status?.lanes.target ?? null : null);
        row.canvas.setAttribute(
          "aria-label",
          t("reactor.trend_words", { name, value: percent(last?.value), n: points.length })
        );
      }
    },
  };
}
