// Names that float over a picture. Where two would cover each other, the one that matters less
// stays away.

import { h, setText } from "/ui/shell/dom.js";

/** @typedef {{text: string, x: number, y: number, rank: number, class?: string}} Label */

export class LabelLayer {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.element = h("div", { class: "labels", "aria-hidden": "true" });
    host.append(this.element);
    /** @type {HTMLElement[]} */
    this.pool = [];
    this.shown = 0;
  }

  /**
   * Shows labels, those of the lowest rank first.
   * @param {Label[]} labels
   * @param {number} width of the picture
   * @param {number} height
   */
  set(labels, width, height) {
    /** @type {[number, number, number, number][]} */
    const taken = [];
    let used = 0;
    for (const label of labels.sort((a, b) => a.rank - b.rank)) {
      const half = 3.4 * label.text.length + 6;
      const x = Math.max(half, Math.min(width - half, label.x));
      if (label.y < 8 || label.y > height - 8 || label.x < -40 || label.x > width + 40) continue;
      const box = /** @type {[number, number, number, number]} */ (
        [x - half, label.y - 9, x + half, label.y + 9]);
      if (taken.some((other) => box[0] < other[2] && box[2] > other[0]
        && box[1] < other[3] && box[3] > other[1])) continue;
      taken.push(box);
      const element = this.pool[used] ?? this.grow();
      setText(element, label.text);
      const name = `label ${label.class ?? ""}`;
      if (element.className !== name) element.className = name;
      element.style.transform = `translate(${x.toFixed(1)}px, ${label.y.toFixed(1)}px) translate(-50%, -50%)`;
      element.hidden = false;
      used += 1;
    }
    for (let i = used; i < this.shown; i += 1) this.pool[i].hidden = true;
    this.shown = used;
  }

  grow() {
    const element = h("span", { class: "label" });
    this.pool.push(element);
    this.element.append(element);
    return element;
  }
}
