// What stands around every page: header, navigation, run picker, connection badge, the switches of
// language and theme, the dialog for a token, and the toasts that say what failed.

import { ApiError, get, onRefusal, onToken, setToken, token } from "./api.js";
import { byID, fill, h, setText, svg } from "./dom.js";
import { age, duration, instant, integer } from "./format.js";
import { language, localize, onLanguage, register, setLanguage, t } from "./i18n.js";
import { onStreams, streams } from "./live.js";
import { reducedMotion } from "./motion.js";
import { onTheme, setTheme, theme } from "./theme.js";
import { words } from "./words.js";

register(words);

/** @typedef {"overview" | "reactor" | "lab" | "worlds"} PageName */
/**
 * @typedef {object} Run
 * @property {string} run_id
 * @property {string} [title]
 * @property {string} [state]
 * @property {number} [events]
 * @property {string | null} [started_at]
 * @property {string | null} [last_at]
 * @property {any} [summary]
 */
/**
 * @typedef {object} Shell
 * @property {Promise<void>} ready settled when the first list of runs came or failed
 * @property {HTMLElement} main where the page lives
 */

/** @type {{name: PageName, path: string, title: string}[]} */
const pages = [
  { name: "overview", path: "/ui/", title: "shell.overview" },
  { name: "reactor", path: "/ui/reactor", title: "shell.reactor" },
  { name: "lab", path: "/ui/lab", title: "shell.lab" },
  { name: "worlds", path: "/ui/worlds", title: "shell.worlds" },
];

/** @type {Run[]} */
let runs = [];
/** @type {string | null} */
let chosen = new URLSearchParams(location.search).get("run_id");
/** @type {Set<(runID: string | null) => void>} */
const runListeners = new Set();
/** @type {Set<(runs: Run[]) => void>} */
const listListeners = new Set();
/** @type {string | null} */
let replayLabel = null;
/** @type {any} */
let desk = null;
/** Whether a refused reading has asked for a token already. */
let hasAsked = false;

/**
 * Returns the newest run of research, or of whatever there is; null before the list of runs came.
 * @returns {Run | null}
 */
export function latestRun() {
  const named = desk?.latest_run;
  if (typeof named?.run_id !== "string") return runs[0] ?? null;
  return runs.find((run) => run.run_id === named.run_id) ?? named;
}

/**
 * Returns the run that the page shows: the one in the address, else the newest; null where the
 * journal has none, or before the list of runs came.
 */
export function runID() {
  return chosen ?? latestRun()?.run_id ?? null;
}

/** Returns the runs that the picker knows, newest first. */
export function knownRuns() {
  return runs;
}

/** Returns what `/api/desk` answered last, null before. */
export function deskState() {
  return desk;
}

/**
 * Calls back when another run is shown, by the picker or because a newer one began.
 * @param {(runID: string | null) => void} listener
 * @returns {() => void} what ends it
 */
export function onRun(listener) {
  runListeners.add(listener);
  return () => runListeners.delete(listener);
}

/**
 * Calls back when the list of runs was read anew.
 * @param {(runs: Run[]) => void} listener
 * @returns {() => void} what ends it
 */
export function onRuns(listener) {
  listListeners.add(listener);
  return () => listListeners.delete(listener);
}

/**
 * Shows a run and writes it into the address; null follows the newest.
 * @param {string | null} next
 */
export function selectRun(next) {
  const before = runID();
  chosen = next;
  const address = new URL(location.href);
  if (next) address.searchParams.set("run_id", next);
  else address.searchParams.delete("run_id");
  history.replaceState(history.state, "", address);
  writePicker();
  writeLinks();
  if (runID() !== before) for (const listener of [...runListeners]) listener(runID());
}

/**
 * Shows in the connection badge that the page replays the past; null goes back to the present.
 * @param {string | null} label such as the instant that is shown
 */
export function setReplay(label) {
  replayLabel = label;
  writeBadge();
}

/**
 * Returns the address of a page with the run and the language of this one.
 * @param {PageName} page
 * @param {string | null} [run] this page's own run unless told
 */
export function pageAddress(page, run = chosen) {
  const query = new URLSearchParams();
  if (run) query.set("run_id", run);
  const here = new URLSearchParams(location.search);
  for (const name of ["lang", "webgl", "motion"]) {
    const value = here.get(name);
    if (value !== null) query.set(name, value);
  }
  const text = query.toString();
  const path = pages.find((each) => each.name === page)?.path ?? "/ui/";
  return text ? `${path}?${text}` : path;
}

// MARK: Toasts

/** At most so many toasts are seen at once; an older one makes room. */
const toastsMost = 4;

/**
 * Says something in the corner of the page.
 * @param {{kind?: "error" | "warning" | "notice", text: string, detail?: string,
 *   seconds?: number}} message errors stay until they are closed, others for 6 seconds
 */
export function toast(message) {
  const kind = message.kind ?? "notice";
  const corner = document.getElementById("toasts");
  if (!corner) return;
  const same = [...corner.children].find((child) =>
    child.getAttribute("data-text") === `${message.text}\n${message.detail ?? ""}`);
  if (same) {
    const count = Number(same.getAttribute("data-count") ?? "1") + 1;
    same.setAttribute("data-count", String(count));
    const badge = same.querySelector(".toast-count");
    if (badge) badge.textContent = `×${count}`;
    return;
  }
  while (corner.children.length >= toastsMost) corner.firstElementChild?.remove();
  const element = h(
    "div",
    {
      class: `toast ${kind}`, "data-text": `${message.text}\n${message.detail ?? ""}`,
      "data-test": "toast",
    },
    h("span", { class: "toast-mark", "aria-hidden": "true" },
      kind === "error" ? "✕" : kind === "warning" ? "!" : "i"),
    h("div", { class: "toast-words" },
      h("strong", null, message.text, " ", h("span", { class: "toast-count" })),
      message.detail ? h("p", null, message.detail) : null),
    h("button", {
      type: "button", class: "icon-button", "aria-label": t("shell.close"),
      onclick: () => element.remove(),
    }, "×")
  );
  corner.append(element);
  if (kind !== "error") setTimeout(() => element.remove(), (message.seconds ?? 6) * 1000);
}

/**
 * Says what failed, with the server's own words and help.
 * @param {unknown} failure
 * @param {string} [what] what was tried, in the language of the page
 */
export function toastError(failure, what) {
  if (failure instanceof ApiError) {
    if (failure.error === "aborted") return;
    const text = failure.status === 0
      ? t(failure.error === "timeout" ? "shell.timeout" : "shell.unreachable")
      : failure.detail;
    const help = failure.status === 0 ? failure.detail : failure.help;
    toast({
      kind: "error", text: what ?? text, detail: [what ? text : "", help].filter(Boolean).join(" "),
    });
    return;
  }
  toast({ kind: "error", text: what ?? t("shell.page_error"), detail: String(failure) });
}

// MARK: Mounting

/**
 * Builds what stands around the page. Call it once, first of all.
 * @param {{page: PageName, titleKey: string, runPicker?: boolean}} options
 * @returns {Shell}
 */
export function mountShell(options) {
  const main = document.querySelector("main") ?? h("main");
  main.id = "main";
  main.tabIndex = -1;
  document.body.prepend(
    h("a", { class: "skip", href: "#main", "data-t": "shell.skip" }),
    header(options)
  );
  if (!main.isConnected) document.body.append(main);
  document.body.append(
    h("div", { id: "toasts", class: "toasts", role: "log", "aria-live": "polite",
      "data-t-label": "shell.messages" }),
    tokenDialog()
  );
  document.documentElement.dataset.page = options.page;

  const rewrite = () => {
    document.title = `${t(options.titleKey)} · Athanor`;
    localize(document);
    writePicker();
    writeBadge();
    writeSwitches();
  };
  onLanguage(rewrite);
  onTheme(writeSwitches);
  onToken(() => {
    hasAsked = false;
    writeSwitches();
    refreshRuns();
  });
  onRefusal((refusal, method) => {
    // What a page reads by itself asks once; what the person does asks every time.
    if (method === "GET" && hasAsked) return;
    hasAsked = true;
    askToken(refusal);
  });
  rewrite();
  writeLinks();

  let isWaiting = false;
  onStreams(() => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      writeBadge();
    }, 120);
  });
  setInterval(() => {
    if (!document.hidden) writeBadge();
  }, 1000);
  setInterval(() => {
    if (!document.hidden) refreshRuns();
  }, 15_000);
  return { ready: refreshRuns(), main };
}

/** Reads the list of runs and the state of the desk anew. @returns {Promise<void>} */
export async function refreshRuns() {
  const [list, state] = await Promise.allSettled([get("/api/runs?limit=50"), get("/api/desk")]);
  const before = runID();
  if (state.status === "fulfilled" && state.value && typeof state.value === "object") {
    desk = state.value;
    const version = document.getElementById("version");
    if (version && typeof desk.version === "string") setText(version, desk.version);
    writeSwitches();
  }
  if (list.status === "fulfilled" && Array.isArray(list.value?.runs)) {
    runs = list.value.runs.filter((/** @type {any} */ run) => typeof run?.run_id === "string");
    writePicker();
    writeLinks();
    if (runID() !== before) for (const listener of [...runListeners]) listener(runID());
  } else if (list.status === "rejected" && runs.length === 0) {
    const failure = list.reason;
    if (!(failure instanceof ApiError && failure.status === 401)) toastError(failure);
  }
  for (const listener of [...listListeners]) listener(runs);
}

/** @param {{page: PageName, runPicker?: boolean}} options */
function header(options) {
  return h(
    "header",
    { class: "site-header" },
    h("a", { class: "brand", href: "/ui/", "data-page": "overview" }, mark(),
      h("span", { class: "brand-name" }, "Athanor"),
      h("span", { class: "brand-version num", id: "version" })),
    h("nav", { class: "site-nav", "data-t-label": "shell.pages" },
      pages.map((page) => h("a", {
        href: page.path, "data-page": page.name, "data-t": page.title,
        "aria-current": page.name === options.page ? "page" : null,
      }))),
    h("div", { class: "site-tools" },
      options.runPicker === false ? null : h("label", { class: "run-picker" },
        h("span", { class: "hidden-visually", "data-t": "shell.run" }),
        h("select", {
          id: "run-picker", "data-test": "run-picker",
          onchange: (/** @type {Event} */ event) => {
            const value = /** @type {HTMLSelectElement} */ (event.target).value;
            selectRun(value === "" ? null : value);
          },
        })),
      badge(),
      h("button", {
        type: "button", id: "token-button", class: "icon-button", "data-test": "token-button",
        "aria-haspopup": "dialog", onclick: () => askToken(),
      }, keyIcon()),
      h("button", {
        type: "button", id: "language-switch", class: "icon-button", "data-test": "language-switch",
        onclick: () => setLanguage(language() === "en" ? "ko" : "en"),
      }),
      h("button", {
        type: "button", id: "theme-switch", class: "icon-button", "data-test": "theme-switch",
        onclick: () => setTheme(theme() === "dark" ? "light" : "dark"),
      }))
  );
}

/** Returns the mark: the alchemists' sign of air above a glowing ember. */
function mark() {
  return svg("svg", { class: "mark", viewBox: "0 0 32 32", "aria-hidden": "true" },
    svg("path", { d: "M16 3.5 28.5 26.5H3.5Z", class: "mark-line" }),
    svg("path", { d: "M9 18h14", class: "mark-line" }),
    svg("circle", { cx: 16, cy: 22.2, r: 2.2, class: "mark-ember" }));
}

function keyIcon() {
  return svg("svg", { viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true" },
    svg("circle", { cx: 6.5, cy: 13.5, r: 3.5 }),
    svg("path", { d: "M9 11l7-7M13 7l2.5 2.5M15.5 4.5 17 6" }));
}

function badge() {
  return h("div", { class: "connection" },
    h("button", {
      type: "button", id: "connection", class: "badge", "data-test": "connection",
      "aria-expanded": "false", "aria-controls": "connection-details",
      onclick: () => {
        const details = byID("connection-details");
        details.hidden = !details.hidden;
        byID("connection").setAttribute("aria-expanded", String(!details.hidden));
        writeBadge();
      },
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Escape") closeBadge();
      },
      onblur: closeBadge,
    },
    h("span", { class: "badge-mark", "aria-hidden": "true" }),
    h("span", { class: "badge-word" }),
    h("span", { class: "badge-age num", "aria-hidden": "true" })),
    h("dl", { id: "connection-details", class: "connection-details pop", hidden: true }),
    h("span", { id: "connection-said", class: "hidden-visually", role: "status" }));
}

function closeBadge() {
  byID("connection-details").hidden = true;
  byID("connection").setAttribute("aria-expanded", "false");
}

/** @typedef {"idle" | "connecting" | "live" | "behind" | "offline" | "replay"} BadgeState */

/** Returns what the connection badge shows: the worst of the page's streams. */
export function connectionState() {
  const open = streams();
  /** @type {BadgeState} */
  let state = "idle";
  for (const phase of /** @type {const} */ (["live", "behind", "connecting", "offline"])) {
    if (open.some((stream) => stream.phase === phase)) state = phase;
  }
  const newest = Math.max(...open.map((stream) => stream.lastMessageAt ?? -Infinity));
  return {
    state: replayLabel === null ? state : /** @type {BadgeState} */ ("replay"),
    stream: state,
    ignored: open.reduce((sum, stream) => sum + stream.ignored, 0),
    received: open.reduce((sum, stream) => sum + stream.received, 0),
    lastMessageAt: Number.isFinite(newest) ? newest : null,
    nextTryAt: open.find((stream) => stream.nextTryAt !== null)?.nextTryAt ?? null,
    behind: open.reduce((sum, stream) => sum + stream.behind, 0),
    lastIgnored: open.find((stream) => stream.lastIgnored !== null)?.lastIgnored ?? null,
  };
}

/** A second word for each state, so that color is never the only one. */
const badgeMarks = {
  idle: "○", connecting: "◌", live: "●", behind: "◐", offline: "✕", replay: "▶",
};

/** How many messages the badge has beaten for. */
let seenReceived = 0;

function writeBadge() {
  const button = document.getElementById("connection");
  if (!button) return;
  const now = connectionState();
  button.dataset.state = now.state;
  button.dataset.ignored = String(now.ignored);
  const word = t(`shell.connection.${now.state}`);
  const parts = button.children;
  setText(parts[0], badgeMarks[now.state]);
  setText(parts[1], now.state === "replay" && replayLabel ? `${word} ${replayLabel}` : word);
  const past = now.lastMessageAt === null ? "" : age(now.lastMessageAt);
  setText(parts[2], now.ignored > 0 ? t("shell.connection.ignored_short", { n: now.ignored })
    : now.state === "live" ? past : "");
  const said = byID("connection-said");
  if (said.dataset.state !== `${now.state} ${language()}`) {
    said.dataset.state = `${now.state} ${language()}`;
    setText(said, `${t("shell.connection")}: ${word}`);
  }
  button.title = t(`shell.connection.${now.state}_help`);
  if (now.received !== seenReceived) {
    seenReceived = now.received;
    // A beat for what arrived, and rest otherwise.
    if (!reducedMotion() && parts[0].getAnimations().length === 0) {
      parts[0].animate([{ opacity: 0.25 }, { opacity: 1 }], { duration: 700, easing: "ease-out" });
    }
  }
  const details = byID("connection-details");
  if (details.hidden) return;
  /** @type {[string, string][]} */
  const lines = [
    [t("shell.connection"), t(`shell.connection.${now.stream}`)],
    [t("shell.connection.last"), past || "–"],
    [t("shell.connection.received"), integer(now.received)],
    [t("shell.connection.ignored"),
      now.ignored > 0 ? `${integer(now.ignored)} (${now.lastIgnored ?? ""})` : "0"],
    [t("shell.connection.owed"), integer(now.behind)],
  ];
  if (now.nextTryAt !== null) {
    lines.push([t("shell.connection.next"), duration(Math.max(0, now.nextTryAt - Date.now()))]);
  }
  fill(details, lines.flatMap(([name, value]) => [h("dt", null, name), h("dd", null, value)]));
}

function writePicker() {
  const picker = document.getElementById("run-picker");
  if (!(picker instanceof HTMLSelectElement)) return;
  const newest = latestRun();
  const options = [
    h("option", { value: "" }, newest
      ? t("shell.run_latest", { run: runName(newest) }) : t("shell.run_none")),
    ...runs.map((run) => h("option", { value: run.run_id },
      `${t(`run.state.${run.state ?? "idle"}`)} · ${runName(run)} · ${
        instant(run.started_at).slice(0, 16)}`)),
  ];
  if (chosen && !runs.some((run) => run.run_id === chosen)) {
    options.push(h("option", { value: chosen }, chosen));
  }
  fill(picker, options);
  picker.value = chosen ?? "";
  picker.disabled = runs.length === 0 && !chosen;
  picker.title = runID() ?? "";
}

/** @param {Run} run */
export function runName(run) {
  return run.title && run.title !== run.run_id ? run.title : run.run_id;
}

function writeLinks() {
  for (const link of document.querySelectorAll("a[data-page]")) {
    const page = /** @type {PageName} */ (link.getAttribute("data-page"));
    link.setAttribute("href", pageAddress(page));
  }
}

function writeSwitches() {
  const other = language() === "en" ? "ko" : "en";
  const languageButton = byID("language-switch");
  setText(languageButton, other === "ko" ? "한" : "EN");
  languageButton.lang = other;
  languageButton.setAttribute("aria-label", other === "ko" ? "한국어로 보기" : "Show in English");
  languageButton.title = other === "ko" ? "한국어" : "English";

  const themeButton = byID("theme-switch");
  const isDark = theme() === "dark";
  const words = t(isDark ? "shell.theme_light" : "shell.theme_dark");
  themeButton.setAttribute("aria-label", words);
  themeButton.title = words;
  fill(themeButton, svg("svg", { viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true" },
    isDark
      ? [svg("circle", { cx: 10, cy: 10, r: 3.6 }),
        svg("path", { d: "M10 2v2M10 16v2M2 10h2M16 10h2M4.3 4.3l1.5 1.5M14.2 14.2l1.5 1.5M4.3 15.7l1.5-1.5M14.2 5.8l1.5-1.5" })]
      : svg("path", { d: "M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7Z" })));

  const tokenButton = byID("token-button");
  const caller = token() ? desk?.caller : null;
  const about = token()
    ? t("shell.token_held", { role: caller?.role ? t(`role.${caller.role}`) : "–" })
    : t("shell.token_none");
  tokenButton.classList.toggle("held", token() !== null);
  tokenButton.setAttribute("aria-label", about);
  tokenButton.title = about;
}

// MARK: Token

function tokenDialog() {
  const field = h("input", {
    id: "token-field", type: "password", name: "token", autocomplete: "off", spellcheck: "false",
    placeholder: "ath_…", "aria-describedby": "token-help token-problem",
  });
  const problem = h("p", { id: "token-problem", class: "problem", role: "alert" });
  const dialog = h(
    "dialog",
    { id: "token-dialog", class: "dialog", "aria-labelledby": "token-title" },
    h("form", {
      method: "dialog",
      onsubmit: async (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const value = field.value.trim();
        if (!/^ath_[\x21-\x7e]+$/.test(value)) {
          setText(problem, t("shell.token_shape"));
          field.focus();
          return;
        }
        const before = token();
        setToken(value);
        try {
          desk = await get("/api/desk");
          dialog.close();
          toast({ text: t("shell.token_taken", {
            role: desk?.caller?.role ? t(`role.${desk.caller.role}`) : "–" }) });
          writeSwitches();
        } catch (failure) {
          setToken(before);
          setText(problem, failure instanceof ApiError && failure.status === 401
            ? t("shell.token_unknown")
            : failure instanceof ApiError ? failure.detail : String(failure));
        }
      },
    },
    h("h2", { id: "token-title", "data-t": "shell.token_title" }),
    h("p", { id: "token-reason", class: "problem" }),
    h("p", { id: "token-help", "data-t": "shell.token_help" }),
    h("pre", { class: "command" }, h("code", null, "athanor token create --name browser --role operator")),
    h("label", { for: "token-field", "data-t": "shell.token_label" }),
    field,
    problem,
    h("p", { class: "soft", "data-t": "shell.token_kept" }),
    h("div", { class: "dialog-actions" },
      h("button", { type: "button", id: "token-forget", class: "button quiet",
        "data-t": "shell.token_forget", onclick: () => {
          setToken(null);
          dialog.close();
        } }),
      h("span", { class: "spring" }),
      h("button", { type: "button", class: "button", "data-t": "shell.cancel",
        onclick: () => dialog.close() }),
      h("button", { type: "submit", class: "button primary", "data-t": "shell.token_use" })))
  );
  return dialog;
}

/**
 * Asks for a token.
 * @param {ApiError} [refusal] why it is needed, in the server's words
 */
export function askToken(refusal) {
  const dialog = byID("token-dialog");
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  setText(byID("token-reason"), refusal ? refusal.detail : "");
  setText(byID("token-problem"), "");
  const field = byID("token-field");
  if (field instanceof HTMLInputElement) field.value = "";
  byID("token-forget").hidden = token() === null;
  dialog.showModal();
  field.focus();
}
