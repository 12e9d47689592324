// The few words in which pages make elements. Text is always text: nothing here parses HTML.

import { t } from "./i18n.js";

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, any>} Attributes */

const svgSpace = "http://www.w3.org/2000/svg";

/**
 * Makes an HTML element.
 *
 * Of the attributes, `class`, `id`, `data-...`, `aria-...` and the like are set as they are;
 * `true` sets an empty attribute; `false`, null and undefined leave it out; a function under
 * `onclick` and the like listens; `style` and `dataset` take an object (style attributes are
 * forbidden by the pages' security policy, styles set one by one are not); `value`, `checked` and
 * `disabled` set the property; `data-t`, `data-t-label`, `data-t-title` and `data-t-placeholder`
 * also write the text that their key names, and follow the language from then on.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes | null} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  dress(element, attributes);
  append(element, children);
  return element;
}

/**
 * Makes an SVG element; everything else is as in `h`.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes | null} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(svgSpace, tag);
  dress(element, attributes);
  append(element, children);
  return element;
}

/**
 * Sets attributes as `h` does, on an element that is there already.
 * @param {Element} element
 * @param {Attributes | null | undefined} attributes
 */
export function dress(element, attributes) {
  if (!attributes) return;
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on") && typeof value === "function") {
      element.addEventListener(name.slice(2), value);
    } else if (name === "style") {
      const style = /** @type {HTMLElement} */ (element).style;
      for (const [property, setting] of Object.entries(value ?? {})) {
        style.setProperty(property, String(setting));
      }
    } else if (name === "dataset") {
      Object.assign(/** @type {HTMLElement} */ (element).dataset, value);
    } else if (name === "value" || name === "checked" || name === "disabled") {
      /** @type {any} */ (element)[name] = value;
    } else if (value === false || value === null || value === undefined) {
      element.removeAttribute(name);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
      if (name === "data-t") element.textContent = t(String(value));
      else if (name in translated) element.setAttribute(translated[name], t(String(value)));
    }
  }
}

/** @type {Record<string, string>} the attributes whose texts are named by a key */
const translated = {
  "data-t-label": "aria-label", "data-t-title": "title", "data-t-placeholder": "placeholder",
};

/**
 * @param {Element} element
 * @param {(Child | Child[])[]} children
 */
function append(element, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/**
 * Puts children in the place of all that an element holds.
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/**
 * Sets a text only where it differs, so that a screen reader is not told twice.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Returns the element of that id.
 * @param {string} id
 * @returns {HTMLElement}
 * @throws {Error} where the page has none, which is a defect of the page
 */
export function byID(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element #${id}.`);
  return element;
}

/**
 * Makes the children of an element follow a list: elements of known keys are kept and updated,
 * so that focus, hover and transitions survive; others come and go.
 * @template Item
 * @param {Element} element
 * @param {Item[]} items
 * @param {(item: Item) => string} key
 * @param {(item: Item) => HTMLElement} make
 * @param {(element: HTMLElement, item: Item) => void} [update]
 */
export function follow(element, items, key, make, update) {
  /** @type {Map<string, HTMLElement>} */
  const present = new Map();
  for (const child of element.children) {
    const name = /** @type {HTMLElement} */ (child).dataset.key;
    if (name !== undefined) present.set(name, /** @type {HTMLElement} */ (child));
  }
  /** @type {HTMLElement[]} */
  const wanted = [];
  const seen = new Set();
  for (const item of items) {
    const name = key(item);
    if (seen.has(name)) continue;
    seen.add(name);
    let child = present.get(name);
    if (!child) {
      child = make(item);
      child.dataset.key = name;
    }
    if (update) update(child, item);
    wanted.push(child);
  }
  const kept = new Set(wanted);
  for (const child of [...element.children]) {
    if (!kept.has(/** @type {HTMLElement} */ (child))) child.remove();
  }
  wanted.forEach((child, index) => {
    if (element.children[index] !== child) {
      element.insertBefore(child, element.children[index] ?? null);
    }
  });
}
