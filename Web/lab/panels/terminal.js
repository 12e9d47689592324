// The terminal: what the run says, event by event, by stage and severity. It keeps some hundred
// rows and writes them in batches, so that a flood of events does not stall the page.

import { fill, h, setText } from "/ui/shell/dom.js";
import { clock, integer } from "/ui/shell/format.js";
import { knows, onLanguage, t } from "/ui/shell/i18n.js";
import { stageMark, stages } from "../model/vocabulary.js";
import { panel } from "./frame.js";

/** @typedef {import("/ui/shell/live.js").LiveEvent} LiveEvent */

const rowsMost = 400;
/** What is kept beyond those that are shown, for other filters and older events. */
const keptMost = 4 * rowsMost;
/** Rows written in one batch; of a larger flood only the newest are seen. */
const batchMost = 120;

/**
 * @param {{loadOlder: () => Promise<number>, hasOlder: () => boolean,
 *   onSelect: (key: string) => void, onFailure: (failure: unknown) => void}} options
 */
export function makeTerminal(options) {
  /** @type {LiveEvent[]} newest last */
  let kept = [];
  /** @type {LiveEvent[]} */
  let waiting = [];
  /** @type {Map<string, number>} */
  const counts = new Map();
  let stage = "";
  let severity = "";
  let isPaused = false;
  let total = 0;
  /** How many rows are shown: more where somebody asked for older events. */
  let shown = rowsMost;

  const list = h("ol", {
    class: "plain terminal-list", tabindex: 0, role: "log", "aria-live": "off",
    "data-t-label": "lab.terminal.title", "data-test": "terminal-list",
  });
  const chips = h("div", { class: "terminal-stages", role: "group", "data-t-label": "lab.terminal.stages" });
  const severities = h("select", {
    class: "small-field", "data-t-label": "lab.terminal.severity", "data-test": "terminal-severity",
    onchange: () => {
      severity = severities.value;
      rewrite();
    },
  },
  ...[["", "lab.terminal.all"], ["warn", "lab.terminal.warn"], ["error", "lab.terminal.error"]]
    .map(([value, key]) => h("option", { value, "data-t": key })));
  const search = h("input", {
    type: "search", class: "small-field", "data-t-placeholder": "lab.terminal.search",
    "data-t-label": "lab.terminal.search", "data-test": "terminal-search", oninput: rewrite,
  });
  const pause = h("button", {
    type: "button", class: "button small", "aria-pressed": "false", "data-test": "terminal-pause",
    onclick: () => {
      isPaused = !isPaused;
      pause.setAttribute("aria-pressed", String(isPaused));
      writePause();
      if (!isPaused) flush();
    },
  });
  const older = h("button", {
    type: "button", class: "button small quiet", "data-t": "lab.terminal.older", "data-test": "terminal-older",
    onclick: async () => {
      older.disabled = true;
      try {
        shown = Math.min(keptMost, shown + await options.loadOlder());
        rewrite();
        list.scrollTop = 0;
      } catch (failure) {
        options.onFailure(failure);
      }
      older.disabled = false;
    },
  });
  const note = h("span", { class: "soft num head-note" });
  const element = panel("terminal", { note, tools: [severities, search, older, pause] }, chips, list);

  /** @param {LiveEvent} event */
  function isWanted(event) {
    const words = search.value.trim().toLowerCase();
    return (stage === "" || event.stage === stage)
      && (severity === "" || event.severity === severity
        || (severity === "warn" && event.severity === "error"))
      && (words === "" || `${event.event_type} ${event.message} ${event.idea_id}`.toLowerCase()
        .includes(words));
  }

  /** @param {LiveEvent} event */
  function row(event) {
    const key = event.payload.candidate_key;
    const tone = event.severity === "error" ? "bad" : event.severity === "warn" ? "warn" : "faint";
    return h("li", { class: `terminal-row ${tone === "faint" ? "" : tone}`, "data-seq": event.seq },
      h("span", { class: "num faint" }, clock(event.created_at)),
      h("span", { class: "terminal-stage", title: stageName(event.stage) },
        h("span", { "aria-hidden": "true" }, `${stageMark(event.stage)} `), stageName(event.stage)),
      h("code", { class: `terminal-kind ${tone === "faint" ? "" : tone}` },
        tone === "faint" ? "" : h("span", { title: event.severity }, tone === "bad" ? "✕ " : "! "),
        event.event_type),
      typeof key === "string"
        ? h("button", { type: "button", class: "terminal-key", onclick: () => options.onSelect(key) },
          key.slice(0, 8))
        : h("span", { class: "faint clip" }, event.idea_id),
      h("span", { class: "terminal-message" }, event.message));
  }

  /** @param {string} name */
  function stageName(name) {
    const key = `lab.stage.${name}`;
    return knows(key) ? t(key) : name;
  }

  function flush() {
    if (isPaused || waiting.length === 0) return;
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    const batch = waiting.filter(isWanted).slice(-batchMost);
    waiting = [];
    list.append(...batch.map(row));
    while (list.childElementCount > shown) list.firstElementChild?.remove();
    if (isAtEnd) list.scrollTop = list.scrollHeight;
    writeHead();
  }

  function rewrite() {
    waiting = [];
    fill(list, kept.filter(isWanted).slice(-shown).map(row));
    list.scrollTop = list.scrollHeight;
    writeHead();
  }

  function writeHead() {
    setText(note, t("lab.terminal.note", { n: integer(list.childElementCount), of: integer(total) }));
    older.hidden = !options.hasOlder();
    const present = stages.filter((name) => counts.has(name));
    for (const name of counts.keys()) if (!present.includes(name)) present.push(name);
    const mark = present.join();
    if (chips.dataset.mark !== mark) {
      chips.dataset.mark = mark;
      fill(chips, ["", ...present].map((name) => h("button", {
        type: "button", class: "stage-chip", "data-stage": name,
        onclick: () => {
          stage = name;
          rewrite();
        },
      }, h("span", { "aria-hidden": "true" }, name === "" ? "" : `${stageMark(name)} `),
      h("span"), h("span", { class: "num soft" }))));
    }
    for (const chip of chips.children) {
      const name = chip.getAttribute("data-stage") ?? "";
      chip.setAttribute("aria-pressed", String(name === stage));
      setText(chip.children[1], name === "" ? t("lab.terminal.every") : stageName(name));
      setText(chip.children[2], ` ${integer(name === "" ? total : counts.get(name) ?? 0)}`);
    }
  }

  function writePause() {
    setText(pause, isPaused
      ? t("lab.terminal.resume", { n: integer(waiting.length) }) : t("lab.terminal.pause"));
  }

  onLanguage(() => {
    chips.dataset.mark = "";
    writePause();
    rewrite();
  });
  writePause();

  return {
    element,
    rewrite,
    reset() {
      [kept, waiting, total, stage, shown] = [[], [], 0, "", rowsMost];
      counts.clear();
      chips.dataset.mark = "";
      rewrite();
    },
    /** @param {LiveEvent} event */
    take(event) {
      total += 1;
      const name = event.stage || "–";
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (kept.length > 0 && event.seq < kept[0].seq) {
        // An older page comes backwards and is written as a whole when it is complete.
        kept.unshift(event);
        if (kept.length > keptMost) kept.pop();
        return;
      }
      kept.push(event);
      waiting.push(event);
      if (kept.length > keptMost) kept.shift();
      if (waiting.length > rowsMost) waiting.shift();
    },
    refresh() {
      flush();
      if (isPaused) writePause();
    },
    state: () => ({ rows: list.childElementCount, kept: kept.length, total, paused: isPaused }),
  };
}
