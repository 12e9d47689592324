// A run that can be played again: its events, its gauges at many moments, and a clock of its own.

import { get } from "/ui/shell/api.js";
import { digest } from "./digest.js";
import { readSeries, readStatus } from "./status.js";

const PAGE = 500;
/** A page keeps so many events at most; of a longer run the rest is not loaded. */
const MOST_EVENTS = 40_000;

/** @typedef {{at: number, status: import("./status.js").Status}} Frame */
/**
 * @typedef {object} Recording
 * @property {string} run
 * @property {Frame[]} frames
 * @property {import("./digest.js").Moment[]} moments
 * @property {Record<string, import("./status.js").Point[]>} series
 * @property {number} from milliseconds since 1970
 * @property {number} to grows while the run goes on
 * @property {number} refused events that could not be read
 * @property {boolean} isWhole whether all events are in it
 */

/**
 * Loads a run.
 * @param {string} run
 * @param {AbortSignal} signal
 * @returns {Promise<Recording | null>} null where the run has no events
 */
export async function loadRecording(run, signal) {
  const path = `/api/runs/${encodeURIComponent(run)}`;
  const replay = await get(`${path}/replay?frames=240`, { signal });
  /** @type {Frame[]} */
  const frames = [];
  for (const frame of Array.isArray(replay?.frames) ? replay.frames : []) {
    const status = readStatus(frame);
    const at = Date.parse(frame?.at ?? "");
    if (status && Number.isFinite(at)) frames.push({ at, status });
  }
  const last = readStatus(replay?.final);
  /** @type {import("./digest.js").Moment[]} */
  const moments = [];
  let refused = 0;
  let after = 0;
  let isWhole = false;
  while (moments.length < MOST_EVENTS) {
    const page = await get(`${path}/events?after=${after}&limit=${PAGE}`, { signal });
    for (const envelope of Array.isArray(page?.events) ? page.events : []) {
      const moment = digest(envelope);
      if (moment) moments.push(moment);
      else refused += 1;
    }
    if (typeof page?.next !== "number" || page.next <= after) {
      isWhole = true;
      break;
    }
    after = page.next;
  }
  if (moments.length === 0) return null;
  const from = moments[0].at;
  const to = Math.max(
    from + 1, moments[moments.length - 1].at, frames[frames.length - 1]?.at ?? from
  );
  if (last) frames.push({ at: to, status: last });
  const series = {
    novelty: readSeries(replay?.final, "novelty"), coverage: readSeries(replay?.final, "coverage"),
    explore_ratio: readSeries(replay?.final, "explore_ratio"),
  };
  return { run, frames, moments, series, from, to, refused, isWhole };
}

/**
 * A recording of a run whose first event has just arrived.
 * @param {string} run
 * @param {number} at milliseconds since 1970
 * @returns {Recording}
 */
export function blankRecording(run, at) {
  return { run, frames: [], moments: [], series: {}, from: at, to: at, refused: 0, isWhole: true };
}

/**
 * The index of the last item not after an instant, -1 before the first.
 * @param {{at: number}[]} items in the order of time
 * @param {number} at
 */
export function lastUpTo(items, at) {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle].at <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Of a run that goes on for days, so many gauges are kept; then every other one is let go. */
const MOST_FRAMES = 2000;

/**
 * Adds what has just happened to the recording of a run that goes on.
 * @param {Recording} recording
 * @param {import("./digest.js").Moment[]} moments
 */
export function record(recording, moments) {
  for (const moment of moments) recording.moments.push(moment);
  recording.to = Math.max(recording.to, moments[moments.length - 1].at);
  if (recording.moments.length <= MOST_EVENTS * 1.5) return;
  recording.moments.splice(0, recording.moments.length - MOST_EVENTS);
  recording.from = recording.moments[0].at;
  recording.isWhole = false;
}

/**
 * Adds the gauges as they stand now, where anything happened since those before.
 * @param {Recording} recording
 * @param {import("./status.js").Status} status
 */
export function recordStatus(recording, status) {
  const last = recording.frames[recording.frames.length - 1];
  if (last && last.status.at === status.at && last.status.isProtected === status.isProtected) return;
  recording.frames.push({ at: Math.max(recording.to, status.at ?? 0), status });
  if (recording.frames.length > MOST_FRAMES) recording.frames = recording.frames.filter(
    (_, index) => index % 2 === 0
  );
}

/** How many events after a jump are shown in the ticker, as those that came just before. */
const RECALLED = 200;

/**
 * @typedef {object} Player
 * @property {Recording} recording
 * @property {boolean} isPlaying
 * @property {number} speed
 * @property {number} at milliseconds since 1970
 */

/**
 * @param {Recording} recording
 * @param {object} hooks
 * @param {(moment: import("./digest.js").Moment) => void} hooks.onMoment an event that the clock passed
 * @param {(past: import("./digest.js").Moment[], recalled: number) => void} hooks.onJump everything
 *   up to the clock after a jump; the last `recalled` of them are news
 */
export function buildPlayer(recording, hooks) {
  const { moments } = recording;
  let at = recording.to;
  let next = moments.length;
  let isPlaying = false;
  let speed = 1;

  /** @param {number} time */
  function seek(time) {
    at = Math.min(recording.to, Math.max(recording.from, time));
    next = lastUpTo(moments, at) + 1;
    hooks.onJump(moments.slice(0, next), RECALLED);
  }

  return {
    recording,
    seek,
    get at() {
      return at;
    },
    get isPlaying() {
      return isPlaying;
    },
    get speed() {
      return speed;
    },
    get passed() {
      return next;
    },
    get position() {
      return (at - recording.from) / Math.max(1, recording.to - recording.from);
    },
    /** The gauges as they stood. @returns {import("./status.js").Status | null} */
    get status() {
      const { frames } = recording;
      const index = lastUpTo(frames, at);
      return index < 0 ? frames[0]?.status ?? null : frames[index].status;
    },
    play() {
      if (at >= recording.to) seek(recording.from);
      isPlaying = true;
    },
    pause() {
      isPlaying = false;
    },
    /** @param {number} times */
    setSpeed(times) {
      speed = times;
    },
    /**
     * To an event before or after.
     * @param {number} steps how many events
     */
    step(steps) {
      const index = Math.min(moments.length - 1, Math.max(0, next - 1 + steps));
      seek(moments[index].at);
    },
    /** @param {number} dt seconds of the person's time */
    advance(dt) {
      if (!isPlaying) return;
      at = Math.min(recording.to, at + dt * 1000 * speed);
      while (next < moments.length && moments[next].at <= at) {
        hooks.onMoment(moments[next]);
        next += 1;
      }
      if (at >= recording.to) isPlaying = false;
    },
  };
}
