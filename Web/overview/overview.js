// The overview: the newest run, the budget of day and week, jobs, what happens, and all runs.

import { ApiError, get } from "/ui/shell/api.js";
import { lineChart } from "/ui/shell/chart.js";
import { byID, fill, follow, h, setText } from "/ui/shell/dom.js";
import * as format from "/ui/shell/format.js";
import { defects, knows, onLanguage, register, t } from "/ui/shell/i18n.js";
import { openLive } from "/ui/shell/live.js";
import {
  connectionState, deskState, knownRuns, latestRun, mountShell, onRuns, pageAddress, refreshRuns, runID,
  runName, toastError,
} from "/ui/shell/shell.js";
import { makeTable } from "/ui/shell/table.js";
import { words } from "./words.js";

register(words);

/** @typedef {import("../shell/shell.js").Run} Run */

/** What the page knows; everything drawn is drawn from here. */
const known = {
  /** @type {any} the last reactor status of the newest run */
  reactor: null,
  /** @type {any[]} */
  jobs: [],
  /** @type {string | null} why the jobs cannot be read */
  jobsProblem: null,
  /** @type {import("../shell/live.js").LiveEvent[]} newest first */
  feed: [],
  /** @type {number[]} when events arrived, in milliseconds, over the last minute */
  arrivals: [],
  hasAnswered: false,
};

/** Lines of the feed that are kept. */
const feedMost = 40;

const shell = mountShell({ page: "overview", titleKey: "overview.title", runPicker: false });
shell.main.className = "page overview";

// MARK: The parts

/**
 * @param {string} id
 * @param {string} title
 * @param {...Node} body
 */
function panel(id, title, ...body) {
  return h("section", { class: `panel ${id}`, id, "aria-labelledby": `${id}-title` },
    h("div", { class: "panel-head" },
      h("h2", { id: `${id}-title`, "data-t": title }),
      h("span", { class: "soft num", id: `${id}-note` })),
    ...body);
}

/** @param {string} id @param {string} title */
function tile(id, title) {
  return h("div", { class: "tile", id, "data-test": id },
    h("dt", { class: "label", "data-t": title }),
    h("dd", null,
      h("span", { class: "tile-figure num" }),
      h("span", { class: "tile-note soft num" })));
}

const chart = lineChart({ label: "", format: format.tokens, zero: true, test: "call-chart" });
chart.element.classList.add("call-chart");

/** @type {import("../shell/table.js").Table<Run>} */
const table = makeTable({
  label: "overview.runs",
  test: "runs",
  key: (run) => run.run_id,
  sort: { key: "started", order: "desc" },
  columns: [
    {
      key: "state", title: "overview.run_state", value: (run) => run.state,
      cell: (run) => stateChip(run.state),
    },
    {
      key: "run", title: "overview.run", header: true, value: runName, class: "run-cell",
      cell: (run) => h("span", { class: "run-name" },
        h("span", { class: "clip" }, runName(run)),
        h("code", { class: "faint clip" }, run.run_id)),
    },
    {
      key: "events", title: "overview.events_column", numeric: true, value: (run) => run.events,
      cell: (run) => format.figure(format.integer(run.events)),
    },
    {
      key: "tokens", title: "overview.tokens", numeric: true,
      value: (run) => run.summary?.total_tokens,
      cell: (run) => format.figure(format.tokens(run.summary?.total_tokens),
        { title: format.integer(run.summary?.total_tokens) }),
    },
    {
      key: "cost", title: "overview.cost", unit: "USD", numeric: true,
      value: (run) => run.summary?.cost_usd,
      cell: (run) => format.figure(format.dollars(run.summary?.cost_usd)),
    },
    {
      key: "simulated", title: "overview.simulated", numeric: true,
      value: (run) => run.summary?.simulated,
      cell: (run) => format.figure(format.integer(run.summary?.simulated)),
    },
    {
      key: "accepted", title: "overview.accepted", numeric: true,
      value: (run) => run.summary?.accepted,
      cell: (run) => format.figure(format.integer(run.summary?.accepted),
        { class: run.summary?.accepted > 0 ? "good" : "" }),
    },
    {
      key: "duration", title: "overview.duration", numeric: true, value: length,
      cell: (run) => format.figure(format.duration(length(run))),
    },
    {
      key: "started", title: "overview.started", numeric: true,
      value: (run) => format.milliseconds(run.started_at),
      cell: (run) => format.ageElement(run.started_at),
    },
    {
      key: "open", title: "overview.open",
      cell: (run) => h("span", { class: "run-links" },
        pageLink(run, "reactor", "overview.reactor_short"),
        pageLink(run, "lab", "overview.lab_short")),
    },
  ],
});

/**
 * @param {Run} run
 * @param {"reactor" | "lab"} page
 * @param {string} key
 */
function pageLink(run, page, key) {
  const name = t(key);
  return h("a", {
    href: pageAddress(page, run.run_id),
    "aria-label": t("overview.open_in", { run: run.run_id, page: name }),
  }, name);
}

/** @param {Run} run */
function length(run) {
  const [from, to] = [format.milliseconds(run.started_at), format.milliseconds(run.last_at)];
  return from === null || to === null ? null : to - from;
}

const latest = panel("latest", "overview.latest",
  h("div", { class: "latest-name" },
    h("h1", { id: "latest-name" }),
    h("p", { class: "soft latest-about" },
      h("span", { id: "latest-state" }),
      h("code", { id: "latest-id" }),
      h("span", { id: "latest-events", class: "num" }),
      format.ageElement(null))),
  h("dl", { class: "tiles" },
    tile("tile-tokens", "overview.tokens"),
    tile("tile-pressure", "overview.pressure"),
    tile("tile-cost", "overview.cost"),
    tile("tile-accepted", "overview.accepted")),
  chart.element);

latest.querySelector(".panel-head")?.append(
  h("span", { class: "latest-links" },
    h("a", { class: "button primary", id: "open-reactor", "data-t": "overview.open_reactor" }),
    h("a", { class: "button", id: "open-lab", "data-t": "overview.open_lab" })));

const content = h("div", { class: "overview-grid panels", hidden: true },
  latest,
  panel("budget", "overview.budget", h("div", { id: "budget-body" })),
  panel("jobs", "overview.jobs", h("ul", { class: "plain", id: "jobs-list" }),
    h("p", { class: "soft", id: "jobs-none" })),
  panel("feed", "overview.feed", h("ol", { class: "plain", id: "feed-list" }),
    h("p", { class: "soft", id: "feed-none" })),
  panel("runs", "overview.runs", table.element));

/** @param {string} title @param {string} text @param {[string, string][]} commands */
function notice(title, text, commands) {
  return h("div", { class: "empty" },
    h("div", { class: "furnace", "aria-hidden": "true" }),
    h("h1", { "data-t": title }),
    h("p", { "data-t": text }),
    commands.flatMap(([words, command]) => [
      words ? h("p", { "data-t": words }) : null,
      h("pre", { class: "command" }, h("code", null, command)),
    ]));
}

const empty = h("div", { id: "empty", class: "panel", hidden: true, "data-test": "empty" },
  notice("overview.empty_title", "overview.empty_text", [
    ["overview.empty_research", "athanor research run"],
    ["overview.empty_demo", "athanor serve --demo"],
  ]));
const lost = h("div", { id: "lost", class: "panel", hidden: true, "data-test": "lost" },
  notice("overview.error_title", "overview.error_text", [["", "athanor serve"]]));
const waiting = h("div", { id: "waiting", class: "overview-grid", "aria-hidden": "true" },
  ["latest", "budget", "jobs", "feed", "runs"].map((name) =>
    h("div", { class: `panel skeleton ${name}` })));
shell.main.append(waiting, lost, empty, content);

// MARK: Drawing

/** @type {Record<string, [string, string]>} the kind of chip and its mark */
const stateLooks = {
  running: ["accent", "●"], finished: ["good", "✓"], interrupted: ["warn", "◐"], idle: ["", "○"],
  queued: ["", "○"], completed: ["good", "✓"], failed: ["bad", "✕"], cancelled: ["", "–"],
  timed_out: ["bad", "✕"],
};

/** @param {string | undefined} state */
function stateChip(state) {
  const [kind, mark] = stateLooks[state ?? ""] ?? ["", "○"];
  return h("span", { class: `chip ${kind}`, "data-mark": mark }, t(`run.state.${state ?? "idle"}`));
}

/** @param {string} state */
function jobChip(state) {
  const [kind, mark] = stateLooks[state] ?? ["", "○"];
  return h("span", { class: `chip ${kind}`, "data-mark": mark }, t(`job.state.${state}`));
}

function draw() {
  const runs = knownRuns();
  const hasRuns = runs.length > 0;
  waiting.hidden = known.hasAnswered || hasRuns;
  lost.hidden = known.hasAnswered || !known.jobsProblem || hasRuns;
  if (!lost.hidden) waiting.hidden = true;
  empty.hidden = !known.hasAnswered || hasRuns;
  content.hidden = !hasRuns;
  if (!hasRuns) return;
  drawLatest(latestRun() ?? runs[0]);
  drawBudget();
  drawJobs();
  drawFeed();
  table.setRows(runs);
  setText(byID("runs-note"), t("overview.runs_count", { n: format.integer(runs.length), count: runs.length }));
}

/** @param {Run} run */
function drawLatest(run) {
  const status = known.reactor?.run_id === run.run_id ? known.reactor : null;
  const gauges = status?.gauges ?? {};
  const summary = run.summary;
  setText(byID("latest-name"), runName(run));
  setText(byID("latest-id"), run.run_id);
  fill(byID("latest-state"), stateChip(run.state));
  setText(byID("latest-events"),
    t("overview.events", { n: format.integer(run.events), count: run.events ?? 0 }));
  const time = latest.querySelector("time");
  if (time instanceof HTMLElement && time.dataset.at !== String(format.milliseconds(run.last_at))) {
    format.setAge(time, run.last_at);
  }
  byID("open-reactor").setAttribute("href", pageAddress("reactor", run.run_id));
  byID("open-lab").setAttribute("href", pageAddress("lab", run.run_id));

  const batch = gauges.batch_tokens;
  const tokens = batch?.value ?? summary?.total_tokens;
  writeTile("tile-tokens", format.tokens(tokens), format.isPresent(batch?.limit)
    ? t("overview.tokens_of", { limit: format.tokens(batch.limit) }) : "");
  const state = String(status?.flags?.reactor_state ?? "");
  writeTile("tile-pressure", format.percent(gauges.pressure?.value, { digits: 0 }),
    [knownState(state), gauges.velocity_tokens_per_sec?.value > 0
      ? t("overview.velocity",
        { rate: format.tokensPerSecond(gauges.velocity_tokens_per_sec.value) }) : ""]
      .filter(Boolean).join(" · "));
  byID("tile-pressure").dataset.state = state;
  const cost = gauges.batch_cost_usd?.value ?? summary?.cost_usd;
  writeTile("tile-cost", format.dollars(cost), cost === 0 ? t("overview.cost_none")
    : format.isPresent(summary?.cost_per_accepted_alpha_usd)
      ? t("overview.cost_each", { cost: format.dollars(summary.cost_per_accepted_alpha_usd) }) : "");
  writeTile("tile-accepted", format.integer(summary?.accepted), format.isPresent(summary?.simulated)
    ? t("overview.accepted_of", { n: format.integer(summary.simulated) })
    : run.state === "running" ? t("overview.at_end") : "");
  drawCalls(status, batch?.limit);
}

/** @param {string} state */
function knownState(state) {
  const key = `overview.state.${state}`;
  return knows(key) ? t(key) : state;
}

/** @param {string} id @param {string} figure @param {string} note */
function writeTile(id, figure, note) {
  const element = byID(id);
  const [value, about] = [element.querySelector(".tile-figure"), element.querySelector(".tile-note")];
  if (value) {
    setText(value, figure);
    value.classList.toggle("missing", figure === format.missing);
    value.setAttribute("title", figure === format.missing ? t("format.missing") : "");
  }
  if (about) setText(about, note);
}

/**
 * @param {any} status
 * @param {number | null | undefined} limit
 */
function drawCalls(status, limit) {
  const pulse = Array.isArray(status?.series?.cost_pulse) ? status.series.cost_pulse : [];
  let sum = 0;
  /** @type {import("../shell/chart.js").Point[]} */
  const points = [];
  for (const beat of pulse) {
    const at = format.milliseconds(beat?.ts);
    if (at === null || !format.isPresent(beat?.tokens)) continue;
    sum += beat.tokens;
    points.push([at, sum]);
  }
  // The last call holds until the moment of the status.
  const asOf = format.milliseconds(status?.as_of);
  const last = points[points.length - 1];
  if (asOf !== null && last && asOf > last[0]) points.push([asOf, sum]);
  chart.element.hidden = points.length === 0;
  chart.setSeries(
    [{ name: t("overview.used"), points, area: true, step: true, color: "accent" }],
    {
      label: t("overview.call_chart"),
      levels: format.isPresent(limit) ? [{ y: limit, label:
        `${t("overview.ceiling")} ${format.tokens(limit)}`, color: "warn" }] : [],
    });
}

function drawBudget() {
  const budget = deskState()?.budget;
  const body = byID("budget-body");
  if (!budget || typeof budget !== "object") {
    fill(body, h("p", { class: "soft" }, t("overview.budget_none")));
    return;
  }
  fill(body, [["day", "overview.day"], ["week", "overview.week"]].map(([name, title]) =>
    period(t(title), budget[name] ?? {}, name)));
}

/** @param {string} title @param {any} use @param {string} name */
function period(title, use, name) {
  const held = use.tokens_reserved;
  return h("div", { class: "period", "data-test": `budget-${name}` },
    h("h3", null, title),
    allowance(t("overview.tokens"), use.tokens, use.tokens_limit, format.tokens),
    allowance(t("overview.cost"), use.cost_usd, use.cost_usd_limit, format.dollars),
    held > 0 ? h("p", { class: "soft num" }, t("overview.reserved", { n: format.tokens(held) })) : null);
}

/**
 * @param {string} title
 * @param {number | null | undefined} value
 * @param {number | null | undefined} limit
 * @param {(value: number | null | undefined) => string} write
 */
function allowance(title, value, limit, write) {
  const share = format.isPresent(value) && format.isPresent(limit) && limit > 0 ? value / limit : null;
  const line = h("div", { class: "allowance-line" },
    h("span", { class: "label" }, title),
    h("span", { class: "num" },
      h("strong", null, write(value)), " ",
      h("span", { class: "soft" }, format.isPresent(limit)
        ? `/ ${write(limit)}` : `· ${t("overview.no_ceiling")}`)));
  if (share === null) return h("div", { class: "allowance" }, line);
  const level = share >= 1 ? "bad" : share >= 0.8 ? "warn" : "";
  return h("div", { class: "allowance" }, line,
    h("div", {
      class: "meter", role: "meter", "aria-label": title, "aria-valuemin": 0, "aria-valuemax": 100,
      "aria-valuenow": Math.round(100 * Math.min(1, share)),
      "aria-valuetext": format.percent(share), "data-level": level, title: format.percent(share),
    }, h("div", { class: "meter-fill", style: { transform: `scaleX(${Math.min(1, share)})` } })));
}

function drawJobs() {
  const list = byID("jobs-list");
  const none = byID("jobs-none");
  if (known.jobsProblem) fill(none, t("overview.jobs_absent", { why: known.jobsProblem }));
  else if (known.jobs.length > 0) fill(none);
  else {
    fill(none, t("overview.jobs_none"), " ",
      h("a", { href: pageAddress("lab") }, t("overview.open_lab_link")));
  }
  follow(list, known.jobs, (job) => job.job_id, () => h("li", { class: "job" }), (element, job) => {
    const progress = job.progress;
    const share = progress?.total > 0 ? Math.min(1, progress.done / progress.total) : null;
    const about = progress
      ? [progress.steps > 1 ? t("overview.job_step", { step: progress.step,
        number: progress.step_number, steps: progress.steps }) : progress.step,
      share === null ? "" : t("overview.job_units", { done: format.integer(progress.done),
        total: format.integer(progress.total), unit: progress.unit ?? "" })].filter(Boolean).join(" · ")
      : job.state === "failed" || job.state === "timed_out" ? String(job.error ?? "") : "";
    const at = job.ended_at ?? job.started_at ?? job.queued_at;
    fill(element,
      h("div", { class: "job-line" },
        h("code", { class: "clip" }, job.action), jobChip(String(job.state)),
        h("span", { class: "spring" }), format.ageElement(at)),
      about ? h("p", { class: "soft num job-about" }, about) : null,
      share === null || job.state !== "running" ? null
        : h("div", { class: "meter", role: "meter", "aria-label": job.action, "aria-valuemin": 0,
          "aria-valuemax": 100, "aria-valuenow": Math.round(share * 100) },
        h("div", { class: "meter-fill", style: { transform: `scaleX(${share})` } })));
  });
}

function drawFeed() {
  const now = Date.now();
  known.arrivals = known.arrivals.filter((at) => now - at < 60_000);
  const count = known.arrivals.length;
  setText(byID("feed-note"), t("overview.feed_rate", { n: format.integer(count), count }));
  setText(byID("feed-none"), known.feed.length === 0 ? t("overview.feed_none") : "");
  follow(byID("feed-list"), known.feed, (event) => String(event.seq), (event) =>
    h("li", { class: `feed-line ${severity(event)}` },
      h("span", { class: "feed-mark", "aria-hidden": "true" }, severityMarks[severity(event)]),
      h("code", { class: "feed-kind clip", title: event.event_type }, event.event_type),
      h("span", { class: "feed-words", title: event.message }, event.message),
      format.ageElement(event.created_at)));
}

/** @type {Record<string, string>} */
const severityMarks = { error: "✕", warn: "▲", info: "·" };

/** @param {import("../shell/live.js").LiveEvent} event */
function severity(event) {
  const word = event.severity.toLowerCase();
  if (word === "error" || word === "critical") return "error";
  return word.startsWith("warn") ? "warn" : "info";
}

// MARK: Reading

async function readJobs() {
  try {
    const answer = await get("/api/control/jobs?limit=8");
    known.jobs = Array.isArray(answer?.jobs)
      ? answer.jobs.filter((/** @type {any} */ job) => typeof job?.job_id === "string") : [];
    known.jobsProblem = null;
  } catch (failure) {
    known.jobsProblem = failure instanceof ApiError && failure.status > 0 ? failure.detail
      : t("shell.unreachable");
  }
}

async function readReactor() {
  const run = latestRun()?.run_id;
  if (!run || known.reactor?.run_id === run) return;
  try {
    known.reactor = await get(`/api/runs/${encodeURIComponent(run)}/reactor_status`);
  } catch (failure) {
    toastError(failure);
  }
}

let isDue = false;

/** Draws once for whatever came in the meantime. */
function drawSoon() {
  if (isDue) return;
  isDue = true;
  setTimeout(() => {
    isDue = false;
    draw();
  }, 100);
}

let readAt = 0;
let isReadDue = false;

/** Reads runs and jobs anew after events, at most every two seconds. */
function readSoon() {
  if (isReadDue) return;
  isReadDue = true;
  setTimeout(() => {
    isReadDue = false;
    readAt = Date.now();
    void Promise.all([refreshRuns(), readJobs()]).then(draw);
  }, Math.max(250, 2000 - (Date.now() - readAt)));
}

/** The journal's head when the stream was first greeted: what comes after it happens now. */
let base = Infinity;

const live = openLive({
  replay: feedMost,
  includeReactor: true,
  intervalSec: 2,
  onState(state) {
    if (base === Infinity && state.phase === "live") base = state.head ?? 0;
  },
  onEvent(event) {
    known.feed.unshift(event);
    known.feed.length = Math.min(known.feed.length, feedMost);
    if (event.seq > base) {
      known.arrivals.push(Date.now());
      readSoon();
    }
    drawSoon();
  },
  onReactor(status) {
    known.reactor = status;
    drawSoon();
  },
  onReset() {
    known.feed = [];
    known.arrivals = [];
    known.reactor = null;
    base = Infinity;
    readSoon();
  },
});

onLanguage(() => {
  table.refresh();
  for (const id of ["jobs-list", "feed-list"]) fill(byID(id));
  draw();
});
onRuns((runs) => {
  known.hasAnswered ||= runs.length > 0 || deskState() !== null;
  void readReactor().then(draw);
});
setInterval(() => {
  if (!document.hidden) void readJobs().then(draw);
}, 15_000);

const ready = Promise.all([shell.ready, readJobs()]).then(readReactor).then(draw);

/** What tests ask. */
Object.assign(window, {
  athanor: {
    page: "overview",
    ready,
    state: () => ({
      runs: knownRuns().length,
      run: runID(),
      jobs: known.jobs.length,
      feed: known.feed.map((event) => event.seq),
      reactor: known.reactor?.run_id ?? null,
      connection: connectionState(),
      live: live.state(),
      words: defects(),
    }),
  },
});
