// Chance that is no chance: the same name gives the same numbers, so that layouts never differ.

/**
 * Returns a number in [0, 1) that depends on the text and the salt only (FNV-1a, mixed).
 * @param {string} text
 * @param {number} [salt]
 */
export function unit(text, salt = 0) {
  let hash = (2166136261 ^ salt) >>> 0;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 16777619) >>> 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b) >>> 0;
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
}
