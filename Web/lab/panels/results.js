// The table of results: every candidate with its figures, sortable and filtered.

import { fill, h, setText } from "/ui/shell/dom.js";
import { ageElement, figure, integer, number, percent, setAge } from "/ui/shell/format.js";
import { onLanguage, t } from "/ui/shell/i18n.js";
import { makeTable } from "/ui/shell/table.js";
import { looks, phaseOf, phases, stateWord } from "../model/vocabulary.js";
import { panel } from "./frame.js";
import { sampleOf } from "./standing.js";

/** @typedef {import("../model/campaign.js").Campaign} Campaign */
/** @typedef {import("../model/candidate.js").Candidate} Candidate */
/** @typedef {import("/ui/shell/table.js").Column<Candidate>} Column */

/**
 * @param {string} key
 * @param {(candidate: Candidate) => number | null} value
 * @param {(value: number | null) => string} format
 * @param {string} [unit]
 * @returns {Column}
 */
function figureColumn(key, value, format, unit) {
  return {
    key, title: `lab.metric.${key}`, description: `lab.metric.${key}_help`, unit, numeric: true,
    value, cell: (candidate) => figure(format(value(candidate))),
  };
}

/** @type {(value: number | null) => string} */
const inPercent = (value) => percent(value).replace("%", "");
/** @type {(value: number | null) => string} */
const inBasisPoints = (value) => number(value === null ? null : value * 10_000, { digits: 1 });

/** @type {Column[]} */
const columns = [
  {
    key: "state", title: "lab.column.state", value: (each) => phases.indexOf(phaseOf(each)),
    cell: (each) => {
      const look = looks[phaseOf(each)];
      return h("span", { class: `chip ${look.chip}`, "data-mark": look.mark }, t(stateWord(each)));
    },
  },
  {
    key: "formula", title: "lab.column.formula", header: true, class: "cell-formula",
    value: (each) => each.expression,
    cell: (each) => h("code", { title: each.expression }, each.expression),
  },
  figureColumn("score", (each) => each.score, (value) => number(value)),
  figureColumn("sharpe", (each) => each.metrics.sharpe, (value) => number(value)),
  figureColumn("fitness", (each) => each.metrics.fitness, (value) => number(value)),
  figureColumn("turnover", (each) => each.metrics.turnover, inPercent, "%/d"),
  figureColumn("returns", (each) => each.metrics.returns, inPercent, "%/y"),
  figureColumn("drawdown", (each) => each.metrics.drawdown, inPercent, "%"),
  figureColumn("margin", (each) => each.metrics.margin, inBasisPoints, "bp"),
  figureColumn("coverage", (each) => each.metrics.coverage, inPercent, "%"),
  {
    key: "lane", title: "lab.column.lane", class: "nowrap", value: (each) => each.lane,
    cell: (each) => (each.lane === null ? figure("–")
      : h("span", { class: each.lane === "explore" ? "explore-text" : "exploit-text" },
        each.lane === "explore" ? "◆ " : "● ", t(`lab.lane.${each.lane}`))),
  },
  {
    key: "idea", title: "lab.idea", class: "nowrap", value: (each) => each.idea,
    cell: (each) => each.idea,
  },
  {
    key: "generation", title: "lab.column.generation", numeric: true,
    value: (each) => each.generation, cell: (each) => figure(integer(each.generation)),
  },
];

/** @param {{campaign: () => Campaign, onSelect: (key: string | null) => void}} options */
export function makeResults(options) {
  const filters = { idea: "", phase: "", lane: "", text: "" };
  let version = -1;
  /** @type {Candidate[]} */
  let rows = [];
  const table = makeTable({
    label: "lab.results.title", columns, key: (each) => each.key, test: "results-table",
    sort: { key: "score", order: "desc" }, rowHeight: 34, empty: "lab.results.empty",
    onSelect: (each) => options.onSelect(each?.key ?? null),
    rowClass: (each) => (each.passed ? "row-passed" : ""),
  });

  /** @param {"idea" | "phase" | "lane"} name @param {string} label */
  function picker(name, label) {
    const select = h("select", {
      class: "small-field", "data-t-label": label, "data-test": `filter-${name}`,
      onchange: () => {
        filters[name] = select.value;
        version = -1;
        refresh();
      },
    });
    return select;
  }
  const [ideas, states, lanes] = [
    picker("idea", "lab.idea"), picker("phase", "lab.column.state"),
    picker("lane", "lab.column.lane"),
  ];
  const search = h("input", {
    type: "search", class: "small-field", "data-t-placeholder": "lab.results.search",
    "data-t-label": "lab.results.search", "data-test": "filter-text",
    oninput: () => {
      filters.text = search.value.trim().toLowerCase();
      version = -1;
      refresh();
    },
  });
  const note = h("span", { class: "soft num head-note" });
  const fresh = ageElement(null);
  const element = panel("results",
    { note: h("span", { class: "head-note soft" }, note, " · ", fresh),
      tools: [ideas, states, lanes, search] }, table.element);

  /** @param {Candidate} each */
  function isWanted(each) {
    return (filters.idea === "" || each.idea === filters.idea)
      && (filters.phase === "" || phaseOf(each) === filters.phase)
      && (filters.lane === "" || each.lane === filters.lane)
      && (filters.text === "" || each.expression.toLowerCase().includes(filters.text)
        || each.key.startsWith(filters.text) || (each.alphaID ?? "").toLowerCase() === filters.text);
  }

  /** @param {HTMLSelectElement} select @param {string} all @param {[string, string][]} choices */
  function offer(select, all, choices) {
    const mark = JSON.stringify([all, choices]);
    if (select.dataset.mark === mark) return;
    select.dataset.mark = mark;
    const before = select.value;
    fill(select, h("option", { value: "" }, all),
      choices.map(([value, words]) => h("option", { value }, words)));
    select.value = choices.some(([value]) => value === before) ? before : "";
  }

  function refresh() {
    const campaign = options.campaign();
    if (campaign.version === version) return;
    version = campaign.version;
    offer(ideas, t("lab.results.all_ideas"), [...campaign.ideas.keys()].map((id) => [id, id]));
    offer(states, t("lab.results.all_states"), phases.map((phase) => [phase, t(`lab.phase.${phase}`)]));
    offer(lanes, t("lab.results.all_lanes"),
      ["exploit", "explore"].map((lane) => [lane, t(`lab.lane.${lane}`)]));
    rows = campaign.list().filter(isWanted);
    table.setRows(rows);
    const trials = campaign.counts().simulated;
    const period = sampleOf(campaign);
    setText(note, t("lab.results.note", {
      shown: integer(rows.length), n: integer(trials),
      years: period ? number(period.years, { digits: 1 }) : "–",
    }));
    setAge(fresh, campaign.lastAt);
  }

  onLanguage(() => {
    version = -1;
    refresh();
    table.refresh();
  });
  return {
    element,
    refresh,
    reset() {
      version = -1;
      Object.assign(filters, { idea: "", phase: "", lane: "", text: "" });
      for (const each of [ideas, states, lanes, search]) each.value = "";
    },
    /** @param {string | null} key */
    select(key) {
      // The table brings its row into view, and would scroll the whole page to do so; the page
      // stays where somebody is looking.
      const [left, top] = [scrollX, scrollY];
      table.select(key);
      scrollTo(left, top);
    },
    state: () => ({
      ...table.state(), filters: { ...filters },
      order: [...table.element.querySelectorAll("tr[data-key]")].slice(0, 20)
        .map((row) => row.getAttribute("data-key")),
    }),
  };
}
