// Movement that does not depend on the frame rate, and that stays away where it is not wanted.

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Returns whether the person asked the system, or `?motion=0` the page, for less motion. */
export function reducedMotion() {
  return still.matches || new URLSearchParams(location.search).get("motion") === "0";
}

/**
 * Calls back when the wish changes while the page is open.
 * @param {(reduced: boolean) => void} listener
 * @returns {() => void} what ends it
 */
export function onReducedMotion(listener) {
  const heard = () => listener(reducedMotion());
  still.addEventListener("change", heard);
  return () => still.removeEventListener("change", heard);
}

/**
 * Moves a value toward its target: `x += (target - x) (1 - exp(-dt / tau))`. Two frames of half
 * the length give the same value as one whole frame.
 * @param {number} current
 * @param {number} target
 * @param {number} dt seconds since the last call
 * @param {number} tau seconds after which 63 % of the way is gone; 0 or less jumps
 * @returns {number} the target itself where a value is missing
 */
export function smooth(current, target, dt, tau) {
  if (!Number.isFinite(current) || !Number.isFinite(target) || !(tau > 0)) return target;
  return current + (target - current) * (1 - Math.exp(-Math.max(0, dt) / tau));
}

/** @typedef {(dt: number, now: number) => void} FrameListener */

/** @type {Set<FrameListener>} */
const listeners = new Set();
let isRunning = false;
let last = 0;

/** A tab that slept must not jump: no frame is longer than this, in seconds. */
const longestFrame = 0.1;

/** @param {number} now */
function frame(now) {
  if (listeners.size === 0) {
    isRunning = false;
    return;
  }
  const dt = Math.min(longestFrame, Math.max(0, (now - last) / 1000));
  last = now;
  for (const listener of [...listeners]) {
    try {
      listener(dt, now);
    } catch (failure) {
      // One drawing that fails is taken off the loop; the others go on.
      listeners.delete(listener);
      console.error(failure);
    }
  }
  requestAnimationFrame(frame);
}

/**
 * Calls a function in every frame, all of them from one loop that rests while nobody listens.
 * @param {FrameListener} listener gets the seconds since the last frame (at most 0.1) and the
 *   time of the frame in milliseconds, as `performance.now()` counts
 * @returns {() => void} what ends it
 */
export function onFrame(listener) {
  listeners.add(listener);
  if (!isRunning) {
    isRunning = true;
    last = performance.now();
    requestAnimationFrame(frame);
  }
  return () => listeners.delete(listener);
}
