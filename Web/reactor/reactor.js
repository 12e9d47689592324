// The Reactor page: tokens as energy, cost as load, and the protection that trips, seen live or
// played again.

import { byID, fill, h, setText } from "/ui/shell/dom.js";
import { compact, duration, integer, number, percent } from "/ui/shell/format.js";
import { language, onLanguage, register, t } from "/ui/shell/i18n.js";
import { openLive } from "/ui/shell/live.js";
import { onFrame, onReducedMotion, reducedMotion } from "/ui/shell/motion.js";
import { loadThree } from "/ui/shell/scene.js";
import {
  knownRuns, mountShell, onRun, onRuns, runID, setReplay, toastError,
} from "/ui/shell/shell.js";
import { onTheme } from "/ui/shell/theme.js";

import { digest } from "./model/digest.js";
import {
  blankRecording, buildPlayer, loadRecording, record, recordStatus,
} from "./model/replay.js";
import { readSeries, readStatus } from "./model/status.js";
import { buildStory } from "./model/story.js";
import { breachWords, laneWord } from "./model/tell.js";
import { buildCallouts, ringsOf } from "./panels/callouts.js";
import { buildGauges } from "./panels/gauges.js";
import { buildKiosk } from "./panels/kiosk.js";
import { buildLegend } from "./panels/legend.js";
import { buildProtection } from "./panels/protection.js";
import { buildPulse } from "./panels/pulse.js";
import { buildRadar } from "./panels/radar.js";
import { buildScrubber, goodSpeed } from "./panels/scrubber.js";
import { buildStanding } from "./panels/standing.js";
import { buildTicker } from "./panels/ticker.js";
import { buildTimeline } from "./panels/timeline.js";
import { buildTrends } from "./panels/trends.js";
import { buildTyping } from "./panels/typing.js";
import { buildPlain } from "./scene/plain.js";
import { buildScene } from "./scene/scene.js";
import { words } from "./words.js";

/** @typedef {import("./model/digest.js").Moment} Moment */
/** @typedef {import("./model/status.js").Status} Status */

/** Panels are written at most so often; everything between is interpolated. */
const WRITES_PER_SECOND = 10;
/**
 * Of what piled up while the page was hidden, so many events are shown as news; the rest is folded.
 */
const NEWS_AT_ONCE = 400;
/** What arrives while the page is hidden waits for it up to so many events. */
const MOST_WAITING = 2000;
/** A scan is news only for so long after the last event, as for the server. */
const SCAN_SECONDS = 60;
/** After these events a run is over, unless another follows. */
const ENDS = new Set(
  ["run.summary", "control.job_completed", "control.job_failed", "control.job_cancelled"]
);

register(words);
const shell = mountShell({ page: "reactor", titleKey: "reactor.title" });

const root = byID("reactor");
const canvas = /** @type {HTMLCanvasElement} */ (byID("rx-picture"));
const { story, take, reset } = buildStory();
const standing = buildStanding();
const gauges = buildGauges(byID("rx-gauges"));
const callouts = buildCallouts(byID("rx-callouts"), /** @type {any} */ (byID("rx-leaders")));
const legend = buildLegend(byID("rx-legend"));
const protection = buildProtection(byID("rx-protection"), byID("rx-banner"), byID("rx-frame"));
const pulse = buildPulse(
  /** @type {HTMLCanvasElement} */ (byID("rx-pulse")), byID("rx-pulse-key"),
  byID("rx-pulse-figures")
);
const radar = buildRadar(
  /** @type {HTMLCanvasElement} */ (byID("rx-radar")), byID("rx-radar-share"), byID("rx-sectors")
);
const typing = buildTyping(byID("rx-typed"));
const timeline = buildTimeline(byID("rx-timeline"), byID("rx-timeline-count"));
const trends = buildTrends(byID("rx-trends"));
const ticker = buildTicker(byID("rx-ticker"), byID("rx-ticker-rate"));
const scrubber = buildScrubber(
  byID("rx-scrubber"), { toggle, seek: seekShare, step, speed, live: backToLive }
);
const kiosk = buildKiosk(root, byID("rx-kiosk"));
const plain = buildPlain(byID("rx-plain"));

/** @type {ReturnType<typeof buildScene> | null} */
let scene = null;
let isSceneLost = false;
let isStill = reducedMotion();

/** What is being shown: set anew for each run. */
const shown = {
  /** @type {string | null} */
  run: null,
  /** @type {ReturnType<typeof buildPlayer> | null} */
  player: null,
  /** @type {import("/ui/shell/live.js").Live | null} */
  live: null,
  isLive: true,
  isRunning: false,
  isLoading: false,
  /** @type {Status | null} */
  liveStatus: null,
  /** @type {import("./panels/trends.js").Series} */
  series: {},
  /** @type {Moment[]} */
  queue: [],
  refused: 0,
  isInviting: false,
  isAway: new AbortController(),
};
/** @type {Moment | null} what the typed line tells of */
let lastTyped = null;
let isDirty = true;
let sinceNews = Infinity;
let sinceWrite = 0;
let sinceCanvas = 0;
let lastFrame = 0;
let saidState = "";
let frameMean = 1 / 60;

/** @type {import("./scene/scene.js").CoreLook} */
const look = {
  state: "idle", pressure: 0, isProtected: false, isStill,
  rings: ["request", "run", "day", "week"].map(
    () => ({ fill: 0, hasLimit: false, severity: /** @type {const} */ ("none") })
  ),
};

// MARK: What is shown

/** @returns {Status | null} */
function status() {
  return shown.isLive ? shown.liveStatus : shown.player?.status ?? null;
}

const isAtEnd = () => shown.player === null || shown.player.at >= shown.player.recording.to;
/** Whether the page shows the end of a run that is over. */
const isOver = () => !shown.isRunning && (shown.isLive || isAtEnd());
const view = () => (scene && !isSceneLost ? scene : plain);

/**
 * Shows an event as news: tokens fly, the pulse beats, the line is typed.
 * @param {Moment} moment
 */
function announce(moment) {
  take(moment);
  ticker.take(moment);
  isDirty = true;
  sinceNews = 0;
  const { facts } = moment;
  if (facts.call) {
    const { prompt, completion } = facts.call;
    plain.inject(prompt, completion);
    if (scene && !isStill) scene.inject(prompt, completion);
    if (isStill) pulse.recall(story.calls);
    else pulse.beat(story.calls[story.calls.length - 1], story.calls);
  }
  if (facts.fallback) scene?.disturb(0.6);
  if (facts.refusal) scene?.disturb(1);
  const line = typedLine(moment);
  if (!line) return;
  lastTyped = moment;
  typing.say(line);
}

/** @param {Moment} moment @returns {string | null} */
function typedLine({ facts, idea }) {
  if (facts.pack) {
    const count = facts.pack.sectors.reduce((sum, sector) => sum + sector.fields.length, 0);
    return t("reactor.typed.combine", { fields: count, sectors: facts.pack.sectors.length, idea });
  }
  if (facts.call) return t(
    "reactor.typed.call", { tokens: integer(facts.call.prompt + facts.call.completion), idea }
  );
  if (facts.candidate) {
    return t(facts.candidate.parent ? "reactor.typed.child" : "reactor.typed.found", {
      lane: laneWord(facts.candidate.lane), fields: facts.candidate.fields.slice(0, 4).join(", ") || "–",
    });
  }
  if (facts.refusal?.breaches[0]) return t(
    "reactor.typed.refused", { why: breachWords(facts.refusal.breaches[0]) }
  );
  if (facts.simulation) return t(
    "reactor.typed.simulated", { sharpe: number(facts.simulation.sharpe, { signed: true }) }
  );
  if (facts.verdict) return t(
    "reactor.typed.judged", { total: facts.verdict.total, passed: facts.verdict.passed }
  );
  if (facts.summary) return t(
    "reactor.typed.over",
    { accepted: facts.summary.accepted ?? "–", simulated: facts.summary.simulated ?? "–" }
  );
  return null;
}

/**
 * Says which sector the sweep has entered, unless news are being typed.
 * @param {number} index
 */
function scan(index) {
  const sector = story.pack?.sectors[index];
  if (!sector || sinceNews > SCAN_SECONDS || isOver() || (!shown.isLive && !shown.player?.isPlaying)) return;
  typing.say(t("reactor.typed.scan", {
    sector: sector.id, fields: sector.fields.length,
    explore: sector.fields.filter((field) => field.lane === "explore").length,
  }), true);
}

/** Shows the latest line at once, in the language that holds now. */
function retype() {
  typing.set((lastTyped && typedLine(lastTyped)) ?? t("reactor.typed.idle"));
}

/**
 * Folds the past without playing it.
 * @param {Moment[]} past
 * @param {number} recalled
 */
function jump(past, recalled) {
  reset();
  for (const moment of past) take(moment);
  scene?.clear();
  ticker.recall(past.slice(-recalled));
  pulse.recall(story.calls);
  lastTyped = past[past.length - 1] ?? null;
  retype();
  isDirty = true;
}

// MARK: Runs

/** @param {string | null} run */
async function open(run) {
  shown.isAway.abort();
  shown.live?.close();
  const away = new AbortController();
  Object.assign(shown, {
    run, player: null, live: null, isLive: true, liveStatus: null, series: {}, queue: [],
    isRunning: isRunUnderWay(run), isLoading: run !== null, isInviting: false, isAway: away,
  });
  jump([], 0);
  byID("rx-empty").hidden = run !== null;
  if (run === null) {
    writeEmpty();
    return;
  }
  try {
    const recording = await loadRecording(run, away.signal);
    if (away.signal.aborted) return;
    if (recording) {
      shown.player = buildPlayer(recording, { onMoment: announce, onJump: jump });
      tune(shown.player);
      shown.series = recording.series;
      shown.liveStatus = recording.frames[recording.frames.length - 1]?.status ?? null;
      shown.refused += recording.refused;
      shown.player.seek(recording.to);
      if (ENDS.has(recording.moments[recording.moments.length - 1].kind)) shown.isRunning = false;
    }
  } catch (failure) {
    if (away.signal.aborted) return;
    toastError(failure);
  }
  shown.isLoading = false;
  shown.isLive = shown.isRunning || shown.player === null;
  shown.isInviting = !shown.isLive;
  const moments = shown.player?.recording.moments;
  shown.live = openLive({
    runID: run, after: moments?.[moments.length - 1]?.seq ?? null, replay: 50, includeReactor: true, intervalSec: 0.5,
    onEvent: receive, onReactor: receiveStatus, onReset: () => open(run),
  });
  isDirty = true;
}

/** @param {string | null} run */
function isRunUnderWay(run) {
  return knownRuns().find((each) => each.run_id === run)?.state === "running";
}

/** @param {import("/ui/shell/live.js").LiveEvent} envelope */
function receive(envelope) {
  const moment = digest(envelope);
  if (!moment) {
    shown.refused += 1;
    return;
  }
  shown.queue.push(moment);
  // No frame comes to a hidden page, which must not keep what it is sent for ever.
  if (shown.queue.length >= MOST_WAITING) drain();
}

/** Takes what arrived since the last frame. */
function drain() {
  const { queue } = shown;
  if (queue.length === 0 || shown.run === null) return;
  shown.player ??= buildPlayer(
    blankRecording(shown.run, queue[0].at), { onMoment: announce, onJump: jump }
  );
  const skipped = Math.max(0, queue.length - NEWS_AT_ONCE);
  record(shown.player.recording, queue);
  if (shown.isLive) {
    for (let i = 0; i < queue.length; i += 1) {
      if (i < skipped) take(queue[i]);
      else announce(queue[i]);
    }
  }
  const last = queue[queue.length - 1];
  shown.isRunning = !ENDS.has(last.kind);
  if (shown.isInviting && shown.isRunning) backToLive();
  queue.length = 0;
  isDirty = true;
}

/** @param {any} payload */
function receiveStatus(payload) {
  const next = readStatus(payload);
  if (!next) {
    shown.refused += 1;
    return;
  }
  shown.liveStatus = next;
  for (const name of ["novelty", "coverage", "explore_ratio"]) {
    const points = readSeries(payload, name);
    if (points.length > 0) shown.series[name] = points;
  }
  if (shown.player && shown.isRunning) {
    recordStatus(shown.player.recording, next);
  }
  isDirty = true;
}

// MARK: Replay

function toggle() {
  const { player } = shown;
  if (!player) return;
  shown.isInviting = false;
  if (shown.isLive) {
    tune(player);
    // Space holds the present still; the run goes on unseen and "back to live" returns to it.
    shown.isLive = false;
    if (!shown.isRunning) player.play();
    else player.seek(player.recording.to);
  } else if (player.isPlaying) player.pause();
  else player.play();
  isDirty = true;
}

/**
 * Gives a replay that begins a speed that suits its length.
 * @param {import("./panels/scrubber.js").Player} replayed
 */
function tune(replayed) {
  const { recording } = replayed;
  replayed.setSpeed(goodSpeed(recording.to - recording.from));
}

/** @param {(player: ReturnType<typeof buildPlayer>) => void} move */
function leaveLive(move) {
  if (!shown.player) return;
  if (shown.isLive) tune(shown.player);
  shown.isLive = false;
  shown.isInviting = false;
  move(shown.player);
  isDirty = true;
}

/** @param {number} share */
function seekShare(share) {
  leaveLive(
    (player) => player.seek(
      player.recording.from + share * (player.recording.to - player.recording.from)
    )
  );
}

/** @param {number} steps */
function step(steps) {
  leaveLive((player) => {
    player.pause();
    player.step(steps);
  });
}

/** @param {number} times */
function speed(times) {
  shown.player?.setSpeed(times);
  isDirty = true;
}

function backToLive() {
  const { player } = shown;
  shown.isInviting = false;
  player?.pause();
  player?.seek(player.recording.to);
  shown.isLive = shown.isRunning || player === null;
  isDirty = true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.closest(
    "input:not([type=range]), select, textarea, dialog, [contenteditable]"
  )) return;
  if (event.key === " " && target.closest("button, a, summary")) return;
  const act = {
    " ": toggle, ArrowLeft: () => step(-1), ArrowRight: () => step(1), Home: () => seekShare(0),
    End: backToLive, f: kiosk.toggle, F: kiosk.toggle,
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// MARK: Writing

function writeEmpty() {
  fill(byID("rx-empty"), h("h2", null, t("reactor.empty_title")), h("p", null, t("reactor.empty")),
    h("pre", { class: "command" }, h("code", null, "athanor research run")));
}

function writeInvite() {
  const invite = byID("rx-invite");
  const { player } = shown;
  invite.hidden = !shown.isInviting || !player;
  if (invite.hidden || !player) return;
  const key = `${shown.run} ${language()}`;
  if (invite.dataset.key === key) return;
  invite.dataset.key = key;
  fill(invite, h("p", null, t("reactor.invite", {
    tokens: compact(story.totals.tokens), span: duration(
      player.recording.to - player.recording.from
    ),
  })), h("button", { type: "button", class: "button primary small", "data-test": "invite-play", onclick: toggle }, `▶ ${t("reactor.invite_play")}`));
}

/** Writes all panels; called a few times a second at most. */
function write() {
  const now = status();
  const rings = ringsOf(now);
  standing.write(now);
  gauges.write(now);
  callouts.write(rings);
  legend.write(view().tally.scale, isStill);
  radar.write(story, now);
  pulse.write(story);
  timeline.write(story, now);
  trends.write(
    shown.series, shown.isLive || isAtEnd() ? Infinity : shown.player?.at ?? Infinity, now
  );
  scrubber.write(
    shown.player, { isLive: shown.isLive, isRunning: shown.isRunning, isLoading: shown.isLoading }
  );
  writeInvite();
  const change = protection.write(now, story, isOver());
  root.dataset.mode = shown.isLive ? "live" : "replay";
  root.dataset.over = String(isOver());
  root.dataset.still = String(isStill);
  if (view() === plain) plain.write(now, rings, story.totals);
  look.state = now?.state ?? "idle";
  look.pressure = now?.pressure ?? 0;
  look.isProtected = now?.isProtected === true && !isOver();
  look.isStill = isStill;
  rings.forEach(
    (ring, index) => Object.assign(
      look.rings[index], { fill: ring.fill, hasLimit: ring.hasLimit, severity: ring.severity }
    )
  );

  const name = t(`reactor.state.${look.state}`);
  const key = `${look.state} ${change ?? ""}`;
  if (key !== saidState && now) {
    saidState = look.state + " ";
    const parts = [t(
      "reactor.said", { state: name, pressure: percent(now.pressure, { digits: 0 }) }
    )];
    if (change === "started" && !isOver()) parts.unshift(
      `${t("reactor.protection")}.`, ...protection.words
    );
    if (change === "ended") parts.unshift(t("reactor.protection_over"));
    setText(byID("rx-said"), parts.join(" "));
  }
  setText(byID("rx-core-words"), t("reactor.core_words", {
    state: name, pressure: percent(
      now?.pressure, { digits: 0 }
    ), injected: integer(story.totals.tokens),
    rings: rings.map((ring) => `${t(`reactor.ring.${ring.key}`)} ${ring.words}`).join(", "),
  }));
  setReplay(
    shown.isLive || !shown.player ? null : duration(shown.player.at - shown.player.recording.from)
  );
}

// MARK: Frames and layout

onFrame((_, now) => {
  const realDt = lastFrame > 0 ? Math.min(2, (now - lastFrame) / 1000) : 0;
  lastFrame = now;
  // The person's time, also where a frame took long; a tab that slept does not leap ahead.
  const dt = Math.min(realDt, 0.5);
  frameMean += (realDt - frameMean) * (1 - Math.exp(-realDt / 0.5));
  drain();
  const { player } = shown;
  if (!shown.isLive && player?.isPlaying) {
    player.advance(dt);
    isDirty = true;
    if (!player.isPlaying && shown.isRunning) backToLive();
  }
  sinceNews += dt;
  sinceWrite += realDt;
  if (isDirty && sinceWrite >= 1 / WRITES_PER_SECOND) {
    sinceWrite = 0;
    isDirty = false;
    write();
  }
  standing.frame(dt, isStill);
  gauges.frame(dt, isStill);
  ticker.frame(realDt);
  typing.frame(dt, isStill);
  sinceCanvas += dt;
  const pace = scene?.quality.current.canvasRate ?? (frameMean > 1 / 40 ? 24 : 60);
  if (sinceCanvas >= 0.98 / pace) {
    const isMoving = shown.isLive ? shown.isRunning : player?.isPlaying === true;
    pulse.frame(sinceCanvas, isMoving && !isStill);
    const sector = radar.frame(sinceCanvas, isStill || !isMoving, status());
    if (sector >= 0) scan(sector);
    sinceCanvas = 0;
  }
  if (scene && !isSceneLost) scene.frame(dt, realDt, look);
});

/** @param {boolean} isRestyled whether colors or words changed as well */
function layout(isRestyled) {
  const picture = canvas.getBoundingClientRect();
  const free = byID("rx-core").getBoundingClientRect();
  scene?.resize(picture.width, picture.height, {
    x: free.left - picture.left, y: free.top - picture.top, width: free.width, height: free.height,
  });
  const isPictured = scene !== null && !isSceneLost;
  canvas.hidden = !isPictured;
  byID("rx-plain").hidden = isPictured;
  byID("rx-legend").hidden = !isPictured;
  root.dataset.picture = isPictured ? "webgl" : "plain";
  pulse.refresh(isRestyled);
  radar.refresh(isRestyled);
  scrubber.refresh();
  callouts.point(isPictured ? scene?.anchor ?? null : null, picture);
  isDirty = true;
}

document.addEventListener("visibilitychange", () => {
  // A tab that was hidden had no slow frame.
  lastFrame = 0;
});

let isLayoutDue = false;
const sizes = new ResizeObserver(() => {
  if (isLayoutDue) return;
  isLayoutDue = true;
  requestAnimationFrame(() => {
    isLayoutDue = false;
    layout(false);
  });
});
for (const element of [
  root, byID("rx-core"), byID("rx-pulse"), byID("rx-radar"),
]) sizes.observe(element);

onTheme(() => {
  scene?.dress();
  layout(true);
});
onLanguage(() => {
  // Said again, in words that the person now reads.
  saidState = "";
  isDirty = true;
  timeline.refresh();
  ticker.refresh();
  kiosk.write();
  retype();
  if (shown.run === null) writeEmpty();
  layout(true);
});
onReducedMotion((reduced) => {
  isStill = reduced;
  scene?.clear();
  isDirty = true;
});
onRun((run) => open(run));
onRuns(() => {
  const isUnderWay = isRunUnderWay(shown.run);
  if (shown.isRunning && !isUnderWay) {
    shown.isRunning = false;
    isDirty = true;
  }
});

async function prepare() {
  const library = await loadThree();
  if (library) {
    try {
      scene = buildScene(library.THREE, canvas);
    } catch (failure) {
      console.warn("The browser refused a WebGL context.", failure);
    }
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      isSceneLost = true;
      layout(true);
    });
    canvas.addEventListener("webglcontextrestored", () => {
      isSceneLost = false;
      layout(true);
    });
  }
  layout(true);
  await shell.ready;
  await open(runID());
  write();
}

/** What browser tests ask. */
Object.assign(window, {
  athanor: {
    page: "reactor",
    ready: prepare(),
    state: () => {
      const now = status();
      const { tally } = view();
      return {
        run: shown.run, state: now?.state ?? "idle", pressure: now?.pressure ?? null,
        isRunning: shown.isRunning, particlesAlive: tally.alive, particlesInjected: tally.injected,
        absorbed: tally.absorbed, scale: tally.scale, tokensInjected: plain.tally.injected,
        protectionVisible: protection.isVisible, bannerVisible: protection.isBanner,
        fps: 1 / frameMean, mode: shown.isLive ? "live" : "replay",
        isPlaying: shown.player?.isPlaying ?? false, position: shown.isLive ? 1 : shown.player?.position ?? 1,
        events: story.lastSeq, calls: story.totals.calls, fallbacks: story.fallbacks.length,
        sectors: story.pack?.sectors.length ?? 0, blips: radar.blips, typed: typing.text,
        tickerLines: ticker.count, pulseMeasure: pulse.measure,
        ignoredMessages: shown.refused + (shown.live?.state().ignored ?? 0),
        webgl: scene !== null && !isSceneLost, reducedMotion: isStill, quality: scene?.quality.current ?? null,
      };
    },
  },
});
