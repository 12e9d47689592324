// Pointing at things in a picture: which is under the pointer, and a click that is not a drag.

/** The farthest that a pointer may be from what it means, in pixels. */
const reach = 16;

/**
 * @param {HTMLElement} host
 * @param {{count: () => number, at: (i: number) => {x: number, y: number, isAhead: boolean},
 *   onHover: (i: number | null) => void, onPick: (i: number | null) => void}} options
 */
export function pointAt(host, options) {
  /** @type {{x: number, y: number} | null} */
  let down = null;

  /** @param {PointerEvent} event @returns {number | null} */
  function nearest(event) {
    const box = host.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let [best, distance] = [/** @type {number | null} */ (null), reach];
    for (let i = 0; i < options.count(); i += 1) {
      const at = options.at(i);
      if (!at.isAhead) continue;
      const away = Math.hypot(at.x - x, at.y - y);
      if (away < distance) [best, distance] = [i, away];
    }
    return best;
  }

  host.addEventListener("pointermove", (event) => {
    if (event.buttons === 0) options.onHover(nearest(event));
  });
  host.addEventListener("pointerleave", () => options.onHover(null));
  host.addEventListener("pointerdown", (event) => {
    down = { x: event.clientX, y: event.clientY };
  });
  host.addEventListener("pointerup", (event) => {
    const wasClick = down && Math.hypot(event.clientX - down.x, event.clientY - down.y) < 5;
    down = null;
    if (wasClick) options.onPick(nearest(event));
  });
}
