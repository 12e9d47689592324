// The frame of a part of the page: its head with title and tools, and its body.

import { h } from "/ui/shell/dom.js";

/**
 * @param {string} name of the part; its title is `lab.<name>.title`
 * @param {{tools?: (HTMLElement | null)[], note?: HTMLElement | null}} [more]
 * @param {...(Node | null)} body
 * @returns {HTMLElement}
 */
export function panel(name, more = {}, ...body) {
  const id = `${name}-title`;
  return h("section", { class: `panel lab-${name}`, "aria-labelledby": id, "data-test": name },
    h("div", { class: "panel-head" },
      h("h2", { id, "data-t": `lab.${name}.title` }),
      more.note ?? null,
      h("span", { class: "spring" }),
      ...(more.tools ?? [])),
    ...body);
}

/**
 * Makes a button that shows one sign and says more.
 * @param {string} sign
 * @param {string} label the key of its name
 * @param {() => void} onclick
 * @returns {HTMLButtonElement}
 */
export function signButton(sign, label, onclick) {
  return h("button", {
    type: "button", class: "icon-button", "data-t-label": label, "data-t-title": label, onclick,
  }, sign);
}
