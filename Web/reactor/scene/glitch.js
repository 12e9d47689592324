/**
 * When the picture is disturbed, and how strongly.
 *
 * Guards people who are sensitive to flashes: a disturbance is short, its steps change at most a few
 * times, and the next one waits, so that there are never three in a second.
 */

const SECONDS = 0.42;
const WAIT = 1.4;

export function buildGlitch() {
  let age = Infinity;
  let strength = 0;
  return {
    /** @param {number} wanted 0-1 */
    trigger(wanted) {
      if (age < WAIT) return;
      age = 0;
      strength = wanted;
    },
    /** @param {number} dt @returns {number} how strong it is now */
    advance(dt) {
      age += dt;
      return age >= SECONDS ? 0 : strength * (1 - age / SECONDS);
    },
  };
}
