// Cards fly from where they were to where they are: first the old places are noted, then the new
// ones, and the difference is played. A card that changes its lane flies above all lanes, because
// lanes cut off what leaves them.

import { h } from "/ui/shell/dom.js";
import { reducedMotion } from "/ui/shell/motion.js";

/** @typedef {{box: DOMRect, lane: string}} Place */

/** Cards that change their lane at once and are seen to fly; more would be a swarm, not a story. */
const fliersMost = 16;
const flying = { duration: 640, easing: "cubic-bezier(0.3, 0.7, 0.2, 1)" };
const sliding = { duration: 320, easing: "cubic-bezier(0.3, 0.7, 0.2, 1)" };
/** How long a card that moved stays marked, in milliseconds. */
const marked = 4000;

/**
 * @param {HTMLElement} stage holds the lanes, is positioned, and does not scroll up and down
 * @param {() => HTMLElement[]} cards each with `data-key`, within a list with `data-lane`
 */
export function makeFlight(stage, cards) {
  const sky = h("div", { class: "flight-sky", "aria-hidden": "true" });
  stage.append(sky);

  /** @param {HTMLElement} card */
  const laneOf = (card) => /** @type {HTMLElement | null} */ (card.closest("[data-lane]"));

  /** @returns {Map<string, Place>} */
  function places() {
    return new Map(cards().map((card) =>
      [card.dataset.key ?? "", { box: card.getBoundingClientRect(), lane: laneOf(card)?.dataset.lane ?? "" }]));
  }

  /**
   * Keeps a box within what is seen of the list that holds it.
   * @param {DOMRect} box
   * @param {HTMLElement | null} list
   */
  function seen(box, list) {
    if (!list) return box;
    const view = list.getBoundingClientRect();
    const y = Math.min(Math.max(box.y, view.top), Math.max(view.top, view.bottom - box.height));
    return new DOMRect(box.x, y, box.width, box.height);
  }

  /** @param {HTMLElement} card @param {DOMRect} from @param {DOMRect} to */
  function fly(card, from, to) {
    const ground = stage.getBoundingClientRect();
    const flier = /** @type {HTMLElement} */ (card.cloneNode(true));
    flier.removeAttribute("data-key");
    flier.classList.add("flier");
    Object.assign(flier.style, {
      left: `${to.x - ground.x}px`, top: `${to.y - ground.y}px`, width: `${to.width}px`,
      height: `${to.height}px`,
    });
    sky.append(flier);
    card.animate([{ opacity: 0 }, { opacity: 0 }], flying);
    const flight = flier.animate([
      { transform: `translate(${from.x - to.x}px, ${from.y - to.y}px)` },
      { transform: `translate(${(from.x - to.x) / 2}px, ${(from.y - to.y) / 2}px) scale(1.04)` },
      { transform: "none" },
    ], flying);
    flight.onfinish = flight.oncancel = () => flier.remove();
  }

  return {
    places,
    /**
     * Plays the way from the old places to where the cards are now.
     * @param {Map<string, Place>} before what `places` returned before the cards were moved
     * @returns {string[]} the cards that changed their lane
     */
    play(before) {
      /** @type {string[]} */
      const moved = [];
      const isStill = reducedMotion();
      for (const card of cards()) {
        const key = card.dataset.key ?? "";
        const old = before.get(key);
        const list = laneOf(card);
        if (!old || !list) continue;
        const box = card.getBoundingClientRect();
        if (old.lane !== list.dataset.lane) {
          moved.push(key);
          card.classList.add("has-moved");
          setTimeout(() => card.classList.remove("has-moved"), marked);
          if (!isStill && moved.length <= fliersMost && box.height > 0 && old.box.height > 0) {
            fly(card, old.box, seen(box, list));
          }
        } else if (!isStill && box.height > 0 && (old.box.x !== box.x || old.box.y !== box.y)
          && Math.abs(old.box.y - box.y) < 1200) {
          card.animate([
            { transform: `translate(${old.box.x - box.x}px, ${old.box.y - box.y}px)` },
            { transform: "none" },
          ], sliding);
        }
      }
      return moved;
    },
  };
}
