// The candidate that was chosen, with everything that is known of it, in a drawer beside the page.

import { address, ApiError, get } from "/ui/shell/api.js";
import { fill, h, setText } from "/ui/shell/dom.js";
import { ageElement, clock, figure, integer, number, percent, setAge } from "/ui/shell/format.js";
import { findings, paint } from "/ui/shell/formula.js";
import { language, onLanguage, t } from "/ui/shell/i18n.js";
import { looks, phaseOf, stateWord } from "../model/vocabulary.js";
import { copyText } from "./editor.js";
import { makeEquity } from "./equity.js";
import { signButton } from "./frame.js";
import { reasonText } from "./reasons.js";
import { trustBlock } from "./trust.js";

/** @typedef {import("../model/campaign.js").Campaign} Campaign */
/** @typedef {import("../model/candidate.js").Candidate} Candidate */
/**
 * @typedef {object} DetailOptions
 * @property {() => Campaign} campaign
 * @property {() => {luck: number | null, trials: number}} around
 * @property {(key: string | null) => void} onSelect
 * @property {(expression: string) => void} onTry
 */

/** Settings that are shown first; the others follow on demand. */
const mainSettings = [
  "region", "universe", "delay", "decay", "neutralization", "truncation", "pasteurization",
  "nanHandling", "stepOrder", "costRate",
];

/** @param {DetailOptions} options */
export function makeDetail(options) {
  /** @type {string | null} */
  let key = null;
  /** @type {any} */
  let story = null;
  /** @type {unknown} */
  let failure = null;
  /** @type {AbortController | null} */
  let asking = null;
  let written = "";
  let loadedSeq = 0;

  const name = h("h2", { id: "detail-title", class: "mono" });
  const chip = h("span", { class: "chip" });
  const fresh = ageElement(null);
  const formula = h("pre", { class: "formula", "data-test": "formula" });
  const problems = h("ul", { class: "plain findings" });
  const copy = h("button", {
    type: "button", class: "button small", "data-t": "lab.copy", "data-test": "copy-formula",
    onclick: () => copyText(current()?.expression ?? "", copy),
  });
  const attempt = h("button", {
    type: "button", class: "button small", "data-t": "lab.detail.try",
    onclick: () => options.onTry(current()?.expression ?? ""),
  });
  const sheet = h("a", {
    class: "button small", target: "_blank", rel: "noopener", "data-t": "lab.detail.sheet",
    "data-test": "tear-sheet",
  });
  const equity = makeEquity();
  /** @param {string} part */
  const section = (part) => h("div", { "data-test": `detail-${part}` });
  const parts = {
    figures: section("figures"), judgment: section("judgment"), trust: section("trust"),
    family: section("family"), settings: section("settings"), history: section("history"),
  };
  const body = h("div", { class: "detail-body" },
    h("div", { class: "detail-formula" }, formula, problems,
      h("div", { class: "detail-tools" }, copy, attempt, sheet)),
    parts.figures,
    h("h3", { "data-t": "lab.detail.judgment" }), parts.judgment,
    h("h3", { "data-t": "lab.detail.trust" }), parts.trust,
    h("h3", { "data-t": "lab.detail.equity" }), equity.element,
    h("h3", { "data-t": "lab.detail.family" }), parts.family,
    h("h3", { "data-t": "lab.detail.settings" }), parts.settings,
    h("h3", { "data-t": "lab.detail.history" }), parts.history);
  const element = h("aside", {
    class: "detail", id: "detail", "aria-labelledby": "detail-title", hidden: true, tabindex: -1,
    "data-test": "detail",
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape") options.onSelect(null);
    },
  },
  h("div", { class: "detail-head" }, name, chip, h("span", { class: "spring" }), fresh,
    signButton("×", "shell.close", () => options.onSelect(null))),
  body);

  function current() {
    return key === null ? undefined : options.campaign().candidates.get(key);
  }

  function write() {
    const candidate = current();
    if (!candidate) return;
    const mark = `${key} ${candidate.lastSeq} ${candidate.accepted} ${language()} ${story !== null} ${failure !== null}`;
    if (mark === written) return;
    written = mark;
    const look = looks[phaseOf(candidate)];
    setText(name, candidate.key);
    chip.className = `chip ${look.chip}`;
    chip.dataset.mark = look.mark;
    setText(chip, t(candidate.accepted ? "lab.state.accepted" : stateWord(candidate)));
    setAge(fresh, candidate.at);
    const text = story?.expression ?? candidate.expression;
    fill(formula, paint(text, story?.tokens ?? [], story?.diagnostics ?? []));
    fill(problems, findings(story?.diagnostics ?? []));
    const { runID } = options.campaign();
    const isSimulated = candidate.state === "simulated";
    sheet.hidden = !isSimulated;
    sheet.href = address(["api", "runs", runID ?? "", "candidates", candidate.key, "tear_sheet"],
      { lang: language() });
    fill(parts.figures, figures(candidate));
    fill(parts.judgment, judgment(candidate));
    const around = options.around();
    fill(parts.trust, trustBlock(candidate, {
      ...around, isFinished: options.campaign().summary !== null }));
    fill(parts.family, family(candidate));
    fill(parts.settings, settings(candidate));
    fill(parts.history, history());
  }

  /** @param {Candidate} candidate */
  function figures(candidate) {
    const { metrics: m } = candidate;
    /** @type {[string, string][]} */
    const cells = [
      ["score", number(candidate.score)], ["sharpe", number(m.sharpe)],
      ["fitness", number(m.fitness)],
      ["turnover", m.turnover === null ? "–" : `${percent(m.turnover)}${t("lab.unit.day")}`],
      ["returns", m.returns === null ? "–" : `${percent(m.returns)}${t("lab.unit.year")}`],
      ["drawdown", percent(m.drawdown)],
      ["margin", number(m.margin === null ? null : m.margin * 10_000, { digits: 1, unit: "bp" })],
      ["coverage", percent(m.coverage)],
    ];
    return h("dl", { class: "figures" }, cells.map(([metric, text]) => h("div", null,
      h("dt", { title: t(`lab.metric.${metric}_help`) }, t(`lab.metric.${metric}`)),
      h("dd", null, figure(text)))));
  }

  /** @param {Candidate} candidate */
  function judgment(candidate) {
    if (candidate.accepted) return h("p", { class: "good" }, t("lab.judgment.accepted"));
    if (candidate.passed === true) {
      const isOver = options.campaign().summary !== null;
      return h("p", { class: isOver ? "warn" : "good" },
        t(isOver ? "lab.judgment.passed_only" : "lab.judgment.passed"));
    }
    if (candidate.errors.length === 0) {
      return h("p", { class: "soft" }, t(candidate.passed === null
        ? "lab.judgment.none" : "lab.judgment.failed"));
    }
    return h("ul", { class: "plain findings" }, candidate.errors.map((reason) =>
      h("li", { class: "finding" }, h("span", { class: "bad", "aria-hidden": "true" }, "✕ "),
        h("span", null, reasonText(reason), " ", h("code", { class: "faint" }, reason)))));
  }

  /** @param {Candidate} candidate */
  function family(candidate) {
    const campaign = options.campaign();
    const parent = candidate.parent ? campaign.candidates.get(candidate.parent) : undefined;
    const children = campaign.children(candidate.key);
    return [
      h("p", null, t("lab.family.origin", {
        idea: candidate.idea || "–", lane: candidate.lane ? t(`lab.lane.${candidate.lane}`) : "–",
        n: integer(candidate.generation),
      }), candidate.source ? ` ${t("lab.family.source", { source: candidate.source })}` : ""),
      parent ? h("p", null, t("lab.family.parent"), " ", link(parent)) : null,
      children.length === 0 ? h("p", { class: "soft" }, t("lab.family.childless"))
        : h("div", null, t("lab.family.children", { n: integer(children.length), count: children.length }),
          h("ul", { class: "plain family-list" }, children.map((each) => h("li", null, link(each))))),
    ];
  }

  /** @param {Candidate} candidate */
  function link(candidate) {
    const look = looks[phaseOf(candidate)];
    return h("button", {
      type: "button", class: "family-link", onclick: () => options.onSelect(candidate.key),
    },
    h("span", { class: `mark-${look.chip || "plain"}`, "aria-hidden": "true" }, `${look.mark} `),
    h("code", null, candidate.key.slice(0, 8)), " ",
    h("span", { class: "num soft" }, number(candidate.metrics.sharpe)), " ",
    h("code", { class: "clip faint" }, candidate.expression));
  }

  /** @param {Candidate} candidate */
  function settings(candidate) {
    const all = candidate.settings;
    if (!all || typeof all !== "object") return h("p", { class: "soft" }, t("lab.settings.none"));
    return [
      candidate.panel?.name ? h("p", { class: "soft" }, t("lab.settings.panel", {
        name: candidate.panel.name, fingerprint: String(candidate.panel.fingerprint ?? "–").slice(0, 12),
      })) : null,
      h("dl", { class: "facts" }, mainSettings.filter((each) => all[each] !== undefined)
        .map((each) => h("div", null, h("dt", null, each),
          h("dd", { class: "num" }, all[each] === null ? "–" : String(all[each]))))),
    ];
  }

  function history() {
    if (failure) {
      return h("p", { class: "soft" },
        failure instanceof ApiError ? `${failure.detail} ${failure.help}` : String(failure));
    }
    const events = Array.isArray(story?.events) ? story.events : [];
    if (events.length === 0) return h("p", { class: "soft" }, t("lab.history.loading"));
    return h("ol", { class: "plain history" }, events.map((/** @type {any} */ each) =>
      h("li", null, h("span", { class: "num faint" }, clock(each.at)), " ",
        h("code", null, String(each.kind)), " ", h("span", { class: "soft" }, String(each.message ?? "")))));
  }

  async function load() {
    const candidate = current();
    const { runID } = options.campaign();
    if (!candidate || runID === null) return;
    asking?.abort();
    asking = new AbortController();
    const mine = asking;
    loadedSeq = candidate.lastSeq;
    try {
      const answer = await get(address(["api", "runs", runID, "candidates", candidate.key]),
        { signal: mine.signal });
      if (mine !== asking) return;
      story = answer;
      candidate.trust = answer?.trust ?? candidate.trust;
      failure = null;
    } catch (reason) {
      if (mine !== asking || (reason instanceof ApiError && reason.error === "aborted")) return;
      failure = reason;
    }
    write();
  }

  function loadEquity() {
    const candidate = current();
    const { runID } = options.campaign();
    if (candidate?.state === "simulated" && runID !== null) equity.load(runID, candidate.key);
    else equity.clear();
  }

  onLanguage(() => write());
  return {
    element,
    /** @param {string | null} next */
    select(next) {
      if (next === key) return;
      const wasOpen = key !== null;
      key = next;
      [story, failure, written] = [null, null, ""];
      element.hidden = next === null;
      document.documentElement.classList.toggle("has-detail", next !== null);
      if (next === null) {
        asking?.abort();
        equity.clear();
        return;
      }
      body.scrollTop = 0;
      write();
      load();
      loadEquity();
      if (!wasOpen) element.scrollTop = 0;
    },
    refresh() {
      const candidate = current();
      if (!candidate || element.hidden) return;
      write();
      if (candidate.lastSeq > loadedSeq) {
        const wasSimulated = story?.state === "simulated";
        load();
        if (!wasSimulated && candidate.state === "simulated") loadEquity();
      }
    },
    state: () => ({
      key, tokens: story?.tokens?.length ?? 0, events: story?.events?.length ?? 0,
      equity: equity.state(),
    }),
  };
}
