// The board: a lane for each phase, a card for each strategy. A strategy that changes its phase is
// seen to move; arrows walk over the cards.

import { follow, h, setText } from "/ui/shell/dom.js";
import { integer } from "/ui/shell/format.js";
import { onLanguage, t } from "/ui/shell/i18n.js";
import { phases } from "../model/world.js";
import { look, phaseLooks } from "../model/vocabulary.js";
import { makeCard, writeCard, writeGate } from "./card.js";
import { makeFlight } from "./flight.js";
import { word } from "./frame.js";

/** @typedef {import("../model/world.js").Instance} Instance */
/** @typedef {import("../model/world.js").World} World */
/** @typedef {import("../model/world.js").Phase} Phase */

/** Phases that are over are folded away. */
/** @type {Phase[]} */
const folded = ["failed", "retired"];
const open = phases.filter((phase) => !folded.includes(phase));

/** @param {{onSelect: (id: string | null) => void}} options */
export function makeBoard(options) {
  /** @type {World | null} */
  let world = null;
  /** @type {string | null} */
  let selected = null;
  /** @type {string | null} the card that the tabulator key reaches */
  let entrance = null;

  /** @type {Map<Phase, {list: HTMLElement, count: HTMLElement, empty: HTMLElement}>} */
  const lanes = new Map();
  /** @param {Phase} phase */
  function lane(phase) {
    const { mark, tone } = look(phaseLooks, phase);
    const list = h("ul", { class: "plain lane-list", "data-lane": phase, "aria-labelledby": `lane-${phase}` });
    const count = h("span", { class: "lane-count num" });
    const empty = h("p", { class: "lane-empty faint", "data-t": `worlds.lane_empty.${phase}` });
    lanes.set(phase, { list, count, empty });
    return h("section", { class: `lane lane-${phase}`, "data-test": `lane-${phase}` },
      h("h3", { class: "lane-head", id: `lane-${phase}`, "data-t-title": `worlds.phase_help.${phase}` },
        h("span", { class: `lane-mark ${tone || "soft"}`, "aria-hidden": "true" }, mark),
        h("span", { "data-t": `worlds.phase.${phase}` }), count),
      empty, list);
  }

  const track = h("div", { class: "lanes", "data-test": "lanes" }, open.map(lane));
  const summary = h("summary");
  const rest = h("details", { class: "lanes-folded", "data-test": "lanes-folded" }, summary,
    h("div", { class: "lanes folded" }, folded.map(lane)));
  const stage = h("div", { class: "stage" }, track, rest);
  const said = h("p", { class: "hidden-visually", role: "status" });
  const element = h("section", {
    class: "board", "data-part": "board", "data-t-label": "worlds.board.title",
    "aria-describedby": "board-keys",
  },
  stage, said, h("p", { class: "hidden-visually", id: "board-keys", "data-t": "worlds.board.keys" }));

  const cards = () => /** @type {HTMLElement[]} */ ([...stage.querySelectorAll(".lane [data-key]")]);
  const flight = makeFlight(stage, cards);

  /** @param {Instance} a @param {Instance} b */
  function order(a, b) {
    return (a.rank ?? Infinity) - (b.rank ?? Infinity) || (b.score ?? -Infinity) - (a.score ?? -Infinity)
      || (a.id < b.id ? -1 : 1);
  }

  function write() {
    const shown = world;
    const instances = shown?.instances ?? [];
    const focused = cards().find((card) => card.contains(document.activeElement))?.dataset.key ?? null;
    const before = flight.places();
    /** @type {Map<string, HTMLElement>} cards are carried from lane to lane, with all they show */
    const present = new Map(cards().map((card) => [card.dataset.key ?? "", card]));
    for (const [phase, { list, count, empty }] of lanes) {
      const here = instances.filter((each) => each.phase === phase).sort(order);
      follow(list, here, (each) => each.id,
        (each) => present.get(each.id) ?? makeCard(options.onSelect),
        (item, each) => {
          if (shown) writeCard(item, each, shown);
        });
      setText(count, integer(here.length));
      empty.hidden = here.length > 0;
      list.hidden = here.length === 0;
    }
    const over = instances.filter((each) => folded.includes(each.phase)).length;
    rest.hidden = over === 0;
    setText(summary, folded.map((phase) => `${look(phaseLooks, phase).mark} ${t(`worlds.phase.${phase}`)} ${
      integer(instances.filter((each) => each.phase === phase).length)}`).join("   "));
    const moved = flight.play(before);
    if (moved.length > 0) {
      setText(said, moved.slice(0, 4).map((id) => {
        const instance = instances.find((each) => each.id === id);
        return instance ? t("worlds.board.moved", { id, phase: word("worlds.phase", instance.phase) }) : "";
      }).join(" "));
    }
    markSelected();
    if (focused !== null) button(focused)?.focus({ preventScroll: true });
  }

  /** @param {string | null} id @returns {HTMLElement | null} */
  function button(id) {
    return id === null ? null
      : stage.querySelector(`.lane [data-key="${CSS.escape(id)}"] > button`);
  }

  function markSelected() {
    const all = /** @type {HTMLElement[]} */ ([...stage.querySelectorAll(".lane .card")]);
    const ids = all.map((card) => card.parentElement?.dataset.key ?? "");
    if (entrance === null || !ids.includes(entrance)) entrance = selected ?? ids[0] ?? null;
    all.forEach((card, place) => {
      card.setAttribute("aria-pressed", String(ids[place] === selected));
      card.tabIndex = ids[place] === entrance ? 0 : -1;
    });
  }

  /** @param {HTMLElement} card */
  function go(card) {
    entrance = card.parentElement?.dataset.key ?? entrance;
    markSelected();
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  stage.addEventListener("keydown", (event) => {
    const card = /** @type {HTMLElement} */ (event.target);
    if (!card.matches(".card")) return;
    const lists = [...lanes.values()].map(({ list }) => /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".card")]))
      .filter((all) => all.length > 0 && all[0].offsetParent !== null);
    const column = lists.findIndex((all) => all.includes(card));
    const own = lists[column] ?? [];
    const row = own.indexOf(card);
    /** @param {number} to */
    const beside = (to) => lists[to]?.[Math.min(row, lists[to].length - 1)];
    /** @type {Record<string, HTMLElement | undefined>} */
    const goals = {
      ArrowDown: own[row + 1], ArrowUp: own[row - 1], ArrowRight: beside(column + 1),
      ArrowLeft: beside(column - 1), Home: own[0], End: own[own.length - 1],
    };
    if (!(event.key in goals)) return;
    event.preventDefault();
    const goal = goals[event.key];
    if (goal) go(goal);
  });

  setInterval(() => {
    if (!document.hidden && world && world.past === null) writeGates();
  }, 1000);

  /** Leases run out while nothing happens. */
  function writeGates() {
    if (!world) return;
    for (const instance of world.instances) {
      if (!instance.gate) continue;
      const gate = button(instance.id)?.querySelector(".card-gate");
      if (gate instanceof HTMLElement) writeGate(gate, instance, world);
    }
  }

  onLanguage(write);
  return {
    element,
    writeGates,
    /** @param {World | null} next */
    show(next) {
      world = next;
      element.classList.toggle("is-past", next?.past !== null && next?.past !== undefined);
      write();
    },
    /** @param {string | null} id */
    select(id) {
      selected = id;
      if (id !== null) entrance = id;
      const instance = world?.instances.find((each) => each.id === id);
      if (instance && folded.includes(instance.phase)) rest.open = true;
      markSelected();
      button(id)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    },
    /** @param {string} id */
    focus(id) {
      button(id)?.focus({ preventScroll: true });
    },
    /** On a narrow screen, where one lane is seen at a time: brings a lane into view. */
    /** @param {Phase} phase */
    reveal(phase) {
      const section = lanes.get(phase)?.list.parentElement;
      if (section) track.scrollLeft = section.offsetLeft - track.offsetLeft;
    },
    state() {
      /** @type {Record<string, string[]>} */
      const shown = {};
      for (const [phase, { list }] of lanes) {
        shown[phase] = [...list.children].map((item) => /** @type {HTMLElement} */ (item).dataset.key ?? "");
      }
      return { lanes: shown, said: said.textContent, flying: stage.querySelectorAll(".flier").length };
    },
  };
}
