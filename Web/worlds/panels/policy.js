// The policy that rules the world: its version, who published it and why, and what each version
// changed of the one before.

import { fill, h, setText } from "/ui/shell/dom.js";
import { ageElement, instant, integer, setAge } from "/ui/shell/format.js";
import { onLanguage, t } from "/ui/shell/i18n.js";
import { figure, list, record, text } from "../model/read.js";
import { panel } from "./frame.js";

/** @typedef {import("../model/world.js").World} World */
/** @typedef {import("../model/world.js").AuditEvent} AuditEvent */

export function makePolicy() {
  /** @type {World | null} */
  let world = null;
  /** @type {AuditEvent[]} newest first */
  let published = [];
  const versions = h("select", {
    class: "small-field", "data-t-label": "worlds.policy.version", "data-test": "policy-version", onchange: writeDiff,
  });
  const digest = h("code", { class: "policy-digest", "data-test": "policy-fingerprint" });
  const at = ageElement(null);
  const by = h("span");
  const reason = h("p", { class: "policy-reason" });
  const changes = h("div", { class: "policy-diff", "data-test": "policy-diff" });
  const element = panel("policy", { tools: [versions] },
    h("dl", { class: "facts policy-facts" },
      h("div", null, h("dt", { "data-t": "worlds.policy.fingerprint" }), h("dd", null, digest)),
      h("div", null, h("dt", { "data-t": "worlds.policy.published" }), h("dd", null, by, " · ", at))),
    reason, h("h3", { "data-t": "worlds.policy.diff" }), changes);

  function chosen() {
    return published.find((each) => String(each.payload.version) === versions.value) ?? null;
  }

  /** @param {unknown} value @returns {string} */
  function show(value) {
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  function writeDiff() {
    const event = chosen();
    const version = figure(event?.payload.version) ?? world?.policy.version ?? null;
    const isCurrent = version === world?.policy.version;
    const fingerprint = text(event?.payload.fingerprint) || (isCurrent ? world?.policy.fingerprint ?? "" : "");
    setText(digest, fingerprint ? fingerprint.slice(0, 16) : "–");
    digest.title = fingerprint;
    setAge(at, event?.at ?? (isCurrent ? world?.policy.publishedAt : null));
    setText(by, event?.actor || (isCurrent ? world?.policy.publishedBy : "") || "–");
    const words = text(event?.payload.reason);
    setText(reason, words ? `“${words}”` : "");
    reason.hidden = words === "";
    const diff = list(event?.payload.diff).map(record).filter((each) => text(each.path));
    const kindOf = (/** @type {any} */ each) => each.before === undefined || each.before === null ? "added"
      : each.after === undefined || each.after === null ? "removed" : "changed";
    const marks = { added: "+", removed: "−", changed: "~" };
    fill(changes, diff.length === 0
      ? h("p", { class: "soft" }, t(event === null ? "worlds.policy.unknown" : version === 1 ? "worlds.policy.first" : "worlds.policy.same"))
      : h("ul", { class: "plain" }, diff.map((each) => {
        const kind = kindOf(each);
        return h("li", { class: `diff ${kind}` },
          h("span", { class: "diff-mark", title: t(`worlds.policy.${kind}`), "aria-hidden": "true" }, marks[kind]),
          h("code", { class: "diff-path" }, text(each.path)),
          h("span", { class: "hidden-visually" }, t(`worlds.policy.${kind}`)),
          h("span", { class: "diff-values" },
            kind === "added" ? null : h("del", null, h("code", null, show(each.before))),
            kind === "changed" ? h("span", { "aria-hidden": "true", class: "faint" }, " → ") : null,
            kind === "removed" ? null : h("ins", null, h("code", null, show(each.after)))));
      })));
  }

  function write() {
    const before = versions.value;
    const newest = published[0]?.payload.version;
    fill(versions, published.map((event) => h("option", { value: String(event.payload.version) },
      `${t("worlds.chip.policy", { n: integer(figure(event.payload.version)) })} · ${instant(event.at).slice(0, 10)}`)));
    versions.hidden = published.length === 0;
    const wanted = published.some((each) => String(each.payload.version) === before) ? before : String(newest ?? "");
    versions.value = wanted;
    writeDiff();
  }
  onLanguage(write);
  return {
    element,
    /** @param {World} next */
    show(next) {
      world = next;
      writeDiff();
    },
    /** @param {AuditEvent[]} next */
    told(next) {
      const isNew = next[0]?.seq !== published[0]?.seq;
      published = next;
      if (isNew) versions.value = "";
      write();
    },
    state: () => ({ version: versions.value, changes: changes.querySelectorAll(".diff").length }),
  };
}
