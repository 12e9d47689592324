// Runs that switch strategies to and from live, folded from their events in the audit.

import { figure, list, record, text } from "./read.js";

/** @typedef {import("./world.js").AuditEvent} AuditEvent */
/**
 * @typedef {object} Run
 * @property {string} id
 * @property {"running" | "completed" | "aborted" | "rolled_back"} outcome
 * @property {Map<string, number | null>} steps when each step was reached
 * @property {string} reason why it did not complete
 * @property {string[]} promote
 * @property {string[]} demote
 * @property {string[]} reweight
 * @property {number} sent orders that move positions, so far
 * @property {number} orders that will be sent
 * @property {string[]} needsOperator instances whose gates stay closed until a person has looked
 * @property {number | null} epoch
 * @property {number} firstSeq
 * @property {number | null} at when it last went on
 * @property {string} actor
 */

/** The steps of a run that goes well, in their order. */
export const track = [
  "planned", "frozen", "acknowledged", "drained", "verified", "switched", "transitioned", "opening",
  "completed",
];

/** @param {any} value @returns {string[]} ids, of texts or of objects that name an instance */
function names(value) {
  return list(value).map((each) => text(each) || text(record(each).instance) || text(record(each).id))
    .filter(Boolean);
}

/**
 * @param {AuditEvent[]} events of any kind, in any order
 * @returns {Run[]} newest first
 */
export function foldRuns(events) {
  /** @type {Map<string, Run>} */
  const runs = new Map();
  const inOrder = events.filter((each) => each.kind.startsWith("cutover."))
    .sort((a, b) => a.seq - b.seq);
  for (const event of inOrder) {
    const step = event.kind.slice("cutover.".length);
    const id = text(event.payload.run_id) || event.subject;
    if (!id) continue;
    let run = runs.get(id);
    if (!run) {
      run = {
        id, outcome: "running", steps: new Map(), reason: "", promote: [], demote: [], reweight: [],
        sent: 0, orders: 0, needsOperator: [], epoch: null, firstSeq: event.seq, at: event.at, actor: event.actor,
      };
      runs.set(id, run);
    }
    run.at = event.at ?? run.at;
    run.epoch = figure(event.payload.epoch) ?? run.epoch;
    const waiting = names(event.payload.needs_operator);
    if (waiting.length > 0) run.needsOperator = waiting;
    if (step === "verified") run.orders = list(event.payload.orders).length;
    if (step === "order_sent") run.sent += 1;
    else if (step === "aborted" || step === "rolled_back") {
      run.outcome = step;
      run.reason = text(event.payload.reason);
    } else if (!run.steps.has(step)) run.steps.set(step, event.at);
    if (step === "planned") {
      run.promote = names(event.payload.promote);
      run.demote = names(event.payload.demote);
      run.reweight = names(event.payload.reweight);
    }
    if (step === "completed") run.outcome = "completed";
  }
  return [...runs.values()].sort((a, b) => b.firstSeq - a.firstSeq);
}

/** @param {Run} run @returns {number} the place on the track of the last step that it reached */
export function reached(run) {
  return track.reduce((last, step, place) => (run.steps.has(step) ? place : last), -1);
}
