// Formulas in the colors of the laboratory. The server reads each of them once; until it has, the
// bare text stands there.

import { post } from "/ui/shell/api.js";
import { fill } from "/ui/shell/dom.js";
import { paint } from "/ui/shell/formula.js";

/** @typedef {import("/ui/shell/formula.js").Token} Token */

/** Questions at one time. */
const atOnce = 2;

/** @type {Map<string, Promise<Token[]>>} */
const known = new Map();
/** @type {(() => Promise<void>)[]} */
const waiting = [];
let asking = 0;

function next() {
  while (asking < atOnce) {
    const question = waiting.shift();
    if (!question) return;
    asking += 1;
    question().finally(() => {
      asking -= 1;
      next();
    });
  }
}

/** @param {string} formula @returns {Promise<Token[]>} */
function tokens(formula) {
  let answer = known.get(formula);
  if (!answer) {
    answer = new Promise((done) => {
      waiting.push(async () => {
        try {
          const read = await post("/api/formulas/check", { expression: formula });
          const parts = Array.isArray(read?.tokens) ? read.tokens : [];
          done(parts.filter((/** @type {any} */ each) => Number.isFinite(each?.start)
            && Number.isFinite(each?.end) && typeof each?.class === "string"));
        } catch (_) {
          // A formula without colors says the same.
          done([]);
        }
      });
    });
    known.set(formula, answer);
    next();
  }
  return answer;
}

/**
 * Writes a formula into an element, and colors it when the server has read it.
 * @param {HTMLElement} element
 * @param {string} formula
 */
export function writeFormula(element, formula) {
  if (element.dataset.formula === formula) return;
  element.dataset.formula = formula;
  element.title = formula;
  element.textContent = formula;
  if (formula === "") return;
  tokens(formula).then((parts) => {
    if (element.dataset.formula === formula && parts.length > 0) {
      fill(element, paint(formula, parts, []));
    }
  });
}
