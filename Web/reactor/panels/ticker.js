// The latest events in words. A burst is gathered: the list changes a few times a second at most,
// and neighbors of one kind share a line.

import { clock } from "/ui/shell/format.js";
import { h, setText } from "/ui/shell/dom.js";
import { t } from "/ui/shell/i18n.js";
import { integer } from "/ui/shell/format.js";
import { tell } from "../model/tell.js";

const LINES = 40;
const WAIT_SECONDS = 0.25;
/** Among so many of the newest lines, events of one kind share one. */
const NEIGHBORS = 4;
const MARKS = /** @type {Record<string, string>} */ ({ info: "·", warn: "◆", error: "■" });

/** @typedef {import("../model/digest.js").Moment} Moment */

/** @param {HTMLElement} list @param {HTMLElement} rate */
export function buildTicker(list, rate) {
  /** @type {{moment: Moment, count: number, element: HTMLElement | null}[]} newest first */
  let lines = [];
  let isDirty = false;
  let since = 0;
  let recent = 0;

  /** @param {Moment} moment */
  function take(moment) {
    const index = moment.severity === "info" ? lines.findIndex(
      (line, place) => place < NEIGHBORS && line.moment.kind === moment.kind && line.moment.severity === "info"
    ) : -1;
    if (index >= 0) {
      const [line] = lines.splice(index, 1);
      line.moment = moment;
      line.count += 1;
      if (line.element) line.element.dataset.stale = "1";
      lines.unshift(line);
    } else {
      lines.unshift({ moment, count: 1, element: null });
      if (lines.length > LINES * 2) lines.length = LINES * 2;
    }
    isDirty = true;
  }

  /** @returns {HTMLElement} */
  const blank = () => h(
    "li", null, h("time", { class: "num" }),
    h("span", { class: "rx-tick-mark", "aria-hidden": "true" }),
    h("span", { class: "rx-tick-words" })
  );

  /** @param {{moment: Moment, count: number}} line @param {HTMLElement} element */
  function write(line, element) {
    const { moment, count } = line;
    element.dataset.severity = moment.severity;
    delete element.dataset.stale;
    const [time, mark, words] = element.children;
    setText(time, clock(moment.at));
    setText(mark, MARKS[moment.severity] ?? "·");
    setText(words, tell(moment) + (count > 1 ? ` ×${integer(count)}` : ""));
    element.title = `${words.textContent} (${moment.kind} #${moment.seq})`;
    return element;
  }

  function flush() {
    lines.length = Math.min(lines.length, LINES);
    const wanted = new Set();
    let before = /** @type {Element | null} */ (list.firstElementChild);
    for (const line of lines) {
      if (!line.element) line.element = write(line, blank());
      else if (line.element.dataset.stale) write(line, line.element);
      wanted.add(line.element);
      if (line.element !== before) list.insertBefore(line.element, before);
      else before = before.nextElementSibling;
    }
    for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  }

  return {
    take(/** @type {Moment} */ moment) {
      recent += 1;
      take(moment);
    },
    /** @param {Moment[]} moments in their order */
    recall(moments) {
      lines = [];
      for (const moment of moments) take(moment);
      isDirty = true;
    },
    /** Writes all lines anew, in the language that holds now. */
    refresh() {
      for (const line of lines) if (line.element) write(line, line.element);
    },
    /** @param {number} dt */
    frame(dt) {
      since += dt;
      if (since < WAIT_SECONDS) return;
      setText(
        rate, recent > 0 ? t("reactor.events_rate", { n: integer(Math.round(recent / since)) }) : ""
      );
      since = 0;
      recent = 0;
      if (!isDirty) return;
      isDirty = false;
      flush();
    },
    get count() {
      return lines.length;
    },
  };
}
