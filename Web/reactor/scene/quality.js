/**
 * Holds the frame rate by giving up what is seen least: first pixels, then the width of the glow and
 * the number of particles.
 */

/**
 * @typedef {object} Quality
 * @property {number} pixels drawn for each unit of the page
 * @property {number} sceneRate how often the furnace is drawn in a second, while the page keeps its pace
 * @property {number} samples for smooth edges
 * @property {number} bloomSteps
 * @property {number} particles under way at most
 * @property {number} canvasRate how often the flat instruments are drawn in a second
 */

/** @type {Quality[]} from the cheapest */
const LEVELS = [
  { pixels: 0.4, sceneRate: 15, samples: 0, bloomSteps: 3, particles: 1536, canvasRate: 12 },
  { pixels: 0.55, sceneRate: 24, samples: 0, bloomSteps: 3, particles: 2048, canvasRate: 20 },
  { pixels: 0.75, sceneRate: 40, samples: 0, bloomSteps: 4, particles: 4096, canvasRate: 30 },
  { pixels: 1, sceneRate: 60, samples: 4, bloomSteps: 5, particles: 8192, canvasRate: 60 },
  { pixels: 1.5, sceneRate: 60, samples: 4, bloomSteps: 5, particles: 8192, canvasRate: 60 },
  { pixels: 2, sceneRate: 60, samples: 4, bloomSteps: 5, particles: 8192, canvasRate: 60 },
];

const SLOW_FRAME = 1 / 50;
const QUICK_FRAME = 1 / 58;

/**
 * @param {number} devicePixels the screen's pixels per unit
 * @param {boolean} isEmulated whether the processor stands in for a graphics card
 * @param {number | null} fixed a level that is kept whatever it costs, null to adapt
 */
export function buildQuality(devicePixels, isEmulated, fixed) {
  let best = LEVELS.length - 1;
  while (best > 3 && LEVELS[best].pixels > devicePixels) best -= 1;
  let level = fixed === null ? (isEmulated ? 0 : Math.min(3, best)) : Math.min(
    LEVELS.length - 1, Math.max(0, fixed)
  );
  let mean = 1 / 60;
  let slowFor = 0;
  let quickFor = 0;
  let patience = isEmulated ? 8 : 2;
  return {
    get frameSeconds() {
      return mean;
    },
    get current() {
      return LEVELS[level];
    },
    /**
     * @param {number} dt seconds since the frame before
     * @returns {boolean} whether the quality changed
     */
    observe(dt) {
      mean += (dt - mean) * (1 - Math.exp(-dt / 0.5));
      if (fixed !== null) return false;
      slowFor = mean > SLOW_FRAME ? slowFor + dt : 0;
      quickFor = mean < QUICK_FRAME ? quickFor + dt : 0;
      if (slowFor > 0.8 && level > 0) {
        // At a third of the wanted rate one step is not enough.
        level = Math.max(0, level - (mean > SLOW_FRAME * 3 ? 2 : 1));
        slowFor = 0;
        // Having failed at a level, it is tried again only after longer and longer calm.
        patience = Math.min(120, patience * 2);
        return true;
      }
      if (quickFor > patience && level < best) {
        level += 1;
        quickFor = 0;
        return true;
      }
      return false;
    },
  };
}
