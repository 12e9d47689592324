// What happened in a run so far, as far as the page shows it. Live events and replayed ones are
// folded by the same rules, so that both show the same.

/** @typedef {import("./digest.js").Moment} Moment */
/**
 * @typedef {object} Call
 * @property {number} seq
 * @property {number} at milliseconds since 1970
 * @property {number} tokens
 * @property {number} prompt
 * @property {number} completion
 * @property {number | null} cost in dollars
 * @property {string} model
 */
/** @typedef {import("./digest.js").PackField & {hits: number, lastHit: number}} RadarField */
/** @typedef {Omit<import("./digest.js").PackSector, "fields"> & {fields: RadarField[]}} RadarSector */
/** @typedef {{at: number, seq: number, idea: string}} Occasion */

const CALLS_KEPT = 240;
const FALLBACKS_KEPT = 40;

/**
 * @typedef {object} Totals
 * @property {number} calls
 * @property {number} tokens
 * @property {number} prompt
 * @property {number} completion
 * @property {number} cost in dollars, of the calls that have a price
 * @property {number} unpriced calls without one
 */
/**
 * @typedef {object} Story
 * @property {Call[]} calls the latest, oldest first
 * @property {Totals} totals
 * @property {{idea: string, query: string, sectors: RadarSector[]} | null} pack what is being scanned
 * @property {(Occasion & {facts: import("./digest.js").FallbackFacts})[]} fallbacks
 * @property {(Occasion & {facts: import("./digest.js").RefusalFacts}) | null} refusal
 * @property {{total: number, explore: number}} candidates
 * @property {number} packVersion grows with every pack
 * @property {number} callVersion grows with every call
 * @property {number} fallbackVersion grows with every fallback
 * @property {number} lastAt when the latest event happened, milliseconds since 1970
 * @property {number} lastSeq
 */

/** @returns {Story} */
const blank = () => ({
  calls: [], totals: {
    calls: 0, tokens: 0, prompt: 0, completion: 0, cost: 0, unpriced: 0,
  }, pack: null, fallbacks: [],
  refusal: null, candidates: { total: 0, explore: 0 }, packVersion: 0, callVersion: 0,
  fallbackVersion: 0, lastAt: 0, lastSeq: 0,
});

export function buildStory() {
  const story = blank();
  /** @type {Map<string, RadarField>} */
  const byName = new Map();

  return {
    story,
    /** Forgets everything, for a jump back in time. */
    reset() {
      const { packVersion, callVersion, fallbackVersion } = story;
      Object.assign(story, blank(), {
        packVersion: packVersion + 1, callVersion: callVersion + 1,
        fallbackVersion: fallbackVersion + 1,
      });
      byName.clear();
    },
    /** @param {Moment} moment */
    take(moment) {
      const { facts } = moment;
      story.lastAt = Math.max(story.lastAt, moment.at);
      story.lastSeq = Math.max(story.lastSeq, moment.seq);
      if (facts.call) takeCall(moment, facts.call);
      if (facts.pack) takePack(moment, facts.pack);
      if (facts.candidate) takeCandidate(moment, facts.candidate);
      if (facts.fallback) {
        story.fallbacks.push(
          { at: moment.at, seq: moment.seq, idea: moment.idea, facts: facts.fallback }
        );
        if (story.fallbacks.length > FALLBACKS_KEPT) story.fallbacks.shift();
        story.fallbackVersion += 1;
      }
      if (facts.refusal) story.refusal = {
        at: moment.at, seq: moment.seq, idea: moment.idea, facts: facts.refusal,
      };
    },
  };

  /** @param {Moment} moment @param {import("./digest.js").CallFacts} call */
  function takeCall(moment, call) {
    const tokens = call.prompt + call.completion;
    story.calls.push({
      seq: moment.seq, at: moment.at, tokens, prompt: call.prompt, completion: call.completion,
      cost: call.cost, model: call.model,
    });
    if (story.calls.length > CALLS_KEPT) story.calls.shift();
    story.totals.calls += 1;
    story.totals.tokens += tokens;
    story.totals.prompt += call.prompt;
    story.totals.completion += call.completion;
    if (call.cost === null) story.totals.unpriced += 1;
    else story.totals.cost += call.cost;
    story.callVersion += 1;
  }

  /** @param {Moment} moment @param {import("./digest.js").PackFacts} pack */
  function takePack(moment, pack) {
    byName.clear();
    const sectors = pack.sectors.map((sector) => ({
      ...sector,
      fields: sector.fields.map((field) => {
        const shown = { ...field, hits: 0, lastHit: 0 };
        byName.set(field.id, shown);
        return shown;
      }),
    }));
    story.pack = { idea: moment.idea, query: pack.query, sectors };
    story.packVersion += 1;
  }

  /**
   * @param {Moment} moment
   * @param {import("./digest.js").CandidateFacts} candidate
   */
  function takeCandidate(moment, candidate) {
    story.candidates.total += 1;
    if (candidate.lane === "explore") story.candidates.explore += 1;
    for (const name of candidate.fields) {
      const field = byName.get(name);
      if (!field) continue;
      field.hits += 1;
      field.lastHit = moment.at;
    }
  }
}
