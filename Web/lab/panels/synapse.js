// The synapse map: what retrieval offered to an idea, and what its formulas took up.

import { fill, h, setText } from "/ui/shell/dom.js";
import { integer, number, percent } from "/ui/shell/format.js";
import { onLanguage, t } from "/ui/shell/i18n.js";
import { LabelLayer } from "../scene/labels.js";
import { openSynapse2D } from "../scene/synapse-2d.js";
import { openSynapse3D } from "../scene/synapse-3d.js";
import { SynapseField } from "../scene/synapse-field.js";
import { panel, signButton } from "./frame.js";
import { pointAt } from "./pointing.js";

/** @typedef {import("../model/campaign.js").Campaign} Campaign */
/** @typedef {import("../model/candidate.js").Candidate} Candidate */
/** @typedef {import("../scene/synapse-3d.js").SynapsePicture} SynapsePicture */

const labelsMost = 34;

/** @param {{campaign: () => Campaign}} options */
export function makeSynapse(options) {
  const field = new SynapseField();
  /** @type {SynapsePicture | null} */
  let picture = null;
  let isFlat = false;
  /** @type {number | null} */
  let hovered = null;
  /** The idea that somebody chose; null follows the run. */
  /** @type {string | null} */
  let chosen = null;
  /** @type {string | null} */
  let followed = null;
  let counted = -1;

  const host = h("div", {
    class: "scene", tabindex: 0, role: "application", "data-test": "synapse-scene",
    "data-t-label": "lab.synapse.keys",
  });
  const tip = h("div", { class: "scene-tip", hidden: true, role: "status" });
  const labels = new LabelLayer(host);
  const empty = h("p", { class: "scene-empty soft" });
  const found = h("span", { class: "soft num", role: "status" });
  const search = h("input", {
    type: "search", class: "small-field", "data-t-placeholder": "lab.synapse.search",
    "data-t-label": "lab.synapse.search", "data-test": "synapse-search",
    oninput: () => {
      const count = field.search(search.value);
      setText(found, search.value.trim() === "" ? "" : t("lab.synapse.found", { n: integer(count) }));
    },
  });
  const picker = h("select", {
    "data-t-label": "lab.idea", "data-test": "synapse-idea", class: "small-field",
    onchange: () => {
      chosen = picker.value || null;
      refresh();
    },
  });
  const summary = h("p", { class: "scene-note soft num" });
  const legend = h("ul", { class: "legend plain" },
    h("li", { class: "accent-text" }, h("span", { "aria-hidden": "true" }, "● "),
      h("span", { "data-t": "lab.lane.exploit" })),
    h("li", { class: "explore-text" }, h("span", { "aria-hidden": "true" }, "◆ "),
      h("span", { "data-t": "lab.lane.explore" })),
    h("li", { class: "soft", "data-t": "lab.synapse.legend" }));
  host.append(tip, empty);
  const element = panel("synapse", { tools: [picker, search, found] }, host,
    h("div", { class: "scene-foot" }, legend, h("span", { class: "spring" }),
      signButton("−", "lab.zoom_out", () => picture?.zoom(1 / 1.3)),
      signButton("+", "lab.zoom_in", () => picture?.zoom(1.3)),
      signButton("⤢", "lab.fit", () => picture?.fit())),
    summary);

  /** @param {number | null} place */
  function hover(place) {
    if (place === hovered) return;
    hovered = place;
    tip.hidden = place === null;
    if (place !== null) describe(place);
  }

  /** @param {number} place */
  function describe(place) {
    const node = field.synapse.nodes[place];
    const neighbors = node.links.map((link) => {
      const { from, to } = field.synapse.links[link];
      return field.synapse.nodes[from === place ? to : from].label;
    });
    /** @type {(HTMLElement | null)[]} */
    const lines = [
      h("strong", null, node.label),
      h("span", { class: "soft" }, [
        t(`lab.node.${node.type}`), node.lane ? t(`lab.lane.${node.lane}`) : null,
        node.state === "searching" ? t("lab.node.searching") : null,
      ].filter(Boolean).join(" · ")),
      node.description ? h("span", null, node.description) : null,
      node.score === null ? null
        : h("span", { class: "num" }, t("lab.node.score", { n: number(node.score) })),
      h("span", { class: "num" }, t("lab.node.used", {
        n: integer(field.uses[place]), of: integer(field.formulas),
        share: percent(field.formulas ? field.uses[place] / field.formulas : null, { digits: 0 }),
      })),
      neighbors.length === 0 ? null : h("span", { class: "soft clip-2" },
        t("lab.node.linked", { names: neighbors.slice(0, 8).join(", "), n: neighbors.length })),
    ];
    fill(tip, lines);
  }

  function placeTip() {
    if (hovered === null || !picture) return;
    const at = picture.project(hovered);
    const { width, height } = picture.state();
    const isRight = at.x > width / 2;
    tip.style.left = isRight ? "auto" : `${at.x + 14}px`;
    tip.style.right = isRight ? `${width - at.x + 14}px` : "auto";
    tip.style.top = `${Math.max(6, Math.min(height - 130, at.y - 20))}px`;
  }

  function drawLabels() {
    if (!picture) return;
    const { width, height } = picture.state();
    /** @type {import("../scene/labels.js").Label[]} */
    const wanted = [];
    field.synapse.nodes.forEach((node, i) => {
      const isLit = field.focus.nodes.has(i) || field.found?.has(i) || hovered === i;
      const isBranch = node.type === "subcategory" || node.type === "dataset";
      const isTouched = field.activity[i] > 0.4;
      if (!isLit && !isBranch && !isTouched) return;
      const at = picture?.project(i);
      if (!at?.isAhead) return;
      const rank = hovered === i ? 0 : isLit ? 1 : node.type === "subcategory" ? 2
        : isTouched ? 3 : 4;
      wanted.push({
        text: node.label, x: at.x, y: at.y - (isBranch ? 15 : 11), rank,
        class: isLit || isTouched ? "lit" : "",
      });
    });
    labels.set(wanted.sort((a, b) => a.rank - b.rank).slice(0, labelsMost), width, height);
    placeTip();
  }

  pointAt(host, {
    count: () => (picture ? field.synapse.nodes.length : 0),
    at: (i) => picture ? picture.project(i) : { x: 0, y: 0, isAhead: false },
    onHover: hover,
    onPick: hover,
  });
  host.addEventListener("keydown", (event) => {
    const count = field.synapse.nodes.length;
    const step = event.key === "ArrowRight" || event.key === "ArrowDown" ? 1
      : event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape") hover(null);
    else if (event.key === "+" || event.key === "=") picture?.zoom(1.3);
    else if (event.key === "-") picture?.zoom(1 / 1.3);
    else if (step !== 0 && count > 0) {
      const found = field.found && field.found.size > 0 ? [...field.found]
        : field.synapse.nodes.map((_, i) => i);
      const at = hovered === null ? -1 : found.indexOf(hovered);
      hover(found[(at + step + found.length) % found.length]);
    } else return;
    event.preventDefault();
  });
  host.addEventListener("blur", () => hover(null));

  async function open() {
    const shared = {
      host, field, hovered: () => hovered, onDrawn: drawLabels,
    };
    picture = await openSynapse3D(shared);
    isFlat = picture === null;
    if (isFlat) picture = openSynapse2D(shared);
    element.classList.toggle("flat", isFlat);
  }

  function refresh() {
    const campaign = options.campaign();
    const ideas = [...campaign.packs.keys()];
    const wanted = chosen ?? followed ?? ideas[0] ?? null;
    if (picker.childElementCount !== ideas.length + 1 || picker.dataset.run !== campaign.runID) {
      picker.dataset.run = campaign.runID ?? "";
      fill(picker, h("option", { value: "" }, t("lab.synapse.follow")),
        ideas.map((id) => h("option", { value: id }, id)));
    }
    picker.value = chosen ?? "";
    const pack = wanted === null ? null : campaign.packs.get(wanted) ?? null;
    if (pack !== field.pack) hover(null);
    field.show(pack);
    empty.hidden = pack !== null;
    setText(empty, t(campaign.isListed ? "lab.synapse.empty" : "lab.loading"));
    field.count(campaign.candidates.values());
    counted = campaign.version;
    const used = field.uses.reduce((sum, uses) => sum + (uses > 0 ? 1 : 0), 0);
    setText(summary, pack === null ? "" : t("lab.synapse.summary", {
      idea: pack.idea, nodes: integer(field.synapse.nodes.length), used: integer(used),
      links: integer(field.synapse.links.length), formulas: integer(field.formulas),
    }));
  }

  onLanguage(() => {
    picker.dataset.run = "";
    refresh();
  });

  return {
    element,
    open,
    /** Forgets the choice that was made in another run. */
    reset() {
      chosen = followed = null;
      counted = -1;
    },
    /** @param {Candidate | null} candidate */
    focus(candidate) {
      if (candidate && chosen === null) followed = candidate.idea;
      refresh();
      field.keep(candidate);
    },
    /** @param {Candidate} candidate */
    touch(candidate) {
      if (chosen === null && field.focus.nodes.size === 0 && followed !== candidate.idea
        && options.campaign().packs.has(candidate.idea)) {
        followed = candidate.idea;
        refresh();
      }
      field.touch(candidate);
    },
    refresh() {
      if (counted !== options.campaign().version) refresh();
    },
    state: () => ({
      idea: field.pack?.idea ?? null, nodes: field.synapse.nodes.length,
      links: field.synapse.links.length, lit: field.litLinks(), focused: field.focus.nodes.size,
      found: field.found?.size ?? null, flat: isFlat, fps: picture?.state().fps ?? null,
    }),
  };
}
