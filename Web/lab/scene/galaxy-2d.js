// The galaxy as a plain map, for machines without WebGL.

import { reducedMotion, smooth } from "/ui/shell/motion.js";
import { drawShape } from "./flat-shapes.js";
import { css, openFlatStage } from "./flat-stage.js";
import { rgb } from "./palette.js";
import { sparksMost } from "./sparks.js";

/** @typedef {import("./galaxy-3d.js").GalaxyPicture} GalaxyPicture */
/** @typedef {import("./galaxy-3d.js").GalaxyOptions} GalaxyOptions */

/**
 * @param {GalaxyOptions} options
 * @returns {GalaxyPicture | null}
 */
export function openGalaxy2D(options) {
  const view = { x: 0, z: 0, scale: 8 };
  const goal = { x: 0, z: 0, scale: 8, isFitted: true };
  let links = 0;
  /** @type {GalaxyPicture} */
  let picture;
  const stage = openFlatStage(options.host, (open, dt) => {
    const field = options.field();
    field.step(dt);
    if (goal.isFitted) fit();
    const tau = reducedMotion() ? 0 : 0.25;
    view.x = smooth(view.x, goal.x, dt, tau);
    view.z = smooth(view.z, goal.z, dt, tau);
    view.scale = smooth(view.scale, goal.scale, dt, tau);
    const { pen } = open;
    pen.lineWidth = 1;
    pen.strokeStyle = css(rgb("line"), 1);
    for (const { x, z, radius } of field.layout.systems.values()) {
      const at = picture.project(x, 0, z);
      pen.beginPath();
      pen.arc(at.x, at.y, (radius + 0.7) * view.scale, 0, 2 * Math.PI);
      pen.stroke();
    }
    links = 0;
    for (const star of field.stars) {
      if (!star.parent) continue;
      const [from, to] = [star.parent, star].map((each) => picture.project(each.x, 0, each.z));
      pen.strokeStyle = css([star.r, star.g, star.b], 0.16 + 0.3 * star.light);
      pen.beginPath();
      pen.moveTo(from.x, from.y);
      pen.lineTo(to.x, to.y);
      pen.stroke();
      links += 1;
    }
    const size = Math.max(2.2, Math.min(9, view.scale * 0.34));
    for (const star of field.stars) {
      const at = picture.project(star.x, 0, star.z);
      pen.fillStyle = pen.strokeStyle = css([star.r, star.g, star.b], 0.35 + 0.65 * star.light);
      drawShape(pen, star.shape, at.x, at.y, size * star.size);
    }
    const pool = field.sparks;
    for (let i = 0; pool.living > 0 && i < sparksMost; i += 1) {
      if (pool.life[i] <= 0) continue;
      const at = picture.project(pool.position[i * 3], 0, pool.position[i * 3 + 2]);
      const [r, g, b] = pool.color.subarray(i * 3, i * 3 + 3);
      pen.fillStyle = css([r, g, b], pool.life[i] * 0.8);
      drawShape(pen, "dot", at.x, at.y, size * pool.size[i]);
    }
    for (const [key, tint] of [[options.hovered(), "text"], [options.selected(), "accent"]]) {
      const star = key === null ? undefined : field.byKey.get(key);
      if (!star) continue;
      const at = picture.project(star.x, 0, star.z);
      pen.strokeStyle = css(rgb(tint ?? "accent"), 1);
      pen.lineWidth = 2;
      pen.beginPath();
      pen.arc(at.x, at.y, size * 2 + 4, 0, 2 * Math.PI);
      pen.stroke();
    }
    options.onDrawn(picture);
  });
  if (!stage) return null;

  function fit() {
    if (!stage) return;
    goal.isFitted = true;
    goal.x = goal.z = 0;
    goal.scale = Math.min(stage.width, stage.height) / (2.08 * options.field().layout.extent());
  }

  /** @type {{x: number, y: number} | null} */
  let grip = null;
  stage.canvas.style.touchAction = "pan-y";
  stage.canvas.addEventListener("pointerdown", (event) => {
    grip = { x: event.clientX, y: event.clientY };
    stage.canvas.setPointerCapture(event.pointerId);
  });
  stage.canvas.addEventListener("pointermove", (event) => {
    if (!grip) return;
    goal.isFitted = false;
    goal.x -= (event.clientX - grip.x) / view.scale;
    goal.z -= (event.clientY - grip.y) / view.scale;
    grip = { x: event.clientX, y: event.clientY };
  });
  for (const name of ["pointerup", "pointercancel"]) {
    stage.canvas.addEventListener(name, () => (grip = null));
  }
  stage.canvas.addEventListener("wheel", (event) => {
    if (!options.host.contains(document.activeElement)) return;
    event.preventDefault();
    picture.zoom(Math.exp(-event.deltaY / 500));
  }, { passive: false });

  picture = {
    project: (x, _, z) => ({
      x: stage.width / 2 + (x - view.x) * view.scale,
      y: stage.height / 2 + (z - view.z) * view.scale,
      isAhead: true,
    }),
    zoom(factor) {
      goal.isFitted = false;
      goal.scale = Math.max(2, Math.min(80, goal.scale * factor));
    },
    fit,
    lookAt(x, _, z) {
      goal.isFitted = false;
      goal.x = x;
      goal.z = z;
      goal.scale = Math.max(goal.scale, 20);
    },
    state: () => ({ fps: stage.fps(), width: stage.width, height: stage.height, links }),
    canvas: stage.canvas,
  };
  return picture;
}
