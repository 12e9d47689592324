// What keeps a world from harm: the breaker with what tripped it, and how far its data is behind.

import { fill, h, setText } from "/ui/shell/dom.js";
import { ageElement, duration, instant, percent, setAge } from "/ui/shell/format.js";
import { language, onLanguage, t } from "/ui/shell/i18n.js";
import { figure, text } from "../model/read.js";
import { breakerLooks, levelLooks, look, standingLooks } from "../model/vocabulary.js";
import { makeActs } from "./acting.js";
import { chip, panel, word } from "./frame.js";

/** @typedef {import("../model/world.js").World} World */
/** @typedef {import("../model/world.js").AuditEvent} AuditEvent */

const states = ["armed", "tripped", "cooling"];

/** @param {{world: () => World | null, onDone: () => void}} options */
export function makeSafety(options) {
  /** @type {World | null} */
  let world = null;
  /** @type {AuditEvent | null} */
  let trip = null;

  const ring = h("ol", { class: "plain breaker-track", "data-test": "breaker" }, states.map((state) =>
    h("li", { class: "breaker-state", "data-state": state },
      h("span", { class: "breaker-mark", "aria-hidden": "true" }, look(breakerLooks, state).mark),
      h("span", { "data-t": `worlds.breaker.${state}` }))));
  const cause = h("div", { class: "breaker-cause" });
  const since = ageElement(null);
  const acts = makeActs(["reset"], options);
  const breaker = panel("breaker", { tools: [since] }, ring, cause, acts.element);

  const lag = h("div", { class: "lag", "aria-hidden": "true" });
  const lagWords = h("p", { class: "lag-words" });
  const standing = h("div");
  const currency = panel("currency", { tools: [standing] }, lagWords, lag);

  const alerts = h("ol", { class: "plain alert-list", "data-test": "alerts" });
  const alarm = panel("alerts", {}, alerts);

  function writeBreaker() {
    if (!world) return;
    const { state, reason } = world.breaker;
    for (const item of ring.children) {
      const isHere = item.getAttribute("data-state") === state;
      item.className = `breaker-state ${isHere ? `here ${look(breakerLooks, state).tone}` : ""}`;
      if (isHere) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    }
    setAge(since, world.breaker.since);
    since.hidden = world.breaker.since === null;
    const payload = trip?.payload ?? {};
    const [observed, limit] = [figure(payload.observed), figure(payload.limit)];
    const isOpen = state !== "armed";
    fill(cause, h("p", { class: isOpen ? "" : "soft" }, t(`worlds.breaker.${state === "armed" || state === "cooling" ? state : "tripped"}_words`,
      { cause: reason || "–" })),
    isOpen && trip ? h("dl", { class: "facts" },
      h("div", null, h("dt", null, t("worlds.breaker.cause")), h("dd", null, word("worlds.cut", text(payload.cause)))),
      observed === null || limit === null ? null : h("div", null, h("dt", null, t("worlds.breaker.observed")),
        h("dd", { class: "num" }, t("worlds.breaker.against", { value: size(text(payload.cause), observed), limit: size(text(payload.cause), limit) }))),
      text(payload.action) ? h("div", null, h("dt", null, t("worlds.breaker.action")), h("dd", null, word("worlds.breaker_action", text(payload.action)))) : null,
      text(payload.positions) ? h("div", null, h("dt", null, t("worlds.breaker.positions")), h("dd", null, word("worlds.positions", text(payload.positions)))) : null,
      h("div", null, h("dt", null, t("worlds.breaker.at")), h("dd", { class: "num" }, instant(trip.at)))) : null);
    acts.refresh();
    acts.element.hidden = !isOpen || world.past !== null;
  }

  function writeCurrency() {
    if (!world) return;
    const { standing: name, dataset, lag: behind, most } = world.currency;
    const shown = look(standingLooks, name);
    fill(standing, chip(shown, word("worlds.standing", name)));
    fill(lagWords, t(behind === null ? "worlds.currency.unknown" : behind < 0 ? "worlds.currency.future" : "worlds.currency.words",
      { dataset: dataset || "–", lag: duration(Math.abs(behind ?? 0)), most: duration(most) }));
    const extent = Math.max(Math.abs(behind ?? 0), most ?? 0) * 1.12 || 1;
    fill(lag,
      h("span", { class: `lag-fill ${shown.tone}`, style: { width: `${(Math.max(0, behind ?? 0) / extent) * 100}%` } }),
      most === null ? null : h("span", { class: "lag-limit", style: { left: `${(most / extent) * 100}%` } },
        h("span", { class: "lag-label num" }, t("worlds.currency.limit", { most: duration(most) }))));
    lag.dataset.level = shown.tone;
  }

  function writeAlerts() {
    const all = world?.alerts ?? [];
    alarm.hidden = all.length === 0;
    fill(alerts, [...all].sort((a, b) => (b.at ?? 0) - (a.at ?? 0)).slice(0, 8).map((alert) => {
      const shown = look(levelLooks, alert.level);
      return h("li", { class: "alert-line" },
        h("span", { class: `alert-mark ${shown.tone}`, title: word("worlds.level", alert.level) },
          h("span", { "aria-hidden": "true" }, shown.mark),
          h("span", { class: "hidden-visually" }, word("worlds.level", alert.level))),
        alert.at === null ? h("span") : h("span", { class: "faint" }, ageElement(alert.at)),
        h("span", null, word("worlds.occasion", alert.occasion), alert.detail ? h("span", { class: "soft" }, ` · ${detail(alert)}`) : null,
          alert.action ? h("span", { class: "soft" }, ` → ${word("worlds.alert_action", alert.action)}`) : null));
    }));
  }

  const write = () => {
    writeBreaker();
    writeCurrency();
    writeAlerts();
  };
  onLanguage(write);
  return {
    breaker, currency, alerts: alarm,
    /** @param {World} next */
    show(next) {
      world = next;
      write();
    },
    /** @param {AuditEvent | null} next */
    told(next) {
      trip = next;
      writeBreaker();
    },
    state: () => ({ breaker: world?.breaker.state ?? null, currency: world?.currency.standing ?? null, language: language() }),
  };
}

/**
 * What was observed of a cause is a fraction, and of silence seconds.
 * @param {string} cause @param {number} value
 */
function size(cause, value) {
  return cause === "fill_stream_silence" ? duration(value * 1000) : percent(value);
}

/**
 * @param {{ occasion: string, detail: string }} alert
 * @returns {string} what it is about; that somebody was promoted or demoted the occasion says already
 */
function detail({ occasion, detail }) {
  return occasion === "promoted" || occasion === "demoted" ? detail.replace(/ is [a-z]+$/, "") : detail;
}
