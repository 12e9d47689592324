// The scrubber: plays a run again, shows where in it the page stands, and marks what happened when.

import { duration } from "/ui/shell/format.js";
import { h, setText } from "/ui/shell/dom.js";
import { t } from "/ui/shell/i18n.js";
import { integer } from "/ui/shell/format.js";
import { color } from "/ui/shell/theme.js";
import { fitCanvas, flatPen } from "./drawing.js";

const SPEEDS = [1 / 32, 1 / 16, 1 / 8, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64];
const STEPS = 2000;
/** A replay that nobody tuned takes about so many seconds. */
const GOOD_LENGTH = 40;

/**
 * The speed at which a run of that length is good to watch.
 * @param {number} milliseconds
 */
export function goodSpeed(milliseconds) {
  const wanted = milliseconds / 1000 / GOOD_LENGTH;
  return SPEEDS.reduce(
    (best, speed) => (
      Math.abs(Math.log(speed / wanted)) < Math.abs(Math.log(best / wanted)) ? speed : best
    ),
    1
  );
}

/** What is marked on the track: which events, where, and in which color. */
const MARKED = /** @type {Record<string, {row: number, tone: string}>} */ ({
  "llm.usage_point": { row: 0, tone: "series-1" },
  "budget.fallback_applied": { row: 1, tone: "warn" },
  "budget.warning": { row: 1, tone: "warn" },
  "budget.check_failed": { row: 1, tone: "bad" },
  "budget.blocked": { row: 1, tone: "bad" },
  "retrieval.pack_built": { row: 2, tone: "explore" },
  "evaluation.completed": { row: 2, tone: "good" },
});

/** @typedef {ReturnType<typeof import("../model/replay.js").buildPlayer>} Player */

/**
 * @param {HTMLElement} host
 * @param {object} acts
 * @param {() => void} acts.toggle
 * @param {(share: number) => void} acts.seek
 * @param {(steps: number) => void} acts.step
 * @param {(speed: number) => void} acts.speed
 * @param {() => void} acts.live
 */
export function buildScrubber(host, acts) {
  const play = h(
    "button",
    {
      type: "button", class: "rx-play", "data-test": "play", "aria-keyshortcuts": "Space",
      onclick: acts.toggle,
    }
  );
  const marks = h("canvas", { class: "rx-marks", "aria-hidden": "true" });
  const slider = h("input", {
    type: "range", class: "rx-slider", min: "0", max: String(STEPS), step: "1", "data-test": "slider",
    oninput: () => acts.seek(Number(slider.value) / STEPS),
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      // A step of the slider is an event of the run, which its own steps know nothing of.
      const steps = {
        ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -20, PageUp: 20,
      }[event.key];
      if (steps === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      acts.step(steps);
    },
  });
  const place = h("span", { class: "rx-place num", "data-test": "position" });
  const speed = h("select", {
    class: "rx-speed", "data-test": "speed",
    onchange: () => acts.speed(Number(speed.value)),
  }, SPEEDS.map((times) => h("option", { value: String(times) }, `${times < 1 ? `1/${1 / times}` : times}×`)));
  const live = h(
    "button",
    {
      type: "button", class: "button small rx-live", "data-test": "back-to-live",
      onclick: acts.live,
    }
  );
  host.append(play, h("div", { class: "rx-track" }, marks, slider), place, speed, live);
  let drawnFor = "";
  let drawnCount = 0;
  let drawnAt = 0;

  /** @param {Player} player */
  function drawMarks(player) {
    const box = marks.getBoundingClientRect();
    const { recording } = player;
    const key = `${recording.run} ${box.width} ${color("bg")}`;
    const now = performance.now();
    // While a run goes on, its new events are marked once a second.
    const isStale = recording.moments.length !== drawnCount && now - drawnAt > 1000;
    if ((key === drawnFor && !isStale) || box.width === 0) return;
    drawnFor = key;
    drawnCount = recording.moments.length;
    drawnAt = now;
    const { pixels } = fitCanvas(marks);
    const pen = flatPen(marks);
    pen.scale(pixels, pixels);
    const span = Math.max(1, recording.to - recording.from);
    const row = box.height / 3;
    // The slider's thumb has a width, so that its travel is shorter than the track.
    const inset = 8;
    pen.globalAlpha = 0.85;
    for (const moment of recording.moments) {
      const mark = MARKED[moment.kind];
      if (!mark) continue;
      pen.fillStyle = color(mark.tone);
      const x = inset + ((moment.at - recording.from) / span) * (box.width - 2 * inset);
      pen.fillRect(x - 0.75, mark.row * row + 1, 1.5, row - 2);
    }
  }

  return {
    /**
     * @param {Player | null} player
     * @param {object} now
     * @param {boolean} now.isLive
     * @param {boolean} now.isRunning whether the run is still going on
     * @param {boolean} now.isLoading
     */
    write(player, now) {
      host.dataset.mode = now.isLive ? "live" : "replay";
      play.disabled = player === null && (!now.isLive || now.isLoading);
      const isEnded = player !== null && player.at >= player.recording.to;
      const label =
        now.isLoading ? "reactor.loading"
        : player?.isPlaying ? "reactor.pause"
        : isEnded ? "reactor.again"
        : "reactor.play";
      play.dataset.playing = String(player?.isPlaying === true);
      play.setAttribute("aria-label", t(label));
      play.title = t("reactor.keys");
      slider.disabled = player === null;
      slider.setAttribute("aria-label", t("reactor.slider"));
      speed.setAttribute("aria-label", t("reactor.speed"));
      speed.disabled = player === null;
      setText(
        live,
        now.isLive ? `● ${t("reactor.live")}` : now.isRunning ? t("reactor.back_to_live") : t("reactor.at_end")
      );
      live.disabled = now.isLive || (
        !now.isRunning && player !== null && player.at >= player.recording.to
      );
      live.dataset.live = String(now.isLive);
      if (player === null) {
        setText(place, now.isLoading ? t("reactor.loading") : now.isLive ? "" : "–");
        if (!now.isLive) slider.value = String(STEPS);
        return;
      }
      drawMarks(player);
      const { recording } = player;
      slider.value = String(now.isLive ? STEPS : Math.round(player.position * STEPS));
      const words = {
        time: duration(player.at - recording.from), total: duration(recording.to - recording.from),
        n: integer(player.passed), count: integer(recording.moments.length),
      };
      slider.setAttribute(
        "aria-valuetext", now.isLive ? t("reactor.live") : t("reactor.position", words)
      );
      setText(
        place,
        now.isLive ? `${words.total} · ${words.count}` : `${words.time} / ${words.total} · ${words.n} / ${words.count}`
      );
      place.title = recording.isWhole ? "" : t(
        "reactor.partial", { n: integer(recording.moments.length) }
      );
      if (speed.value !== String(player.speed)) speed.value = String(player.speed);
    },
    refresh() {
      drawnFor = "";
    },
  };
}
