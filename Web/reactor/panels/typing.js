// A line that is typed out. A screen reader hears texts whole, and no more of them than it can say.

const BLINK_SECONDS = 0.55;
const LETTERS_PER_SECOND = 46;
const MOST_WAITING = 6;
/** A text is spoken only so long after the one before; what comes between is typed alone. */
const SPOKEN_SECONDS = 6;

/** @param {HTMLElement} element */
export function buildTyping(element) {
  const [spoken, shown, caret] = /** @type {HTMLElement[]} */ ([...element.children]);
  let text = "";
  let length = 0;
  let since = 0;
  let rest = 0;
  let blink = 0;
  let silence = SPOKEN_SECONDS;
  /** @type {{text: string, isAside: boolean}[]} */
  const queue = [];

  /** @param {string} next @param {boolean} isAside */
  function begin(next, isAside) {
    text = next;
    length = 0;
    rest = 0;
    since = 0;
    if (isAside || silence < SPOKEN_SECONDS) return;
    silence = 0;
    spoken.textContent = next;
  }

  return {
    /**
     * @param {string} next typed when the one before had its time; a burst leaves out what is old
     * @param {boolean} [isAside] whether it is to be seen alone, as it says nothing new
     */
    say(next, isAside = false) {
      if (next === (queue[queue.length - 1]?.text ?? text)) return;
      if (isAside && queue.length > 0) return;
      queue.push({ text: next, isAside });
      if (queue.length > MOST_WAITING) queue.splice(0, queue.length - MOST_WAITING);
    },
    /** @param {string} next replaces all that is shown or waits */
    set(next) {
      queue.length = 0;
      if (next === text) return;
      begin(next, true);
      spoken.textContent = next;
    },
    /** @param {number} dt @param {boolean} isStill */
    frame(dt, isStill) {
      blink += dt;
      silence += dt;
      if (blink > BLINK_SECONDS) {
        // Not a CSS animation: that would make a layer of the caret and of all that lies above it.
        blink = 0;
        caret.hidden = !isStill && !caret.hidden;
      }
      if (length < text.length) {
        rest += isStill ? text.length : dt * LETTERS_PER_SECOND;
        if (rest >= 1) {
          length = Math.min(text.length, length + Math.floor(rest));
          rest %= 1;
          shown.textContent = text.slice(0, length);
        }
        return;
      }
      since += dt;
      if (since <= (queue.length > 2 ? 0.5 : 1.1)) return;
      const next = queue.shift();
      if (next) begin(next.text, next.isAside);
    },
    get text() {
      return text;
    },
  };
}
