// The past of the world in one strip: what each cycle moved, how many were live after it, and in
// which mode it was. The handle goes back to any of its decisions.

import { h, setText, fill } from "/ui/shell/dom.js";
import { instant, integer, number } from "/ui/shell/format.js";
import { onLanguage, t } from "/ui/shell/i18n.js";
import { color, onTheme } from "/ui/shell/theme.js";
import { panel, word } from "./frame.js";

/** @typedef {import("../model/world.js").Cycle} Cycle */

/** Moves of one cycle that fill the height; more are drawn as that many. */
const movesMost = 6;

/** @param {{onCycle: (cycle: number | null) => void}} options null is the present */
export function makeHistory(options) {
  /** @type {Cycle[]} */
  let cycles = [];
  /** @type {number | null} the place that is shown; null is the present */
  let place = null;
  /** @type {number | null} */
  let pointed = null;

  const canvas = h("canvas", { class: "strip-canvas", "aria-hidden": "true" });
  const slider = h("input", {
    type: "range", class: "strip-slider", min: 0, max: 0, step: 1, "data-t-label": "worlds.history.slider",
    "data-test": "history-slider",
    oninput: () => go(Number(slider.value)),
  });
  const tip = h("div", { class: "strip-tip", hidden: true });
  const strip = h("div", { class: "strip", "data-test": "history-strip" }, canvas, slider, tip);
  const empty = h("p", { class: "soft strip-empty", "data-t": "worlds.history.empty" });
  const note = h("span", { class: "soft num" });
  /** @param {string} sign @param {string} key @param {number} step */
  const stepper = (sign, key, step) => h("button", {
    type: "button", class: "icon-button", "data-t-label": key, "data-t-title": key,
    "data-test": step < 0 ? "history-back" : "history-on", onclick: () => go((place ?? cycles.length) + step),
  }, sign);
  const back = stepper("‹", "worlds.history.back", -1);
  const on = stepper("›", "worlds.history.on", 1);
  const legend = h("ul", { class: "plain strip-legend" },
    [["▲", "good", "to_live"], ["▼", "bad", "from_live"], ["▪", "soft", "other"], ["▬", "accent", "live"]]
      .map(([mark, tone, key]) => h("li", null, h("span", { class: tone, "aria-hidden": "true" }, mark), " ",
        h("span", { "data-t": `worlds.history.${key}` }))));
  const element = panel("history", { note, tools: [legend, back, on] }, strip, empty);

  /** @param {number} to the place after the last cycle is the present */
  function go(to) {
    const next = to >= cycles.length ? null : Math.max(0, to);
    if (next === place) return;
    place = next;
    writeHead();
    draw();
    options.onCycle(place === null ? null : cycles[place].cycle);
  }

  function writeHead() {
    slider.max = String(cycles.length);
    slider.value = String(place ?? cycles.length);
    const shown = place === null ? null : cycles[place];
    slider.setAttribute("aria-valuetext", shown ? words(shown) : t("worlds.history.present"));
    setText(note, shown ? t("worlds.history.at", { cycle: integer(shown.cycle), at: instant(shown.at) })
      : cycles.length > 0 ? t("worlds.history.note", { n: integer(cycles.length), count: cycles.length,
        first: integer(cycles[0].cycle) }) : "");
    back.disabled = cycles.length === 0 || place === 0;
    on.disabled = place === null;
    empty.hidden = cycles.length > 0;
    strip.hidden = cycles.length === 0;
  }

  /** @param {Cycle} cycle */
  function words(cycle) {
    return t("worlds.history.words", { cycle: integer(cycle.cycle), at: instant(cycle.at),
      moves: integer(cycle.moves.length), live: integer(cycle.live), mode: word("worlds.mode", cycle.mode) });
  }

  /** @param {number} width */
  const reach = (width) => ({ left: 6, step: (width - 18) / Math.max(1, cycles.length) });

  function draw() {
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const pen = canvas.getContext("2d");
    if (!pen || width < 20) return;
    const ratio = Math.min(3, devicePixelRatio || 1);
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    pen.scale(ratio, ratio);
    const { left, step } = reach(width);
    const middle = Math.round(height * 0.56);
    const unit = Math.min(9, (height - middle - 8) / movesMost * 1.6);
    const thick = Math.max(1.5, Math.min(9, step * 0.62));
    const most = Math.max(1, ...cycles.map((each) => each.live));
    cycles.forEach((each, index) => {
      const x = left + index * step;
      if (each.mode !== "active") {
        // A band from top to bottom; its upper edge is solid where everything was closed.
        const [from, to] = [Math.round(x), Math.round(x + step)];
        pen.fillStyle = color(each.mode === "halted" ? "bad-soft" : "warn-soft");
        pen.fillRect(from, 3, to - from, height - 6);
        pen.fillStyle = color(each.mode === "halted" ? "bad" : "warn");
        if (each.mode === "halted" || index % 2 === 0) pen.fillRect(from, 3, to - from, 2);
      }
    });
    pen.strokeStyle = color("line-strong");
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(left, middle + 0.5);
    pen.lineTo(width - 12, middle + 0.5);
    pen.stroke();
    pen.strokeStyle = color("accent");
    pen.lineWidth = 1.5;
    pen.globalAlpha = 0.8;
    pen.beginPath();
    cycles.forEach((each, index) => {
      const y = middle - 4 - (each.live / most) * (middle - 16);
      pen.lineTo(left + index * step, y);
      pen.lineTo(left + (index + 1) * step, y);
    });
    pen.stroke();
    pen.globalAlpha = 1;
    cycles.forEach((each, index) => {
      const x = left + index * step + step / 2 - thick / 2;
      const rise = each.moves.filter((move) => move.to === "live").length;
      const fall = each.moves.filter((move) => move.from === "live").length;
      const other = each.moves.length - rise - fall;
      let top = middle;
      /** @param {number} n @param {string} tint */
      const above = (n, tint) => {
        const size = Math.min(movesMost, n) * unit;
        pen.fillStyle = color(tint);
        pen.fillRect(x, top - size, thick, size - 1);
        top -= size;
      };
      if (rise > 0) above(rise, "good");
      if (fall > 0) {
        pen.fillStyle = color("bad");
        pen.fillRect(x, middle + 1, thick, Math.min(movesMost, fall) * unit);
      }
      if (other > 0) {
        pen.fillStyle = color("text-faint");
        pen.fillRect(x, height - 9, thick, Math.min(5, 2 + other));
      }
    });
    for (const [at, tint] of /** @type {[number | null, string][]} */ ([[pointed, "text-faint"], [place ?? cycles.length, "text"]])) {
      if (at === null) continue;
      const x = Math.round(left + at * step + (at < cycles.length ? step / 2 : 3)) + 0.5;
      pen.strokeStyle = pen.fillStyle = color(tint);
      pen.lineWidth = 1.5;
      pen.beginPath();
      pen.moveTo(x, 2);
      pen.lineTo(x, height - 2);
      pen.stroke();
      if (tint === "text") {
        pen.beginPath();
        pen.arc(x, 5, 4, 0, 2 * Math.PI);
        pen.fill();
      }
    }
  }

  /** @param {number | null} at */
  function point(at) {
    if (at === pointed) return;
    pointed = at;
    const cycle = at === null ? undefined : cycles[at];
    tip.hidden = cycle === undefined;
    if (cycle && at !== null) {
      const { left, step } = reach(strip.clientWidth);
      const x = left + at * step;
      const isRight = x > strip.clientWidth / 2;
      tip.style.left = isRight ? "auto" : `${x + 14}px`;
      tip.style.right = isRight ? `${strip.clientWidth - x + 14}px` : "auto";
      fill(tip,
        h("strong", null, t("worlds.history.at", { cycle: integer(cycle.cycle), at: instant(cycle.at) })),
        h("span", { class: "soft" }, `${word("worlds.mode", cycle.mode)} · ${
          t("worlds.picker_live", { n: integer(cycle.live), count: cycle.live })} · ${t("worlds.fact.scale")} ${number(cycle.scale)}`),
        cycle.moves.slice(0, movesMost).map((move) => h("span", { class: "strip-move" },
          h("code", null, move.instance), ` ${word("worlds.phase", move.from)} → ${word("worlds.phase", move.to)}`)));
    }
    draw();
  }

  slider.addEventListener("pointermove", (event) => {
    const { left, step } = reach(strip.clientWidth);
    const at = Math.floor((event.clientX - strip.getBoundingClientRect().left - left) / step);
    point(at >= 0 && at < cycles.length ? at : null);
  });
  slider.addEventListener("pointerleave", () => point(null));

  const sizes = new ResizeObserver(draw);
  sizes.observe(strip);
  onTheme(draw);
  onLanguage(writeHead);

  return {
    element,
    /** @param {Cycle[]} next */
    show(next) {
      const shown = place === null ? null : cycles[place]?.cycle ?? null;
      cycles = next;
      // The same cycle stays in view where newer ones came.
      const found = shown === null ? -1 : cycles.findIndex((each) => each.cycle === shown);
      const wasPast = place !== null;
      place = found < 0 ? null : found;
      writeHead();
      draw();
      if (wasPast && place === null) options.onCycle(null);
    },
    toNow: () => go(cycles.length),
    state: () => ({ cycles: cycles.length, shown: place === null ? null : cycles[place].cycle }),
  };
}
