// The live stream of the server. It reconnects by itself, resumes where it stopped, and survives
// whatever it is sent: a message that is malformed or unknown is counted and left aside.
//
//   connecting -> live        stream.hello arrived
//   live <-> behind           the server still owes events, or has been silent for a while
//   any -> offline            the socket closed; another try is scheduled with back-off and jitter
//   any -> closed             close() was called

import { get, onToken, token } from "./api.js";

/** @typedef {"connecting" | "live" | "behind" | "offline" | "closed"} Phase */
/**
 * @typedef {object} LiveEvent
 * @property {string} event_type
 * @property {string} run_id
 * @property {string} idea_id
 * @property {string} stage
 * @property {string} message
 * @property {string} severity
 * @property {string} created_at
 * @property {Record<string, any>} payload
 * @property {number} seq
 */
/**
 * @typedef {object} LiveState
 * @property {Phase} phase
 * @property {number} received messages that were understood
 * @property {number} ignored messages that were malformed or unknown
 * @property {string | null} lastIgnored why the last of them was left aside
 * @property {number | null} lastMessageAt milliseconds since 1970
 * @property {number} attempt tries since the last hello
 * @property {number | null} nextTryAt milliseconds since 1970
 * @property {number | null} cursor the last stored event that arrived
 * @property {number | null} head the last stored event that the server has
 * @property {number} behind events that the server still owes
 */
/**
 * @typedef {object} LiveOptions
 * @property {string | null} [runID] one run only; all of them without it
 * @property {number} [replay] how many events before the present come first, 0 to 500
 * @property {number | null} [after] resume after this cursor instead of a replay
 * @property {boolean} [includeReactor]
 * @property {number} [intervalSec] seconds between reactor snapshots, 0.1 to 10
 * @property {(event: LiveEvent) => void} [onEvent] stored events, each once, in their order
 * @property {(status: any, envelope: any) => void} [onReactor] the payload of `reactor.status`
 * @property {(state: LiveState) => void} [onState]
 * @property {() => void} [onReset] the server has another journal: what was shown is void
 */
/**
 * @typedef {object} Live
 * @property {() => LiveState} state
 * @property {(runID: string | null) => void} watch follows another run, from its last events
 * @property {(seconds: number) => void} setInterval changes the pace of reactor snapshots
 * @property {() => void} retry tries at once
 * @property {() => void} close
 */

const heartbeatSeconds = 5;
/** Silent for longer than one missed heartbeat: shown as behind. */
const quietAfter = heartbeatSeconds * 1.6 * 1000;
/** Silent for longer than two missed heartbeats: the socket is given up. */
const lostAfter = heartbeatSeconds * 2.6 * 1000;
const firstDelay = 500;
const longestDelay = 30_000;

/** @type {Set<LiveState>} */
const opened = new Set();
/** @type {Set<() => void>} */
const watchers = new Set();

/**
 * Calls back whenever any stream of the page changes its state or gets a message.
 * @param {() => void} watcher
 * @returns {() => void} what ends it
 */
export function onStreams(watcher) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Returns the states of the streams that are open. @returns {LiveState[]} */
export function streams() {
  return [...opened];
}

/** @param {unknown} value @returns {value is Record<string, any>} */
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Reads a message of the stream.
 * @param {unknown} data what the socket delivered
 * @returns {{envelope: any, reason: null} | {envelope: null, reason: string}} the envelope, or why
 *   it is none
 */
export function readMessage(data) {
  /** @param {string} reason @returns {{envelope: null, reason: string}} */
  const refuse = (reason) => ({ envelope: null, reason });
  if (typeof data !== "string") return refuse("not text");
  let value;
  try {
    value = JSON.parse(data);
  } catch (_) {
    return refuse("not JSON");
  }
  if (!isRecord(value)) return refuse("not an object");
  if (typeof value.event_type !== "string" || value.event_type === "") {
    return refuse("no event_type");
  }
  for (const key of ["run_id", "idea_id", "stage", "message", "severity"]) {
    const word = value[key];
    if (word === null || word === undefined) value[key] = "";
    else if (typeof word !== "string") return refuse(`${key} is not text`);
  }
  if (typeof value.created_at !== "string" || !Number.isFinite(Date.parse(value.created_at))) {
    return refuse("created_at is no instant");
  }
  if (value.payload === null || value.payload === undefined) value.payload = {};
  if (!isRecord(value.payload)) return refuse("payload is not an object");
  if (value.seq !== undefined && !(Number.isSafeInteger(value.seq) && value.seq > 0)) {
    return refuse("seq is no cursor");
  }
  return { envelope: value, reason: null };
}

/** @param {any} status */
function isReactorStatus(status) {
  return isRecord(status) && isRecord(status.gauges) && isRecord(status.flags)
    && isRecord(status.reactor);
}

/**
 * Opens a stream. It never throws; look at its state.
 * @param {LiveOptions} options
 * @returns {Live}
 */
export function openLive(options) {
  let runID = options.runID ?? null;
  let interval = options.intervalSec ?? 1;
  /** @type {LiveState} */
  const state = {
    phase: "connecting", received: 0, ignored: 0, lastIgnored: null, lastMessageAt: null,
    attempt: 0, nextTryAt: null, cursor: options.after ?? null, head: null, behind: 0,
  };
  /** @type {WebSocket | null} */
  let socket = null;
  /** @type {string | null} */
  let journal = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  opened.add(state);

  function tell() {
    try {
      options.onState?.({ ...state });
    } catch (failure) {
      console.warn("A listener of the stream's state failed.", failure);
    }
    for (const watcher of [...watchers]) watcher();
  }

  /** @param {Phase} phase */
  function enter(phase) {
    if (state.phase === phase) return;
    state.phase = phase;
    tell();
  }

  /** @param {string} reason */
  function ignore(reason) {
    state.ignored += 1;
    state.lastIgnored = reason;
    tell();
  }

  function url() {
    const address = new URL("/ws/live", location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const query = address.searchParams;
    if (runID) query.set("run_id", runID);
    if (state.cursor !== null) query.set("after", String(state.cursor));
    else query.set("replay", String(options.replay ?? 20));
    if (options.includeReactor) {
      query.set("include_reactor", "1");
      query.set("reactor_interval_sec", String(interval));
    }
    return address.href;
  }

  function connect() {
    clearTimeout(timer);
    leave();
    state.nextTryAt = null;
    state.behind = 0;
    if (state.phase !== "offline") enter("connecting");
    const bearer = token();
    const offers = bearer ? ["athanor.v1", `bearer.${bearer}`] : ["athanor.v1"];
    /** @type {WebSocket} */
    let opening;
    try {
      opening = new WebSocket(url(), offers);
    } catch (failure) {
      state.lastIgnored = String(failure);
      schedule();
      return;
    }
    socket = opening;
    opening.onmessage = (message) => {
      if (socket === opening) receive(message.data);
    };
    opening.onclose = () => {
      if (socket !== opening) return;
      socket = null;
      schedule();
    };
    watchSilence();
  }

  /** Lets the socket go without listening to its end. */
  function leave() {
    const old = socket;
    socket = null;
    clearTimeout(silence);
    if (!old) return;
    old.onmessage = null;
    old.onclose = null;
    old.close(1000);
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let silence;

  function watchSilence() {
    clearTimeout(silence);
    silence = setTimeout(() => {
      if (state.phase === "live") enter("behind");
      silence = setTimeout(() => {
        leave();
        schedule();
      }, lostAfter - quietAfter);
    }, quietAfter);
  }

  function schedule() {
    if (state.phase === "closed") return;
    clearTimeout(silence);
    clearTimeout(timer);
    const ceiling = Math.min(longestDelay, firstDelay * 2 ** Math.min(10, state.attempt));
    // Half fixed, half chance: a thousand pages do not come back in the same instant.
    const delay = ceiling / 2 + (Math.random() * ceiling) / 2;
    state.attempt += 1;
    state.nextTryAt = Date.now() + delay;
    state.phase = "offline";
    tell();
    // A refused handshake says nothing of its reason; the same question over HTTP does, and a 401
    // makes the shell ask for a token.
    if (state.attempt % 5 === 2) get("/api/desk").catch(() => {});
    timer = setTimeout(connect, delay);
  }

  /** @param {unknown} data */
  function receive(data) {
    state.lastMessageAt = Date.now();
    watchSilence();
    const { envelope, reason } = readMessage(data);
    if (envelope === null) {
      ignore(reason ?? "");
      return;
    }
    if (!take(envelope)) return;
    state.received += 1;
    for (const watcher of [...watchers]) watcher();
  }

  /**
   * @param {any} envelope
   * @returns {boolean} whether it was understood
   */
  function take(envelope) {
    const kind = envelope.event_type;
    const payload = envelope.payload;
    if (kind === "stream.hello") {
      greet(payload);
      return true;
    }
    if (kind === "stream.heartbeat") {
      if (Number.isSafeInteger(payload.head)) state.head = payload.head;
      state.behind = Number.isSafeInteger(payload.behind) ? Math.max(0, payload.behind) : 0;
      if (state.phase === "live" || state.phase === "behind") {
        enter(state.behind > 0 ? "behind" : "live");
      }
      return true;
    }
    if (kind === "stream.notice") return true;
    if (kind === "reactor.status") {
      if (!isReactorStatus(payload)) {
        ignore("reactor.status without gauges, flags and reactor");
        return false;
      }
      return hand(() => options.onReactor?.(payload, envelope), kind);
    }
    if (kind.startsWith("stream.") || kind.startsWith("reactor.")) {
      ignore(`unknown message ${kind}`);
      return false;
    }
    if (envelope.seq === undefined) {
      ignore(`${kind} without seq`);
      return false;
    }
    // What was seen already is not shown twice.
    if (state.cursor !== null && envelope.seq <= state.cursor) return true;
    state.cursor = envelope.seq;
    if (state.head === null || envelope.seq > state.head) state.head = envelope.seq;
    return hand(() => options.onEvent?.(envelope), kind);
  }

  /**
   * @param {() => void} deliver
   * @param {string} kind
   */
  function hand(deliver, kind) {
    if (state.phase === "behind" && state.behind === 0) enter("live");
    try {
      deliver();
      return true;
    } catch (failure) {
      console.warn(`A page could not show ${kind}.`, failure);
      ignore(`${kind}: ${String(failure)}`);
      return false;
    }
  }

  /** @param {Record<string, any>} payload */
  function greet(payload) {
    state.attempt = 0;
    if (Number.isSafeInteger(payload.head)) state.head = payload.head;
    const named = typeof payload.journal === "string" ? payload.journal : null;
    const isOther = journal !== null && named !== null && named !== journal;
    const isShorter = state.cursor !== null && state.head !== null && state.cursor > state.head;
    journal = named ?? journal;
    if (isOther || isShorter) {
      state.cursor = null;
      hand(() => options.onReset?.(), "stream.hello");
      connect();
      return;
    }
    state.phase = "live";
    tell();
  }

  /** @param {object} message */
  function say(message) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  function retry() {
    if (state.phase === "closed") return;
    state.attempt = 0;
    state.phase = "connecting";
    tell();
    connect();
  }

  const comeBack = () => {
    if (state.phase === "offline" && !document.hidden) retry();
  };
  addEventListener("online", comeBack);
  document.addEventListener("visibilitychange", comeBack);
  const forget = onToken(retry);
  connect();

  return {
    state: () => ({ ...state }),
    watch(next) {
      runID = next;
      // Another run has its own replay; a cursor of all runs would skip its past.
      state.cursor = null;
      retry();
    },
    setInterval(seconds) {
      interval = Math.min(10, Math.max(0.1, seconds));
      say({ type: "reactor", interval_sec: interval });
    },
    retry,
    close() {
      clearTimeout(timer);
      leave();
      opened.delete(state);
      removeEventListener("online", comeBack);
      document.removeEventListener("visibilitychange", comeBack);
      forget();
      enter("closed");
    },
  };
}
