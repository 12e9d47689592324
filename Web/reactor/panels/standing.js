// The state of the core in a word, its pressure and how fast tokens and money flow.

import { dollarsPerMinute, percent, setAge, tokensPerSecond } from "/ui/shell/format.js";
import { byID, setText } from "/ui/shell/dom.js";
import { t } from "/ui/shell/i18n.js";
import { smooth } from "/ui/shell/motion.js";
import { gaugeOf } from "../model/status.js";

/** A sign for each state, so that it can be told without its color. */
const MARKS = { idle: "○", stable: "●", warning: "◆", critical: "▲", blocked: "■" };

export function buildStanding() {
  const [mark, state, pressure] = [byID("rx-state-mark"), byID("rx-state"), byID("rx-pressure")];
  const [speed, cost, age] = [byID("rx-velocity"), byID("rx-velocity-cost"), byID("rx-age")];
  age.dataset.age = "1";
  let shown = 0;
  let target = 0;
  let written = "";
  let hasPressure = false;
  return {
    /** @param {import("../model/status.js").Status | null} status */
    write(status) {
      const name = status?.state ?? "idle";
      byID("reactor").dataset.state = name;
      setText(mark, MARKS[name]);
      setText(state, t(`reactor.state.${name}`));
      hasPressure = status?.pressure !== null && status !== null;
      target = status?.pressure ?? 0;
      setText(speed, tokensPerSecond(gaugeOf(status, "velocity_tokens_per_sec").value));
      setText(cost, dollarsPerMinute(gaugeOf(status, "velocity_cost_usd_per_min").value));
      setAge(age, status?.at ?? null);
    },
    /** @param {number} dt @param {boolean} isStill */
    frame(dt, isStill) {
      shown = smooth(shown, target, dt, isStill ? 0 : 0.3);
      const words = hasPressure ? percent(shown, { digits: 1 }) : "–";
      if (words === written) return;
      written = words;
      setText(pressure, words);
    },
  };
}
