// The audit: who did what and when, newest first. Older pages come when one scrolls to the end; a
// line opens with all that was recorded.

import { fill, h, setText } from "/ui/shell/dom.js";
import { clock, date, instant, integer } from "/ui/shell/format.js";
import { language, onLanguage, t } from "/ui/shell/i18n.js";
import { makeTable } from "/ui/shell/table.js";
import { eventLook, groups } from "../model/vocabulary.js";
import { panel, word } from "./frame.js";

/** @typedef {import("../model/world.js").AuditEvent} AuditEvent */
/**
 * @typedef {object} AuditOptions
 * @property {(kind: string) => Promise<void>} filter
 * @property {() => Promise<void>} older
 * @property {(id: string) => void} onSelect an instance was asked for
 * @property {(id: string) => boolean} knows whether an instance of that id is on the board
 * @property {(failure: unknown) => void} onFailure
 */

/** Kinds that are worth a filter of their own. */
const single = ["world.evaluated", "world.policy_published", "world.phase_moved", "world.denied", "world.alerted"];
/** Pixels before the end of the list from where older events are asked for. */
const ahead = 240;

/** @param {AuditOptions} options */
export function makeAudit(options) {
  /** @type {AuditEvent[]} */
  let events = [];
  let hasOlder = false;
  let isAsking = false;
  /** @type {AuditEvent | null} */
  let open = null;

  const filter = h("select", {
    class: "small-field", "data-t-label": "worlds.audit.filter", "data-test": "audit-filter",
    onchange: async () => {
      show(null);
      try {
        await options.filter(filter.value);
        table.element.scrollTop = 0;
      } catch (failure) {
        options.onFailure(failure);
      }
    },
  });
  const older = h("button", {
    type: "button", class: "button small", "data-t": "worlds.audit.older", "data-test": "audit-older", onclick: more,
  });
  const note = h("span", { class: "soft num" });
  /** @type {import("/ui/shell/table.js").Table<AuditEvent>} */
  const table = makeTable({
    label: "worlds.audit.title", test: "audit", key: (event) => String(event.seq), rowHeight: 34,
    empty: "worlds.audit.empty", onSelect: show, rowClass: (event) => (eventLook(event.kind).tone === "bad" ? "audit-grave" : ""),
    columns: [
      {
        key: "at", title: "worlds.audit.when", class: "audit-when num",
        cell: (event) => h("time", { title: instant(event.at) },
          h("span", { class: "faint" }, `${date(event.at).slice(5)} `), clock(event.at)),
      },
      {
        key: "kind", title: "worlds.audit.kind", class: "audit-kind",
        cell: (event) => {
          const { mark, tone } = eventLook(event.kind);
          return h("span", { class: "audit-what", title: event.kind },
            h("span", { class: `audit-mark ${tone || "faint"}`, "aria-hidden": "true" }, mark),
            h("span", null, word("worlds.kind", event.kind)));
        },
      },
      {
        key: "summary", title: "worlds.audit.what", header: true, class: "audit-summary",
        cell: (event) => h("span", { title: words(event) }, words(event)),
      },
      {
        key: "subject", title: "worlds.audit.subject", class: "audit-subject",
        cell: (event) => options.knows(event.subject)
          ? h("button", { type: "button", class: "link-button mono", onclick: () => options.onSelect(event.subject) }, event.subject)
          : h("code", { class: "faint" }, event.subject),
      },
      {
        key: "actor", title: "worlds.audit.who", class: "audit-who",
        cell: (event) => h("span", { class: event.actor === "desk" ? "faint" : "" }, event.actor || "–"),
      },
    ],
  });
  const detail = h("div", { class: "audit-detail", hidden: true, "data-test": "audit-detail" });
  const element = panel("audit", { note, tools: [filter, older] }, table.element, detail);

  /** @param {AuditEvent} event */
  function words(event) {
    return language() === "ko" ? event.summaryKo : event.summary;
  }

  /** @param {AuditEvent | null} event */
  function show(event) {
    open = event !== null && event.seq === open?.seq ? null : event;
    if (open === null) table.select(null);
    writeDetail();
  }

  function writeDetail() {
    detail.hidden = open === null;
    if (open === null) return;
    fill(detail,
      h("p", null, h("strong", null, words(open))),
      h("p", { class: "soft num" }, [instant(open.at), `#${integer(open.seq)}`, open.kind,
        t("worlds.audit.by", { name: open.actor || "–" })].join(" · ")),
      h("pre", { class: "command", tabindex: 0 }, JSON.stringify(open.payload, null, 2).slice(0, 20_000)));
  }

  async function more() {
    if (isAsking || !hasOlder) return;
    isAsking = true;
    older.disabled = true;
    try {
      await options.older();
    } catch (failure) {
      options.onFailure(failure);
    }
    older.disabled = false;
    isAsking = false;
  }

  table.element.addEventListener("scroll", () => {
    const { scrollTop, scrollHeight, clientHeight } = table.element;
    if (scrollHeight - scrollTop - clientHeight < ahead) more();
  });

  function writeFilter() {
    const value = filter.value;
    fill(filter, h("option", { value: "" }, t("worlds.audit.all")),
      groups.map((group) => h("option", { value: group }, t(`worlds.group.${group}`))),
      h("option", { disabled: true }, "──"),
      single.map((kind) => h("option", { value: kind }, word("worlds.kind", kind))));
    filter.value = value;
  }

  function write() {
    const before = table.element.scrollTop;
    table.setRows(events);
    table.element.scrollTop = before;
    older.hidden = !hasOlder;
    setText(note, t(hasOlder ? "worlds.audit.note_more" : "worlds.audit.note", { n: integer(events.length), count: events.length }));
  }

  writeFilter();
  onLanguage(() => {
    writeFilter();
    table.refresh();
    write();
    writeDetail();
  });
  return {
    element,
    /** @param {{events: AuditEvent[], hasOlder: boolean, filter: string}} next */
    show(next) {
      events = next.events;
      hasOlder = next.hasOlder;
      if (filter.value !== next.filter) filter.value = next.filter;
      write();
    },
    reset() {
      events = [];
      hasOlder = false;
      show(null);
      filter.value = "";
      write();
    },
    state: () => ({ ...table.state(), hasOlder, filter: filter.value, first: events[0]?.seq ?? null,
      last: events[events.length - 1]?.seq ?? null, open: open?.seq ?? null }),
  };
}
