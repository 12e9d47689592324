// What the server says, read into values of known shape: whatever is missing or of another kind
// becomes null or empty here, and is not questioned again.

/** @param {unknown} value @returns {any} an object, empty where it is none */
export function record(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/** @param {unknown} value @returns {any[]} */
export function list(value) {
  return Array.isArray(value) ? value : [];
}

/** @param {unknown} value @returns {string} */
export function text(value) {
  return typeof value === "string" ? value : "";
}

/** @param {unknown} value @returns {number | null} */
export function figure(value) {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** @param {unknown} value @returns {number} a whole number, zero where it is none */
export function count(value) {
  return Number.isSafeInteger(value) ? Number(value) : 0;
}

/** @param {unknown} value @returns {number | null} milliseconds since 1970 */
export function moment(value) {
  const at = typeof value === "string" ? Date.parse(value) : typeof value === "number" ? value : NaN;
  return Number.isFinite(at) ? at : null;
}
