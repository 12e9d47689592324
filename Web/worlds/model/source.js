// Where the page's worlds come from: documents of the server, and its live stream, which says what
// of them to read again. A flood of events costs one reading at a time, never one for each.

import { address, ApiError, get } from "/ui/shell/api.js";
import { openLive } from "/ui/shell/live.js";
import { foldRuns } from "./cutovers.js";
import { record } from "./read.js";
import { groups } from "./vocabulary.js";
import { readAudit, readGate, readHistory, readPlan, readWorld, readWorlds, withRules } from "./world.js";

/** @typedef {import("./world.js").World} World */
/** @typedef {import("./world.js").WorldSummary} WorldSummary */
/** @typedef {import("./world.js").Cycle} Cycle */
/** @typedef {import("./world.js").AuditEvent} AuditEvent */
/** @typedef {import("./cutovers.js").Run} Run */
/**
 * @typedef {object} Listeners
 * @property {() => void} onWorlds the list of worlds was read
 * @property {() => void} onChosen another world is shown; what was shown of the last is void
 * @property {() => void} onWorld
 * @property {() => void} onGates only gates and leases changed
 * @property {() => void} onHistory
 * @property {() => void} onAudit
 * @property {() => void} onStory cutovers, publications of policies and trips of the breaker
 * @property {(failure: unknown) => void} onFailure
 * @property {(phase: import("/ui/shell/live.js").Phase) => void} onStream
 */
/** @typedef {"world" | "history" | "audit" | "everything"} Part */

/** Events of the audit in one page. */
const pageSize = 100;
/** Cycles that the strip of the past shows. */
const cyclesMost = 400;
/** Between two readings that events ask for, in milliseconds. */
const rest = 250;
/** The past begins with the newest: before any number that an event can have. */
const newest = Number.MAX_SAFE_INTEGER;
/** Between two readings that nothing asks for, in milliseconds. */
const pollGates = 10_000;
const pollWorlds = 20_000;

/** Events of these groups do not change what the world shows, but its audit. */
const silent = new Set(["graph", "paper"]);

/** @param {Listeners} listeners */
export function openSource(listeners) {
  /** @type {WorldSummary[] | null} */
  let worlds = null;
  /** @type {string | null} */
  let chosen = null;
  /** @type {World | null} */
  let world = null;
  /** @type {unknown} */
  let failure = null;
  /** @type {Cycle[]} */
  let history = [];
  /** @type {AuditEvent[]} newest first, of the kinds that the filter lets pass */
  let audit = [];
  /** @type {number | null} where older events go on */
  let older = null;
  let filter = "";
  /** @type {Map<number, AuditEvent>} what cutovers, policies and the breaker are told by */
  let story = new Map();
  /** @type {Run[]} */
  let runs = [];
  /** The newest event that the page has read. */
  let head = 0;
  let turn = 0;
  /** @type {import("/ui/shell/live.js").Live | null} */
  let live = null;
  /** @type {Set<Part>} */
  let stale = new Set();
  let isReading = false;

  /** @param {string[]} parts @param {Record<string, any>} [query] */
  const ask = (parts, query) => get(address(["worlds", chosen ?? "", ...parts], query));

  async function readList() {
    try {
      worlds = readWorlds(await get("/worlds"));
      listeners.onWorlds();
    } catch (problem) {
      if (worlds === null) throw problem;
    }
  }

  /** @param {string | null} id of a world, null for none */
  async function choose(id) {
    turn += 1;
    const mine = turn;
    live?.close();
    live = null;
    chosen = id;
    world = failure = null;
    history = audit = runs = [];
    older = null;
    filter = "";
    story = new Map();
    head = 0;
    stale = new Set();
    listeners.onChosen();
    if (id === null) return;
    await readEverything(mine);
    if (mine !== turn) return;
    live = openLive({
      runID: `world:${id}`, after: head > 0 ? head : null, replay: 0,
      onEvent: (event) => {
        if (mine === turn) heed(event.event_type);
      },
      onState: ({ phase }) => {
        if (mine === turn) watch(phase);
      },
      onReset: () => {
        if (mine === turn) want("everything");
      },
    });
  }

  let wasLost = false;

  /** @param {import("/ui/shell/live.js").Phase} phase */
  function watch(phase) {
    if (phase === "offline") wasLost = true;
    if (phase === "live" && wasLost) {
      // Whatever happened meanwhile comes by the stream too; leases and ages do not.
      wasLost = false;
      want("world");
    }
    listeners.onStream(phase);
  }

  /** @param {string} kind of an event that just happened */
  function heed(kind) {
    const group = kind.split(".")[0];
    if (!groups.includes(group)) return;
    if (kind === "world.deleted") {
      want("everything");
      return;
    }
    want("audit");
    if (silent.has(group) || kind === "world.denied") return;
    want("world");
    if (kind === "world.evaluated" || kind === "world.phase_moved" || kind === "cutover.switched"
      || kind === "cutover.completed") want("history");
  }

  /** @param {Part} part */
  function want(part) {
    stale.add(part);
    if (!isReading) work();
  }

  async function work() {
    isReading = true;
    const mine = turn;
    while (stale.size > 0 && mine === turn) {
      const wanted = stale;
      stale = new Set();
      try {
        if (wanted.has("everything")) await readEverything(mine);
        else {
          await Promise.all([
            wanted.has("world") ? readOne(mine) : null,
            wanted.has("history") ? readCycles(mine) : null,
            wanted.has("audit") ? readNew(mine) : null,
          ]);
        }
      } catch (problem) {
        // Where the server is gone, the stream says so; it asks again when it is back.
        const isGone = problem instanceof ApiError && problem.status === 0;
        if (mine === turn && !isGone) listeners.onFailure(problem);
      }
      await new Promise((done) => setTimeout(done, rest));
    }
    isReading = false;
    if (stale.size > 0) work();
  }

  /** @param {number} mine */
  async function readEverything(mine) {
    try {
      await readOne(mine);
    } catch (problem) {
      if (mine !== turn) return;
      failure = problem;
      // A world that was deleted is not shown as if it stood.
      if (problem instanceof ApiError && problem.status === 404) world = null;
      listeners.onWorld();
      return;
    }
    const parts = await Promise.allSettled([readCycles(mine), readNewest(mine), readStory(mine)]);
    for (const part of parts) {
      if (mine === turn && part.status === "rejected") listeners.onFailure(part.reason);
    }
  }

  /** @param {number} mine */
  async function readOne(mine) {
    const read = readWorld(await ask([]));
    if (mine !== turn) return;
    if (!read) throw new ApiError(200, "bad_answer", `/worlds/${chosen}: not a world.`);
    world = withRules(read, publications());
    failure = null;
    const { id, mode, breaker, instances } = read;
    const live = instances.filter((each) => each.phase === "live").length;
    worlds = worlds?.map((each) => (each.id === id ? { id, mode, live, breaker: breaker.state } : each)) ?? null;
    listeners.onWorld();
  }

  /** @param {number} mine */
  async function readCycles(mine) {
    const read = readHistory(await ask(["history"], { limit: cyclesMost }));
    if (mine !== turn) return;
    history = read;
    listeners.onHistory();
  }

  /** @param {number} mine */
  async function readNewest(mine) {
    const asked = filter;
    const page = readAudit(await ask(["audit"],
      { before: newest, limit: pageSize, kind: filter }));
    if (mine !== turn || asked !== filter) return;
    audit = page.events;
    older = page.next;
    if (filter === "") head = Math.max(head, audit[0]?.seq ?? 0);
    listeners.onAudit();
  }

  /** @param {number} mine */
  async function readStory(mine) {
    const pages = await Promise.all([["cutover", 400], ["world.policy_published", 20], ["breaker", 20]]
      .map(([kind, limit]) => ask(["audit"], { before: newest, limit, kind })));
    if (mine === turn) tell(pages.flatMap((page) => readAudit(page).events));
  }

  /**
   * Takes in what happened after the newest event that the page knows.
   * @param {number} mine
   */
  async function readNew(mine) {
    const page = readAudit(await ask(["audit"], { after: head, limit: pageSize }));
    if (mine !== turn) return;
    if (page.events.length === pageSize && page.next !== null) {
      // Too much for one page: the newest matter, older ones are there to be asked for.
      head = 0;
      await Promise.all([readNewest(mine), readStory(mine)]);
      if (filter !== "") head = Math.max(head, page.events[0].seq);
      return;
    }
    const fresh = page.events.filter((each) => each.seq > head);
    if (fresh.length === 0) return;
    head = fresh[0].seq;
    const known = new Set(audit.map((each) => each.seq));
    audit = [...fresh.filter((each) => isWanted(each.kind) && !known.has(each.seq)), ...audit];
    listeners.onAudit();
    tell(fresh);
  }

  /** @param {string} kind */
  function isWanted(kind) {
    return filter === "" || kind === filter || kind.startsWith(`${filter}.`);
  }

  /** @param {AuditEvent[]} events */
  function tell(events) {
    for (const event of events) {
      if (/^(cutover|breaker)\.|^world\.policy_published$/.test(event.kind)) story.set(event.seq, event);
    }
    runs = foldRuns([...story.values()]);
    if (world) world = withRules(world, publications());
    listeners.onStory();
  }

  /** @param {(event: AuditEvent) => boolean} isMeant @returns {AuditEvent[]} newest first */
  function told(isMeant) {
    return [...story.values()].filter(isMeant).sort((a, b) => b.seq - a.seq);
  }

  /** @returns {AuditEvent[]} publications of policies, newest first */
  function publications() {
    return told((each) => each.kind === "world.policy_published");
  }

  async function readGates() {
    const mine = turn;
    if (!world?.instances.some((each) => each.gate && each.gate.state !== "closed")) return;
    const answer = record(await ask(["activation"]));
    if (mine !== turn || !world || !Array.isArray(answer.gates)) return;
    const gates = new Map(answer.gates.map(record).map((/** @type {any} */ gate) => [gate.instance, gate]));
    for (const instance of world.instances) {
      const gate = gates.get(instance.id);
      if (gate) instance.gate = readGate(gate) ?? instance.gate;
    }
    listeners.onGates();
  }

  setInterval(() => {
    if (!document.hidden && chosen !== null) readGates().catch(() => {});
  }, pollGates);
  setInterval(() => {
    if (!document.hidden) readList().catch(() => {});
  }, pollWorlds);

  return {
    readList,
    choose,
    want,
    worlds: () => worlds,
    world: () => world,
    chosen: () => chosen,
    failure: () => failure,
    history: () => history,
    runs: () => runs,
    publications,
    /** The event of the breaker's last trip. */
    trip: () => told((each) => each.kind === "breaker.tripped")[0] ?? null,
    audit: () => ({ events: audit, hasOlder: older !== null, filter }),
    /**
     * Shows events of one kind, or of one group of kinds; empty shows all.
     * @param {string} kind
     */
    async filterAudit(kind) {
      filter = kind;
      await readNewest(turn);
    },
    async olderAudit() {
      if (older === null) return;
      const [mine, asked] = [turn, filter];
      const page = readAudit(await ask(["audit"], { before: older, limit: pageSize, kind: filter }));
      if (mine !== turn || asked !== filter) return;
      const known = new Set(audit.map((each) => each.seq));
      const fresh = page.events.filter((each) => !known.has(each.seq));
      audit = [...audit, ...fresh];
      older = fresh.length > 0 ? page.next : null;
      listeners.onAudit();
    },
    /**
     * Returns the world as the decision of a cycle saw it.
     * @param {number} cycle
     * @param {AbortSignal} signal
     */
    async past(cycle, signal) {
      const plan = await get(address(["worlds", chosen ?? "", "decide"], { at: cycle }), { signal });
      const read = world ? readPlan(plan, world) : null;
      return read ? withRules(read, publications()) : null;
    },
    /**
     * Returns how a verdict came about.
     * @param {string} instance
     * @param {number | null} cycle null for the last one
     * @param {AbortSignal} signal
     */
    explain: (instance, cycle, signal) =>
      get(address(["worlds", chosen ?? "", "explain", instance], { cycle }), { signal }),
  };
}
