// What operators do: buttons that say why they cannot be pressed, and a dialog that states the
// consequence and asks for a reason before anything is sent.

import { ApiError, address, onToken, post, token } from "/ui/shell/api.js";
import { h, setText } from "/ui/shell/dom.js";
import { integer } from "/ui/shell/format.js";
import { t } from "/ui/shell/i18n.js";
import { askToken, deskState, onRuns, toast } from "/ui/shell/shell.js";

/** @typedef {import("../model/world.js").World} World */
/** @typedef {import("../model/world.js").Instance} Instance */
/** @typedef {"freeze" | "resume" | "promote" | "demote" | "reset"} Act */

const ranks = ["viewer", "operator", "owner"];
/** @type {Record<Act, string>} what each needs */
const needs = {
  freeze: "operator", resume: "operator", promote: "operator", demote: "operator", reset: "owner",
};
/** @type {Record<Act, boolean>} what stops or moves money */
const isGrave = { freeze: true, resume: false, promote: false, demote: true, reset: true };

/**
 * Returns what the caller is in a world: the world's own word, else the desk's.
 * @param {World} world
 */
function roleIn(world) {
  return world.role ?? (typeof deskState()?.caller?.role === "string" ? deskState().caller.role : "viewer");
}

/**
 * Returns why something cannot be done, empty where it can.
 * @param {Act} act
 * @param {World} world
 * @param {Instance | null} instance
 */
function obstacle(act, world, instance) {
  const role = t(`role.${needs[act]}`);
  if (token() === null) return t("worlds.act.needs_token", { role });
  const held = ranks.indexOf(roleIn(world));
  if (held < ranks.indexOf(needs[act])) {
    return t("worlds.act.needs_role", { role, own: t(`role.${ranks[Math.max(0, held)]}`) });
  }
  if (world.past !== null) return t("worlds.act.past");
  if (act === "freeze" && world.isFrozen === true) return t("worlds.act.frozen");
  if (act === "resume" && world.isFrozen === false) return t("worlds.act.not_frozen");
  if (act === "promote" && instance?.phase !== "dryrun") return t("worlds.act.promote_phase");
  if (act === "demote" && instance?.phase !== "dryrun" && instance?.phase !== "live") {
    return t("worlds.act.demote_phase");
  }
  if (act === "reset" && world.breaker.state === "armed") return t("worlds.act.reset_armed");
  if (act === "promote" && world.breaker.state === "tripped") return t("worlds.act.promote_tripped");
  return "";
}

/** A name for one intention: sent again after a lost answer, it is still one. */
function newRunID() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `page-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * @param {Act} act
 * @param {World} world
 * @param {Instance | null} instance
 * @param {string} reason
 * @param {string} runID
 */
function send(act, world, instance, reason, runID) {
  switch (act) {
    case "freeze": return post(address(["worlds", world.id, "freeze"]), { reason });
    case "resume": return post(address(["worlds", world.id, "resume"]), { reason });
    case "reset": return post(address(["worlds", world.id, "reset-breaker"]), { reason });
    default:
      return post(address(["strategies", instance?.id ?? "", act]),
        { world: world.id, reason, run_id: runID });
  }
}

/**
 * Makes a row of buttons with the reason why some of them cannot be pressed.
 * @param {Act[]} acts
 * @param {{world: () => World | null, instance?: () => Instance | null, onDone: () => void}} options
 */
export function makeActs(acts, options) {
  const buttons = acts.map((act) => h("button", {
    type: "button", class: `button small ${isGrave[act] ? "danger" : ""}`, "data-t": `worlds.act.${act}`,
    "data-test": `act-${act}`, "aria-describedby": `why-${acts[0]}`,
    onclick: () => open(act),
  }));
  const words = h("span");
  const key = h("button", {
    type: "button", class: "link-button", "data-t": "worlds.act.use_token", "data-test": "act-token",
    onclick: () => askToken(),
  });
  const why = h("p", { class: "acts-why soft", id: `why-${acts[0]}` }, words, " ", key);
  const element = h("div", { class: "acts" }, h("div", { class: "acts-row" }, buttons), why);

  function refresh() {
    const world = options.world();
    element.hidden = world === null;
    if (!world) return;
    const instance = options.instance?.() ?? null;
    const obstacles = acts.map((act) => obstacle(act, world, instance));
    buttons.forEach((button, place) => {
      button.disabled = obstacles[place] !== "";
      button.title = obstacles[place];
    });
    // One line for all: what keeps most of them back.
    const every = obstacles.every((each) => each !== "");
    setText(words, every ? obstacles[0] : "");
    why.hidden = !every;
    key.hidden = token() !== null;
  }

  /** @param {Act} act */
  function open(act) {
    const world = options.world();
    const instance = options.instance?.() ?? null;
    if (world) confirm(act, world, instance, options.onDone);
  }

  onToken(refresh);
  onRuns(refresh);
  return { element, refresh };
}

/**
 * @param {Act} act
 * @param {World} world
 * @param {Instance | null} instance
 * @param {() => void} onDone
 */
function confirm(act, world, instance, onDone) {
  const runID = newRunID();
  const live = world.instances.filter((each) => each.phase === "live").length;
  const blanks = { world: world.id, id: instance?.id ?? "", count: live, n: integer(live), cause: world.breaker.reason };
  const reason = h("textarea", {
    id: "act-reason", rows: 3, required: true, maxlength: 500, "data-test": "act-reason",
    placeholder: t("worlds.act.reason_hint"), "aria-describedby": "act-problem",
  });
  const problem = h("p", { class: "problem", id: "act-problem", role: "alert", "data-test": "act-problem" });
  const sure = h("button", {
    type: "submit", class: `button ${isGrave[act] ? "danger" : "primary"}`, "data-test": "act-confirm",
  }, t(`worlds.act.${act}`));
  const dialog = h("dialog", { class: "dialog act-dialog", "aria-labelledby": "act-title", "data-test": "act-dialog" },
    h("form", {
      method: "dialog",
      onsubmit: async (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const words = reason.value.trim();
        if (words === "") {
          setText(problem, t("worlds.act.reason_missing"));
          reason.focus();
          return;
        }
        sure.disabled = true;
        setText(problem, "");
        try {
          await send(act, world, instance, words, runID);
          dialog.close();
          toast({ text: t(`worlds.act.${act}_done`, blanks) });
          onDone();
        } catch (failure) {
          const told = failure instanceof ApiError ? [failure.detail, failure.help] : [String(failure)];
          setText(problem, told.filter(Boolean).join(" "));
        }
        sure.disabled = false;
      },
    },
    h("h2", { id: "act-title" }, t(`worlds.act.${act}_title`, blanks)),
    h("p", { class: "act-consequence", "data-test": "act-consequence" }, t(`worlds.act.${act}_consequence`, blanks)),
    h("label", { for: "act-reason" }, t("worlds.act.reason")),
    reason, problem,
    h("p", { class: "soft act-kept" }, t("worlds.act.kept")),
    h("div", { class: "dialog-actions" }, h("span", { class: "spring" }),
      h("button", { type: "button", class: "button", onclick: () => dialog.close() }, t("shell.cancel")),
      sure)));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  reason.focus();
}
