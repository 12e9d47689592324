// Numbers as people read them: with unit, sample and age, in both languages. A missing value is an
// en dash, never a zero.

import { h } from "./dom.js";
import { language, register, t } from "./i18n.js";

register({
  en: {
    "format.missing": "No value",
    "format.now": "just now",
    "format.ago": "{span} ago",
    "format.in": "in {span}",
    "format.ms": "{n} ms",
    "format.s": "{n} s",
    "format.min": "{n} min",
    "format.h": "{n} h",
    "format.d": "{n} d",
    "format.tokens": { one: "{n} token", other: "{n} tokens" },
    "format.events": { one: "{n} event", other: "{n} events" },
    "format.sample": "n = {n}",
    "format.of": "{value} of {limit}",
    "format.tokens_per_s": "{n} tokens/s",
    "format.usd_per_min": "{n}/min",
  },
  ko: {
    "format.missing": "값 없음",
    "format.now": "방금",
    "format.ago": "{span} 전",
    "format.in": "{span} 후",
    "format.ms": "{n}밀리초",
    "format.s": "{n}초",
    "format.min": "{n}분",
    "format.h": "{n}시간",
    "format.d": "{n}일",
    "format.tokens": { other: "{n} 토큰" },
    "format.events": { other: "이벤트 {n}건" },
    "format.sample": "n = {n}",
    "format.of": "{value} / {limit}",
    "format.tokens_per_s": "{n} 토큰/초",
    "format.usd_per_min": "{n}/분",
  },
});

/** What stands for a missing value. */
export const missing = "–";

/** @typedef {number | null | undefined} Value */

/**
 * @param {Value} value
 * @returns {value is number}
 */
export function isPresent(value) {
  return typeof value === "number" && Number.isFinite(value);
}

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
function digits(value, least, most) {
  const key = `${language()} ${least} ${most}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(language(), {
      minimumFractionDigits: least,
      maximumFractionDigits: most,
    });
    formats.set(key, format);
  }
  // A rounded -0.00 has no sign that means anything.
  const text = format.format(value);
  return /^-[0.,]*$/.test(text) ? text.slice(1) : text.replace("-", "−");
}

/**
 * @param {string} text
 * @param {number} value
 * @param {boolean | undefined} isSigned
 */
function sign(text, value, isSigned) {
  return isSigned && value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/**
 * Returns a number with a fixed count of decimals.
 * @param {Value} value
 * @param {{digits?: number, unit?: string, signed?: boolean}} [how] two digits unless told
 */
export function number(value, how = {}) {
  if (!isPresent(value)) return missing;
  const count = how.digits ?? 2;
  const text = sign(digits(value, count, count), value, how.signed);
  return how.unit ? `${text} ${how.unit}` : text;
}

/**
 * Returns a whole number with separators.
 * @param {Value} value
 */
export function integer(value) {
  return isPresent(value) ? digits(value, 0, 0) : missing;
}

/**
 * Returns a number with `+` or `−` before it.
 * @param {Value} value
 * @param {{digits?: number, unit?: string}} [how]
 */
export function signed(value, how = {}) {
  return number(value, { ...how, signed: true });
}

/**
 * Returns a number in three or so figures with k, M or B behind it: 46,907 is 46.9k.
 * @param {Value} value
 */
export function compact(value) {
  if (!isPresent(value)) return missing;
  const size = Math.abs(value);
  // Thresholds stand where the rounded figure would reach the next letter.
  if (size < 999.5) return digits(value, 0, Number.isInteger(value) ? 0 : size < 10 ? 2 : 1);
  /** @type {[number, string][]} */
  const steps = [[1e3, "k"], [1e6, "M"], [1e9, "B"], [1e12, "T"]];
  for (const [unit, letter] of steps) {
    const scaled = value / unit;
    if (Math.abs(scaled) < 999.5 || letter === "T") {
      const places = Math.abs(scaled) < 9.995 ? 2 : Math.abs(scaled) < 99.95 ? 1 : 0;
      return `${digits(scaled, 0, places)}${letter}`;
    }
  }
  return missing;
}

/**
 * Returns a count of tokens: `46.9k`, or `46.9k tokens` with the unit.
 * @param {Value} value
 * @param {{unit?: boolean}} [how]
 */
export function tokens(value, how = {}) {
  if (!isPresent(value)) return missing;
  const text = compact(value);
  return how.unit ? t("format.tokens", { n: text, count: value }) : text;
}

/**
 * Returns dollars: cents where they matter, more figures for what costs less than a cent.
 * @param {Value} value
 * @param {{signed?: boolean}} [how]
 */
export function dollars(value, how = {}) {
  if (!isPresent(value)) return missing;
  const size = Math.abs(value);
  let text;
  if (size === 0) text = "$0";
  else if (size < 0.01) {
    const places = Math.min(9, 1 - Math.floor(Math.log10(size)));
    text = `$${digits(size, 2, places)}`;
  } else if (size < 10_000) text = `$${digits(size, 2, 2)}`;
  else text = `$${compact(size)}`;
  return value < 0 ? `−${text}` : sign(text, value, how.signed);
}

/**
 * Returns a fraction as percent: 0.0834 is 8.3%.
 * @param {Value} value
 * @param {{digits?: number, signed?: boolean}} [how] one digit unless told
 */
export function percent(value, how = {}) {
  if (!isPresent(value)) return missing;
  const count = how.digits ?? 1;
  return `${sign(digits(value * 100, count, count), value, how.signed)}%`;
}

/**
 * Returns tokens per second.
 * @param {Value} value
 */
export function tokensPerSecond(value) {
  return isPresent(value) ? t("format.tokens_per_s", { n: compact(value) }) : missing;
}

/**
 * Returns dollars per minute.
 * @param {Value} value
 */
export function dollarsPerMinute(value) {
  return isPresent(value) ? t("format.usd_per_min", { n: dollars(value) }) : missing;
}

/**
 * Returns the size of a sample: `n = 1,260`.
 * @param {Value} value
 */
export function sample(value) {
  return t("format.sample", { n: integer(value) });
}

/**
 * Returns what is used of what there is, such as `46.9k of 52k`; only the first without a limit.
 * @param {Value} value
 * @param {Value} limit
 * @param {(value: Value) => string} [format] compact unless told
 */
export function ofLimit(value, limit, format = compact) {
  if (!isPresent(limit)) return format(value);
  return t("format.of", { value: format(value), limit: format(limit) });
}

/**
 * Returns a span of time in its one or two largest units.
 * @param {Value} milliseconds
 */
export function duration(milliseconds) {
  if (!isPresent(milliseconds)) return missing;
  const size = Math.max(0, milliseconds);
  if (size < 1000) return t("format.ms", { n: integer(size) });
  const seconds = Math.floor(size / 1000);
  if (seconds < 10 && size % 1000 !== 0) return t("format.s", { n: digits(size / 1000, 0, 1) });
  /** @type {[number, string][]} */
  const units = [[86_400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const first = units.findIndex(([length]) => seconds >= length);
  const [length, name] = units[first];
  const whole = t(`format.${name}`, { n: integer(Math.floor(seconds / length)) });
  const next = units[first + 1];
  const rest = next ? Math.floor((seconds % length) / next[0]) : 0;
  return rest > 0 ? `${whole} ${t(`format.${next[1]}`, { n: integer(rest) })}` : whole;
}

/**
 * Returns how long ago an instant was, in its largest unit: `3 s ago`, `3초 전`.
 * @param {string | number | Date | null | undefined} at an instant as the server writes it, or
 *   milliseconds since 1970
 * @param {number} [now] milliseconds since 1970
 */
export function age(at, now = Date.now()) {
  const then = milliseconds(at);
  if (then === null) return missing;
  const seconds = Math.round((now - then) / 1000);
  if (seconds < 1 && seconds > -2) return t("format.now");
  const size = Math.abs(seconds);
  const [n, unit] =
    size < 60 ? [size, "s"]
    : size < 3600 ? [Math.floor(size / 60), "min"]
    : size < 86_400 ? [Math.floor(size / 3600), "h"]
    : [Math.floor(size / 86_400), "d"];
  const span = t(`format.${unit}`, { n: integer(Number(n)) });
  return t(seconds > 0 ? "format.ago" : "format.in", { span });
}

/**
 * Returns an instant as milliseconds since 1970, null where it is none.
 * @param {string | number | Date | null | undefined} at
 */
export function milliseconds(at) {
  if (at === null || at === undefined || at === "") return null;
  const value = at instanceof Date ? at.getTime() : typeof at === "number" ? at : Date.parse(at);
  return Number.isFinite(value) ? value : null;
}

/** @param {number} n */
const two = (n) => String(n).padStart(2, "0");

/**
 * Returns date and time in the zone of the browser: `2026-11-21 14:10:13`.
 * @param {string | number | Date | null | undefined} at
 */
export function instant(at) {
  const then = milliseconds(at);
  if (then === null) return missing;
  return `${date(then)} ${clock(then)}`;
}

/**
 * Returns the date in the zone of the browser: `2026-11-21`.
 * @param {string | number | Date | null | undefined} at
 */
export function date(at) {
  const then = milliseconds(at);
  if (then === null) return missing;
  const d = new Date(then);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
}

/**
 * Returns the time of day in the zone of the browser: `14:10:13`.
 * @param {string | number | Date | null | undefined} at
 */
export function clock(at) {
  const then = milliseconds(at);
  if (then === null) return missing;
  const d = new Date(then);
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/**
 * Makes an element of a formatted value; a missing one says so in its title and to screen readers.
 * @param {string} text what one of the functions above returned
 * @param {{title?: string, class?: string}} [how]
 * @returns {HTMLElement}
 */
export function figure(text, how = {}) {
  if (text === missing) {
    const words = t("format.missing");
    return h("span", { class: "num missing", title: words, "aria-label": words }, missing);
  }
  return h("span", { class: `num ${how.class ?? ""}`.trim(), title: how.title }, text);
}

/**
 * Makes a `<time>` element that shows an age and keeps it fresh once a second while it is in the
 * page; its title is the instant itself.
 * @param {string | number | null | undefined} at
 * @returns {HTMLElement}
 */
export function ageElement(at) {
  const element = h("time", { class: "num age", "data-age": true });
  setAge(element, at);
  return element;
}

/**
 * Gives an element of `ageElement` another instant.
 * @param {HTMLElement} element
 * @param {string | number | null | undefined} at
 */
export function setAge(element, at) {
  const then = milliseconds(at);
  element.dataset.at = then === null ? "" : String(then);
  element.title = then === null ? t("format.missing") : instant(then);
  if (then !== null) element.setAttribute("datetime", new Date(then).toISOString());
  element.textContent = age(then);
}

/** Rewrites every age of the page. */
export function refreshAges() {
  const now = Date.now();
  for (const element of document.querySelectorAll("[data-age]")) {
    const at = /** @type {HTMLElement} */ (element).dataset.at;
    const text = at ? age(Number(at), now) : missing;
    if (element.textContent !== text) element.textContent = text;
  }
}

setInterval(() => {
  if (!document.hidden) refreshAges();
}, 1000);
