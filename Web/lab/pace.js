// When each part of the page is written anew. A part that is out of sight waits longer, one that
// costs much comes less often, and one turn never takes more than its share of a frame, so that a
// flood of events does not stall the page.

/**
 * @typedef {object} Part
 * @property {() => void} refresh
 * @property {number} every milliseconds between two writings, at best
 * @property {number} last
 * @property {number} cost milliseconds that writing takes, smoothed
 * @property {boolean} isSeen
 * @property {boolean} isStale
 */

const turn = 80;
/** What one turn may cost, in milliseconds; a part that has begun is finished. */
const share = 12;
/** How long a part out of sight may be behind, in milliseconds. */
const unseenEvery = 4000;
/** A part takes at most one in so many milliseconds. */
const thrift = 12;

/**
 * @typedef {object} Pace
 * @property {(element: HTMLElement, every: number, refresh: () => void) => void} add
 * @property {() => void} mark everything is stale
 * @property {() => void} all writes everything at once
 */

/** @returns {Pace} */
export function makePace() {
  /** @type {Part[]} */
  const parts = [];
  /** @type {Map<Element, Part>} */
  const byElement = new Map();
  const sight = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const part = byElement.get(entry.target);
      if (part) part.isSeen = entry.isIntersecting;
    }
  }, { rootMargin: "120px" });

  /** @param {Part} part */
  function write(part) {
    const begin = performance.now();
    part.isStale = false;
    part.refresh();
    part.last = performance.now();
    part.cost += (part.last - begin - part.cost) * 0.4;
  }

  function work() {
    if (document.hidden) return;
    const now = performance.now();
    const due = parts.filter((part) => {
      const every = Math.max(part.every, part.cost * thrift, part.isSeen ? 0 : unseenEvery);
      return part.isStale && now - part.last >= every;
    });
    due.sort((a, b) => a.last - b.last);
    for (const part of due) {
      write(part);
      if (performance.now() - now > share) return;
    }
  }
  setInterval(work, turn);

  return {
    add(element, every, refresh) {
      const part = { refresh, every, last: 0, cost: 0, isSeen: true, isStale: false };
      parts.push(part);
      byElement.set(element, part);
      sight.observe(element);
    },
    mark() {
      for (const part of parts) part.isStale = true;
    },
    all() {
      for (const part of parts) write(part);
    },
  };
}
