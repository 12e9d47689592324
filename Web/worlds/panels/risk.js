// Risk against its limits: a bar for what is observed, a solid one for what is left after scaling,
// and a line where the limit is.

import { fill, h, setText } from "/ui/shell/dom.js";
import { number, percent } from "/ui/shell/format.js";
import { onLanguage, t } from "/ui/shell/i18n.js";
import { panel, word } from "./frame.js";

/** @typedef {import("../model/world.js").Risk} Risk */
/** @typedef {import("../model/world.js").RiskLine} RiskLine */

/** Lines of names, such as symbols and sectors, that are shown unasked. */
const namedMost = 4;
/** Shares of a limit from where a bar warns. */
const near = 0.85;

/** @param {RiskLine} line */
function used(line) {
  return line.limit === null || line.after === null || line.limit === 0 ? 0 : Math.abs(line.after) / line.limit;
}

export function makeRisk() {
  /** @type {Risk | null} */
  let risk = null;
  let showsAll = false;
  const scale = h("div", { class: "risk-scale", "data-test": "risk-scale" });
  const flags = h("ul", { class: "plain risk-flags" });
  const lines = h("ul", { class: "plain bullets", "data-test": "risk-lines" });
  const empty = h("p", { class: "soft", "data-t": "worlds.risk.empty" });
  const more = h("button", {
    type: "button", class: "button small quiet", "data-test": "risk-more",
    onclick: () => {
      showsAll = !showsAll;
      write();
    },
  });
  const note = h("span", { class: "soft" });
  const element = panel("risk", { note }, scale, lines, empty, more, flags);

  /** @param {RiskLine} line */
  function name(line) {
    const cut = line.name.indexOf(":");
    return cut < 0 ? word("worlds.risk.line", line.name)
      : t("worlds.risk.of", { what: word("worlds.risk.line", line.name.slice(0, cut)), name: line.name.slice(cut + 1) });
  }

  /** @param {RiskLine} line */
  function bullet(line) {
    const show = (/** @type {number | null} */ value) =>
      line.name === "leverage" ? (value === null ? "–" : `${number(value)}×`) : percent(value);
    const { observed, after, limit } = line;
    const most = Math.max(Math.abs(observed ?? 0), Math.abs(after ?? 0), limit ?? 0) * 1.08 || 1;
    /** @param {number} value */
    const wide = (value) => `${Math.min(100, (Math.abs(value) / most) * 100)}%`;
    const share = used(line);
    const level = after === null ? "unknown" : share > 1 + 1e-9 ? "bad" : share >= near ? "warn" : "ok";
    const isCut = observed !== null && after !== null && Math.abs(observed - after) > 5e-5;
    const mark = { bad: "✕", warn: "!", unknown: "?", ok: "" }[level];
    return h("li", {
      class: `bullet ${level}`, "data-name": line.name,
      title: t("worlds.risk.line_title", { name: name(line), observed: show(observed), after: show(after), limit: show(limit) }),
    },
    h("span", { class: "bullet-name clip" }, name(line)),
    h("span", { class: `bullet-track${limit === null ? " boundless" : ""}`, "aria-hidden": "true" },
      observed === null || limit === null || !isCut ? null : h("span", { class: "bullet-observed", style: { width: wide(observed) } }),
      // Without a limit there is nothing that a length could be held against.
      after === null || limit === null ? null : h("span", { class: "bullet-after", style: { width: wide(after) } }),
      limit === null ? null : h("span", { class: "bullet-limit", style: { left: wide(limit) } })),
    h("span", { class: "bullet-figures num" },
      mark ? h("span", { class: `bullet-mark ${level === "bad" ? "bad" : "warn"}`, "aria-hidden": "true" }, `${mark} `) : null,
      isCut ? h("span", { class: "faint" }, `${show(observed)} → `) : null,
      h("strong", null, after === null ? t("worlds.risk.unknown") : show(after)),
      h("span", { class: "soft" }, limit === null ? ` · ${t("worlds.risk.no_limit")}` : ` / ${show(limit)}`)));
  }

  function write() {
    if (!risk) return;
    const factor = risk.scale;
    const isCut = factor !== null && factor < 1;
    fill(scale, h("strong", { class: `num ${isCut ? "warn" : ""}` }, factor === null ? "–" : `×${number(factor)}`),
      h("span", { class: "soft" }, t(factor === null ? "worlds.risk.scale_unknown"
        : isCut ? "worlds.risk.scale_cut" : "worlds.risk.scale_full", { n: number(factor) })));
    const whole = risk.lines.filter((line) => !line.name.includes(":"));
    const named = risk.lines.filter((line) => line.name.includes(":")).sort((a, b) => used(b) - used(a));
    const shown = showsAll ? named : named.slice(0, namedMost);
    fill(lines, whole.map(bullet), shown.map(bullet));
    more.hidden = named.length <= namedMost;
    setText(more, showsAll ? t("worlds.risk.fewer") : t("worlds.risk.more", { n: named.length - namedMost, count: named.length - namedMost }));
    empty.hidden = risk.lines.length > 0;
    const over = risk.lines.filter((line) => used(line) > 1 + 1e-9).length;
    setText(note, over > 0 ? t("worlds.risk.over", { n: over, count: over }) : t("worlds.risk.note"));
    note.className = over > 0 ? "bad" : "soft";
    fill(flags, risk.flags.map((flag) => h("li", { class: "warn" },
      h("span", { "aria-hidden": "true" }, "! "), word("worlds.risk.flag", flag))));
  }
  onLanguage(write);

  return {
    element,
    /** @param {Risk} next */
    show(next) {
      risk = next;
      write();
    },
    state: () => [...lines.querySelectorAll(".bullet")].map((line) => ({
      name: line.getAttribute("data-name"), level: line.className.replace("bullet ", ""),
      text: line.querySelector(".bullet-figures")?.textContent,
    })),
  };
}
