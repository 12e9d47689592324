// What parts of the page are framed by, and small things that several of them show.

import { h } from "/ui/shell/dom.js";
import { knows, t } from "/ui/shell/i18n.js";

/**
 * @param {string} name of the part; its title is `worlds.<name>.title`
 * @param {{tools?: (HTMLElement | null)[], note?: HTMLElement | null}} [more]
 * @param {...(Node | null)} body
 * @returns {HTMLElement}
 */
export function panel(name, more = {}, ...body) {
  const id = `${name}-title`;
  return h("section", { class: `panel world-${name}`, "aria-labelledby": id, "data-part": name },
    h("div", { class: "panel-head" },
      h("h2", { id, "data-t": `worlds.${name}.title` }),
      more.note ?? null,
      h("span", { class: "spring" }),
      ...(more.tools ?? [])),
    ...body);
}

/**
 * @param {import("../model/vocabulary.js").Look} look
 * @param {string} words
 * @param {string} [title]
 */
export function chip(look, words, title) {
  return h("span", { class: `chip ${look.tone}`, "data-mark": look.mark, title }, words);
}

/**
 * Returns the word of a key, or the bare name where the dictionary lacks it: the server may know
 * more than the page.
 * @param {string} prefix
 * @param {string} name
 */
export function word(prefix, name) {
  const key = `${prefix}.${name}`;
  return knows(key) ? t(key) : name;
}

/**
 * Returns why one stays or was not admitted, such as `streak` or `corr:a`, in words.
 * @param {string} reason
 */
export function reasonWords(reason) {
  const cut = reason.indexOf(":");
  const [code, name] = cut < 0 ? [reason, ""] : [reason.slice(0, cut), reason.slice(cut + 1)];
  const key = `worlds.reason.${code}`;
  if (!knows(key)) return reason;
  return t(key, { name: code === "mode" ? word("worlds.mode", name) : name });
}
