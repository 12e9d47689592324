// Candidates as they come: those that something happened to last, on top.

import { follow, h, setText } from "/ui/shell/dom.js";
import { integer, number } from "/ui/shell/format.js";
import { onLanguage, t } from "/ui/shell/i18n.js";
import { looks, phaseOf, stateWord } from "../model/vocabulary.js";
import { panel } from "./frame.js";

/** @typedef {import("../model/campaign.js").Campaign} Campaign */
/** @typedef {import("../model/candidate.js").Candidate} Candidate */

const rowsMost = 40;

/** @param {{campaign: () => Campaign, onSelect: (key: string) => void}} options */
export function makeStream(options) {
  const list = h("ol", { class: "plain stream-list", "data-t-label": "lab.stream.title", "data-test": "stream-list" });
  const note = h("span", { class: "soft num head-note" });
  const empty = h("p", { class: "soft empty-line" });
  const element = panel("stream", { note }, list, empty);
  let version = -1;
  /** @type {string | null} */
  let selected = null;

  /** @param {Candidate} candidate */
  function row(candidate) {
    return h("li", null, h("button", {
      type: "button", class: "stream-row", onclick: () => options.onSelect(candidate.key),
    },
    h("span", { class: "chip" }),
    h("code", { class: "clip stream-formula" }),
    h("span", { class: "num stream-sharpe" }),
    h("span", { class: "soft clip stream-idea" })));
  }

  /** @param {HTMLElement} element @param {Candidate} candidate */
  function update(element, candidate) {
    const button = /** @type {HTMLElement} */ (element.firstElementChild);
    const [chip, formula, sharpe, idea] = /** @type {HTMLElement[]} */ ([...button.children]);
    const look = looks[phaseOf(candidate)];
    const name = `chip ${look.chip}`;
    if (chip.className !== name) chip.className = name;
    chip.dataset.mark = look.mark;
    setText(chip, t(stateWord(candidate)));
    setText(formula, candidate.expression);
    setText(sharpe, candidate.metrics.sharpe === null ? "" : t("lab.stream.sharpe", {
      n: number(candidate.metrics.sharpe) }));
    const origin = candidate.source ?? (candidate.lane ? t(`lab.lane.${candidate.lane}`) : "");
    setText(idea, `${candidate.idea} · ${origin}`);
    button.setAttribute("aria-current", String(candidate.key === selected));
  }

  function refresh() {
    const campaign = options.campaign();
    if (campaign.version === version) return;
    version = campaign.version;
    const newest = campaign.list()
      .sort((a, b) => b.lastSeq - a.lastSeq || a.place - b.place)
      .slice(0, rowsMost);
    follow(list, newest, (each) => each.key, row, update);
    empty.hidden = newest.length > 0;
    setText(empty, t(campaign.isListed ? "lab.stream.empty" : "lab.loading"));
    setText(note, newest.length === 0 ? "" : t("lab.stream.note", {
      n: integer(newest.length), of: integer(campaign.candidates.size) }));
  }

  onLanguage(() => {
    version = -1;
    refresh();
  });
  return {
    element,
    refresh,
    /** @param {string | null} key */
    select(key) {
      selected = key;
      version = -1;
      refresh();
    },
  };
}
