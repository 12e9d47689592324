// What the particles mean: which tokens they are, and how many each stands for.

import { h, setText } from "/ui/shell/dom.js";
import { integer } from "/ui/shell/format.js";
import { t } from "/ui/shell/i18n.js";

/** @param {HTMLElement} host */
export function buildLegend(host) {
  const [prompt, completion, scale] = [
    h("span"), h("span"), h("p", { class: "rx-legend-scale num", "data-test": "scale" }),
  ];
  host.append(
    h("p", { class: "rx-legend-prompt" }, h("i", { "aria-hidden": "true" }), prompt),
    h("p", { class: "rx-legend-completion" }, h("i", { "aria-hidden": "true" }), completion), scale);
  return {
    /** @param {number} tokens that a particle stands for @param {boolean} isStill */
    write(tokens, isStill) {
      setText(prompt, t("reactor.legend_prompt"));
      setText(completion, t("reactor.legend_completion"));
      setText(
        scale,
        isStill ? t("reactor.legend_still") : t("reactor.legend_scale", { n: integer(tokens) })
      );
    },
  };
}
