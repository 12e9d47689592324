// A run as the page knows it. It begins with what the server lists, and live events move it on;
// an event that was counted already changes nothing.

import { figureOf, metricsOf, newCandidate, takeListed, textOf, textsOf } from "./candidate.js";
import { phaseOf, phases } from "./vocabulary.js";

/** @typedef {import("./candidate.js").Candidate} Candidate */
/** @typedef {import("./vocabulary.js").Phase} Phase */
/** @typedef {import("/ui/shell/live.js").LiveEvent} LiveEvent */
/**
 * @typedef {object} Pack
 * @property {number} seq
 * @property {string} idea
 * @property {string} query
 * @property {{nodes: any[], edges: any[]}} graph
 */
/**
 * What an event did to a candidate, for those who show it as a movement.
 * @typedef {{kind: "born" | "changed", candidate: Candidate, before: Phase | null,
 *   after: Phase}} Change
 */
/**
 * @typedef {object} Counts
 * @property {number} proposed
 * @property {number} repaired
 * @property {number} validated
 * @property {number} simulated
 * @property {number} passed
 * @property {number | null} accepted null until the run says so
 */

/** States that a candidate can only have after its formula was found valid. */
const afterValidation = new Set(["validated", "queued", "simulating", "simulated", "failed"]);

export class Campaign {
  /** @param {string | null} runID */
  constructor(runID) {
    this.runID = runID;
    /** Whether the lists of the server have been read. */
    this.isListed = runID === null;
    /** @type {Map<string, Candidate>} */
    this.candidates = new Map();
    /** @type {Map<string, Pack>} the newest pack of each idea */
    this.packs = new Map();
    /** @type {Map<string, {id: string, hypothesis: string}>} in the order of the run */
    this.ideas = new Map();
    /** @type {any} what the run was begun with */
    this.start = null;
    /** @type {any} what it ended with */
    this.summary = null;
    /** @type {number | null} */
    this.startedAt = null;
    /** @type {number | null} */
    this.lastAt = null;
    this.cursor = 0;
    /** Ideas whose question was carried over or dropped. */
    this.closedIdeas = new Set();
    /** Candidates that were repaired at least once. */
    this.repaired = new Set();
    /** @type {Map<string, string>} the candidate of an alpha's name */
    this.byAlpha = new Map();
    /** Grows with every change, so that readers know whether to look again. */
    this.version = 0;
  }

  /**
   * Takes over a page of the candidates that the server lists.
   * @param {any[]} listed
   */
  takeList(listed) {
    for (const each of listed) {
      const key = textOf(each?.candidate_key);
      if (key === null) continue;
      const candidate = this.candidate(key);
      if (candidate.lastSeq > (figureOf(each.last_seq) ?? 0)) continue;
      takeListed(candidate, each);
      if (candidate.state === "repairing"
        || (candidate.attempts > 1 && candidate.state !== "rejected")) this.repaired.add(key);
      if (candidate.alphaID) this.byAlpha.set(candidate.alphaID, key);
      this.idea(candidate.idea);
    }
    this.version += 1;
  }

  /** @param {any[]} packs as `/retrieval` lists them */
  takePacks(packs) {
    for (const each of packs) {
      const graph = each?.graph;
      const idea = textOf(each?.idea_id);
      if (idea === null || !Array.isArray(graph?.nodes) || !Array.isArray(graph?.edges)) continue;
      this.packs.set(idea, {
        seq: figureOf(each.seq) ?? 0, idea, query: textOf(each.query) ?? "", graph,
      });
      this.idea(idea);
    }
    this.version += 1;
  }

  /**
   * Takes an event of the run.
   * @param {LiveEvent} event
   * @returns {Change[]} what it changed
   */
  take(event) {
    const at = Date.parse(event.created_at);
    if (Number.isFinite(at)) {
      this.lastAt = Math.max(this.lastAt ?? at, at);
      this.startedAt = Math.min(this.startedAt ?? at, at);
    }
    this.cursor = Math.max(this.cursor, event.seq ?? 0);
    this.version += 1;
    const { payload } = event;
    switch (event.event_type) {
      case "run.started": this.begin(payload); return [];
      case "run.summary": this.end(payload); return [];
      case "retrieval.pack_built":
        this.takePacks([{ ...payload, graph: payload.visual_graph?.graph, seq: event.seq }]);
        return [];
      case "agent.question_closed":
        if (event.idea_id) this.closedIdeas.add(event.idea_id);
        return [];
      case "evaluation.completed": return this.judge(payload, event);
      default: return this.move(event, at);
    }
  }

  /** @param {any} payload of `run.started` */
  begin(payload) {
    this.start = payload;
    for (const each of Array.isArray(payload.ideas) ? payload.ideas : []) {
      const id = textOf(each?.idea_id);
      if (id) this.ideas.set(id, { id, hypothesis: textOf(each.hypothesis) ?? "" });
    }
  }

  /** @param {any} payload of `run.summary` */
  end(payload) {
    this.summary = payload;
    const accepted = new Set(textsOf(payload.alpha_ids));
    for (const candidate of this.candidates.values()) {
      candidate.accepted = candidate.alphaID !== null && accepted.has(candidate.alphaID);
    }
    this.version += 1;
  }

  /**
   * @param {any} payload of `evaluation.completed`
   * @param {LiveEvent} event
   * @returns {Change[]}
   */
  judge(payload, event) {
    /** @type {Change[]} */
    const changes = [];
    for (const card of Array.isArray(payload.scorecards) ? payload.scorecards : []) {
      const candidate = this.candidates.get(this.byAlpha.get(card?.alpha_id) ?? "");
      if (!candidate || event.seq <= candidate.lastSeq) continue;
      const before = phaseOf(candidate);
      candidate.passed = typeof card.passed === "boolean" ? card.passed : candidate.passed;
      candidate.score = figureOf(card.score) ?? candidate.score;
      candidate.errors = textsOf(card.reasons);
      candidate.lastSeq = event.seq;
      const after = phaseOf(candidate);
      if (before !== after) changes.push({ kind: "changed", candidate, before, after });
    }
    return changes;
  }

  /**
   * Moves the candidate that an event tells of.
   * @param {LiveEvent} event
   * @param {number} at
   * @returns {Change[]}
   */
  move(event, at) {
    const { payload, event_type: kind } = event;
    const key = textOf(payload.candidate_key) ?? textOf(payload.child_candidate_key);
    if (key === null) return [];
    const isNew = !this.candidates.has(key);
    const candidate = this.candidate(key);
    if (event.seq <= candidate.lastSeq) return [];
    const before = isNew ? null : phaseOf(candidate);
    this.describe(candidate, payload, event);
    candidate.at = at;
    candidate.lastSeq = event.seq;
    candidate.state = this.stateAfter(candidate, kind, payload);
    if (candidate.state === "repairing") this.repaired.add(key);
    if (kind === "simulation.completed") {
      candidate.metrics = metricsOf(payload.metrics);
      candidate.simulatedSeq = event.seq;
      const [start, end] = [textOf(payload.metrics?.startDate), textOf(payload.metrics?.endDate)];
      candidate.period = start && end ? { start, end } : null;
      candidate.panel = payload.panel ?? candidate.panel;
      candidate.settings = payload.settings ?? candidate.settings;
    }
    const after = phaseOf(candidate);
    if (before === after) return [];
    return [{ kind: isNew ? "born" : "changed", candidate, before, after }];
  }

  /**
   * @param {Candidate} candidate
   * @param {any} payload
   * @param {LiveEvent} event
   */
  describe(candidate, payload, event) {
    candidate.idea = textOf(payload.idea_id) ?? textOf(event.idea_id) ?? candidate.idea;
    candidate.lane = textOf(payload.candidate_lane) ?? candidate.lane;
    candidate.expression = textOf(payload.formula?.text) ?? candidate.expression;
    candidate.canonical = textOf(payload.formula?.canonical) ?? candidate.canonical;
    candidate.parent = textOf(payload.lineage?.parent_candidate_key)
      ?? textOf(payload.parent_candidate_key) ?? candidate.parent;
    candidate.source = textOf(payload.mutation_source) ?? candidate.source;
    candidate.generation = figureOf(payload.lineage?.generation) ?? candidate.generation;
    if (candidate.firstSeq === 0) candidate.firstSeq = event.seq;
    const alpha = textOf(payload.alpha_id);
    if (alpha) {
      candidate.alphaID = alpha;
      this.byAlpha.set(alpha, candidate.key);
    }
    this.idea(candidate.idea);
  }

  /**
   * @param {Candidate} candidate
   * @param {string} kind
   * @param {any} payload
   * @returns {string}
   */
  stateAfter(candidate, kind, payload) {
    switch (kind) {
      case "validation.started": return "validating";
      case "validation.failed": case "validation.retry_failed":
        candidate.errors = textsOf(payload.errors).concat(textsOf(payload.error_codes));
        candidate.attempts = (figureOf(payload.attempt) ?? 0) + 1;
        return "rejected";
      case "validation.retry_started": case "validation.retrieval_expanded": return "repairing";
      case "validation.passed": case "validation.retry_passed":
        candidate.attempts = (figureOf(payload.attempt) ?? 0) + 1;
        candidate.errors = [];
        return "validated";
      case "validation.retry_aborted_repeated_error": case "simulation.blocked_validation":
        candidate.errors = textsOf(payload.error_codes);
        return "rejected";
      case "simulation.enqueued": return "queued";
      case "simulation.started": case "simulation.progress": return "simulating";
      case "simulation.completed": return "simulated";
      case "simulation.failed":
        candidate.errors = [textOf(payload.detail) ?? textOf(payload.code) ?? ""].filter(Boolean);
        return "failed";
      case "simulation.skipped_duplicate": return "duplicate";
      case "candidate.dropped":
        candidate.errors = [textOf(payload.reason) ?? ""].filter(Boolean);
        return "dropped";
      default: return candidate.state;
    }
  }

  /**
   * Returns the candidate of a key, a new one where it is not known yet.
   * @param {string} key
   * @returns {Candidate}
   */
  candidate(key) {
    let candidate = this.candidates.get(key);
    if (!candidate) {
      candidate = newCandidate(key, this.candidates.size);
      this.candidates.set(key, candidate);
    }
    return candidate;
  }

  /** @param {string} id */
  idea(id) {
    if (id && !this.ideas.has(id)) this.ideas.set(id, { id, hypothesis: "" });
  }

  /** Returns the candidates, those that were seen first before others. */
  list() {
    return [...this.candidates.values()];
  }

  /**
   * Returns the children of a candidate.
   * @param {string} key
   */
  children(key) {
    return this.list().filter((each) => each.parent === key);
  }

  /** Returns how many candidates are in each phase. @returns {Record<Phase, number>} */
  phaseCounts() {
    const counts = /** @type {Record<Phase, number>} */ (
      Object.fromEntries(phases.map((phase) => [phase, 0])));
    for (const candidate of this.candidates.values()) counts[phaseOf(candidate)] += 1;
    return counts;
  }

  /** Returns how far candidates came. @returns {Counts} */
  counts() {
    let [validated, simulated, passed] = [0, 0, 0];
    for (const { state, passed: isPassed } of this.candidates.values()) {
      if (afterValidation.has(state)) validated += 1;
      if (state === "simulated") simulated += 1;
      if (isPassed) passed += 1;
    }
    return {
      proposed: this.candidates.size, repaired: this.repaired.size, validated, simulated, passed,
      accepted: this.summary ? figureOf(this.summary.accepted) : null,
    };
  }

  /**
   * Returns how much of the work that the run was begun with is done, and how long the rest takes
   * at the pace so far. Work is counted in formulas, half of it validation, half simulation.
   * @returns {{share: number | null, remainingMs: number | null, planned: number | null}} null
   *   where the run did not say what it plans
   */
  progress() {
    const ideas = Array.isArray(this.start?.ideas) ? this.start.ideas.length : null;
    const proposals = figureOf(this.start?.proposals);
    if (ideas === null || proposals === null) {
      return { share: this.summary ? 1 : null, remainingMs: null, planned: null };
    }
    const children = (figureOf(this.start.children) ?? 0) * (figureOf(this.start.generations) ?? 0);
    const planned = Math.max(1, (ideas - this.closedIdeas.size) * (proposals + children));
    if (this.summary) return { share: 1, remainingMs: 0, planned };
    const counts = this.counts();
    const share = Math.min(0.99, (counts.validated + counts.simulated) / (2 * planned));
    const spent = (this.lastAt ?? 0) - (this.startedAt ?? 0);
    return {
      share, planned,
      remainingMs: share > 0.04 && spent > 500 ? (spent * (1 - share)) / share : null,
    };
  }
}
