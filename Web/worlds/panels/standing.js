// How the world stands: which one, in which mode, under which policy, since when; and what operators
// may do about it. What keeps it from deciding freely is said in a sentence.

import { fill, h, setText } from "/ui/shell/dom.js";
import { ageElement, date, duration, instant, integer, number, setAge } from "/ui/shell/format.js";
import { t } from "/ui/shell/i18n.js";
import { breakerLooks, look, modeLooks, standingLooks } from "../model/vocabulary.js";
import { makeActs } from "./acting.js";
import { chip, word } from "./frame.js";

/** @typedef {import("../model/world.js").World} World */
/** @typedef {import("../model/world.js").WorldSummary} WorldSummary */

/**
 * @param {{onChoose: (id: string) => void, onNow: () => void, onDone: () => void,
 *   world: () => World | null}} options
 */
export function makeStanding(options) {
  const picker = h("select", {
    class: "world-picker", "data-t-label": "worlds.picker", "data-test": "world-picker",
    onchange: () => options.onChoose(picker.value),
  });
  const name = h("h1", { class: "world-name clip", "data-test": "world-name" });
  const chips = h("div", { class: "world-chips", "data-test": "world-chips" });
  const last = ageElement(null);
  const next = h("span", { class: "num" });
  const traded = h("span", { class: "num" });
  const numbers = { cycle: h("strong"), epoch: h("strong"), scale: h("strong"), live: h("strong") };
  /** @param {string} key @param {Node} value */
  const fact = (key, value) => h("div", { class: "world-fact", "data-test": `fact-${key}` },
    h("dt", { "data-t": `worlds.fact.${key}`, "data-t-title": `worlds.fact.${key}_help` }), h("dd", { class: "num" }, value));
  const facts = { traded: fact("traded", traded), next: fact("next", next) };
  const acts = makeActs(["freeze", "resume"], options);
  const banner = h("div", { class: "world-banner", role: "status", hidden: true, "data-test": "banner" });
  const element = h("header", { class: "world-standing", "data-part": "standing" },
    h("div", { class: "world-title" }, name, picker, chips),
    h("dl", { class: "world-facts" },
      fact("live", numbers.live), fact("cycle", numbers.cycle), fact("scale", numbers.scale),
      fact("epoch", numbers.epoch), fact("evaluated", last), facts.traded, facts.next),
    acts.element, banner);

  /** @param {World} world */
  function writeNext(world) {
    // The schedule leaves alone what is paused and what lives in history.
    facts.next.hidden = world.nextAt === null;
    if (world.nextAt === null) return;
    const left = world.nextAt - Date.now();
    setText(next, left > 0 ? t("format.in", { span: duration(Math.ceil(left / 1000) * 1000) }) : t("worlds.fact.due"));
    next.title = instant(world.nextAt);
  }
  setInterval(() => {
    const world = options.world();
    if (world && !document.hidden) writeNext(world);
  }, 1000);

  /** @param {World} world */
  function writeBanner(world) {
    const { mode, breaker, currency } = world;
    let tone = "warn";
    /** @type {string[]} */
    let words = [];
    if (world.past !== null) {
      tone = "past";
      words = [t("worlds.banner.past", { cycle: integer(world.past), at: instant(world.at) }), t("worlds.banner.past_help")];
    } else if (mode === "halted" || breaker.state === "tripped") {
      tone = "bad";
      words = [t("worlds.banner.halted", { cause: breaker.reason || "–" }), t("worlds.banner.halted_help")];
    } else if (world.isFrozen) {
      words = [t("worlds.banner.frozen"), t("worlds.banner.frozen_help")];
    } else if (currency.standing === "STALE") {
      words = [t("worlds.banner.stale", { dataset: currency.dataset, lag: duration(currency.lag), most: duration(currency.most) }),
        t("worlds.banner.eval_only_help")];
    } else if (currency.standing === "FUTURE") {
      tone = "bad";
      words = [t("worlds.banner.future", { dataset: currency.dataset }), t("worlds.banner.eval_only_help")];
    } else if (mode === "eval_only") {
      words = [t("worlds.banner.eval_only"), t("worlds.banner.eval_only_help")];
    } else if (mode === "paused") {
      words = [t("worlds.banner.paused"), t("worlds.banner.paused_help")];
    } else if (breaker.state === "cooling") {
      words = [t("worlds.banner.cooling", { cause: breaker.reason || "–" })];
    }
    const mark = `${tone} ${words.join(" ")}`;
    if (banner.dataset.mark === mark) return;
    banner.dataset.mark = mark;
    banner.hidden = words.length === 0;
    banner.className = `world-banner ${tone}`;
    fill(banner,
      h("span", { class: "banner-mark", "aria-hidden": "true" }, tone === "bad" ? "✕" : tone === "past" ? "◷" : "!"),
      h("p", null, h("strong", null, words[0] ?? ""), " ", words[1] ?? ""),
      tone === "past" ? h("button", { type: "button", class: "button small", "data-test": "back-to-now", onclick: options.onNow },
        t("worlds.history.now")) : null);
  }

  return {
    element,
    acts,
    /** @param {WorldSummary[]} worlds @param {string | null} chosen */
    list(worlds, chosen) {
      const several = worlds.length > 1;
      picker.hidden = !several;
      name.classList.toggle("hidden-visually", several);
      const names = worlds.map((each) => `${look(modeLooks, each.mode).mark} ${each.id} · ${
        t("worlds.picker_live", { n: integer(each.live), count: each.live })}`);
      // An open list is not written anew under the pointer where nothing changed.
      if (picker.dataset.mark !== names.join()) {
        picker.dataset.mark = names.join();
        fill(picker, worlds.map((each, place) => h("option", { value: each.id }, names[place])));
      }
      if (chosen !== null) picker.value = chosen;
    },
    /** @param {World} world */
    show(world) {
      setText(name, world.id);
      const { mode, breaker, currency, policy } = world;
      fill(chips,
        chip(look(modeLooks, mode), word("worlds.mode", mode), t(`worlds.mode_help`)),
        chip(look(breakerLooks, breaker.state), t("worlds.chip.breaker", { state: word("worlds.breaker", breaker.state) })),
        chip(look(standingLooks, currency.standing), t("worlds.chip.currency", { state: word("worlds.standing", currency.standing) })),
        chip({ mark: "§", tone: "" }, t("worlds.chip.policy", { n: integer(policy.version) }), policy.fingerprint));
      setText(numbers.cycle, integer(world.cycle));
      setText(numbers.epoch, integer(world.epoch));
      setText(numbers.scale, number(world.risk.scale));
      setText(numbers.live, integer(world.instances.filter((each) => each.phase === "live").length));
      setAge(last, world.past === null ? world.lastAt : world.at);
      facts.traded.hidden = world.tradedAt === null || world.past !== null;
      setText(traded, world.tradedAt === null ? "" : date(world.tradedAt));
      traded.title = world.tradedAt === null ? "" : instant(world.tradedAt);
      writeNext(world);
      writeBanner(world);
      acts.refresh();
    },
  };
}
