// The form of an action, made from the parameters that the server describes, and what was typed
// into it, checked against the same description.

import { h, setText } from "/ui/shell/dom.js";
import { integer } from "/ui/shell/format.js";
import { language, t } from "/ui/shell/i18n.js";

/**
 * @typedef {object} Parameter
 * @property {string} name
 * @property {string} type `integer`, `number`, `boolean`, `choice`, `string` or `document`
 * @property {boolean} [required]
 * @property {any} [default]
 * @property {string} [meaning]
 * @property {string} [meaning_ko]
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {string[]} [choices]
 */
/**
 * @typedef {object} Action
 * @property {string} action
 * @property {string} [description]
 * @property {string} [description_ko]
 * @property {boolean} [spends_budget]
 * @property {Parameter[]} parameters
 */
/** @typedef {{element: HTMLElement, read: () => {params: Record<string, any>, problems: number}}} ActionForm */

/**
 * Returns a text in the language of the page, where the server has it.
 * @param {{[name: string]: any}} source
 * @param {string} name
 * @returns {string}
 */
export function inLanguage(source, name) {
  const own = language() === "ko" ? source[`${name}_ko`] : undefined;
  return String(own ?? source[name] ?? "");
}

/**
 * @param {Action} action
 * @param {Record<string, any>} given what was typed before, by parameter
 * @returns {ActionForm}
 */
export function makeForm(action, given) {
  const fields = action.parameters.map((parameter) => makeField(parameter, given[parameter.name]));
  return {
    element: h("div", { class: "form" }, fields.map((field) => field.element)),
    read() {
      /** @type {Record<string, any>} */
      const params = {};
      let problems = 0;
      for (const field of fields) {
        const { value, problem } = field.read();
        setText(field.problem, problem);
        field.input.setAttribute("aria-invalid", String(problem !== ""));
        if (problem !== "") {
          if (problems === 0) field.input.focus();
          problems += 1;
        } else if (value !== undefined) params[field.name] = value;
      }
      return { params, problems };
    },
  };
}

/**
 * @param {Parameter} parameter
 * @param {any} given
 */
function makeField(parameter, given) {
  const { name, type } = parameter;
  const id = `param-${name}`;
  const start = given ?? parameter.default;
  const common = { id, name, "data-test": id, "aria-describedby": `${id}-help ${id}-problem` };
  /** @type {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} */
  let input;
  if (type === "boolean") {
    input = h("input", { ...common, type: "checkbox", checked: start === true });
  } else if (type === "choice") {
    input = h("select", common,
      parameter.required || parameter.default ? null : h("option", { value: "" }, "–"),
      (parameter.choices ?? []).map((each) => h("option", { value: each }, each)));
    input.value = start ?? "";
  } else if (type === "document") {
    input = h("textarea", { ...common, rows: 3, class: "mono", spellcheck: "false", placeholder: "{ }" });
    input.value = start === undefined || start === null ? ""
      : typeof start === "string" ? start : JSON.stringify(start, null, 1);
  } else {
    const isNumber = type === "integer" || type === "number";
    input = h("input", {
      ...common, type: isNumber ? "number" : "text", min: parameter.minimum, max: parameter.maximum,
      step: type === "integer" ? 1 : isNumber ? "any" : null, spellcheck: "false",
      autocomplete: "off",
    });
    input.value = start === undefined || start === null ? "" : String(start);
  }
  const problem = h("p", { class: "problem", id: `${id}-problem` });
  const range = parameter.minimum !== undefined && parameter.maximum !== undefined
    ? ` ${t("lab.form.range", { low: integer(parameter.minimum), high: integer(parameter.maximum) })}` : "";
  const element = h("div", { class: `field field-${type}` },
    h("label", { for: id }, name, parameter.required ? h("span", { class: "warn" }, " *") : null),
    input,
    h("p", { class: "field-help", id: `${id}-help` }, `${inLanguage(parameter, "meaning")}${range}`),
    problem);
  return { name, element, input, problem, read: () => read(parameter, input) };
}

/**
 * @param {Parameter} parameter
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} input
 * @returns {{value: any, problem: string}} no value where it is left out
 */
function read(parameter, input) {
  /** @param {any} value */
  const good = (value) => ({ value, problem: "" });
  /** @param {string} problem */
  const bad = (problem) => ({ value: undefined, problem });
  if (parameter.type === "boolean") return good(/** @type {HTMLInputElement} */ (input).checked);
  const text = input.value.trim();
  if (input instanceof HTMLInputElement && input.validity.badInput) return bad(t("lab.form.number"));
  if (text === "") return parameter.required ? bad(t("lab.form.required")) : good(undefined);
  if (parameter.type === "integer" || parameter.type === "number") {
    const value = Number(text);
    if (!Number.isFinite(value)) return bad(t("lab.form.number"));
    if (parameter.type === "integer" && !Number.isInteger(value)) return bad(t("lab.form.whole"));
    const { minimum, maximum } = parameter;
    if ((minimum !== undefined && value < minimum) || (maximum !== undefined && value > maximum)) {
      return bad(t("lab.form.range", { low: integer(minimum), high: integer(maximum) }));
    }
    return good(value);
  }
  if (parameter.type === "document") {
    if (/^jobs\/[0-9a-f]{32}\//.test(text)) return good(text);
    try {
      return good(JSON.parse(text));
    } catch (failure) {
      return bad(t("lab.form.json", { why: String(failure).replace(/^SyntaxError: /, "") }));
    }
  }
  return good(text);
}
