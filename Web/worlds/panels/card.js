// A strategy on the board: who it is, what it is, how it was judged, how far it is from moving, and
// whether its gate lets orders through.

import { dress, fill, h, setText } from "/ui/shell/dom.js";
import { duration, integer, number, percent } from "/ui/shell/format.js";
import { language, t } from "/ui/shell/i18n.js";
import { gateLooks, look, phaseLooks, verdictLooks } from "../model/vocabulary.js";
import { writeFormula } from "./formulas.js";
import { reasonWords, word } from "./frame.js";

/** @typedef {import("../model/world.js").Instance} Instance */
/** @typedef {import("../model/world.js").World} World */

/** More pips than this are a figure. */
const pipsMost = 6;

/** @param {(id: string) => void} onSelect */
export function makeCard(onSelect) {
  const id = h("code", { class: "card-id clip" });
  const side = h("span", { class: "card-side" });
  const name = h("strong", { class: "clip" });
  const rank = h("span", { class: "card-rank num" });
  const formula = h("code", { class: "card-formula" });
  const figures = h("span", { class: "card-figures num" });
  const weight = h("span", { class: "card-weight num" });
  const gate = h("span", { class: "card-gate" });
  const why = h("span", { class: "card-why" });
  const button = h("button", {
    type: "button", class: "card", tabindex: -1, "aria-pressed": "false",
    onclick: () => {
      const key = item.dataset.key;
      if (key !== undefined) onSelect(key);
    },
  },
  h("span", { class: "card-head" }, side, name, rank), id, formula, figures,
  h("span", { class: "card-foot" }, weight, why, gate));
  const item = h("li", { class: "card-place" }, button);
  return item;
}

/**
 * @param {HTMLElement} item what `makeCard` made
 * @param {Instance} instance
 * @param {World} world
 */
export function writeCard(item, instance, world) {
  const button = /** @type {HTMLElement} */ (item.firstElementChild);
  const [head, id, formula, figures, foot] = /** @type {HTMLElement[]} */ ([...button.children]);
  const [side, name, rank] = /** @type {HTMLElement[]} */ ([...head.children]);
  const [weight, why, gate] = /** @type {HTMLElement[]} */ ([...foot.children]);
  // A lease is renewed every few seconds, and moves nothing but the gate's own words.
  writeGate(gate, instance, world);
  const mark = JSON.stringify([{ ...instance, gate: gateState(instance), measures: null },
    instance.gate?.needsPerson ?? false, world.past,
    world.policy.promoteAfter, world.policy.demoteAfter, language()]);
  if (button.dataset.mark === mark) return;
  button.dataset.mark = mark;
  const judged = look(verdictLooks, instance.verdict);
  button.dataset.verdict = instance.verdict;
  button.dataset.side = instance.side;
  dress(button, { "aria-label": sentence(instance, world) });

  side.className = `card-side ${instance.side}`;
  side.title = word("worlds.side", instance.side);
  setText(side, instance.side === "short" ? "▼" : "▲");
  setText(name, instance.strategy);
  setText(rank, instance.rank === null ? "" : `#${instance.rank}`);
  rank.title = t("worlds.card.rank");
  setText(id, instance.id);
  id.title = instance.id;
  writeFormula(formula, instance.formula);
  formula.hidden = instance.formula === "";

  fill(figures,
    h("span", { class: `card-verdict ${judged.tone}`, title: word("worlds.verdict", instance.verdict) },
      h("span", { "aria-hidden": "true" }, judged.mark),
      ` ${word("worlds.verdict_short", instance.verdict)}`),
    instance.score === null ? null : h("span", { title: t("worlds.card.score") },
      h("span", { class: "faint" }, `${t("worlds.card.score_short")} `), number(instance.score)),
    h("span", { class: "card-streak" }, streaks(instance, world)));
  const isHeld = instance.weight !== null && instance.weight !== 0;
  weight.hidden = !isHeld;
  weight.title = t("worlds.card.weight");
  fill(weight, h("span", { class: "faint" }, `${t("worlds.card.weight_short")} `), percent(instance.weight));
  const going = actionWords(instance);
  const reason = instance.rejection || instance.hold;
  const isStuck = world.past === null && (instance.gate?.needsPerson ?? false);
  setText(why, isStuck ? t("worlds.gate.needs_person") : going || (reason ? reasonWords(reason) : ""));
  why.className = `card-why clip ${isStuck ? "warn" : going ? "card-going" : ""}`;
  why.title = reason ? `${why.textContent} (${reason})` : "";
  why.hidden = why.textContent === "";
  foot.hidden = weight.hidden && why.hidden && gate.hidden;
}

/** @param {Instance} instance @returns {string} what the decision does with it, empty for nothing */
export function actionWords(instance) {
  return instance.action === "HOLD" || instance.action === "" ? ""
    : word("worlds.action", instance.action);
}

/** @param {Instance} instance @param {World} world @returns {(HTMLElement | null)[]} */
function streaks(instance, world) {
  const { promoteAfter, demoteAfter } = world.policy;
  if (instance.phase === "live") {
    return [pips(instance.fails, demoteAfter, "fails"),
      instance.fails === 0 && instance.passes > 0 ? tally(instance.passes, "passes") : null];
  }
  if (instance.phase !== "dryrun") return [];
  return [pips(instance.passes, promoteAfter, "passes"),
    instance.fails > 0 ? tally(instance.fails, "fails") : null];
}

/**
 * @param {number} n
 * @param {number | null} of
 * @param {"passes" | "fails"} kind
 */
function pips(n, of, kind) {
  if (of === null) return n > 0 ? tally(n, kind) : null;
  const title = t(`worlds.card.${kind}_of`, { n: integer(n), of: integer(of) });
  if (of > pipsMost) {
    return h("span", { class: `pip-figure num ${kind}`, title },
      `${kind === "passes" ? "✓" : "✕"} ${n}/${of}`);
  }
  return h("span", { class: "pips", title },
    Array.from({ length: of }, (_, place) =>
      h("span", { class: `pip ${kind} ${place < n ? "filled" : ""}` })));
}

/** @param {number} n @param {"passes" | "fails"} kind */
function tally(n, kind) {
  return h("span", {
    class: `tally num ${kind === "passes" ? "good" : "bad"}`, title: t(`worlds.card.${kind}`, { n }),
  }, `${kind === "passes" ? "✓" : "✕"}${integer(n)}`);
}

/** @param {Instance} instance @returns {string} the gate's state; an expired lease closes it */
export function gateState(instance) {
  const { gate } = instance;
  if (!gate) return "";
  return gate.leaseUntil !== null && gate.leaseUntil < Date.now() ? "closed" : gate.state;
}

/**
 * @param {HTMLElement} element
 * @param {Instance} instance
 * @param {World} world
 */
export function writeGate(element, instance, world) {
  const { gate } = instance;
  const isTold = gate !== null && world.past === null
    && (instance.phase === "live" || gate.state !== "closed");
  element.hidden = !isTold;
  if (!isTold || !gate) return;
  const state = gateState(instance);
  const left = gate.leaseUntil === null ? null : gate.leaseUntil - Date.now();
  const isExpired = state !== gate.state;
  const { mark, tone } = look(gateLooks, state);
  element.className = `card-gate num ${state === "closed" && instance.phase === "live" ? "bad" : tone}`;
  const lease = isExpired ? t("worlds.gate.expired")
    : left === null || state === "closed" ? "" : duration(Math.ceil(left / 1000) * 1000);
  const words = `${mark} ${word("worlds.gate_state", state)}${lease ? ` · ${lease}` : ""}`;
  setText(element, words);
  element.title = t(lease && !isExpired ? "worlds.gate.help_lease" : "worlds.gate.help", {
    state: word("worlds.gate_state", state), epoch: integer(gate.epoch), left: lease || "–" });
}

/** @param {Instance} instance @param {World} world */
function sentence(instance, world) {
  const { promoteAfter, demoteAfter } = world.policy;
  const reason = instance.rejection || instance.hold;
  return [
    instance.id, word("worlds.side", instance.side), word("worlds.phase", instance.phase),
    word("worlds.verdict", instance.verdict),
    instance.score === null ? "" : `${t("worlds.card.score")} ${number(instance.score)}`,
    instance.rank === null ? "" : `${t("worlds.card.rank")} ${instance.rank}`,
    instance.phase === "dryrun" && promoteAfter !== null
      ? t("worlds.card.passes_of", { n: instance.passes, of: promoteAfter }) : "",
    instance.phase === "live" && demoteAfter !== null
      ? t("worlds.card.fails_of", { n: instance.fails, of: demoteAfter }) : "",
    instance.gate && world.past === null ? `${t("worlds.gate.title")} ${word("worlds.gate_state", gateState(instance))}` : "",
    instance.gate?.needsPerson && world.past === null ? t("worlds.gate.needs_person") : "",
    actionWords(instance) || (reason ? reasonWords(reason) : ""),
  ].filter(Boolean).join(", ");
}

/** @param {Instance} instance */
export function phaseChipLook(instance) {
  return look(phaseLooks, instance.phase);
}
