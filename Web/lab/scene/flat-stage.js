// A plain canvas that fills its host, redrawn in every frame while it is in view, or only when
// something asks for it where less motion is wanted.

import { h } from "/ui/shell/dom.js";
import { onFrame, reducedMotion } from "/ui/shell/motion.js";

/**
 * @typedef {object} FlatStage
 * @property {HTMLCanvasElement} canvas
 * @property {CanvasRenderingContext2D} pen
 * @property {number} width in CSS pixels
 * @property {number} height
 * @property {() => number} fps
 */

/** Pictures in a second that are enough where nothing moves by itself. */
const calmPace = 6;

/**
 * @param {HTMLElement} host
 * @param {(stage: FlatStage, dt: number) => void} draw
 * @returns {FlatStage | null} null where the browser draws on no canvas at all
 */
export function openFlatStage(host, draw) {
  const canvas = h("canvas", { class: "scene-canvas", "aria-hidden": "true" });
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  host.append(canvas);
  let fps = 60;
  let isVisible = true;
  let waited = 0;
  let ratio = 1;
  /** @type {FlatStage} */
  const stage = { canvas, pen, width: 1, height: 1, fps: () => fps };
  new ResizeObserver(() => {
    ratio = Math.min(2, devicePixelRatio || 1);
    stage.width = Math.max(1, host.clientWidth);
    stage.height = Math.max(1, host.clientHeight);
    canvas.width = Math.round(stage.width * ratio);
    canvas.height = Math.round(stage.height * ratio);
    waited = 1;
  }).observe(host);
  new IntersectionObserver((entries) => {
    isVisible = entries[entries.length - 1].isIntersecting;
  }).observe(host);
  onFrame((dt) => {
    if (dt > 0) fps += (1 / dt - fps) * (1 - Math.exp(-dt / 0.5));
    if (!isVisible || stage.width < 8) return;
    waited += dt;
    if (reducedMotion() && waited < 1 / calmPace) return;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, stage.width, stage.height);
    draw(stage, Math.min(0.1, waited));
    waited = 0;
  });
  return stage;
}

/** @param {[number, number, number]} tint @param {number} alpha */
export function css([r, g, b], alpha) {
  const byte = (/** @type {number} */ part) => Math.round(part * 255);
  return `rgba(${byte(r)}, ${byte(g)}, ${byte(b)}, ${alpha.toFixed(3)})`;
}
