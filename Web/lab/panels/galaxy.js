// The galaxy of formulas: each candidate a star, children beyond their parents; and the same
// genealogy as a plain tree.

import { fill, h, setText } from "/ui/shell/dom.js";
import { integer, number, signed } from "/ui/shell/format.js";
import { onLanguage, t } from "/ui/shell/i18n.js";
import { GalaxyLayout } from "../model/galaxy-layout.js";
import { looks, phaseOf, phases, stateWord } from "../model/vocabulary.js";
import { openGalaxy2D } from "../scene/galaxy-2d.js";
import { openGalaxy3D } from "../scene/galaxy-3d.js";
import { LabelLayer } from "../scene/labels.js";
import { StarField } from "../scene/star-field.js";
import { panel, signButton } from "./frame.js";
import { pointAt } from "./pointing.js";
import { makeTree } from "./tree.js";

/** @typedef {import("../model/campaign.js").Campaign} Campaign */
/** @typedef {import("../model/campaign.js").Change} Change */
/** @typedef {import("../model/candidate.js").Candidate} Candidate */
/** @typedef {import("../scene/galaxy-3d.js").GalaxyPicture} GalaxyPicture */

/**
 * @param {{campaign: () => Campaign, onSelect: (key: string | null) => void,
 *   onEnter: () => void}} options onEnter: the keyboard wants to go to what was chosen
 */
export function makeGalaxy(options) {
  let field = new StarField(new GalaxyLayout());
  /** @type {GalaxyPicture | null} */
  let picture = null;
  let isFlat = false;
  let isTree = false;
  /** @type {string | null} */
  let selected = null;
  /** @type {string | null} */
  let hovered = null;
  let hasFitted = false;

  const host = h("div", {
    class: "scene tall", tabindex: 0, role: "application", "data-test": "galaxy-scene",
    "data-t-label": "lab.galaxy.keys",
  });
  const tip = h("div", { class: "scene-tip", hidden: true });
  const said = h("span", { class: "hidden-visually", role: "status" });
  const empty = h("p", { class: "scene-empty soft" });
  const labels = new LabelLayer(host);
  host.append(tip, empty);
  const tree = makeTree({ campaign: options.campaign, onSelect: options.onSelect });
  tree.element.hidden = true;
  const views = h("div", { class: "switch", role: "group", "data-t-label": "lab.galaxy.views" },
    [false, true].map((wantsTree) => h("button", {
      type: "button", class: "button small", "aria-pressed": String(!wantsTree),
      "data-t": wantsTree ? "lab.galaxy.tree" : "lab.galaxy.map",
      "data-test": wantsTree ? "galaxy-tree" : "galaxy-map",
      onclick: () => show(wantsTree),
    })));
  const legend = h("ul", { class: "legend plain" });
  const foot = h("div", { class: "scene-foot" }, legend, h("span", { class: "spring" }),
    signButton("−", "lab.zoom_out", () => picture?.zoom(1 / 1.3)),
    signButton("+", "lab.zoom_in", () => picture?.zoom(1.3)),
    signButton("⤢", "lab.fit", () => picture?.fit()));
  const element = panel("galaxy",
    { note: h("span", { class: "soft head-note", "data-t": "lab.galaxy.note" }), tools: [views] },
    host, tree.element, foot, said);

  /** @param {boolean} wantsTree */
  function show(wantsTree) {
    isTree = wantsTree;
    host.hidden = foot.hidden = wantsTree;
    tree.element.hidden = !wantsTree;
    [...views.children].forEach((button, i) => {
      button.setAttribute("aria-pressed", String((i === 1) === wantsTree));
    });
    if (wantsTree) tree.refresh();
  }

  /** @param {string | null} key */
  function hover(key) {
    if (key === hovered) return;
    hovered = key;
    const star = key === null ? undefined : field.byKey.get(key);
    tip.hidden = !star;
    if (star) fill(tip, lines(star.candidate));
  }

  /** @param {Candidate} candidate */
  function lines(candidate) {
    const look = looks[phaseOf(candidate)];
    return [
      h("span", null, h("strong", null, candidate.key.slice(0, 8)), " ",
        h("span", { class: `chip ${look.chip}`, "data-mark": look.mark },
          t(stateWord(candidate)))),
      h("code", { class: "clip-2" }, candidate.expression),
      h("span", { class: "num" },
        t("lab.tip.figures", {
          sharpe: number(candidate.metrics.sharpe), score: signed(candidate.score),
        })),
      h("span", { class: "soft" }, t("lab.tip.origin", {
        idea: candidate.idea, n: candidate.generation,
        lane: candidate.lane ? t(`lab.lane.${candidate.lane}`) : "–",
      })),
    ];
  }

  function drawn() {
    if (!picture) return;
    const { width, height } = picture.state();
    const campaign = options.campaign();
    /** @type {import("../scene/labels.js").Label[]} */
    const wanted = [];
    let rank = 0;
    for (const { id, x, z, radius } of field.layout.systems.values()) {
      const at = picture.project(x, 0, z + radius + 1.3);
      if (at.isAhead) {
        wanted.push({
          text: id, x: at.x, y: at.y, rank: rank + 1,
          class: campaign.closedIdeas.has(id) ? "closed" : "system",
        });
      }
      rank += 1;
    }
    labels.set(wanted, width, height);
    const star = hovered === null ? undefined : field.byKey.get(hovered);
    if (!star) return;
    const at = picture.project(star.x, star.y, star.z);
    const isRight = at.x > width / 2;
    tip.style.left = isRight ? "auto" : `${at.x + 16}px`;
    tip.style.right = isRight ? `${width - at.x + 16}px` : "auto";
    tip.style.top = `${Math.max(6, Math.min(height - 130, at.y - 24))}px`;
  }

  pointAt(host, {
    count: () => (picture ? field.stars.length : 0),
    at(i) {
      const star = field.stars[i];
      return picture ? picture.project(star.x, star.y, star.z) : { x: 0, y: 0, isAhead: false };
    },
    onHover: (i) => hover(i === null ? null : field.stars[i].candidate.key),
    onPick: (i) => {
      if (i !== null) options.onSelect(field.stars[i].candidate.key);
    },
  });
  host.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key === "+" || key === "=") picture?.zoom(1.3);
    else if (key === "-") picture?.zoom(1 / 1.3);
    else if (key === "0") picture?.fit();
    else if (key === "ArrowRight" || key === "ArrowLeft") step(key === "ArrowRight" ? 1 : -1);
    else if (key === "ArrowUp" || key === "ArrowDown") climb(key === "ArrowUp");
    else if (key === "Enter" && selected) options.onEnter();
    else return;
    event.preventDefault();
  });

  /** @param {number} by */
  function step(by) {
    const count = field.stars.length;
    if (count === 0) return;
    const at = field.stars.findIndex((star) => star.candidate.key === selected);
    choose(field.stars[(Math.max(at, by > 0 ? -1 : 0) + by + count) % count].candidate.key);
  }

  /** @param {boolean} isUp to the parent; else to the first child */
  function climb(isUp) {
    const star = selected === null ? undefined : field.byKey.get(selected);
    if (!star) return step(1);
    const next = isUp ? star.parent?.candidate.key
      : field.stars.find((each) => each.parent === star)?.candidate.key;
    if (next) choose(next);
  }

  /** @param {string} key */
  function choose(key) {
    options.onSelect(key);
    const candidate = field.byKey.get(key)?.candidate;
    if (candidate) {
      setText(said, `${t(stateWord(candidate))}. ${t("lab.tip.figures", {
        sharpe: number(candidate.metrics.sharpe), score: signed(candidate.score),
      })}. ${candidate.expression}`);
    }
  }

  async function open() {
    const shared = {
      host, field: () => field, selected: () => selected, hovered: () => hovered, onDrawn: drawn,
    };
    picture = await openGalaxy3D(shared);
    isFlat = picture === null;
    if (isFlat) picture = openGalaxy2D(shared);
    element.classList.toggle("flat", isFlat);
    picture?.fit();
  }

  function writeLegend() {
    const counts = options.campaign().phaseCounts();
    fill(legend, phases.filter((phase) => counts[phase] > 0).map((phase) => h("li", null,
      h("span", { class: `mark-${looks[phase].chip || "plain"}`, "aria-hidden": "true" },
        `${looks[phase].mark} `),
      `${t(`lab.phase.${phase}`)} `, h("span", { class: "num soft" }, integer(counts[phase])))));
  }

  onLanguage(writeLegend);

  return {
    element,
    open,
    reset() {
      field = new StarField(new GalaxyLayout());
      hasFitted = false;
      hover(null);
      selected = null;
      tree.reset();
    },
    /** @param {Change} change */
    show(change) {
      field.sync(options.campaign());
      field.show(change);
    },
    refresh() {
      const campaign = options.campaign();
      field.sync(campaign);
      empty.hidden = campaign.ideas.size > 0;
      setText(empty, t(campaign.isListed ? "lab.galaxy.empty" : "lab.loading"));
      writeLegend();
      if (isTree) tree.refresh();
      if (!hasFitted && campaign.ideas.size > 0 && picture) {
        hasFitted = true;
        picture.fit();
      }
    },
    /** @param {string | null} key */
    select(key) {
      selected = key;
      tree.select(key);
      const star = key === null ? undefined : field.byKey.get(key);
      if (star && picture && !isTree) {
        const at = picture.project(star.x, star.y, star.z);
        const { width, height } = picture.state();
        const isInside = at.x > 40 && at.y > 40 && at.x < width - 40 && at.y < height - 40;
        if (!isInside) picture.lookAt(star.homeX, star.y, star.homeZ);
      }
    },
    state: () => ({
      stars: field.stars.length, links: picture?.state().links ?? 0, comets: field.comets,
      flown: field.flown, sparks: field.sparks.living, flat: isFlat,
      view: isTree ? "tree" : "map", fps: picture?.state().fps ?? null,
    }),
  };
}
