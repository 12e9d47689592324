// The fallbacks: each step that shortened a prompt, what it cut, by how much, and what it left.

import { clock, integer, percent } from "/ui/shell/format.js";
import { fill, h, setText } from "/ui/shell/dom.js";
import { t } from "/ui/shell/i18n.js";
import { fallbackWords, phaseWord } from "../model/tell.js";

const SHOWN = 16;
const LETTERS = /** @type {Record<string, string>} */ (
  { fields: "F", operators: "O", subcategories: "S" }
);

/**
 * How many candidates of a phase a step left.
 * @param {string} phase
 * @param {import("../model/digest.js").TopK | null} kept
 */
function left(phase, kept) {
  if (phase === "operators") return kept?.operators;
  return phase === "subcategories" ? kept?.subcategories : kept?.fields;
}

/** @param {HTMLElement} body @param {HTMLElement} note */
export function buildTimeline(body, note) {
  let version = -1;
  return {
    /**
     * @param {import("../model/story.js").Story} story
     * @param {import("../model/status.js").Status | null} status
     */
    write(story, status) {
      const count = Math.max(status?.fallback.count ?? 0, story.fallbacks.length);
      setText(note, count > 0 ? t("reactor.timeline_count", { n: count, count }) : "");
      if (version === story.fallbackVersion) return;
      version = story.fallbackVersion;
      const shown = story.fallbacks.slice(-SHOWN);
      if (shown.length === 0) {
        fill(body, h("p", { class: "rx-quiet" }, t("reactor.timeline_none")));
        return;
      }
      const last = shown[shown.length - 1];
      const steps = h("ol", { class: "rx-steps plain" }, shown.map((step, index) => {
        const { phase, factor, kept } = step.facts;
        const words = t(
          "reactor.timeline_said",
          { time: clock(step.at), idea: step.idea, words: fallbackWords(step.facts) }
        );
        const isNew = index > 0 && shown[index - 1].idea !== step.idea;
        return h("li", { class: "rx-step", title: words, "data-phase": phase, "data-first": isNew },
          h("span", { class: "hidden-visually" }, words),
          h("span", { class: "rx-step-bar", "aria-hidden": "true" },
            h("span", { class: "rx-step-fill", style: { height: `${Math.round(factor * 100)}%` } },
              h("span", { class: "rx-step-letter" }, LETTERS[phase] ?? "?"))),
          h("span", { class: "rx-step-factor num", "aria-hidden": "true" }, integer(factor * 100)),
          h("span", { class: "rx-step-kept num", "aria-hidden": "true" }, left(phase, kept)));
      }));
      fill(body, steps, h("p", { class: "rx-step-last" },
        h(
          "strong", null,
          t(
            "reactor.timeline_step",
            {
              phase: phaseWord(last.facts.phase), factor: percent(last.facts.factor, { digits: 0 }),
            }
          )
        ),
        " ", last.idea));
    },
    refresh() {
      version = -1;
    },
  };
}
