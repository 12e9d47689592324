// The retrieval graph as a plain disc, for machines without WebGL.

import { drawShape } from "./flat-shapes.js";
import { css, openFlatStage } from "./flat-stage.js";

/** @typedef {import("./synapse-3d.js").SynapsePicture} SynapsePicture */
/** @typedef {import("./synapse-3d.js").SynapseOptions} SynapseOptions */

/** @type {Record<string, number>} */
const sizes = { idea: 9, subcategory: 7, dataset: 5.5, field: 4, operator: 3.6 };

/**
 * @param {SynapseOptions} options
 * @returns {SynapsePicture | null}
 */
export function openSynapse2D(options) {
  const { field } = options;
  let scale = 1;
  /** @type {SynapsePicture} */
  let picture;
  const stage = openFlatStage(options.host, ({ pen }, dt) => {
    field.step(dt);
    field.synapse.links.forEach(({ from, to }, i) => {
      const light = field.linkLight[i];
      const [a, b] = [picture.project(from), picture.project(to)];
      pen.strokeStyle = css(field.tint(field.synapse.nodes[to]), 0.1 + 0.8 * light);
      pen.lineWidth = light > 0.45 ? 1.6 : 0.8;
      pen.beginPath();
      pen.moveTo(a.x, a.y);
      pen.lineTo(b.x, b.y);
      pen.stroke();
    });
    field.synapse.nodes.forEach((node, i) => {
      const at = picture.project(i);
      const size = sizes[node.type] * (0.7 + 0.5 * field.light[i]);
      pen.fillStyle = css(field.tint(node), 0.25 + 0.75 * field.light[i]);
      drawShape(pen, node.lane === "explore" ? "diamond" : "disc", at.x, at.y,
        options.hovered() === i ? size * 1.6 : size);
    });
    options.onDrawn(picture);
  });
  if (!stage) return null;
  picture = {
    project(place) {
      const node = field.synapse.nodes[place];
      const reach = (Math.min(stage.width, stage.height) / 2 - 14) * scale;
      return {
        x: stage.width / 2 + node.flatX * reach * Math.min(1.5, stage.width / stage.height),
        y: stage.height / 2 + node.flatY * reach, isAhead: true,
      };
    },
    zoom(factor) {
      scale = Math.max(0.5, Math.min(4, scale * factor));
    },
    fit() {
      scale = 1;
    },
    state: () => ({ fps: stage.fps(), width: stage.width, height: stage.height }),
    canvas: stage.canvas,
  };
  return picture;
}
