// Where each candidate stands in the galaxy. Ideas are systems on a spiral; proposals fill a disc
// around their idea, children fan out beyond their parent. A place never changes once it is given,
// and the same run always gives the same galaxy. Height is left to the Sharpe ratio.

import { unit } from "./hash.js";

/** @typedef {import("./candidate.js").Candidate} Candidate */
/** @typedef {import("./campaign.js").Campaign} Campaign */
/**
 * @typedef {object} Place
 * @property {number} x
 * @property {number} z
 * @property {number} angle away from the idea, or from the parent
 */
/** @typedef {{id: string, x: number, z: number, radius: number}} System */

const golden = Math.PI * (3 - Math.sqrt(5));
/** Distance between neighboring systems. */
const spread = 7.2;
/** Units of height for a Sharpe ratio of one, and the most. */
export const heightOfSharpe = 2.6;
const sharpeMost = 3;

export class GalaxyLayout {
  constructor() {
    /** @type {Map<string, Place>} */
    this.places = new Map();
    /** @type {Map<string, System>} */
    this.systems = new Map();
    /** @type {Map<string, number>} children that a candidate has, proposals that an idea has */
    this.slots = new Map();
  }

  /**
   * Gives a place to every candidate that has none yet.
   * @param {Campaign} campaign
   */
  arrange(campaign) {
    for (const id of campaign.ideas.keys()) this.system(id);
    if (this.places.size === campaign.candidates.size) return;
    for (const candidate of campaign.candidates.values()) {
      if (!this.places.has(candidate.key)) this.place(candidate, campaign);
    }
  }

  /**
   * @param {string} id
   * @returns {System}
   */
  system(id) {
    let system = this.systems.get(id);
    if (!system) {
      const index = this.systems.size;
      const radius = spread * Math.sqrt(index + 0.35);
      const angle = index * golden;
      system = { id, x: radius * Math.cos(angle), z: radius * Math.sin(angle), radius: 1.8 };
      this.systems.set(id, system);
    }
    return system;
  }

  /**
   * @param {Candidate} candidate
   * @param {Campaign} campaign
   * @returns {Place}
   */
  place(candidate, campaign) {
    const parent = candidate.parent ? campaign.candidates.get(candidate.parent) : undefined;
    const system = this.system(candidate.idea || "–");
    /** @type {Place} */
    let place;
    if (parent && parent !== candidate) {
      const from = this.places.get(parent.key) ?? this.place(parent, campaign);
      const slot = this.slot(parent.key);
      const fan = (((slot + 0.5) * 0.618034) % 1) - 0.5;
      const angle = from.angle + fan * 2.1;
      const reach = 1.15 + 0.32 * Math.sqrt(slot) + 0.25 * unit(candidate.key);
      place = { x: from.x + reach * Math.cos(angle), z: from.z + reach * Math.sin(angle), angle };
    } else {
      const slot = this.slot(`idea ${system.id}`);
      const angle = slot * golden + 2 * Math.PI * unit(system.id, 7);
      const reach = 0.95 + 0.52 * Math.sqrt(slot + 0.4);
      place = {
        x: system.x + reach * Math.cos(angle), z: system.z + reach * Math.sin(angle), angle,
      };
    }
    this.places.set(candidate.key, place);
    system.radius = Math.max(system.radius, Math.hypot(place.x - system.x, place.z - system.z));
    return place;
  }

  /** @param {string} name */
  slot(name) {
    const slot = this.slots.get(name) ?? 0;
    this.slots.set(name, slot + 1);
    return slot;
  }

  /** Returns the distance from the center that holds everything. */
  extent() {
    let most = spread;
    for (const { x, z, radius } of this.systems.values()) {
      most = Math.max(most, Math.hypot(x, z) + radius);
    }
    return most;
  }
}

/**
 * Returns how high a candidate stands: by its Sharpe ratio, in the plane before it is known.
 * @param {Candidate} candidate
 */
export function heightOf(candidate) {
  const { sharpe } = candidate.metrics;
  return sharpe === null ? 0
    : heightOfSharpe * Math.max(-sharpeMost, Math.min(sharpeMost, sharpe));
}
