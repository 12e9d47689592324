// How the run stands: what it is, how far it came, how long it still takes, and how fresh it is.

import { fill, h, setText } from "/ui/shell/dom.js";
import { ageElement, duration, integer, number, percent, setAge } from "/ui/shell/format.js";
import { t } from "/ui/shell/i18n.js";
import { knownRuns, runName } from "/ui/shell/shell.js";

/** @typedef {import("../model/campaign.js").Campaign} Campaign */

const counters = /** @type {const} */ (
  ["proposed", "repaired", "validated", "simulated", "passed", "accepted"]);
/** @type {Record<string, string>} */
const tones = { repaired: "warn", simulated: "accent-text", passed: "good", accepted: "good" };

/** @param {{campaign: () => Campaign}} options */
export function makeStanding(options) {
  const title = h("h1", { class: "run-title" });
  const facts = h("p", { class: "soft num run-facts" });
  const fresh = ageElement(null);
  const cells = Object.fromEntries(counters.map((name) => [name, {
    value: h("strong", { class: `num ${tones[name] ?? ""}`, "data-test": `count-${name}` }, "–"),
    note: h("span", { class: "counter-note num" }),
  }]));
  const fillBar = h("div", { class: "meter-fill" });
  const bar = h("div", {
    class: "meter", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100,
    "data-t-label": "lab.progress", "data-test": "progress",
  }, fillBar);
  const words = h("span", { class: "soft num" });
  const element = h("section", { class: "standing", "data-t-label": "lab.standing", "data-test": "standing" },
    h("div", { class: "standing-head" }, title, facts),
    h("dl", { class: "counters" }, counters.map((name) => h("div", { class: "counter" },
      h("dt", { "data-t": `lab.count.${name}`, "data-t-title": `lab.count.${name}_help` }),
      h("dd", null, cells[name].value, cells[name].note)))),
    h("div", { class: "progress" }, bar,
      h("div", { class: "progress-words" }, words, h("span", { class: "spring" }),
        h("span", { class: "soft" }, h("span", { "data-t": "lab.last_event" }), " ", fresh))));

  function refresh() {
    const campaign = options.campaign();
    const run = knownRuns().find((each) => each.run_id === campaign.runID);
    setText(title, run ? runName(run) : campaign.runID ?? t("lab.no_run"));
    const counts = campaign.counts();
    for (const name of counters) {
      setText(cells[name].value, integer(counts[name]));
      const of = { validated: counts.proposed, simulated: counts.validated, passed: counts.simulated,
        accepted: counts.passed, repaired: counts.proposed, proposed: null }[name];
      const value = counts[name];
      setText(cells[name].note, of && value !== null ? percent(value / of, { digits: of > 400 ? 1 : 0 }) : "");
    }
    const { share, remainingMs, planned } = campaign.progress();
    fillBar.style.transform = `scaleX(${share ?? 0})`;
    if (share === null) bar.removeAttribute("aria-valuenow");
    else bar.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    const spent = campaign.startedAt !== null && campaign.lastAt !== null
      ? campaign.lastAt - campaign.startedAt : null;
    setText(words, !campaign.isListed ? t("lab.loading") : campaign.summary
      ? t("lab.progress.done", { span: duration(spent) })
      : share === null
        ? (spent === null ? "" : t("lab.progress.unknown", { span: duration(spent) }))
        : remainingMs === null ? t("lab.progress.begun", { share: percent(share, { digits: 0 }) })
          : t("lab.progress.running", {
            share: percent(share, { digits: 0 }), left: duration(remainingMs),
            planned: integer(planned),
          }));
    bar.dataset.level = campaign.summary ? "done" : "";
    setAge(fresh, campaign.lastAt);
    writeFacts(campaign, counts.simulated);
  }

  /** @param {Campaign} campaign @param {number} simulated */
  function writeFacts(campaign, simulated) {
    const start = campaign.start;
    const period = sampleOf(campaign);
    const parts = [
      start?.panel?.name ? t("lab.fact.panel", { name: start.panel.name }) : null,
      start?.settings ? t("lab.fact.settings", {
        delay: integer(start.settings.delay), neutralization: start.settings.neutralization ?? "–",
        universe: start.settings.universe ?? "–",
      }) : null,
      start?.model?.model ? t("lab.fact.model", { name: start.model.model }) : null,
      t("lab.fact.trials", { n: integer(simulated), count: simulated }),
      period ? t("lab.fact.period", {
        from: period.start, to: period.end, years: number(period.years, { digits: 1 }),
      }) : null,
    ].filter((each) => each !== null);
    fill(facts, parts.map((each) => h("span", null, each)));
  }

  return { element, refresh };
}

/**
 * Returns the period that the run's formulas were simulated over.
 * @param {Campaign} campaign
 * @returns {{start: string, end: string, years: number} | null}
 */
export function sampleOf(campaign) {
  for (const { period } of campaign.candidates.values()) {
    if (!period) continue;
    const years = (Date.parse(period.end) - Date.parse(period.start)) / (365.25 * 86_400_000);
    return Number.isFinite(years) ? { ...period, years } : null;
  }
  return null;
}
