// Cutovers: how far the switch to or from live has come, step by step, and how those before it ended.

import { fill, h, setText } from "/ui/shell/dom.js";
import { age, clock, duration, instant, integer } from "/ui/shell/format.js";
import { knows, onLanguage, t } from "/ui/shell/i18n.js";
import { reached, track } from "../model/cutovers.js";
import { panel, word } from "./frame.js";

/** @typedef {import("../model/cutovers.js").Run} Run */

/** Runs that are listed below the one that is drawn. */
const listed = 5;
/** A step of this name is where nothing can be taken back any more. */
const commit = "switched";

/** @type {Record<Run["outcome"], {mark: string, tone: string}>} */
const looks = {
  running: { mark: "◌", tone: "accent" }, completed: { mark: "✓", tone: "good" },
  aborted: { mark: "✕", tone: "bad" }, rolled_back: { mark: "↺", tone: "bad" },
};

/** @param {Run} run @returns {string} why it did not complete */
function reasonOf(run) {
  const cut = run.reason.indexOf(":");
  const [code, name] = cut < 0 ? [run.reason, ""] : [run.reason.slice(0, cut), run.reason.slice(cut + 1)];
  const key = `worlds.cutover.why.${code}`;
  return knows(key) ? t(key, { name: code === "breaker" ? word("worlds.cut", name) : name }) : run.reason;
}

/** @param {{onSelect: (id: string) => void}} options */
export function makeCutovers(options) {
  /** @type {Run[]} */
  let runs = [];
  /** @type {string | null} */
  let chosen = null;
  const note = h("span", { class: "soft num" });
  const main = h("div", { class: "cutover", "data-test": "cutover" });
  const list = h("ol", { class: "plain cutover-list" });
  const element = panel("cutover", { note }, main, list);

  /** @param {string[]} ids @param {string} key */
  function who(ids, key) {
    return ids.length === 0 ? null : h("p", { class: "cutover-who" }, h("span", { class: "soft" }, `${t(key)} `),
      ids.map((id) => h("button", { type: "button", class: "link-button mono", onclick: () => options.onSelect(id) }, id)));
  }

  /** @param {Run} run */
  function draw(run) {
    const last = reached(run);
    const isRunning = run.outcome === "running";
    const isBroken = run.outcome === "aborted" || run.outcome === "rolled_back";
    const { mark, tone } = looks[run.outcome];
    const begin = run.steps.get("planned") ?? null;
    return [
      h("div", { class: "cutover-head" },
        h("span", { class: `chip ${tone}`, "data-mark": mark }, t(`worlds.cutover.${run.outcome}`)),
        h("code", { class: "clip", title: run.id }, run.id),
        h("span", { class: "soft num" }, begin !== null && run.at !== null ? duration(Math.max(0, run.at - begin)) : "")),
      h("ol", { class: "plain track", "data-outcome": run.outcome }, track.map((step, place) => {
        const isDone = run.steps.has(step);
        const isNext = isRunning && place === last + 1;
        const isEnd = isBroken && place === last + 1;
        const state = isDone ? "done" : isEnd ? "broken" : isNext ? "next" : "open";
        return h("li", {
          class: `track-step ${state} ${step === commit ? "commit" : ""}`, "data-step": step,
          "aria-current": isNext ? "step" : null, title: t(`worlds.cutover.help.${step}`),
        },
        h("span", { class: "track-mark", "aria-hidden": "true" }, isDone ? "✓" : isEnd ? "✕" : ""),
        h("span", { class: "track-word" }, t(`worlds.cutover.step.${step}`)),
        h("span", { class: "track-at num faint" }, isDone ? clock(run.steps.get(step) ?? null) : ""));
      })),
      isBroken ? h("p", { class: "cutover-reason bad", "data-test": "cutover-reason" },
        h("span", { "aria-hidden": "true" }, "✕ "),
        h("strong", null, t(`worlds.cutover.${run.outcome}`)),
        run.reason ? [": ", reasonOf(run), " ", h("code", { class: "faint" }, run.reason)] : null) : null,
      who(run.promote, "worlds.cutover.promote"), who(run.demote, "worlds.cutover.demote"),
      who(run.reweight, "worlds.cutover.reweight"),
        run.orders > 0 ? h("p", { class: "cutover-orders soft num" },
        t("worlds.cutover.orders", { n: integer(run.sent), of: integer(run.orders) })) : null,
      run.needsOperator.length > 0 ? h("p", { class: "cutover-reason warn" },
        h("span", { "aria-hidden": "true" }, "! "),
        t("worlds.cutover.needs_operator", { names: run.needsOperator.join(", ") })) : null,
    ];
  }

  function write() {
    const shown = runs.find((run) => run.id === chosen) ?? runs.find((run) => run.outcome === "running") ?? runs[0];
    if (!shown) {
      fill(main, h("p", { class: "soft" }, t("worlds.cutover.empty")));
      fill(list);
      setText(note, "");
      return;
    }
    fill(main, draw(shown));
    const done = runs.filter((run) => run.outcome === "completed").length;
    const broken = runs.filter((run) => run.outcome === "aborted" || run.outcome === "rolled_back").length;
    setText(note, t("worlds.cutover.note", { done: integer(done), broken: integer(broken) }));
    fill(list, runs.length < 2 ? null : runs.slice(0, listed).map((run) => {
      const { mark, tone } = looks[run.outcome];
      return h("li", null, h("button", {
        type: "button", class: "cutover-line", "aria-pressed": String(run.id === shown.id),
        onclick: () => {
          chosen = run.id;
          write();
        },
      },
      h("span", { class: tone, "aria-hidden": "true" }, mark),
      h("span", { class: "hidden-visually" }, t(`worlds.cutover.${run.outcome}`)),
      h("code", { class: "clip" }, run.id),
      h("span", { class: "soft num" }, [run.promote.length > 0 ? `↑${run.promote.length}` : "", run.demote.length > 0 ? `↓${run.demote.length}` : ""].filter(Boolean).join(" ")),
      h("span", { class: "faint num", title: instant(run.at) }, age(run.at))));
    }));
  }
  onLanguage(write);
  return {
    element,
    /** @param {Run[]} next */
    show(next) {
      // A run that begins is shown, whatever was looked at before.
      if (next[0]?.outcome === "running" && next[0].id !== runs[0]?.id) chosen = null;
      runs = next;
      write();
    },
    reset() {
      chosen = null;
      runs = [];
      write();
    },
    state: () => runs.map((run) => ({ id: run.id, outcome: run.outcome, step: track[reached(run)] ?? null, reason: run.reason })),
  };
}
