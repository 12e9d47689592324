// Words in two languages. Keys are `page.what`; the shell registers its own words, pages theirs.

/** @typedef {"en" | "ko"} Language */
/**
 * A text with `{name}` blanks, or one text for each plural form, chosen by the value `count`.
 * @typedef {string | {one?: string, other: string}} Entry
 */
/** @typedef {Record<string, Entry>} Dictionary */
/** @typedef {Record<string, string | number | null | undefined>} Values */

/** @type {Language[]} */
export const languages = ["en", "ko"];

/** @type {Record<Language, Map<string, Entry>>} */
const dictionaries = { en: new Map(), ko: new Map() };
/** @type {Set<(language: Language) => void>} */
const listeners = new Set();
/** @type {Set<string>} */
const unknown = new Set();
/** @type {Record<Language, Intl.PluralRules>} */
const plurals = { en: new Intl.PluralRules("en"), ko: new Intl.PluralRules("ko") };

/** Returns the language that is shown. @returns {Language} */
export function language() {
  return document.documentElement.lang === "ko" ? "ko" : "en";
}

/**
 * Shows a language, keeps the choice, and writes it into the address where `lang` stands there.
 * @param {Language} next
 */
export function setLanguage(next) {
  try {
    localStorage.setItem("athanor.language", next);
  } catch (_) {
    // A browser that keeps nothing still changes the page.
  }
  const address = new URL(location.href);
  if (address.searchParams.has("lang")) {
    address.searchParams.set("lang", next);
    history.replaceState(history.state, "", address);
  }
  if (next === language()) return;
  document.documentElement.lang = next;
  localize(document);
  for (const listener of [...listeners]) listener(next);
}

/**
 * Calls back whenever the language changes, after the marked elements of the page were rewritten.
 * @param {(language: Language) => void} listener
 * @returns {() => void} what ends it
 */
export function onLanguage(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Adds words. Both languages must have the same keys; a key that one lacks is shown in the other.
 * @param {{en: Dictionary, ko: Dictionary}} words
 */
export function register(words) {
  for (const name of languages) {
    for (const [key, entry] of Object.entries(words[name])) dictionaries[name].set(key, entry);
  }
}

/**
 * Returns the text of a key in the language that is shown, with its blanks filled.
 * @param {string} key
 * @param {Values} [values] `count` also chooses the plural form
 * @returns {string} the key itself where no dictionary has it
 */
export function t(key, values) {
  const shown = language();
  const entry = dictionaries[shown].get(key) ?? dictionaries[shown === "en" ? "ko" : "en"].get(key);
  if (entry === undefined) {
    unknown.add(key);
    return key;
  }
  let text = entry;
  if (typeof text !== "string") {
    const form = plurals[shown].select(Number(values?.count ?? 0));
    text = (form === "one" ? text.one : undefined) ?? text.other;
  }
  if (!values) return text;
  const given = values;
  return text.replace(/\{(\w+)\}/g, (blank, name) =>
    name in given ? String(given[name] ?? "–") : blank
  );
}

/**
 * Returns whether a key is known.
 * @param {string} key
 */
export function knows(key) {
  return dictionaries.en.has(key) || dictionaries.ko.has(key);
}

/**
 * Writes the texts of all elements below a node that carry `data-t` (the text), `data-t-label`
 * (the accessible name), `data-t-title` or `data-t-placeholder`.
 * @param {ParentNode} node
 */
export function localize(node) {
  for (const element of node.querySelectorAll("[data-t]")) {
    element.textContent = t(element.getAttribute("data-t") ?? "");
  }
  for (const [mark, attribute] of [
    ["data-t-label", "aria-label"],
    ["data-t-title", "title"],
    ["data-t-placeholder", "placeholder"],
  ]) {
    for (const element of node.querySelectorAll(`[${mark}]`)) {
      element.setAttribute(attribute, t(element.getAttribute(mark) ?? ""));
    }
  }
}

/**
 * Returns what tests want to know of the dictionaries: keys that one language lacks, texts whose
 * blanks differ between the two, and keys that were asked for and are not there.
 * @returns {{lacking: string[], unequal: string[], unknown: string[]}}
 */
export function defects() {
  const lacking = [];
  const unequal = [];
  /** @param {Entry} entry */
  const blanks = (entry) =>
    [...new Set((typeof entry === "string" ? entry : entry.other).match(/\{\w+\}/g) ?? [])]
      .sort()
      .join();
  for (const key of new Set([...dictionaries.en.keys(), ...dictionaries.ko.keys()])) {
    const [en, ko] = [dictionaries.en.get(key), dictionaries.ko.get(key)];
    if (en === undefined || ko === undefined) lacking.push(key);
    else if (blanks(en) !== blanks(ko)) unequal.push(key);
  }
  return { lacking, unequal, unknown: [...unknown] };
}
