// Where each node of a retrieval graph stands: the idea at the root, then subcategories, data sets
// and fields as widening crowns, operators as a ring above. What hangs together stands in one
// sector. It depends on the graph only.

/** @typedef {"idea" | "subcategory" | "dataset" | "field" | "operator"} NodeType */
/**
 * @typedef {object} SynapseNode
 * @property {string} id
 * @property {NodeType} type
 * @property {string} label
 * @property {string | null} lane
 * @property {string | null} state
 * @property {number | null} score
 * @property {string | null} description
 * @property {number} angle
 * @property {number} x
 * @property {number} y
 * @property {number} z
 * @property {number} flatX in a disc of radius 1, for the plain view
 * @property {number} flatY
 * @property {number[]} links places in the list of links
 */
/** @typedef {{from: number, to: number, weight: number}} SynapseLink places in the list of nodes */
/** @typedef {{nodes: SynapseNode[], links: SynapseLink[], byID: Map<string, number>}} Synapse */

/** @type {NodeType[]} */
export const nodeTypes = ["idea", "subcategory", "dataset", "field", "operator"];

/** Radius and height of each crown, and its radius in the plain view. */
/** @type {Record<NodeType, {radius: number, height: number, flat: number}>} */
const crowns = {
  idea: { radius: 0, height: -6.2, flat: 0 },
  subcategory: { radius: 3.1, height: -4.1, flat: 0.24 },
  dataset: { radius: 6.2, height: -1.7, flat: 0.46 },
  field: { radius: 9.6, height: 0.9, flat: 0.7 },
  operator: { radius: 7.4, height: 4.9, flat: 0.95 },
};

/**
 * Lays out a graph.
 * @param {{nodes: any[], edges: any[]}} graph as a pack carries it
 * @returns {Synapse}
 */
export function layOut(graph) {
  /** @type {SynapseNode[]} */
  const nodes = [];
  /** @type {Map<string, number>} */
  const byID = new Map();
  for (const each of graph.nodes) {
    if (typeof each?.id !== "string" || byID.has(each.id) || !(each.type in crowns)) continue;
    byID.set(each.id, nodes.length);
    nodes.push({
      id: each.id, type: each.type, label: String(each.label ?? each.id),
      lane: each.lane ?? null, state: each.state ?? null,
      score: typeof each.score === "number" ? each.score : null,
      description: typeof each.description === "string" ? each.description : null,
      angle: 0, x: 0, y: 0, z: 0, flatX: 0, flatY: 0, links: [],
    });
  }
  /** @type {SynapseLink[]} */
  const links = [];
  for (const each of graph.edges) {
    const [from, to] = [byID.get(each?.source), byID.get(each?.target)];
    if (from === undefined || to === undefined) continue;
    nodes[from].links.push(links.length);
    nodes[to].links.push(links.length);
    links.push({ from, to, weight: typeof each.weight === "number" ? each.weight : 0 });
  }
  const children = treeOf(nodes, links);
  const root = nodes.findIndex((node) => node.type === "idea");
  if (root >= 0) giveSector(nodes, children, root, 0, 2 * Math.PI, new Set());
  giveOperators(nodes, links);
  for (const type of nodeTypes) stand(nodes.filter((node) => node.type === type), type);
  return { nodes, links, byID };
}

/**
 * Returns for each node those below it, without operators.
 * @param {SynapseNode[]} nodes
 * @param {SynapseLink[]} links
 */
function treeOf(nodes, links) {
  /** @type {number[][]} */
  const children = nodes.map(() => []);
  const hasParent = new Set();
  for (const { from, to } of links) {
    if (nodes[to].type === "operator" || hasParent.has(to)) continue;
    hasParent.add(to);
    children[from].push(to);
  }
  return children;
}

/**
 * Shares a sector among the nodes below one, by how many leaves each has.
 * @param {SynapseNode[]} nodes
 * @param {number[][]} children
 * @param {number} place
 * @param {number} from
 * @param {number} to
 * @param {Set<number>} seen
 */
function giveSector(nodes, children, place, from, to, seen) {
  if (seen.has(place)) return;
  seen.add(place);
  nodes[place].angle = (from + to) / 2;
  const below = children[place];
  const weights = below.map((each) => leaves(children, each, new Set()) + 0.6);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let at = from;
  below.forEach((each, i) => {
    const width = ((to - from) * weights[i]) / total;
    giveSector(nodes, children, each, at, at + width, seen);
    at += width;
  });
}

/**
 * @param {number[][]} children
 * @param {number} place
 * @param {Set<number>} seen
 * @returns {number}
 */
function leaves(children, place, seen) {
  if (seen.has(place)) return 0;
  seen.add(place);
  return children[place].length === 0 ? 1
    : children[place].reduce((sum, each) => sum + leaves(children, each, seen), 0);
}

/**
 * Orders operators around the ring by the mean direction of the fields they are linked to.
 * @param {SynapseNode[]} nodes
 * @param {SynapseLink[]} links
 */
function giveOperators(nodes, links) {
  const operators = nodes.filter((node) => node.type === "operator");
  const aims = new Map(operators.map((node) => {
    let [x, y] = [0, 0];
    for (const link of node.links) {
      const field = nodes[links[link].from];
      x += Math.cos(field.angle);
      y += Math.sin(field.angle);
    }
    return [node, x === 0 && y === 0 ? null : (Math.atan2(y, x) + 2 * Math.PI) % (2 * Math.PI)];
  }));
  const linked = operators.filter((node) => aims.get(node) !== null)
    .sort((a, b) => Number(aims.get(a)) - Number(aims.get(b)) || (a.id < b.id ? -1 : 1));
  const free = operators.filter((node) => aims.get(node) === null)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const all = [...linked, ...free];
  all.forEach((node, i) => {
    node.angle = (2 * Math.PI * i) / Math.max(1, all.length);
  });
}

/**
 * @param {SynapseNode[]} nodes of one type
 * @param {NodeType} type
 */
function stand(nodes, type) {
  const crown = crowns[type];
  const isCrowded = nodes.length > 36;
  [...nodes].sort((a, b) => a.angle - b.angle).forEach((node, i) => {
    // A crowded crown has two rows, so that names and nodes keep their distance.
    const row = isCrowded ? (i % 2) * 2 - 1 : 0;
    const radius = crown.radius + row * 0.65;
    node.x = radius * Math.cos(node.angle);
    node.z = radius * Math.sin(node.angle);
    node.y = crown.height + row * 0.28;
    const flat = crown.flat + row * 0.03;
    node.flatX = flat * Math.cos(node.angle);
    node.flatY = flat * Math.sin(node.angle);
  });
}

/**
 * Returns the nodes and links that formulas touch which use these names: fields and operators by
 * name, and the way from the idea down to each field.
 * @param {Synapse} synapse
 * @param {Set<string>} names
 * @returns {{nodes: Set<number>, links: Set<number>}}
 */
export function touched(synapse, names) {
  const nodes = new Set();
  const links = new Set();
  synapse.nodes.forEach((node, place) => {
    if ((node.type === "field" || node.type === "operator") && names.has(node.label)) {
      nodes.add(place);
    }
  });
  for (const place of [...nodes]) climb(synapse, place, nodes, links);
  synapse.links.forEach((link, place) => {
    if (nodes.has(link.from) && nodes.has(link.to)) links.add(place);
  });
  return { nodes, links };
}

/**
 * @param {Synapse} synapse
 * @param {number} place
 * @param {Set<number>} nodes
 * @param {Set<number>} links
 */
function climb(synapse, place, nodes, links) {
  if (synapse.nodes[place].type === "operator") return;
  for (const link of synapse.nodes[place].links) {
    const { from, to } = synapse.links[link];
    if (to !== place || links.has(link)) continue;
    links.add(link);
    nodes.add(from);
    climb(synapse, from, nodes, links);
  }
}
