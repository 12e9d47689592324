// A line that is typed out. A screen reader hears each text once and whole.

const BLINK_SECONDS = 0.55;

/** @param {HTMLElement} element */
export function buildTyping(element) {
  const [spoken, shown, caret] = /** @type {HTMLElement[]} */ ([...element.children]);
  let text = "";
  let length = 0;
  let since = 0;
  let rest = 0;
  let blink = 0;
  /** @type {string[]} */
  const queue = [];

  /** @param {string} next */
  function begin(next) {
    text = next;
    length = 0;
    rest = 0;
    since = 0;
    spoken.textContent = next;
  }

  return {
    /**
     * @param {string} next typed when the one before had its time; a burst leaves out what is old
     */
    say(next) {
      if (next === (queue[queue.length - 1] ?? text)) return;
      queue.push(next);
      if (queue.length > 6) queue.splice(0, queue.length - 6);
    },
    /** @param {string} next replaces all that is shown or waits */
    set(next) {
      queue.length = 0;
      if (next !== text) begin(next);
    },
    /** @param {number} dt @param {boolean} isStill */
    frame(dt, isStill) {
      blink += dt;
      if (blink > BLINK_SECONDS) {
        // Not a CSS animation: that would make a layer of the caret and of all that lies above it.
        blink = 0;
        caret.hidden = !isStill && !caret.hidden;
      }
      if (length < text.length) {
        rest += isStill ? text.length : dt * 46;
        if (rest >= 1) {
          length = Math.min(text.length, length + Math.floor(rest));
          rest %= 1;
          shown.textContent = text.slice(0, length);
        }
        return;
      }
      since += dt;
      if (queue.length > 0 && since > (queue.length > 2 ? 0.5 : 1.1)) begin(
        /** @type {string} */ (queue.shift())
      );
    },
    get text() {
      return text;
    },
  };
}
