// The page of worlds: puts its parts together, feeds them from the world that is shown, at present
// or in the past, and keeps one selection for all of them.

import { ApiError, onToken } from "/ui/shell/api.js";
import { fill, h } from "/ui/shell/dom.js";
import { instant, integer } from "/ui/shell/format.js";
import { defects, localize, onLanguage, register, t } from "/ui/shell/i18n.js";
import { streams } from "/ui/shell/live.js";
import { mountShell, setReplay, toastError } from "/ui/shell/shell.js";
import { openSource } from "./model/source.js";
import { makeAudit } from "./panels/audit.js";
import { makeBoard } from "./panels/board.js";
import { makeCutovers } from "./panels/cutovers.js";
import { makeHistory } from "./panels/history.js";
import { makePolicy } from "./panels/policy.js";
import { makeRisk } from "./panels/risk.js";
import { makeSafety } from "./panels/safety.js";
import { makeStanding } from "./panels/standing.js";
import { makeVerdict } from "./panels/verdict.js";
import { words } from "./words.js";

/** @typedef {import("./model/world.js").World} World */

register(words);
const shell = mountShell({ page: "worlds", titleKey: "shell.worlds", runPicker: false });

const source = openSource({
  onWorlds: writeWorlds,
  onChosen: reset,
  onWorld() {
    writeWorld();
    if (past !== null) return;
    writeShown();
  },
  onGates: () => board.writeGates(),
  onHistory: () => history.show(source.history()),
  onAudit: () => audit.show(source.audit()),
  onStory() {
    cutovers.show(source.runs());
    safety.told(source.trip());
    policy.told(source.publications());
    writeShown();
  },
  onFailure: (failure) => toastError(failure, t("worlds.load_failed")),
  onStream: writeStream,
});

/** @type {World | null} what a decision of the past saw; null shows the present */
let past = null;
/** @type {string | null} */
let selected = null;
/** When the stream was lost, in milliseconds since 1970. */
/** @type {number | null} */
let lostAt = null;

const shown = () => past ?? source.world();
const onDone = () => source.want("everything");

const standing = makeStanding({ world: shown, onDone, onChoose: choose, onNow: () => history.toNow() });
const history = makeHistory({ onCycle: goTo });
const board = makeBoard({ onSelect: (id) => select(id === selected ? null : id) });
const verdict = makeVerdict({ world: shown, explain: source.explain, onSelect: select, onDone });
const risk = makeRisk();
const safety = makeSafety({ world: shown, onDone });
const cutovers = makeCutovers({ onSelect: select });
const policy = makePolicy();
const audit = makeAudit({
  filter: source.filterAudit, older: source.olderAudit, onSelect: select,
  knows: (id) => shown()?.instances.some((each) => each.id === id) ?? false,
  onFailure: (failure) => toastError(failure, t("worlds.load_failed")),
});

const lost = h("p", { class: "world-lost", role: "status", hidden: true, "data-test": "lost" });
const instead = h("div", { class: "worlds-instead", "data-test": "instead" });
const content = h("div", { class: "worlds-content", hidden: true },
  standing.element, history.element, board.element,
  h("div", { class: "worlds-grid" },
    h("div", { class: "worlds-column" }, risk.element, safety.alerts),
    h("div", { class: "worlds-column" }, cutovers.element,
      h("div", { class: "worlds-pair" }, safety.breaker, safety.currency))),
  h("div", { class: "worlds-grid wide-left" }, audit.element, policy.element));
shell.main.append(lost, instead, content, verdict.element);
localize(shell.main);

function writeWorlds() {
  const worlds = source.worlds() ?? [];
  standing.list(worlds, source.chosen());
  writeInstead();
  if (source.chosen() !== null || worlds.length === 0) return;
  const asked = new URLSearchParams(location.search).get("world");
  choose(asked ?? worlds[0].id);
}

/** What is being read of the world that was chosen last. */
let opening = Promise.resolve();

/** @param {string} id */
function choose(id) {
  const address = new URL(location.href);
  address.searchParams.set("world", id);
  window.history.replaceState(window.history.state, "", address);
  opening = source.choose(id);
}

function reset() {
  past = null;
  setReplay(null);
  select(null);
  history.show([]);
  audit.reset();
  cutovers.reset();
  safety.told(null);
  policy.told([]);
  board.show(null);
  standing.list(source.worlds() ?? [], source.chosen());
  writeWorld();
}

/** What stands in the place of a world: that it is being read, that there is none, what failed. */
function writeInstead() {
  const world = source.world();
  content.hidden = world === null;
  instead.hidden = world !== null;
  if (world !== null) return;
  const failure = source.failure() ?? listFailure;
  if (failure) {
    const isGone = failure instanceof ApiError && failure.status === 0;
    const told = failure instanceof ApiError ? [failure.detail, failure.help].filter(Boolean).join(" ") : String(failure);
    fill(instead, h("div", { class: "empty" },
      h("h1", null, t(isGone ? "worlds.gone" : failure instanceof ApiError && failure.status === 404 && source.chosen()
        ? "worlds.absent" : "worlds.load_failed", { world: source.chosen() ?? "" })),
      h("p", null, isGone ? t("worlds.gone_help") : told),
      isGone ? h("pre", { class: "command" }, h("code", null, "athanor serve")) : null,
      h("button", { type: "button", class: "button primary", "data-test": "retry", onclick: open }, t("shell.retry")),
      h("div", { class: "other-worlds" }, (source.worlds() ?? []).filter((each) => each.id !== source.chosen())
        .map((each) => h("button", { type: "button", class: "button", onclick: () => choose(each.id) }, each.id)))));
  } else if (source.worlds() !== null && source.chosen() === null) {
    fill(instead, h("div", { class: "empty", "data-test": "empty" },
      emblem(), h("h1", null, t("worlds.empty.title")), h("p", null, t("worlds.empty.words")),
      h("pre", { class: "command" }, h("code", null,
        "athanor world apply -f Examples/Worlds/default.yml\nathanor world run --replay 2022-01-03 --to 2024-12-31")),
      h("p", { class: "soft" }, t("worlds.empty.then"))));
  } else {
    fill(instead, h("div", { class: "worlds-loading", role: "status", "aria-label": t("worlds.loading") },
      h("div", { class: "skeleton loading-head" }), h("div", { class: "skeleton loading-strip" }),
      h("div", { class: "loading-lanes" }, [1, 2, 3, 4, 5].map(() => h("div", { class: "skeleton" })))));
  }
}

/** Lanes with a card between them: what this page is about, before there is anything. */
function emblem() {
  return h("div", { class: "emblem", "aria-hidden": "true" },
    ["backtest", "dryrun", "live"].map((phase) => h("span", { class: `emblem-lane ${phase}` }, h("i"), h("i"))));
}

function writeWorld() {
  writeInstead();
  const world = source.world();
  if (!world) return;
  standing.list(source.worlds() ?? [], source.chosen());
  policy.show(world);
}

/** Writes what depends on the moment that is shown. */
function writeShown() {
  const world = shown();
  if (!world) return;
  content.classList.toggle("is-past", world.past !== null);
  standing.show(world);
  board.show(world);
  risk.show(world.risk);
  safety.show(world);
  verdict.refresh();
}

/** @type {AbortController | null} */
let travelling = null;

/** @param {number | null} cycle null is the present */
async function goTo(cycle) {
  travelling?.abort();
  travelling = null;
  if (cycle === null) {
    past = null;
    setReplay(null);
    writeShown();
    return;
  }
  const mine = new AbortController();
  travelling = mine;
  // A handle that is dragged over a hundred cycles asks for the one that it rests on.
  await new Promise((done) => setTimeout(done, 90));
  if (travelling !== mine) return;
  try {
    const world = await source.past(cycle, mine.signal);
    if (travelling !== mine || !world) return;
    past = world;
    setReplay(t("worlds.history.label", { cycle: integer(cycle) }));
    writeShown();
  } catch (failure) {
    if (travelling === mine) toastError(failure, t("worlds.past_failed", { cycle: integer(cycle) }));
  }
}

/** @param {string | null} id of an instance, null lets go */
function select(id) {
  const before = selected;
  const hadFocus = verdict.element.contains(document.activeElement);
  selected = id;
  // The drawer first: it takes room, and the card is to be seen in what is left.
  verdict.select(id);
  board.select(id);
  if (id === null && before !== null && hadFocus) board.focus(before);
}

/** @param {string} phase of the stream */
function writeStream(phase) {
  const isLost = phase === "offline" || phase === "behind";
  if (isLost) lostAt ??= Date.now();
  else if (phase === "live") lostAt = null;
  lost.hidden = lostAt === null;
  if (lostAt !== null) fill(lost, h("span", { "aria-hidden": "true" }, "✕ "), t("worlds.lost", { at: instant(lostAt).slice(11) }));
  content.classList.toggle("is-lost", lostAt !== null);
}

/** @type {unknown} */
let listFailure = null;

async function open() {
  listFailure = null;
  writeInstead();
  try {
    await source.readList();
  } catch (failure) {
    listFailure = failure;
    writeInstead();
    return;
  }
  if (source.failure() !== null && source.chosen() !== null) opening = source.choose(source.chosen());
  await opening;
}

onToken(() => {
  // Who somebody is decides what may be read and done.
  if (source.world() === null) open();
  else source.want("everything");
});
onLanguage(() => {
  localize(shell.main);
  writeWorlds();
  writeShown();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  if (selected !== null) select(null);
  else if (past !== null) history.toNow();
});

writeInstead();
const ready = (async () => {
  await open();
  // On a narrow screen one lane fills the view: the one where the money is.
  board.reveal("live");
})();

/** What the browser tests look at. */
Object.assign(window, {
  athanor: {
    page: "worlds",
    ready,
    select,
    state() {
      const world = shown();
      return {
        worlds: (source.worlds() ?? []).map((each) => each.id), world: source.chosen(),
        cycle: world?.cycle ?? null, past: past?.past ?? null, mode: world?.mode ?? null, selected,
        board: board.state(), history: history.state(), risk: risk.state(), safety: safety.state(),
        cutovers: cutovers.state(), audit: audit.state(), policy: policy.state(), verdict: verdict.state(),
        isLost: lostAt !== null,
        ignoredMessages: streams().reduce((sum, each) => sum + each.ignored, 0),
        words: defects(),
      };
    },
  },
});
