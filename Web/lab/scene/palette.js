// Colors of the theme as three numbers each, kept until the theme changes.

import { color, onTheme } from "/ui/shell/theme.js";

/** @type {Map<string, [number, number, number]>} */
const kept = new Map();
onTheme(() => kept.clear());

/**
 * Returns a color of tokens.css as red, green and blue in 0 to 1.
 * @param {string} name
 * @returns {[number, number, number]}
 */
export function rgb(name) {
  let value = kept.get(name);
  if (!value) {
    value = read(color(name));
    kept.set(name, value);
  }
  return value;
}

/**
 * @param {string} text `#rgb`, `#rrggbb`, with or without alpha, or `rgb(...)`
 * @returns {[number, number, number]}
 */
function read(text) {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(text)?.[1];
  if (hex) {
    const wide = hex.length < 6 ? [...hex].map((digit) => digit + digit).join("") : hex;
    return /** @type {[number, number, number]} */ ([0, 2, 4].map((i) => parseInt(wide.slice(i, i + 2), 16) / 255));
  }
  const parts = text.match(/[\d.]+/g)?.map(Number) ?? [];
  return parts.length >= 3 ? [parts[0] / 255, parts[1] / 255, parts[2] / 255] : [0.5, 0.5, 0.5];
}
