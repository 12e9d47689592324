// The derivation of a verdict, in words: a tree whose every step says what it found, against which
// limit, and what followed. What decided is open, the rest is a key away.

import { h } from "/ui/shell/dom.js";
import { number } from "/ui/shell/format.js";
import { language, t } from "/ui/shell/i18n.js";
import { outcomeLook } from "../model/vocabulary.js";

/** @typedef {import("../model/world.js").Derivation} Derivation */

/** Steps that are open at first, from the root. */
const openLevels = 2;

/**
 * A value against its limit; both are drawn on one scale that has zero in it.
 * @param {number} value
 * @param {number} limit
 * @param {string} tone
 */
function bar(value, limit, tone) {
  const low = Math.min(0, value, limit);
  const high = Math.max(0, value, limit);
  const width = (high - low || 1) * 1.08;
  /** @param {number} x */
  const place = (x) => `${((x - low) / width) * 100}%`;
  return h("span", { class: `value-bar ${tone}`, "aria-hidden": "true",
    title: t("worlds.why.bar", { value: number(value, { digits: 3 }), limit: number(limit, { digits: 3 }) }) },
  h("span", { class: "value-fill", style: {
    left: place(Math.min(0, value)), width: `${(Math.abs(value) / width) * 100}%` } }),
  h("span", { class: "value-limit", style: { left: place(limit) } }));
}

/** @param {Derivation} root @returns {HTMLElement} */
export function derivationTree(root) {
  const tree = h("ul", {
    class: "plain derivation", role: "tree", "aria-label": t("worlds.why.title"),
    "data-test": "derivation",
  }, item(root, 1));
  const first = tree.querySelector("[role=treeitem]");
  if (first) first.setAttribute("tabindex", "0");
  tree.addEventListener("keydown", (event) => walk(tree, event));
  tree.addEventListener("click", (event) => {
    const row = /** @type {HTMLElement} */ (event.target).closest(".derivation-row");
    const node = row?.closest("[role=treeitem]");
    if (node instanceof HTMLElement) {
      toggle(node);
      enter(tree, node);
    }
  });
  return tree;
}

/** @param {Derivation} node @param {number} level @returns {HTMLElement} */
function item(node, level) {
  const { mark, tone } = outcomeLook(node.outcome);
  const outcome = ["pass", "fail", "unknown"].includes(node.outcome) ? node.outcome : "none";
  const hasChildren = node.children.length > 0;
  const isOpen = level <= openLevels || (level <= 4 && (outcome === "fail" || outcome === "unknown"));
  const words = language() === "ko" ? node.textKo : node.text;
  return h("li", {
    role: "treeitem", class: "derivation-item", tabindex: -1, "data-code": node.code, "data-outcome": outcome,
    "aria-level": level, "aria-expanded": hasChildren ? String(isOpen) : null,
    "aria-label": `${t(`worlds.why.${outcome}`)}: ${words}`,
  },
  h("div", { class: "derivation-row" },
    h("span", { class: "derivation-fold faint", "aria-hidden": "true" }),
    h("span", { class: `derivation-mark ${tone || "faint"}`, title: t(`worlds.why.${outcome}`), "aria-hidden": "true" }, mark),
    h("span", { class: "derivation-words" }, words),
    node.value !== null && node.limit !== null ? bar(node.value, node.limit, tone) : null),
  hasChildren
    ? h("ul", { class: "plain", role: "group", hidden: !isOpen }, node.children.map((child) => item(child, level + 1)))
    : null);
}

/** @param {HTMLElement} node @param {boolean} [to] */
function toggle(node, to) {
  const group = node.querySelector(":scope > [role=group]");
  if (!(group instanceof HTMLElement)) return;
  const isOpen = to ?? group.hidden;
  group.hidden = !isOpen;
  node.setAttribute("aria-expanded", String(isOpen));
}

/** @param {HTMLElement} tree @param {HTMLElement | null | undefined} node */
function enter(tree, node) {
  if (!node) return;
  for (const each of tree.querySelectorAll("[role=treeitem][tabindex='0']")) each.setAttribute("tabindex", "-1");
  node.tabIndex = 0;
  node.focus({ preventScroll: true });
  node.querySelector(".derivation-row")?.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLElement} tree @param {KeyboardEvent} event */
function walk(tree, event) {
  const at = /** @type {HTMLElement} */ (event.target);
  const seen = /** @type {HTMLElement[]} */ ([...tree.querySelectorAll("[role=treeitem]")])
    .filter((node) => node.offsetParent !== null);
  const place = seen.indexOf(at);
  const expanded = at.getAttribute("aria-expanded");
  switch (event.key) {
    case "ArrowDown": enter(tree, seen[place + 1]); break;
    case "ArrowUp": enter(tree, seen[place - 1]); break;
    case "Home": enter(tree, seen[0]); break;
    case "End": enter(tree, seen[seen.length - 1]); break;
    case "ArrowRight":
      if (expanded === "false") toggle(at, true);
      else if (expanded === "true") enter(tree, seen[place + 1]);
      break;
    case "ArrowLeft":
      if (expanded === "true") toggle(at, false);
      else enter(tree, /** @type {HTMLElement | null | undefined} */ (at.parentElement?.closest("[role=treeitem]")));
      break;
    case "Enter": case " ": toggle(at); break;
    default: return;
  }
  event.preventDefault();
  event.stopPropagation();
}
