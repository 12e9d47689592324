// A place to try a formula: it is checked as one types, colored, and what is wrong is underlined
// and explained. Nothing is simulated here.

import { ApiError, post } from "/ui/shell/api.js";
import { fill, h, setText } from "/ui/shell/dom.js";
import { integer } from "/ui/shell/format.js";
import { findings, paint } from "/ui/shell/formula.js";
import { onLanguage, t } from "/ui/shell/i18n.js";
import { panel } from "./frame.js";

/** @typedef {import("/ui/shell/formula.js").Token} Token */
/** @typedef {import("/ui/shell/formula.js").Diagnostic} Diagnostic */

/** The time without a key after which a formula is checked, in milliseconds. */
const pause = 220;
const example = "rank(ts_mean(divide(abs(returns), multiply(adv60, vwap)), 20))";

/** @param {{panelName: () => string | null}} options */
export function makeEditor(options) {
  const ink = h("pre", { class: "ink", "aria-hidden": "true" });
  const field = h("textarea", {
    class: "ink-field", spellcheck: "false", autocomplete: "off", autocapitalize: "off", rows: 5,
    "data-t-label": "lab.editor.label", placeholder: example, "data-test": "editor", "aria-describedby": "editor-verdict",
    oninput: changed,
    onscroll: () => {
      ink.scrollTop = field.scrollTop;
      ink.scrollLeft = field.scrollLeft;
    },
  });
  const verdict = h("p", { id: "editor-verdict", class: "editor-verdict", role: "status" });
  const list = h("ul", { class: "plain findings", "data-test": "editor-findings" });
  const copy = h("button", {
    type: "button", class: "button small", "data-t": "lab.copy", onclick: () => copyText(field.value, copy),
  });
  const element = panel("editor",
    { note: h("span", { class: "soft head-note", "data-t": "lab.editor.note" }), tools: [copy] },
    h("div", { class: "ink-frame" }, ink, field), verdict, list);

  /** @type {Token[]} */
  let tokens = [];
  /** @type {Diagnostic[]} */
  let diagnostics = [];
  /** @type {{key: string, values?: Record<string, string>, tone: string}} */
  let standing = { key: "lab.editor.empty", tone: "soft" };
  let checked = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {AbortController | null} */
  let asking = null;

  function changed() {
    // Until the server answers, old colors would stand on the wrong letters behind the change.
    const before = checked;
    const now = field.value;
    let same = 0;
    while (same < before.length && before[same] === now[same]) same += 1;
    tokens = tokens.filter((each) => each.end <= same);
    diagnostics = diagnostics.filter((each) => each.end <= same);
    write();
    clearTimeout(timer);
    timer = setTimeout(check, pause);
  }

  async function check() {
    asking?.abort();
    const text = field.value;
    if (text.trim() === "") {
      [tokens, diagnostics, standing] = [[], [], { key: "lab.editor.empty", tone: "soft" }];
      write();
      return;
    }
    asking = new AbortController();
    const mine = asking;
    const name = options.panelName();
    try {
      // A formula is one line for the server; breaks count as the blanks that they are.
      const answer = await post("/api/formulas/check",
        { expression: text.replace(/[\r\n\t]/g, " "), ...(name ? { panel: name } : {}) },
        { signal: mine.signal });
      if (field.value !== text) return;
      checked = text;
      tokens = Array.isArray(answer?.tokens) ? answer.tokens : [];
      diagnostics = Array.isArray(answer?.diagnostics) ? answer.diagnostics : [];
      standing = answer?.valid === true
        ? { key: "lab.editor.valid", values: { panel: answer.panel ?? name ?? "–" }, tone: "good" }
        : { key: "lab.editor.invalid", values: { n: integer(diagnostics.length) }, tone: "bad" };
    } catch (failure) {
      if (failure instanceof ApiError && failure.error === "aborted") return;
      standing = {
        key: "lab.editor.failed", tone: "warn",
        values: { why: failure instanceof ApiError ? `${failure.detail} ${failure.help}` : String(failure) },
      };
    }
    write();
  }

  function write() {
    fill(ink, paint(field.value, tokens, diagnostics), "\n");
    field.setAttribute("aria-invalid", String(diagnostics.some((each) => each.severity === "error")));
    verdict.className = `editor-verdict ${standing.tone}`;
    setText(verdict, t(standing.key, standing.values));
    fill(list, findings(diagnostics, (each) => {
      field.focus();
      field.setSelectionRange(each.start, Math.max(each.end, each.start + 1));
    }));
  }

  onLanguage(write);
  write();

  return {
    element,
    /** @param {string} text */
    load(text) {
      field.value = text;
      checked = "";
      [tokens, diagnostics] = [[], []];
      write();
      check();
      element.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
    },
    state: () => ({
      text: field.value, tokens: tokens.length, diagnostics: diagnostics.length,
      verdict: standing.key,
    }),
  };
}

/**
 * Copies a text, and says so on the button that asked for it.
 * @param {string} text
 * @param {HTMLButtonElement} button
 */
export async function copyText(text, button) {
  let key = "lab.copied";
  try {
    await navigator.clipboard.writeText(text);
  } catch (_) {
    key = "lab.copy_refused";
  }
  button.textContent = t(key);
  setTimeout(() => {
    button.textContent = t("lab.copy");
  }, 1600);
}
