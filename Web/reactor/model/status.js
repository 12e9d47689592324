// Reads a reactor status: gauges, flags and the state of the core, checked once.

import { finite } from "./digest.js";

/** @typedef {{value: number | null, limit: number | null}} Gauge */
/** @typedef {{at: number, value: number}} Point */
/**
 * @typedef {object} Status
 * @property {import("../scene/tones.js").CoreState} state
 * @property {number | null} pressure share of the fullest ceiling
 * @property {boolean} isProtected
 * @property {Record<string, boolean>} flags
 * @property {Record<string, Gauge>} gauges
 * @property {{explore: number | null, target: number | null, source: string}} lanes
 * @property {{count: number, phase: string, factor: number | null}} fallback
 * @property {{pressure: number | null}} peaks
 * @property {number | null} at milliseconds since 1970
 */

/** @type {Gauge} */
const ABSENT = { value: null, limit: null };
const STATES = ["stable", "warning", "critical", "blocked"];

/** @param {unknown} value @returns {value is Record<string, any>} */
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * @param {any} payload a status, or a frame of a replay
 * @returns {Status | null} null where it is neither
 */
export function readStatus(payload) {
  if (!isRecord(payload) || !isRecord(payload.gauges) || !isRecord(payload.flags)) return null;
  /** @type {Record<string, Gauge>} */
  const gauges = {};
  for (const [name, gauge] of Object.entries(payload.gauges)) {
    if (isRecord(gauge)) gauges[name] = { value: finite(gauge.value), limit: finite(gauge.limit) };
  }
  /** @type {Record<string, boolean>} */
  const flags = {};
  for (const [name, flag] of Object.entries(payload.flags)) {
    if (typeof flag === "boolean") flags[name] = flag;
  }
  const reactor = isRecord(payload.reactor) ? payload.reactor : {};
  const named = reactor.core?.state ?? payload.flags.reactor_state;
  const pressure = gauges.pressure?.value ?? finite(reactor.core?.pressure);
  const radar = reactor.exploit_explore_radar ?? {};
  const at = Date.parse(payload.as_of ?? payload.at ?? "");
  return {
    state: pressure === null || !STATES.includes(named) ? "idle" : named,
    pressure,
    isProtected: flags.protection_mode === true,
    flags,
    gauges,
    lanes: {
      explore: finite(radar.explore_ratio), target: finite(radar.target_explore_ratio),
      source: typeof radar.explore_source === "string" ? radar.explore_source : "",
    },
    fallback: {
      count: finite(reactor.fallback?.count) ?? 0,
      phase: typeof reactor.fallback?.latest_phase === "string" ? reactor.fallback.latest_phase : "none",
      factor: finite(reactor.fallback?.latest_factor),
    },
    peaks: { pressure: finite(reactor.peaks?.pressure?.value) },
    at: Number.isFinite(at) ? at : null,
  };
}

/** @param {Status | null} status @param {string} name @returns {Gauge} */
export function gaugeOf(status, name) {
  return status?.gauges[name] ?? ABSENT;
}

/** @param {Gauge} gauge @returns {number | null} null without a ceiling */
export function shareOf(gauge) {
  if (gauge.value === null || gauge.limit === null) return null;
  if (gauge.limit > 0) return Math.max(0, gauge.value / gauge.limit);
  return gauge.value > 0 ? 1 : 0;
}

/** @param {number | null} share @returns {import("../scene/tones.js").Severity} */
export function severityOf(share) {
  if (share === null) return "none";
  if (share >= 0.95) return "full";
  return share >= 0.8 ? "near" : "calm";
}

/**
 * The points of a series, in their order.
 * @param {any} payload a status
 * @param {string} name
 * @returns {Point[]}
 */
export function readSeries(payload, name) {
  const series = payload?.series?.[name];
  if (!Array.isArray(series)) return [];
  const points = [];
  for (const point of series) {
    const at = Date.parse(point?.ts ?? "");
    const value = finite(point?.value);
    if (Number.isFinite(at) && value !== null) points.push({ at, value });
  }
  return points;
}
