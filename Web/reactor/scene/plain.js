// The core without WebGL: the same rings, values and counts as a flat drawing that needs no card.

import { fill, setText, svg } from "/ui/shell/dom.js";
import { integer, percent } from "/ui/shell/format.js";
import { t } from "/ui/shell/i18n.js";
import { SEVERITY_MARKS } from "../panels/gauges.js";

const RADII = [96, 120, 144, 168];
/** A quarter of each ring stays open, as the place for its name. */
const SWEEP = 0.75;

/** @param {HTMLElement} host */
export function buildPlain(host) {
  const tracks = RADII.map(
    (radius) => svg(
      "circle",
      {
        class: "rx-plain-track", r: radius, pathLength: 100,
        "stroke-dasharray": `${SWEEP * 100} 100`,
      }
    )
  );
  const arcs = RADII.map(
    (radius) => svg(
      "circle", { class: "rx-plain-arc", r: radius, pathLength: 100, "stroke-dasharray": "0 100" }
    )
  );
  const names = RADII.map((radius) => svg("text", { class: "rx-plain-name", x: 8, y: radius + 4 }));
  const core = svg("circle", { class: "rx-plain-core", r: 70 });
  const value = svg("text", { class: "rx-plain-value", y: 4 });
  const state = svg("text", { class: "rx-plain-state", y: 26 });
  const turned = svg("g", { transform: "rotate(90)" }, tracks, arcs);
  const picture = svg(
    "svg", { class: "rx-plain-picture", viewBox: "-200 -190 400 380", role: "img" }, turned, names,
    core, value, state
  );
  const counts = document.createElement("p");
  counts.className = "rx-plain-counts num";
  fill(host, picture, counts);
  const tally = { alive: 0, injected: 0, absorbed: 0, scale: 1, charge: 0 };

  return {
    tally,
    /** @param {number} promptTokens @param {number} completionTokens */
    inject(promptTokens, completionTokens) {
      tally.injected += promptTokens + completionTokens;
      tally.absorbed = tally.injected;
    },
    /**
     * @param {import("../model/status.js").Status | null} status
     * @param {import("../panels/callouts.js").Ring[]} rings
     * @param {{prompt: number, completion: number}} totals tokens of the run so far
     */
    write(status, rings, totals) {
      const name = status?.state ?? "idle";
      host.dataset.state = name;
      setText(value, percent(status?.pressure, { digits: 0 }));
      setText(state, t(`reactor.state.${name}`));
      rings.forEach((ring, index) => {
        arcs[index].setAttribute(
          "stroke-dasharray", `${(Math.min(1, ring.fill) * SWEEP * 100).toFixed(2)} 100`
        );
        arcs[index].dataset.severity = ring.severity;
        tracks[index].dataset.limit = String(ring.hasLimit);
        setText(names[index], `${t(`reactor.ring.${ring.key}`)} ${SEVERITY_MARKS[ring.severity]}`);
      });
      picture.setAttribute(
        "aria-label",
        rings.map((ring) => `${t(`reactor.ring.${ring.key}`)} ${ring.words}`).join(", ")
      );
      setText(
        counts,
        t(
          "reactor.plain_tokens",
          { prompt: integer(totals.prompt), completion: integer(totals.completion) }
        )
      );
    },
  };
}
