// Where a campaign comes from: the lists of the server first, then its live stream from exactly
// where the lists ended.

import { address, ApiError, get } from "/ui/shell/api.js";
import { openLive } from "/ui/shell/live.js";
import { knownRuns } from "/ui/shell/shell.js";
import { Campaign } from "./campaign.js";

/** @typedef {import("/ui/shell/live.js").LiveEvent} LiveEvent */
/** @typedef {import("./campaign.js").Change} Change */
/**
 * @typedef {object} SourceListeners
 * @property {(campaign: Campaign) => void} onCampaign a run was opened; what was shown is void
 * @property {() => void} onListed what the server lists of it is there
 * @property {(event: LiveEvent, changes: Change[], isLive: boolean) => void} onEvent
 * @property {(failure: unknown) => void} onFailure
 */
/**
 * @typedef {object} Source
 * @property {(runID: string | null) => Promise<void>} open
 * @property {() => Campaign} campaign
 * @property {() => Promise<number>} loadOlder takes in events before those that are shown; returns
 *   how many came
 * @property {() => boolean} hasOlder
 * @property {() => import("/ui/shell/live.js").LiveState | null} stream
 */

/** Candidates asked for in one page, and the most that the page keeps. */
const pageSize = 1000;
const candidatesMost = 20_000;
/** Events that the terminal begins with, and takes in with every step back. */
const eventsFirst = 300;
/** Pages of finished simulations that the arena begins with. */
const trialPages = 12;

/**
 * @param {SourceListeners} listeners
 * @returns {Source}
 */
export function openSource(listeners) {
  let campaign = new Campaign(null);
  /** @type {import("/ui/shell/live.js").Live | null} */
  let live = null;
  let opening = 0;
  /** The event before which older ones can be asked for. */
  let oldest = 0;
  let firstSeq = 0;

  /** @param {string | null} runID */
  async function open(runID) {
    opening += 1;
    const mine = opening;
    live?.close();
    live = null;
    campaign = new Campaign(runID);
    oldest = firstSeq = 0;
    listeners.onCampaign(campaign);
    const isCurrent = () => mine === opening;
    const listed = () => {
      campaign.isListed = true;
      listeners.onListed();
    };
    if (runID === null) {
      listed();
      return;
    }
    try {
      // The head is read first: whatever happens while the lists are read comes by the stream too,
      // and is recognized by its number.
      const head = await headOf(runID);
      await takeOne(runID, "run.started");
      await list(runID, campaign, isCurrent);
      if (!isCurrent()) return;
      await takeOne(runID, "run.summary");
      await story(runID, head);
      if (!isCurrent()) return;
      listed();
      live = openLive({
        runID, after: head, includeReactor: false,
        onEvent: (event) => {
          if (isCurrent()) listeners.onEvent(event, campaign.take(event), true);
        },
        onReset: () => {
          if (isCurrent()) open(runID);
        },
      });
    } catch (failure) {
      if (!isCurrent()) return;
      listeners.onFailure(failure);
      listed();
      if (failure instanceof ApiError && failure.status === 404) follow(runID, mine);
    }
  }

  /**
   * A run that the server does not know yet may begin: its stream waits for it.
   * @param {string} runID
   * @param {number} mine
   */
  function follow(runID, mine) {
    live = openLive({
      runID, replay: 500, includeReactor: false,
      onEvent: (event) => {
        if (mine === opening) listeners.onEvent(event, campaign.take(event), true);
      },
    });
  }

  /** @param {string} runID */
  async function headOf(runID) {
    const page = await get(address(["api", "runs", runID, "events"], { limit: 1 }));
    firstSeq = Number(page?.events?.[0]?.seq ?? 0);
    return Number.isSafeInteger(page?.head) ? page.head : 0;
  }

  /**
   * @param {string} runID
   * @param {Campaign} into
   * @param {() => boolean} isCurrent
   */
  async function list(runID, into, isCurrent) {
    await takePacks(runID, into);
    for (let offset = 0; offset < candidatesMost && isCurrent(); offset += pageSize) {
      const page = await get(address(["api", "runs", runID, "candidates"],
        { limit: pageSize, offset, sort: "first_seq", order: "asc" }));
      into.takeList(page?.candidates ?? []);
      if (!(page?.count === pageSize)) break;
    }
  }

  /** @param {string} runID @param {Campaign} into */
  async function takePacks(runID, into) {
    /** @type {number | null} */
    let after = 0;
    while (after !== null) {
      /** @type {any} */
      const page = await get(address(["api", "runs", runID, "retrieval"], { after }));
      into.takePacks(page?.packs ?? []);
      after = Number.isSafeInteger(page?.next) ? page.next : null;
    }
  }

  /**
   * Takes the first event of a kind, where the run has one.
   * @param {string} runID
   * @param {string} kind
   */
  async function takeOne(runID, kind) {
    const page = await get(address(["api", "runs", runID, "events"], { kind, limit: 1 }));
    for (const event of page?.events ?? []) campaign.take(event);
  }

  /**
   * Reads what the simulations of the run told, and its last events.
   * @param {string} runID
   * @param {number} head
   */
  async function story(runID, head) {
    let after = 0;
    for (let page = 0; page < trialPages; page += 1) {
      const trials = await get(address(["api", "runs", runID, "events"],
        { kind: "simulation.completed", after, limit: 1000 }));
      for (const event of trials?.events ?? []) noteTrial(event);
      if (!Number.isSafeInteger(trials?.next)) break;
      after = trials.next;
    }
    // The numbers of events count all runs of the journal; this run may have ended long ago.
    const known = /** @type {any} */ (knownRuns().find((run) => run.run_id === runID));
    const last = Number.isSafeInteger(known?.last_seq) && known.state !== "running"
      ? Math.min(head, known.last_seq) : head;
    oldest = Math.max(0, last - eventsFirst);
    const recent = await get(address(["api", "runs", runID, "events"],
      { after: oldest, limit: eventsFirst }));
    for (const event of recent?.events ?? []) {
      listeners.onEvent(event, campaign.take(event), false);
    }
    campaign.cursor = Math.max(campaign.cursor, head);
  }

  /** @param {any} event a finished simulation, whose order and period the lists do not tell */
  function noteTrial(event) {
    const candidate = campaign.candidates.get(event?.payload?.candidate_key);
    if (!candidate) return;
    candidate.simulatedSeq = event.seq;
    candidate.at = Date.parse(event.created_at);
    const { startDate, endDate } = event.payload.metrics ?? {};
    if (typeof startDate === "string" && typeof endDate === "string") {
      candidate.period = { start: startDate, end: endDate };
    }
  }

  async function loadOlder() {
    const { runID } = campaign;
    if (runID === null || oldest <= firstSeq) return 0;
    const before = oldest;
    oldest = Math.max(0, before - eventsFirst);
    const page = await get(address(["api", "runs", runID, "events"],
      { after: oldest, limit: eventsFirst }));
    const events = (page?.events ?? []).filter((/** @type {any} */ each) => each.seq <= before);
    for (const event of events.reverse()) listeners.onEvent(event, [], false);
    return events.length;
  }

  return {
    open,
    campaign: () => campaign,
    loadOlder,
    hasOlder: () => oldest > 0 && oldest >= firstSeq,
    stream: () => live?.state() ?? null,
  };
}
