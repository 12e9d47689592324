// Reads events as the server sends them and keeps of each only what the page shows. What does not
// have the promised form is refused here, so that nothing behind this door has to doubt it.

/** @typedef {"exploit" | "explore" | "both"} Lane */
/** @typedef {{id: string, label: string, lane: Lane, score: number}} PackField */
/** @typedef {PackField & {fields: PackField[]}} PackSector */
/**
 * @typedef {object} Breach a ceiling that a call would have exceeded
 * @property {string} ceiling
 * @property {string} unit
 * @property {number} limit
 * @property {number} used
 * @property {number} reserved
 * @property {number} asked
 */
/** @typedef {{subcategories: number, datasets: number, fields: number, operators: number}} TopK */
/** @typedef {{total: number, passed: number}} Verdict */
/** @typedef {{accepted: number | null, simulated: number | null}} Summary */
/**
 * @typedef {object} CallFacts
 * @property {number} prompt tokens
 * @property {number} completion tokens
 * @property {number | null} cost in dollars, null for a model without a price
 * @property {string} model
 * @property {string} lane
 */
/**
 * @typedef {object} CandidateFacts
 * @property {string} key
 * @property {Lane} lane
 * @property {string[]} fields
 * @property {string} formula
 * @property {string | null} parent
 * @property {number | null} novelty
 */
/**
 * @typedef {object} FallbackFacts
 * @property {string} phase
 * @property {number} factor the share of the phase's candidates that the step leaves at most
 * @property {number} count of steps so far
 * @property {number | null} saved tokens
 * @property {number} dropped candidates
 * @property {TopK | null} kept
 * @property {string[]} exceeded ceilings
 */
/** @typedef {{query: string, sectors: PackSector[], tokens: number | null}} PackFacts */
/** @typedef {{isBlocked: boolean, breaches: Breach[]}} RefusalFacts */
/**
 * @typedef {object} AlertFacts
 * @property {string} ceiling
 * @property {number} percent
 * @property {number} consumed
 * @property {number} limit
 * @property {string} scope
 */
/**
 * @typedef {object} Facts what the page needs of an event's payload; each kind fills its own part
 * @property {CallFacts} [call]
 * @property {PackFacts} [pack]
 * @property {CandidateFacts} [candidate]
 * @property {FallbackFacts} [fallback]
 * @property {RefusalFacts} [refusal]
 * @property {AlertFacts} [alert]
 * @property {{sharpe: number | null}} [simulation]
 * @property {Verdict} [verdict]
 * @property {Summary} [summary]
 */
/**
 * @typedef {object} Moment an event as the page keeps it
 * @property {number} seq
 * @property {number} at milliseconds since 1970
 * @property {string} kind
 * @property {string} severity
 * @property {string} idea
 * @property {string} message
 * @property {Facts} facts
 */

/** @param {unknown} value @returns {value is Record<string, any>} */
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
/** @param {unknown} value @returns {number | null} */
export const finite = (value) => (
  typeof value === "number" && Number.isFinite(value) ? value : null
);
/** @param {unknown} value */
const text = (value) => (typeof value === "string" ? value : "");
/** @param {unknown} value @returns {any[]} */
const list = (value) => (Array.isArray(value) ? value : []);
/** @param {unknown} value @returns {Lane} */
const lane = (value) => (value === "explore" || value === "both" ? value : "exploit");

/**
 * @param {any} envelope
 * @returns {Moment | null} null where it is no event
 */
export function digest(envelope) {
  if (!isRecord(envelope) || !isRecord(envelope.payload)) return null;
  const at = Date.parse(text(envelope.created_at));
  const kind = text(envelope.event_type);
  const seq = finite(envelope.seq);
  if (!Number.isFinite(at) || kind === "" || seq === null) return null;
  return {
    seq, at, kind,
    severity: text(envelope.severity) || "info",
    idea: ideaOf(envelope),
    message: text(envelope.message),
    facts: factsOf(kind, envelope.payload),
  };
}

/**
 * The idea that an event is about; an answer names it only by the question that it answers.
 * @param {Record<string, any>} envelope
 */
function ideaOf({ idea_id, payload }) {
  const named = text(idea_id);
  if (named !== "" && named !== "system") return named;
  return text(payload.question).split("/")[1] ?? "";
}

/** @param {string} kind @param {Record<string, any>} payload @returns {Facts} */
function factsOf(kind, payload) {
  switch (kind) {
    case "llm.usage_point": return callFacts(payload);
    case "retrieval.pack_built": return packFacts(payload);
    case "agent.alpha_generated":
    case "mutation.child_created": return candidateFacts(payload);
    case "budget.fallback_applied": return fallbackFacts(payload);
    case "budget.check_failed":
    case "budget.blocked": return refusalFacts(kind, payload);
    case "budget.warning":
    case "budget.warning_cleared": return alertFacts(payload);
    case "simulation.completed":
      return { simulation: { sharpe: finite(payload.metrics?.sharpe) } };
    case "evaluation.completed":
      return { verdict: {
        total: finite(payload.total) ?? 0, passed: finite(payload.passed) ?? 0,
      } };
    case "run.summary":
      return { summary: {
        accepted: finite(payload.accepted), simulated: finite(payload.simulated),
      } };
    default: return {};
  }
}

/** @param {Record<string, any>} payload @returns {Facts} */
function callFacts(payload) {
  const prompt = finite(payload.prompt_tokens);
  const completion = finite(payload.completion_tokens);
  if (prompt === null && completion === null) return {};
  return {
    call: {
      prompt: Math.max(0, prompt ?? 0),
      completion: Math.max(0, completion ?? 0),
      // A call without a price is not a call that was free.
      cost: finite(payload.estimated_cost_usd),
      model: text(payload.model),
      lane: text(payload.lane),
    },
  };
}

/** @param {Record<string, any>} payload @returns {Facts} */
function packFacts(payload) {
  const graph = payload.visual_graph?.graph ?? payload.visual_graph;
  const sectors = sectorsOf(graph);
  // A pack without its graph still names what is being scanned.
  for (const id of list(payload.selected_subcategories)) {
    if (typeof id === "string" && !sectors.some((sector) => sector.id === id)) {
      sectors.push({ id, label: id, lane: "exploit", score: 0, fields: [] });
    }
  }
  return {
    pack: {
      query: text(payload.query), sectors, tokens: finite(
        payload.token_estimate?.input_tokens_rough
      ),
    },
  };
}

/**
 * The subcategories of a retrieval graph with the fields that their data sets hold.
 * @param {any} graph
 * @returns {PackSector[]}
 */
export function sectorsOf(graph) {
  /** @type {Map<string, PackSector>} */
  const sectors = new Map();
  /** @type {Map<string, PackField>} */
  const fields = new Map();
  /** @type {Map<string, string>} */
  const owner = new Map();
  for (const node of list(graph?.nodes)) {
    if (!isRecord(node) || typeof node.id !== "string") continue;
    const id = node.id.slice(node.id.indexOf(":") + 1);
    const common = {
      id, label: text(node.label) || id, lane: lane(node.lane), score: finite(node.score) ?? 0,
    };
    if (node.type === "subcategory") sectors.set(node.id, { ...common, fields: [] });
    if (node.type === "field") fields.set(node.id, common);
  }
  for (const edge of list(graph?.edges)) {
    if (isRecord(edge) && edge.kind === "contains_dataset") owner.set(edge.target, edge.source);
  }
  for (const edge of list(graph?.edges)) {
    if (!isRecord(edge) || edge.kind !== "contains_field") continue;
    const field = fields.get(edge.target);
    const sector = sectors.get(owner.get(edge.source) ?? edge.source);
    if (field && sector && !sector.fields.includes(field)) sector.fields.push(field);
  }
  return [...sectors.values()];
}

/** @param {Record<string, any>} payload @returns {Facts} */
function candidateFacts(payload) {
  return {
    candidate: {
      key: text(payload.candidate_key), lane: lane(payload.candidate_lane),
      fields: list(payload.used_fields).filter((name) => typeof name === "string"),
      formula: text(payload.formula?.text),
      parent: text(payload.parent_candidate_key) || null,
      novelty: finite(payload.novelty),
    },
  };
}

/** @param {any} value @returns {TopK | null} */
function topK(value) {
  if (!isRecord(value)) return null;
  return {
    subcategories: finite(value.subcategories) ?? 0, datasets: finite(value.datasets) ?? 0,
    fields: finite(value.fields) ?? 0, operators: finite(value.operators) ?? 0,
  };
}

/** @param {any} exceeded */
const namesOn = (exceeded) =>
  isRecord(exceeded) ? Object.keys(exceeded).filter((name) => exceeded[name] === true) : [];

/** @param {Record<string, any>} payload @returns {Facts} */
function fallbackFacts(payload) {
  const factor = finite(payload.fallback_factor);
  if (factor === null) return {};
  return {
    fallback: {
      phase: text(payload.fallback_phase), factor, count: finite(payload.fallback_count) ?? 1,
      saved: finite(payload.tokens_saved), dropped: list(payload.dropped).length,
      kept: topK(payload.selected_topk), exceeded: namesOn(payload.budget_exceeded),
    },
  };
}

/** @param {string} kind @param {Record<string, any>} payload @returns {Facts} */
function refusalFacts(kind, payload) {
  const breaches = list(payload.breaches).filter(isRecord).map((breach) => ({
    ceiling: text(breach.ceiling), unit: text(breach.unit), limit: finite(breach.limit) ?? 0,
    used: finite(breach.used) ?? 0, reserved: finite(breach.reserved) ?? 0,
    asked: finite(breach.asked) ?? 0,
  }));
  if (breaches.length === 0) {
    for (const ceiling of namesOn(payload.budget_exceeded)) {
      breaches.push({ ceiling, unit: "", limit: 0, used: 0, reserved: 0, asked: 0 });
    }
  }
  return { refusal: { isBlocked: kind === "budget.blocked", breaches } };
}

/** @param {Record<string, any>} payload @returns {Facts} */
function alertFacts(payload) {
  const percent = finite(payload.percent);
  if (percent === null) return {};
  return {
    alert: {
      ceiling: text(payload.ceiling), percent, consumed: finite(payload.consumed) ?? 0,
      limit: finite(payload.limit) ?? 0, scope: text(payload.scope).split(":")[0],
    },
  };
}
