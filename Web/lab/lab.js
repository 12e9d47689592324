// The laboratory: puts the parts of the page together, feeds them from the run that is shown, and
// keeps one selection for all of them.

import { defects, localize, onLanguage, register, t } from "/ui/shell/i18n.js";
import { h } from "/ui/shell/dom.js";
import { streams } from "/ui/shell/live.js";
import { mountShell, onRun, onRuns, runID, toastError } from "/ui/shell/shell.js";
import { luckyBest, spread } from "./model/luck.js";
import { openSource } from "./model/source.js";
import { makePace } from "./pace.js";
import { makeArena } from "./panels/arena.js";
import { makeConsole } from "./panels/console.js";
import { makeDetail } from "./panels/detail.js";
import { makeEditor } from "./panels/editor.js";
import { makeGalaxy } from "./panels/galaxy.js";
import { makeResults } from "./panels/results.js";
import { makeStanding } from "./panels/standing.js";
import { makeStream } from "./panels/stream.js";
import { makeSynapse } from "./panels/synapse.js";
import { makeTerminal } from "./panels/terminal.js";
import { words } from "./words.js";

register(words);
const shell = mountShell({ page: "lab", titleKey: "shell.lab" });

const source = openSource({
  onCampaign: reset,
  onListed() {
    terminal.rewrite();
    pace.all();
  },
  onEvent(event, changes, isLive) {
    terminal.take(event);
    if (!isLive) return;
    pace.mark();
    for (const change of changes) {
      galaxy.show(change);
      if (change.after === "validating" || change.after === "simulating"
        || change.kind === "born") synapse.touch(change.candidate);
    }
  },
  onFailure: (failure) => toastError(failure, t("lab.load_failed")),
});
const campaign = () => source.campaign();

/** @type {string | null} */
let selected = null;
/** What had the focus before the drawer was opened. */
/** @type {Element | null} */
let before = null;
/** The run that is being shown; undefined before the first. */
/** @type {string | null | undefined} */
let shownRun;

const onSelect = (/** @type {string | null} */ key) => select(key);
const standing = makeStanding({ campaign });
const galaxy = makeGalaxy({ campaign, onSelect, onEnter: () => detail.element.focus() });
const synapse = makeSynapse({ campaign });
const stream = makeStream({ campaign, onSelect });
const arena = makeArena({ campaign, onSelect });
const results = makeResults({ campaign, onSelect });
const detail = makeDetail({
  campaign, onSelect,
  around: () => {
    const sharpes = campaign().list().flatMap(({ metrics }) =>
      metrics.sharpe === null ? [] : [metrics.sharpe]);
    return { luck: luckyBest(sharpes.length, spread(sharpes).deviation), trials: sharpes.length };
  },
  onTry: (expression) => editor.load(expression),
});
const editor = makeEditor({ panelName: () => campaign().start?.panel?.name ?? null });
const commands = makeConsole();
const terminal = makeTerminal({
  loadOlder: source.loadOlder, hasOlder: source.hasOlder, onSelect,
  onFailure: (failure) => toastError(failure, t("lab.load_failed")),
});

shell.main.append(
  standing.element,
  h("div", { class: "lab-hero" },
    h("div", { class: "lab-left" }, galaxy.element, arena.element),
    h("div", { class: "lab-right" }, synapse.element, stream.element)),
  results.element,
  h("div", { class: "lab-bench" }, editor.element, commands.element),
  terminal.element,
  detail.element);
const pace = makePace();
// How often each is written while events arrive, in milliseconds.
pace.add(standing.element, 200, standing.refresh);
pace.add(galaxy.element, 240, galaxy.refresh);
pace.add(stream.element, 240, stream.refresh);
pace.add(terminal.element, 160, terminal.refresh);
pace.add(arena.element, 400, arena.refresh);
pace.add(synapse.element, 600, synapse.refresh);
pace.add(detail.element, 400, detail.refresh);
pace.add(results.element, 900, results.refresh);
localize(shell.main);
onLanguage(() => {
  localize(shell.main);
  standing.refresh();
});

function reset() {
  select(null);
  galaxy.reset();
  synapse.reset();
  results.reset();
  terminal.reset();
  pace.all();
}

/** @param {string | null} key of a candidate, null lets go */
function select(key) {
  const candidate = key === null ? undefined : campaign().candidates.get(key);
  const known = candidate ? key : null;
  if (selected === null && known !== null) before = document.activeElement;
  const hadFocus = detail.element.contains(document.activeElement);
  selected = known;
  galaxy.select(known);
  stream.select(known);
  arena.select(known);
  results.select(known);
  detail.select(known);
  synapse.focus(candidate ?? null);
  if (known === null && hadFocus && before instanceof HTMLElement) before.focus();
}

/** @param {string | null} id */
async function show(id) {
  if (id === shownRun) return;
  shownRun = id;
  await source.open(id);
}

onRun(show);
onRuns(() => standing.refresh());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && selected !== null && !document.querySelector("dialog[open]")) select(null);
});

const ready = (async () => {
  await Promise.all([
    shell.ready.then(() => show(runID())),
    galaxy.open(), synapse.open(), commands.open(), editor.check(),
  ]);
  pace.all();
})();

/** What the browser tests look at. */
Object.assign(window, {
  athanor: {
    page: "lab",
    ready,
    select,
    state() {
      const { runID: run, version, cursor } = campaign();
      return {
        run, version, cursor, selected, counts: campaign().counts(),
        phases: campaign().phaseCounts(), progress: campaign().progress(),
        galaxy: galaxy.state(), synapse: synapse.state(), arena: arena.state(),
        results: results.state(), detail: detail.state(), editor: editor.state(),
        console: commands.state(), terminal: terminal.state(),
        webgl: !galaxy.state().flat,
        fps: galaxy.state().fps,
        ignoredMessages: streams().reduce((sum, each) => sum + each.ignored, 0),
        words: defects(),
      };
    },
  },
});
