// The genealogy as a tree of text: ideas, proposals, children. Ideas are opened one by one, so that
// a large run stays light.

import { fill, h } from "/ui/shell/dom.js";
import { integer, number } from "/ui/shell/format.js";
import { t } from "/ui/shell/i18n.js";
import { looks, phaseOf, stateWord } from "../model/vocabulary.js";

/** @typedef {import("../model/campaign.js").Campaign} Campaign */
/** @typedef {import("../model/candidate.js").Candidate} Candidate */

/**
 * @param {{campaign: () => Campaign, onSelect: (key: string) => void}} options
 */
export function makeTree(options) {
  const element = h("div", {
    class: "tree", role: "tree", "data-t-label": "lab.galaxy.tree_label", "data-test": "tree",
  });
  /** @type {Set<string>} */
  const open = new Set();
  /** @type {string | null} */
  let selected = null;
  let written = "";

  function refresh() {
    const campaign = options.campaign();
    const mark = `${campaign.runID} ${campaign.version} ${document.documentElement.lang} ${[...open].join()}`;
    if (mark === written) return;
    written = mark;
    const focused = document.activeElement instanceof HTMLElement
      && element.contains(document.activeElement) ? document.activeElement.dataset.node : null;
    /** @type {Map<string, Candidate[]>} */
    const below = new Map();
    for (const candidate of campaign.candidates.values()) {
      const hasParent = candidate.parent !== null && campaign.candidates.has(candidate.parent);
      const name = hasParent ? `c ${candidate.parent}` : `i ${candidate.idea}`;
      const list = below.get(name);
      if (list) list.push(candidate);
      else below.set(name, [candidate]);
    }
    fill(element, [...campaign.ideas.values()].map((idea) => ideaRow(idea.id, below)));
    markSelected();
    if (focused) item(focused)?.focus({ preventScroll: true });
  }

  /** @param {string} id @param {Map<string, Candidate[]>} below */
  function ideaRow(id, below) {
    const own = below.get(`i ${id}`) ?? [];
    const isOpen = open.has(id);
    return h("div", {
      role: "treeitem", class: "tree-idea", tabindex: -1, "data-node": `i ${id}`,
      "aria-expanded": String(isOpen), "aria-level": 1,
    },
    h("div", { class: "tree-row", onclick: () => toggle(id) },
      h("span", { "aria-hidden": "true", class: "soft" }, isOpen ? "▾ " : "▸ "),
      h("strong", null, id), " ",
      h("span", { class: "soft num" }, t("lab.tree.count", {
        n: integer(own.length), count: own.length }))),
    isOpen ? h("div", { role: "group" }, own.map((each) => candidateRow(each, below, 2))) : null);
  }

  /**
   * @param {Candidate} candidate
   * @param {Map<string, Candidate[]>} below
   * @param {number} level
   * @returns {HTMLElement}
   */
  function candidateRow(candidate, below, level) {
    const look = looks[phaseOf(candidate)];
    const children = below.get(`c ${candidate.key}`) ?? [];
    return h("div", {
      role: "treeitem", tabindex: -1, "data-node": `c ${candidate.key}`, "aria-level": level,
      "aria-expanded": children.length > 0 ? "true" : null,
    },
    h("div", { class: "tree-row", onclick: () => options.onSelect(candidate.key) },
      h("span", { class: `mark-${look.chip || "plain"}`, title: t(stateWord(candidate)) },
        h("span", { "aria-hidden": "true" }, look.mark),
        h("span", { class: "hidden-visually" }, t(stateWord(candidate)))),
      h("span", { class: "num tree-figure", title: t("lab.metric.sharpe") },
        number(candidate.metrics.sharpe)),
      candidate.source ? h("span", { class: "soft tree-source" }, candidate.source) : null,
      h("code", { class: "clip" }, candidate.expression)),
    children.length > 0
      ? h("div", { role: "group" }, children.map((each) => candidateRow(each, below, level + 1)))
      : null);
  }

  /** @param {string} id */
  function toggle(id) {
    if (!open.delete(id)) open.add(id);
    refresh();
  }

  /** @param {string} name @returns {HTMLElement | null} */
  function item(name) {
    return element.querySelector(`[data-node="${CSS.escape(name)}"]`);
  }

  function markSelected() {
    let entrance = item(`c ${selected}`);
    for (const node of element.querySelectorAll("[role=treeitem]")) {
      const isSelected = node.getAttribute("data-node") === `c ${selected}`;
      node.setAttribute("aria-selected", String(isSelected));
      node.setAttribute("tabindex", "-1");
    }
    entrance ??= element.querySelector("[role=treeitem]");
    entrance?.setAttribute("tabindex", "0");
  }

  element.addEventListener("keydown", (event) => {
    const at = /** @type {HTMLElement} */ (event.target);
    const name = at.dataset.node ?? "";
    const all = /** @type {HTMLElement[]} */ ([...element.querySelectorAll("[role=treeitem]")]);
    const place = all.indexOf(at);
    const isIdea = name.startsWith("i ");
    const isOpen = at.getAttribute("aria-expanded") === "true";
    switch (event.key) {
      case "ArrowDown": all[place + 1]?.focus(); break;
      case "ArrowUp": all[place - 1]?.focus(); break;
      case "Home": all[0]?.focus(); break;
      case "End": all[all.length - 1]?.focus(); break;
      case "ArrowRight":
        if (isIdea && !isOpen) toggle(name.slice(2));
        else all[place + 1]?.focus();
        break;
      case "ArrowLeft":
        if (isIdea && isOpen) toggle(name.slice(2));
        else /** @type {HTMLElement | null | undefined} */ (
          at.parentElement?.closest("[role=treeitem]"))?.focus();
        break;
      case "Enter": case " ":
        if (isIdea) toggle(name.slice(2));
        else options.onSelect(name.slice(2));
        break;
      default: return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  return {
    element,
    refresh,
    reset() {
      open.clear();
      selected = null;
      written = "";
    },
    /** @param {string | null} key */
    select(key) {
      selected = key;
      const candidate = key === null ? undefined : options.campaign().candidates.get(key);
      if (candidate) open.add(candidate.idea);
      if (element.hidden) return;
      refresh();
      markSelected();
      const at = item(`c ${key}`)?.firstElementChild;
      if (!at) return;
      const [box, row] = [element.getBoundingClientRect(), at.getBoundingClientRect()];
      if (row.top < box.top) element.scrollTop += row.top - box.top - 8;
      else if (row.bottom > box.bottom) element.scrollTop += row.bottom - box.bottom + 8;
    },
  };
}
