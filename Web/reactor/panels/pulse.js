// Cost Pulse: an electrocardiogram with one beat for each call. Its height is what the call cost,
// or its tokens where calls cost nothing.

import { language, t } from "/ui/shell/i18n.js";
import { compact, dollars, missing } from "/ui/shell/format.js";
import { fill, h, setText } from "/ui/shell/dom.js";
import { color } from "/ui/shell/theme.js";
import { fitCanvas, flatPen } from "./drawing.js";

const SWEEP_SECONDS = 9;
const SAMPLES_PER_SECOND = 160;
const SAMPLES = SWEEP_SECONDS * SAMPLES_PER_SECOND;
const BEAT_SECONDS = 0.46;
/** Beats come one after the other, and closer together as more of them wait. */
const WIDEST_GAP = 0.34;
const NARROWEST_GAP = 0.05;
const WAITING = 256;
/** How much of the paper ahead of the pen is blank, as a share of the sweep. */
const BLANK = 0.035;
const PAPER = 12;
/** Values nearer to each other than this, in CSS pixels, are not all written. */
const CROWDED = 36;
const TIP = 2.6;
/** The highest beat of late leaves so much room above it. */
const HEADROOM = 1.28;

/** The waves of a heartbeat: when, how wide (seconds), how high; R is 1. */
const WAVES = [
  [0.05, 0.02, 0.1], [0.125, 0.0085, -0.14], [0.15, 0.0105, 1], [0.178, 0.0095, -0.24],
  [0.31, 0.036, 0.2],
];
const PEAK_AT = 0.15;

/** @param {number} seconds since the beat began */
function beatAt(seconds) {
  let height = 0;
  for (const [at, width, size] of WAVES) {
    const apart = (seconds - at) / width;
    if (apart > -4 && apart < 4) height += size * Math.exp(-0.5 * apart * apart);
  }
  return height;
}

/** @typedef {import("../model/story.js").Call} Call */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} key where it says what the height means
 * @param {HTMLElement} figures
 */
export function buildPulse(canvas, key, figures) {
  const pen = flatPen(canvas);
  const paper = document.createElement("canvas");
  const trace = new Float32Array(SAMPLES);
  const starts = new Float64Array(WAITING);
  const heights = new Float64Array(WAITING);
  let first = 0;
  let waiting = 0;
  let clock = 0;
  let at = 0;
  let lastStart = -10;
  let lastLabeled = -10;
  let top = 1;
  let isDrawn = false;
  let isMoving = false;
  let width = 1;
  let height = 1;
  let pixels = 1;
  /** @type {"cost" | "tokens"} */
  let measure = "tokens";
  /** Peaks that carry their value as a text, by the sample at which they stand. */
  const labels = Array.from(
    { length: 24 }, () => ({ sample: -1, value: 0, text: "", isDue: false })
  );
  let nextLabel = 0;
  let version = -1;

  /** @param {Call} call */
  const heightOf = (call) => (measure === "cost" ? call.cost ?? 0 : call.tokens);
  /** @param {number} value */
  const words = (value) => (measure === "cost" ? dollars(value) : compact(value));

  /** @param {Call[]} calls */
  function judge(calls) {
    const next = calls.some((call) => call.cost !== null && call.cost > 0) ? "cost" : "tokens";
    const changed = next !== measure;
    measure = next;
    let most = 0;
    for (let i = Math.max(0, calls.length - 40); i < calls.length; i += 1) most = Math.max(
      most, heightOf(calls[i])
    );
    const nextTop = most > 0 ? most * HEADROOM : 1;
    if (nextTop === top && !changed) return;
    top = nextTop;
    isDrawn = false;
  }

  /** @param {number} seconds */
  function signal(seconds) {
    let value = 0;
    for (let i = 0; i < waiting; i += 1) {
      const slot = (first + i) % WAITING;
      const since = seconds - starts[slot];
      if (since < 0) break;
      if (since < BEAT_SECONDS) value += heights[slot] * beatAt(since);
    }
    while (waiting > 0 && seconds - starts[first] >= BEAT_SECONDS) {
      first = (first + 1) % WAITING;
      waiting -= 1;
    }
    return value;
  }

  /** @param {number} value */
  function schedule(value) {
    if (waiting === WAITING) {
      // Only a storm of calls gets here: the last beat that waits stands for both.
      const last = (first + waiting - 1) % WAITING;
      heights[last] = Math.max(heights[last], value);
      return;
    }
    let ahead = 0;
    for (let i = 0; i < waiting; i += 1) if (starts[(first + i) % WAITING] > clock) ahead += 1;
    const gap = Math.max(NARROWEST_GAP, WIDEST_GAP / (1 + ahead / 6));
    const start = Math.max(clock + 0.02, lastStart + gap);
    lastStart = start;
    const slot = (first + waiting) % WAITING;
    starts[slot] = start;
    heights[slot] = value;
    waiting += 1;
    const label = labels[nextLabel];
    nextLabel = (nextLabel + 1) % labels.length;
    // The pen is at `at` when the clock stands at `clock`; a jump may have parted the two.
    label.sample = (at + Math.floor((start + PEAK_AT - clock) * SAMPLES_PER_SECOND)) % SAMPLES;
    label.value = value;
    label.text = words(value);
    // Of beats that stand close together, the first carries its value.
    label.isDue = start - lastLabeled > CROWDED / width * SWEEP_SECONDS;
    if (label.isDue) lastLabeled = start;
    if (!label.isDue) label.sample = -1;
  }

  function drawPaper() {
    paper.width = canvas.width;
    paper.height = canvas.height;
    const ink = flatPen(paper);
    ink.scale(pixels, pixels);
    ink.strokeStyle = color("grid");
    ink.lineWidth = 0.5;
    for (let pass = 0; pass < 2; pass += 1) {
      const step = pass === 0 ? PAPER : PAPER * 5;
      ink.globalAlpha = pass === 0 ? 0.55 : 1;
      ink.lineWidth = pass === 0 ? 0.5 : 1;
      ink.beginPath();
      for (let x = step; x < width; x += step) {
        ink.moveTo(Math.round(x) + 0.5, 0);
        ink.lineTo(Math.round(x) + 0.5, height);
      }
      for (let y = height - 16; y > 0; y -= step) {
        ink.moveTo(0, Math.round(y) + 0.5);
        ink.lineTo(width, Math.round(y) + 0.5);
      }
      ink.stroke();
    }
    ink.globalAlpha = 1;
    ink.font = `10px ${color("mono")}`;
    ink.fillStyle = color("text-faint");
    ink.fillText(words(top / HEADROOM), 4, level(top / HEADROOM) + 3);
    ink.fillText("0", 4, height - 5);
  }

  /** @param {number} value */
  const level = (value) => height - 16 - (value / top) * (height - 30);
  /** @param {number} sample */
  const across = (sample) => (sample / SAMPLES) * width;

  /**
   * Draws the trace between two samples.
   * @param {number} from
   * @param {number} to
   */
  function stroke(from, to) {
    if (to - from < 1) return;
    const step = Math.max(1, Math.floor(SAMPLES / width / 1.5));
    pen.strokeStyle = color("series-1");
    pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(across(from), level(trace[from]));
    for (let i = from + 1; i <= to; i += step) {
      // The highest sample of the step, or a narrow peak could fall between two.
      let value = trace[i];
      for (let j = i + 1; j < i + step && j <= to; j += 1) {
        if (Math.abs(trace[j]) > Math.abs(value)) value = trace[j];
      }
      pen.lineTo(across(i), level(value));
    }
    pen.globalAlpha = 0.16;
    pen.lineWidth = 6;
    pen.stroke();
    pen.globalAlpha = 1;
    pen.lineWidth = 1.8;
    pen.stroke();
  }

  /**
   * Puts blank paper over a strip.
   * @param {number} x @param {number} wide
   */
  function erase(x, wide) {
    const from = Math.max(0, Math.round(x * pixels));
    const length = Math.min(canvas.width - from, Math.round(wide * pixels));
    if (length <= 0) return;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(from, 0, length, canvas.height);
    pen.drawImage(paper, from, 0, length, canvas.height, from, 0, length, canvas.height);
    pen.setTransform(pixels, 0, 0, pixels, 0, 0);
  }

  /** @param {typeof labels[number]} label */
  function write(label) {
    const x = across(label.sample);
    label.isDue = false;
    if (x < 48 || x > width - 14) return;
    pen.font = `10px ${color("mono")}`;
    pen.textAlign = "center";
    pen.fillStyle = color("text-soft");
    pen.fillText(label.text, x, Math.max(10, level(label.value) - 4));
  }

  /** Draws everything anew, after the scale, the size or the colors changed. */
  function drawAll() {
    drawPaper();
    erase(0, width);
    const ahead = Math.min(SAMPLES - 1, at + Math.floor(SAMPLES * BLANK));
    if (isMoving) {
      stroke(0, Math.max(0, at - 1));
      stroke(ahead, SAMPLES - 1);
    } else stroke(0, SAMPLES - 1);
    let lastX = -100;
    for (let i = 0; i < labels.length; i += 1) {
      const label = labels[(nextLabel + i) % labels.length];
      const x = across(label.sample);
      if (label.sample < 0 || label.isDue || Math.abs(x - lastX) < CROWDED || (
        isMoving && label.sample >= at && label.sample <= ahead
      )) continue;
      lastX = x;
      write(label);
    }
    isDrawn = true;
  }

  /**
   * Draws what the pen has passed since the frame before, and blanks the paper ahead of it.
   * @param {number} from the sample where it stood
   */
  function drawOn(from) {
    const gap = width * BLANK;
    if (at < from) {
      stroke(Math.max(0, from - 1), SAMPLES - 1);
      erase(0, across(at) + gap);
      stroke(0, at - 1);
    } else {
      erase(across(from) + 1, across(at) - across(from) + gap);
      stroke(Math.max(0, from - 1), at - 1);
    }
    for (const label of labels) {
      // A value is written once the blank strip can no longer wipe it away.
      const behind = (at - label.sample + SAMPLES) % SAMPLES;
      if (label.isDue && behind > SAMPLES * BLANK * 2 && behind < SAMPLES / 2) write(label);
    }
    // The tip of the pen lies on the blank strip, where the next frame wipes it away.
    pen.fillStyle = color("text");
    pen.beginPath();
    pen.arc(
      across(at) + TIP + 1.5, level(trace[(at - 1 + SAMPLES) % SAMPLES]), TIP, 0, Math.PI * 2
    );
    pen.fill();
  }

  return {
    /**
     * A beat for a call that has just been made.
     * @param {Call} call
     * @param {Call[]} calls
     */
    beat(call, calls) {
      judge(calls);
      schedule(heightOf(call));
    },
    /**
     * The last calls as a strip without movement, for the moment after a jump.
     * @param {Call[]} calls
     */
    recall(calls) {
      judge(calls);
      trace.fill(0);
      waiting = 0;
      lastStart = clock - 10;
      lastLabeled = lastStart;
      for (const label of labels) {
        label.sample = -1;
        label.isDue = false;
      }
      const shown = calls.slice(-16);
      const gap = Math.min(0.8, (SWEEP_SECONDS * (1 - BLANK) - 0.6) / Math.max(1, shown.length));
      // The strip ends where the pen stands, so that a sweep that begins now goes on from it.
      const begin = at / SAMPLES_PER_SECOND - 0.3 - gap * shown.length;
      shown.forEach((call, index) => {
        const start = begin + gap * index;
        for (let i = 0; i < BEAT_SECONDS * SAMPLES_PER_SECOND; i += 1) {
          const sample = Math.floor(start * SAMPLES_PER_SECOND) + i;
          trace[(
            (sample % SAMPLES) + SAMPLES
          ) % SAMPLES] += heightOf(call) * beatAt(i / SAMPLES_PER_SECOND);
        }
        const peak = Math.floor((start + PEAK_AT) * SAMPLES_PER_SECOND);
        labels[nextLabel].sample = ((peak % SAMPLES) + SAMPLES) % SAMPLES;
        labels[nextLabel].value = heightOf(call);
        labels[nextLabel].text = words(heightOf(call));
        nextLabel = (nextLabel + 1) % labels.length;
      });
      isDrawn = false;
    },
    /** @param {number} dt seconds @param {boolean} isSweeping */
    frame(dt, isSweeping) {
      if (isMoving !== isSweeping) {
        isMoving = isSweeping;
        isDrawn = false;
      }
      if (!isDrawn) drawAll();
      if (!isSweeping) return;
      const from = at;
      const base = Math.floor(clock * SAMPLES_PER_SECOND);
      clock += dt;
      const samples = Math.floor(clock * SAMPLES_PER_SECOND) - base;
      for (let i = 0; i < samples; i += 1) {
        trace[at] = signal((base + i) / SAMPLES_PER_SECOND);
        at = (at + 1) % SAMPLES;
      }
      if (at !== from) drawOn(from);
    },
    /**
     * Redraws with the size that holds now.
     * @param {boolean} isRestyled whether colors or words changed as well
     */
    refresh(isRestyled) {
      const box = canvas.getBoundingClientRect();
      if (!isRestyled && Math.abs(box.width - width) < 0.5 && Math.abs(box.height - height) < 0.5) return;
      ({ width, height, pixels } = fitCanvas(canvas));
      version = -1;
      drawAll();
    },
    /**
     * Writes the figures beside the trace.
     * @param {import("../model/story.js").Story} story
     */
    write(story) {
      if (version === story.callVersion) return;
      version = story.callVersion;
      judge(story.calls);
      setText(key, t(measure === "cost" ? "reactor.pulse_cost" : "reactor.pulse_tokens"));
      const last = story.calls[story.calls.length - 1];
      const { calls, tokens, cost, unpriced } = story.totals;
      const lines = [
        [
          t("reactor.pulse_last"),
          last ? `${compact(last.tokens)} · ${last.cost === null ? t("reactor.unpriced") : dollars(last.cost)}` : missing,
        ],
        [
          t("reactor.pulse_mean"),
          calls > 0 ? `${compact(tokens / calls)} · ${dollars(cost / calls)}` : missing,
        ],
        [t("reactor.pulse_total"), calls > 0 ? `${compact(tokens)} · ${dollars(cost)}` : missing],
        [
          t("reactor.pulse_calls"),
          unpriced > 0 ? t("reactor.calls_unpriced", { n: calls, unpriced }) : String(calls),
        ],
      ];
      fill(
        figures,
        lines.map(
          ([name, value]) => h("div", null, h("dt", null, name), h("dd", { class: "num" }, value))
        )
      );
      canvas.setAttribute(
        "aria-label",
        `${t("reactor.pulse")}. ${lines.map(([name, value]) => `${name}: ${value}`).join(". ")}`
      );
      canvas.lang = language();
    },
    get measure() {
      return measure;
    },
  };
}
