// "System Protection Activated": says why the desk protects itself, for as long as it does. It
// never hides what it is about: it can be made small, and a run that is over has only that form.

import { fill, h, setText } from "/ui/shell/dom.js";
import { t } from "/ui/shell/i18n.js";
import { breachWords, ceilingWord, fallbackWords } from "../model/tell.js";

const FLAG_CEILINGS = /** @type {Record<string, string>} */ ({
  over_prompt_budget: "request_prompt", over_completion_budget: "request_completion",
  over_batch_budget: "batch_total", over_day_budget: "day_total", over_week_budget: "week_total",
});

/**
 * Why the protection is on, in words.
 * @param {import("../model/status.js").Status} status
 * @param {import("../model/story.js").Story} story
 * @returns {string[]}
 */
export function causes(status, story) {
  const last = story.fallbacks[story.fallbacks.length - 1];
  const { flags } = status;
  const isOver =
    flags.over_cost_budget || Object.keys(FLAG_CEILINGS).some((flag) => flags[flag]);
  const words = [];
  if (story.refusal && (status.flags.budget_blocked || isOver)) {
    words.push(...story.refusal.facts.breaches.map(breachWords));
  }
  if (words.length === 0) {
    for (const [flag, ceiling] of Object.entries(FLAG_CEILINGS)) {
      if (flags[flag]) words.push(ceilingWord(ceiling));
    }
  }
  if (last && !status.flags.budget_blocked) words.push(fallbackWords(last.facts));
  return words.length > 0 ? [...new Set(words)].slice(0, 3) : [t("reactor.why_unknown")];
}

/**
 * @param {HTMLElement} overlay
 * @param {HTMLElement} banner
 * @param {HTMLElement} frame
 */
export function buildProtection(overlay, banner, frame) {
  let isSmall = false;
  let wasOn = false;
  /** @type {string[]} */
  let said = [];
  const title = h("strong", { class: "rx-protection-title" });
  const why = h("ul", { class: "rx-protection-why plain" });
  const lasts = h("p", { class: "rx-protection-lasts" });
  const minimize = h("button", {
    type: "button", class: "rx-protection-close", "data-test": "protection-minimize",
    onclick: () => {
      isSmall = true;
      show(true, false);
      more.focus();
    },
  });
  overlay.append(
    h("span", { class: "rx-protection-sign", "aria-hidden": "true" }, "▲"),
    h("div", { class: "rx-protection-body" }, title, why, lasts), minimize
  );
  const bannerText = h("span", { class: "rx-banner-words" });
  const more = h("button", {
    type: "button", class: "rx-banner-more", "aria-expanded": "false",
    onclick: () => {
      const isOpen = bannerWhy.hidden;
      bannerWhy.hidden = !isOpen;
      more.setAttribute("aria-expanded", String(isOpen));
    },
  }, "▲ ", bannerText);
  const bannerWhy = h("p", { class: "rx-banner-why", hidden: true });
  banner.append(more, bannerWhy);

  /** @param {boolean} isOn @param {boolean} isOver */
  function show(isOn, isOver) {
    overlay.hidden = !isOn || isSmall || isOver;
    banner.hidden = !isOn || !overlay.hidden;
    frame.dataset.on = String(isOn && !isOver);
  }

  return {
    /**
     * @param {import("../model/status.js").Status | null} status
     * @param {import("../model/story.js").Story} story
     * @param {boolean} isOver whether the run is over and is shown at its end
     * @returns {"started" | "ended" | null} what changed
     */
    write(status, story, isOver) {
      const isOn = status?.isProtected === true;
      if (isOn && status) {
        const words = causes(status, story);
        said = words;
        setText(title, t("reactor.protection"));
        if (why.textContent !== words.join("")) fill(why, words.map((line) => h("li", null, line)));
        setText(lasts, t("reactor.protection_lasts"));
        setText(minimize, t("reactor.minimize"));
        setText(bannerText, t(isOver ? "reactor.protection_past" : "reactor.protection"));
        setText(bannerWhy, words.join(" "));
      }
      if (isOn && !wasOn) isSmall = false;
      const change = isOn === wasOn ? null : isOn ? "started" : "ended";
      wasOn = isOn;
      show(isOn, isOver);
      return change;
    },
    /** Why it is on, or was on last. */
    get words() {
      return said;
    },
    get isVisible() {
      return !overlay.hidden;
    },
    get isBanner() {
      return !banner.hidden;
    },
  };
}
