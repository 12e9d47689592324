// The nodes of a retrieval graph as numbers: how much each is used, what is lit at this moment, and
// what a search has found. Both pictures draw what stands here.

import { smooth } from "/ui/shell/motion.js";
import { namesOf } from "../model/candidate.js";
import { layOut, touched } from "../model/synapse-layout.js";
import { rgb } from "./palette.js";

/** @typedef {import("../model/candidate.js").Candidate} Candidate */
/** @typedef {import("../model/campaign.js").Pack} Pack */
/** @typedef {import("../model/synapse-layout.js").Synapse} Synapse */
/** @typedef {import("../model/synapse-layout.js").SynapseNode} SynapseNode */

/** How long a node stays lit after a candidate used it, in seconds. */
const afterglow = 1.6;

export class SynapseField {
  constructor() {
    /** @type {Pack | null} */
    this.pack = null;
    /** @type {Synapse} */
    this.synapse = { nodes: [], links: [], byID: new Map() };
    /** Formulas of the idea that use a node. */
    this.uses = new Int32Array(0);
    /** Formulas of the idea. */
    this.formulas = 0;
    this.activity = new Float32Array(0);
    this.linkActivity = new Float32Array(0);
    /** What is drawn, eased: light 0 to 1. */
    this.light = new Float32Array(0);
    this.linkLight = new Float32Array(0);
    /** @type {{nodes: Set<number>, links: Set<number>}} of the candidate in focus */
    this.focus = { nodes: new Set(), links: new Set() };
    /** @type {Set<number> | null} null without a search */
    this.found = null;
    this.searched = "";
    this.time = 0;
    /** Grows when other nodes are shown. */
    this.generation = 0;
  }

  /** @param {Pack | null} pack */
  show(pack) {
    if (pack?.seq === this.pack?.seq && pack?.idea === this.pack?.idea) return;
    this.pack = pack;
    this.synapse = layOut(pack?.graph ?? { nodes: [], edges: [] });
    const [nodes, links] = [this.synapse.nodes.length, this.synapse.links.length];
    this.uses = new Int32Array(nodes);
    this.activity = new Float32Array(nodes);
    this.light = new Float32Array(nodes);
    this.linkActivity = new Float32Array(links);
    this.linkLight = new Float32Array(links);
    this.focus = { nodes: new Set(), links: new Set() };
    this.generation += 1;
    this.search(this.searched);
  }

  /**
   * Counts which nodes the formulas of the idea use.
   * @param {Iterable<Candidate>} candidates
   */
  count(candidates) {
    this.uses.fill(0);
    this.formulas = 0;
    /** @type {Map<string, number>} */
    const total = new Map();
    for (const candidate of candidates) {
      if (candidate.idea !== this.pack?.idea) continue;
      this.formulas += 1;
      for (const name of namesOf(candidate)) total.set(name, (total.get(name) ?? 0) + 1);
    }
    const { nodes, links } = this.synapse;
    nodes.forEach((node, i) => {
      if (node.type === "field" || node.type === "operator") this.uses[i] = total.get(node.label) ?? 0;
    });
    // A data set is used as much as the field of it that is used most; so on to the root.
    for (const type of ["dataset", "subcategory", "idea"]) {
      nodes.forEach((node, i) => {
        if (node.type !== type) return;
        for (const link of node.links) {
          const { from, to } = links[link];
          if (from === i) this.uses[i] = Math.max(this.uses[i], this.uses[to]);
        }
      });
    }
  }

  /**
   * Lights what a candidate uses for a moment.
   * @param {Candidate} candidate
   */
  touch(candidate) {
    if (candidate.idea !== this.pack?.idea) return;
    const { nodes, links } = touched(this.synapse, namesOf(candidate));
    for (const place of nodes) this.activity[place] = 1;
    for (const place of links) this.linkActivity[place] = 1;
  }

  /**
   * Keeps what a candidate uses lit; null lets it go.
   * @param {Candidate | null} candidate
   */
  keep(candidate) {
    this.focus = candidate && candidate.idea === this.pack?.idea
      ? touched(this.synapse, namesOf(candidate)) : { nodes: new Set(), links: new Set() };
  }

  /**
   * @param {string} text
   * @returns {number} how many nodes have it in their name
   */
  search(text) {
    this.searched = text;
    const wanted = text.trim().toLowerCase();
    if (wanted === "") {
      this.found = null;
      return 0;
    }
    this.found = new Set();
    this.synapse.nodes.forEach((node, i) => {
      if (node.label.toLowerCase().includes(wanted) || node.id.toLowerCase().includes(wanted)) {
        this.found?.add(i);
      }
    });
    return this.found.size;
  }

  /** @param {number} dt seconds */
  step(dt) {
    this.time += dt;
    const fade = Math.exp(-dt / afterglow);
    const hasFocus = this.focus.nodes.size > 0;
    for (let i = 0; i < this.light.length; i += 1) {
      this.activity[i] *= fade;
      const isLit = this.focus.nodes.has(i);
      const share = this.formulas > 0 ? this.uses[i] / this.formulas : 0;
      let goal = this.uses[i] > 0 ? 0.42 + 0.38 * Math.sqrt(share) : 0.14;
      if (hasFocus && !isLit) goal *= 0.55;
      if (this.found) goal = this.found.has(i) ? 1 : goal * 0.25;
      goal = Math.max(goal, isLit ? 1 : 0, this.activity[i]);
      this.light[i] = smooth(this.light[i], goal, dt, 0.16);
    }
    for (let i = 0; i < this.linkLight.length; i += 1) {
      this.linkActivity[i] *= fade;
      const { from, to } = this.synapse.links[i];
      const isUsed = this.uses[from] > 0 && this.uses[to] > 0;
      // Fields have so many operators that their links would hide the rest.
      const quiet = this.synapse.nodes[to].type === "operator" ? 0.4 : 1;
      let goal = this.focus.links.has(i) ? 1
        : quiet * (isUsed ? (hasFocus ? 0.12 : 0.3) : 0.07);
      if (this.found) goal *= 0.4;
      this.linkLight[i] = smooth(this.linkLight[i], Math.max(goal, this.linkActivity[i]), dt, 0.16);
    }
  }

  /**
   * Returns the color of a node: by lane, the idea in the color of the desk.
   * @param {SynapseNode} node
   */
  tint(node) {
    if (node.type === "idea") return rgb("warn");
    if (node.lane === "explore") return rgb("explore");
    return rgb(node.type === "operator" ? "exploit" : "accent");
  }

  /** Returns how many links are lit now. */
  litLinks() {
    return this.linkLight.reduce((sum, light) => sum + (light > 0.5 ? 1 : 0), 0);
  }
}
