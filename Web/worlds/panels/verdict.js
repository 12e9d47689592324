// The strategy that was chosen, in a drawer: what it is, how it was judged and why, step by step,
// on which evidence, and what operators may do with it.

import { ApiError } from "/ui/shell/api.js";
import { fill, h, setText } from "/ui/shell/dom.js";
import { ageElement, duration, figure, integer, number, percent, setAge } from "/ui/shell/format.js";
import { language, onLanguage, t } from "/ui/shell/i18n.js";
import { record } from "../model/read.js";
import { readDerivation } from "../model/world.js";
import { gateLooks, look, verdictLooks } from "../model/vocabulary.js";
import { makeActs } from "./acting.js";
import { actionWords, gateState, phaseChipLook } from "./card.js";
import { derivationTree } from "./derivation.js";
import { writeFormula } from "./formulas.js";
import { chip, reasonWords, word } from "./frame.js";

/** @typedef {import("../model/world.js").World} World */
/** @typedef {import("../model/world.js").Instance} Instance */
/** @typedef {import("../model/world.js").Derivation} Derivation */
/**
 * @typedef {object} VerdictOptions
 * @property {() => World | null} world
 * @property {(instance: string, cycle: number | null, signal: AbortSignal) => Promise<any>} explain
 * @property {(id: string | null) => void} onSelect
 * @property {() => void} onDone something was done to it
 */

/** Metrics that are fractions, by the first part of their name. */
const fractions = new Set(["returns", "vol", "max_dd", "ulcer", "winrate", "var_99", "es_975",
  "turnover", "exposure", "borrow_cost", "wf_positive", "paper_max_dd"]);
/** Metrics that are spans of time in milliseconds. */
const spans = new Set(["data_age", "phase_age"]);
/** Metrics that are counts. */
const counts = new Set(["trades", "sample_days", "sample_trades", "sample_bars", "paper_days", "paper_trades"]);

/** @param {string} name @param {number | null} value */
export function metricText(name, value) {
  const base = name.split("@")[0];
  return fractions.has(base) ? percent(value) : spans.has(base) ? duration(value)
    : counts.has(base) ? integer(value) : number(value);
}

/** @param {VerdictOptions} options */
export function makeVerdict(options) {
  /** @type {string | null} */
  let id = null;
  /** @type {Derivation | null} */
  let tree = null;
  /** @type {unknown} */
  let failure = null;
  /** What the tree that is shown, or on its way, is of. */
  let asked = "";
  /** @type {AbortController | null} */
  let asking = null;
  let isLoading = false;

  const title = h("h2", { id: "verdict-title", class: "mono clip" });
  const phase = h("span");
  const side = h("span", { class: "card-side" });
  const formula = h("code", { class: "formula", "data-test": "verdict-formula" });
  const facts = h("dl", { class: "figures", "data-test": "verdict-facts" });
  const verdict = h("p", { class: "verdict-line", "data-test": "verdict-line" });
  const why = h("div", { class: "verdict-why", "data-test": "verdict-why" });
  const evidence = h("div", { "data-test": "verdict-evidence" });
  const since = ageElement(null);
  const acts = makeActs(["promote", "demote"], {
    world: options.world, instance: () => current(), onDone: options.onDone });
  const element = h("aside", {
    class: "verdict", "aria-labelledby": "verdict-title", hidden: true, tabindex: -1, "data-test": "verdict",
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        options.onSelect(null);
      }
    },
  },
  h("div", { class: "verdict-head" }, side, title, phase, h("span", { class: "spring" }),
    h("button", {
      type: "button", class: "icon-button", "data-t-label": "shell.close", "data-t-title": "shell.close",
      "data-test": "verdict-close", onclick: () => options.onSelect(null),
    }, "×")),
  h("div", { class: "verdict-body" },
    h("div", { class: "verdict-frame" }, formula),
    verdict, facts, acts.element,
    h("h3", { "data-t": "worlds.why.title" }), why,
    h("h3", { "data-t": "worlds.evidence.title" }), evidence));

  function current() {
    return id === null ? null : options.world()?.instances.find((each) => each.id === id) ?? null;
  }

  function write() {
    const world = options.world();
    const instance = current();
    element.hidden = id === null || world === null;
    if (id === null || !world) return;
    setText(title, id);
    title.title = id;
    acts.refresh();
    if (!instance) {
      fill(phase);
      fill(verdict, h("span", { class: "soft" }, t("worlds.why.absent", { cycle: integer(world.cycle) })));
      fill(facts);
      fill(evidence);
      writeWhy();
      return;
    }
    side.className = `card-side ${instance.side}`;
    setText(side, instance.side === "short" ? "▼" : "▲");
    side.title = word("worlds.side", instance.side);
    fill(phase, chip(phaseChipLook(instance), word("worlds.phase", instance.phase)));
    writeFormula(formula, instance.formula);
    formula.hidden = instance.formula === "";
    const judged = look(verdictLooks, instance.verdict);
    const going = actionWords(instance);
    const reason = instance.rejection || instance.hold;
    fill(verdict,
      chip(judged, word("worlds.verdict", instance.verdict)),
      going ? h("strong", null, going) : null,
      reason ? h("span", null, reasonWords(reason), " ", h("code", { class: "faint" }, reason)) : null);
    const gate = instance.gate && world.past === null ? gateState(instance) : "";
    setAge(since, instance.since);
    /** @type {[string, Node | string][]} */
    const cells = [
      ["score", figure(number(instance.score, { digits: 3 }))], ["rank", figure(instance.rank === null ? "–" : `#${instance.rank}`)],
      ["weight", figure(percent(instance.weight))],
      ["gate", gate ? h("span", { class: look(gateLooks, gate).tone }, `${look(gateLooks, gate).mark} ${word("worlds.gate_state", gate)}`) : figure("–")],
      ["passes", figure(streak(instance.passes, world.policy.promoteAfter))],
      ["fails", figure(streak(instance.fails, world.policy.demoteAfter))],
      ["since", instance.since === null ? figure("–") : since], ["side", word("worlds.side", instance.side)],
    ];
    fill(facts, cells.map(([key, value]) => h("div", null, h("dt", null, t(`worlds.card.${key}`)), h("dd", null, value))));
    fill(evidence, measures(instance));
    writeWhy();
  }

  /** @param {number} n @param {number | null} of */
  function streak(n, of) {
    return of === null ? integer(n) : `${integer(n)} / ${integer(of)}`;
  }

  /** @param {Instance} instance */
  function measures(instance) {
    if (instance.measures.length === 0) {
      return h("p", { class: "soft" }, t(options.world()?.past === null ? "worlds.evidence.empty" : "worlds.evidence.past"));
    }
    return h("table", { class: "table evidence" },
      h("thead", null, h("tr", null,
        h("th", { scope: "col" }, t("worlds.evidence.metric")),
        h("th", { scope: "col", class: "numeric" }, t("worlds.evidence.value")),
        h("th", { scope: "col", class: "numeric" }, t("worlds.evidence.sample")))),
      h("tbody", null, instance.measures.map((each) => h("tr", { class: each.isKnown ? "" : "reference" },
        h("th", { scope: "row" }, h("code", null, each.name)),
        h("td", { class: "numeric" }, each.isKnown ? null : h("span", { class: "warn", title: t("worlds.evidence.reference") }, "? "),
          metricText(each.name, each.value)),
        h("td", { class: "numeric soft" }, [
          each.days === null ? "" : t("format.d", { n: integer(each.days) }),
          each.trades === null ? "" : t("worlds.evidence.trades", { n: integer(each.trades), count: each.trades }),
        ].filter(Boolean).join(" · ") || "–")))));
  }

  function writeWhy() {
    why.classList.toggle("is-loading", isLoading);
    if (failure !== null) {
      const words = failure instanceof ApiError ? [failure.detail, failure.help].filter(Boolean).join(" ") : String(failure);
      fill(why, h("p", { class: "problem" }, words), h("button", {
        type: "button", class: "button small", onclick: () => {
          asked = "";
          load();
        } }, t("shell.retry")));
    } else if (tree) {
      const open = why.querySelector("[data-test=derivation]");
      const mark = `${asked} ${language()}`;
      if (why.dataset.mark === mark && open) return;
      why.dataset.mark = mark;
      fill(why, derivationTree(tree));
    } else {
      delete why.dataset.mark;
      fill(why, isLoading ? [1, 2, 3].map(() => h("p", { class: "skeleton" }, "…")) : h("p", { class: "soft" }, t("worlds.why.empty")));
    }
  }

  async function load() {
    const world = options.world();
    if (id === null || !world) return;
    const want = `${world.id} ${id} ${world.past ?? world.cycle}`;
    if (want === asked) return;
    const isOther = !asked.startsWith(`${world.id} ${id} `);
    asked = want;
    asking?.abort();
    asking = new AbortController();
    const mine = asking;
    isLoading = true;
    // Of the same strategy the last derivation stays until the next is there.
    if (isOther) tree = null;
    failure = null;
    writeWhy();
    try {
      const answer = record(await options.explain(id, world.past, mine.signal));
      if (asked !== want) return;
      tree = readDerivation(answer.tree);
    } catch (problem) {
      if (asked !== want || mine.signal.aborted) return;
      tree = null;
      failure = problem instanceof ApiError && problem.status === 404 ? null : problem;
    }
    isLoading = false;
    delete why.dataset.mark;
    writeWhy();
  }

  onLanguage(write);
  return {
    element,
    refresh() {
      write();
      load();
    },
    /** @param {string | null} next */
    select(next) {
      id = next;
      document.documentElement.classList.toggle("has-verdict", next !== null);
      if (next === null) {
        asking?.abort();
        asked = "";
        tree = null;
        failure = null;
      }
      write();
      load();
    },
    state: () => ({
      id, isLoading,
      steps: [...why.querySelectorAll("[role=treeitem]")].map((node) => ({
        code: node.getAttribute("data-code"), outcome: node.getAttribute("data-outcome"),
        words: node.querySelector(".derivation-words")?.textContent,
        hasBar: node.querySelector(":scope > .derivation-row > .value-bar") !== null,
      })),
    }),
  };
}
