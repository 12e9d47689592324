// The stars of the galaxy as numbers: where each is, how it shines, and the movements that events
// cause. Both pictures, with WebGL and without, draw what stands here.

import { reducedMotion, smooth } from "/ui/shell/motion.js";
import { heightOf } from "../model/galaxy-layout.js";
import { unit } from "../model/hash.js";
import { looks, phaseOf } from "../model/vocabulary.js";
import { rgb } from "./palette.js";
import { Sparks } from "./sparks.js";

/** @typedef {import("../model/candidate.js").Candidate} Candidate */
/** @typedef {import("../model/campaign.js").Campaign} Campaign */
/** @typedef {import("../model/campaign.js").Change} Change */
/** @typedef {import("../model/vocabulary.js").Phase} Phase */
/** @typedef {import("../model/vocabulary.js").Shape} Shape */
/**
 * @typedef {object} Star
 * @property {Candidate} candidate
 * @property {Phase} phase
 * @property {Shape} shape
 * @property {number} x
 * @property {number} y
 * @property {number} z
 * @property {number} homeX
 * @property {number} homeZ
 * @property {number} r
 * @property {number} g
 * @property {number} b
 * @property {number} size
 * @property {number} light 0 to 1
 * @property {number} birth 0 while it leaves its parent, 1 once it has arrived
 * @property {Star | null} parent
 */

/** Comets that fly at one time; beyond it children simply appear. */
const cometsMost = 48;
const burstsInAFrame = 8;

/**
 * Returns the color of a formula that was not accepted: gray, with a hint of how good or bad its
 * Sharpe ratio was.
 * @param {Candidate} candidate
 * @returns {[number, number, number]}
 */
function dimTint(candidate) {
  const gray = rgb("text-faint");
  const share = Math.max(-1, Math.min(1, (candidate.metrics.sharpe ?? 0) / 1.5));
  const tone = rgb(share > 0 ? "accent" : "bad");
  const mix = 0.75 * Math.abs(share);
  return /** @type {[number, number, number]} */ (
    gray.map((part, i) => part + (tone[i] - part) * mix));
}

export class StarField {
  /** @param {import("../model/galaxy-layout.js").GalaxyLayout} layout */
  constructor(layout) {
    this.layout = layout;
    /** @type {Star[]} */
    this.stars = [];
    /** @type {Map<string, Star>} */
    this.byKey = new Map();
    this.sparks = new Sparks();
    this.time = 0;
    this.comets = 0;
    this.bursts = 0;
    /** How many children flew from their parents since the run was opened. */
    this.flown = 0;
  }

  /** @param {Campaign} campaign */
  sync(campaign) {
    this.layout.arrange(campaign);
    if (this.stars.length === campaign.candidates.size) return;
    for (const candidate of campaign.candidates.values()) {
      if (!this.byKey.has(candidate.key)) this.add(candidate);
    }
    for (const star of this.stars) {
      if (!star.parent && star.candidate.parent) {
        star.parent = this.byKey.get(star.candidate.parent) ?? null;
      }
    }
  }

  /** @param {Candidate} candidate */
  add(candidate) {
    const place = this.layout.places.get(candidate.key);
    if (!place) return;
    const phase = phaseOf(candidate);
    const look = looks[phase];
    const [r, g, b] = phase === "dim" ? dimTint(candidate) : rgb(look.color);
    /** @type {Star} */
    const star = {
      candidate, phase, shape: look.shape, x: place.x, y: heightOf(candidate), z: place.z,
      homeX: place.x, homeZ: place.z, r, g, b, size: look.size, light: look.light, birth: 1,
      parent: candidate.parent ? this.byKey.get(candidate.parent) ?? null : null,
    };
    this.stars.push(star);
    this.byKey.set(candidate.key, star);
  }

  /**
   * Shows what an event changed as a movement.
   * @param {Change} change
   */
  show(change) {
    const star = this.byKey.get(change.candidate.key);
    if (!star || reducedMotion()) return;
    if (change.kind === "born") {
      star.size = 0;
      if (star.parent && this.comets < cometsMost) {
        star.birth = 0;
        this.comets += 1;
        this.flown += 1;
      }
    }
    if (change.after === "rejected" && this.bursts < burstsInAFrame) this.burst(star, "bad-vivid", 26);
    if (change.after === "passed") this.burst(star, "good", 18);
  }

  /**
   * @param {Star} star
   * @param {string} tint
   * @param {number} count
   */
  burst(star, tint, count) {
    this.bursts += 1;
    const color = rgb(tint);
    const gray = rgb("text-faint");
    for (let i = 0; i < count; i += 1) {
      const turn = 2 * Math.PI * unit(star.candidate.key, i);
      const rise = 2 * unit(star.candidate.key, i + 97) - 1;
      const speed = 1.4 + 3.2 * unit(star.candidate.key, i + 53);
      const flat = Math.sqrt(1 - rise * rise) * speed;
      // A third of a rejected star drifts on as debris.
      const isDebris = tint === "bad-vivid" && i % 3 === 0;
      this.sparks.add(star.x, star.y, star.z,
        [flat * Math.cos(turn), rise * speed, flat * Math.sin(turn)],
        isDebris ? gray : color, isDebris ? 0.34 : 0.5, isDebris ? 3.4 : 1.1);
    }
  }

  /** @param {number} dt seconds */
  step(dt) {
    const isStill = reducedMotion();
    this.time += dt;
    this.bursts = 0;
    for (const star of this.stars) this.move(star, dt, isStill);
    if (isStill) this.sparks.clear();
    else this.sparks.step(dt);
  }

  /**
   * @param {Star} star
   * @param {number} dt
   * @param {boolean} isStill
   */
  move(star, dt, isStill) {
    star.phase = phaseOf(star.candidate);
    const look = looks[star.phase];
    star.shape = look.shape;
    const [r, g, b] = star.phase === "dim" ? dimTint(star.candidate) : rgb(look.color);
    const tau = isStill ? 0 : 0.28;
    star.r = smooth(star.r, r, dt, tau);
    star.g = smooth(star.g, g, dt, tau);
    star.b = smooth(star.b, b, dt, tau);
    const isPulsing = star.phase === "simulating" && !isStill;
    const beat = isPulsing ? 1 + 0.3 * Math.sin(this.time * 5 + star.homeX) : 1;
    star.size = smooth(star.size, look.size * beat * (star.candidate.accepted ? 1.3 : 1), dt, tau);
    star.light = smooth(star.light, look.light, dt, tau);
    const height = heightOf(star.candidate);
    if (star.birth < 1) this.fly(star, dt, height);
    else {
      star.x = star.homeX;
      star.z = star.homeZ;
      star.y = smooth(star.y, height, dt, isStill ? 0 : 0.5);
    }
    if (star.phase === "repairing" && !isStill) this.drones(star, dt);
  }

  /**
   * @param {Star} star
   * @param {number} dt
   * @param {number} height
   */
  fly(star, dt, height) {
    star.birth = Math.min(1, star.birth + dt / 1.15);
    if (star.birth === 1) this.comets -= 1;
    const from = star.parent;
    if (!from) return;
    const way = star.birth * star.birth * (3 - 2 * star.birth);
    star.x = from.x + (star.homeX - from.x) * way;
    star.z = from.z + (star.homeZ - from.z) * way;
    star.y = from.y + (height - from.y) * way + 1.6 * Math.sin(Math.PI * way);
    this.sparks.add(star.x, star.y, star.z, [0, 0, 0], [star.r, star.g, star.b], 0.62, 0.9);
  }

  /**
   * Three drones circle a star that is being repaired; each leaves a short trace.
   * @param {Star} star
   * @param {number} dt
   */
  drones(star, dt) {
    if (dt === 0) return;
    for (let i = 0; i < 3; i += 1) {
      const turn = this.time * 4.2 + (i * 2 * Math.PI) / 3;
      this.sparks.add(star.x + 0.72 * Math.cos(turn), star.y + 0.3 * Math.sin(turn * 1.3 + i),
        star.z + 0.72 * Math.sin(turn), [0, 0, 0], rgb("warn"), 0.36, 0.32);
    }
  }
}
