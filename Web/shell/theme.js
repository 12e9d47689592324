// Which theme the page wears, and its colors for canvases, which read no style sheets.

/** @typedef {"dark" | "light"} Theme */

const root = document.documentElement;
const preference = matchMedia("(prefers-color-scheme: light)");
/** @type {Set<(theme: Theme) => void>} */
const listeners = new Set();

/** @returns {string | null} */
function kept() {
  try {
    return localStorage.getItem("athanor.theme");
  } catch (_) {
    return null;
  }
}

/** Returns the theme that is shown. @returns {Theme} */
export function theme() {
  return root.dataset.theme === "light" ? "light" : "dark";
}

/**
 * Shows a theme and keeps the choice; "auto" follows the system again.
 * @param {Theme | "auto"} choice
 */
export function setTheme(choice) {
  try {
    if (choice === "auto") localStorage.removeItem("athanor.theme");
    else localStorage.setItem("athanor.theme", choice);
  } catch (_) {
    // A browser that keeps nothing still changes the page.
  }
  show(choice === "auto" ? (preference.matches ? "light" : "dark") : choice);
}

/** @param {Theme} next */
function show(next) {
  if (next === theme()) return;
  // All at once: colors that fade at their own pace are unreadable half-way.
  root.classList.add("at-once");
  root.dataset.theme = next;
  colors.clear();
  requestAnimationFrame(() => requestAnimationFrame(() => root.classList.remove("at-once")));
  for (const listener of [...listeners]) listener(next);
}

preference.addEventListener("change", () => {
  if (kept() === null) show(preference.matches ? "light" : "dark");
});

/**
 * Calls back whenever the theme changes.
 * @param {(theme: Theme) => void} listener
 * @returns {() => void} what ends it
 */
export function onTheme(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @type {Map<string, string>} */
const colors = new Map();

/**
 * Returns a color of tokens.css in the theme that is shown, such as `color("accent")`.
 * @param {string} name the custom property without its dashes
 * @returns {string} as it stands in the style sheet: `#rrggbb` or `rgb(...)`
 */
export function color(name) {
  let value = colors.get(name);
  if (value === undefined) {
    value = getComputedStyle(root).getPropertyValue(`--${name}`).trim();
    colors.set(name, value);
  }
  return value;
}
