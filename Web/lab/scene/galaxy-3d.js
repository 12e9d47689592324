// The galaxy in three dimensions.

import { openScene } from "/ui/shell/scene.js";
import { onReducedMotion, reducedMotion, smooth } from "/ui/shell/motion.js";
import { theme } from "/ui/shell/theme.js";
import { glowPoints, shapeNumbers } from "./glow-points.js";
import { rgb } from "./palette.js";
import { sparksMost } from "./sparks.js";

/** @typedef {import("./star-field.js").StarField} StarField */
/**
 * A picture of the galaxy.
 * @typedef {object} GalaxyPicture
 * @property {(x: number, y: number, z: number) => {x: number, y: number, isAhead: boolean}} project
 *   to pixels of its host
 * @property {(factor: number) => void} zoom above 1 comes nearer
 * @property {() => void} fit shows everything
 * @property {(x: number, y: number, z: number) => void} lookAt
 * @property {() => {fps: number, width: number, height: number, links: number}} state
 * @property {HTMLCanvasElement} canvas
 */
/**
 * @typedef {object} GalaxyOptions
 * @property {HTMLElement} host
 * @property {() => StarField} field
 * @property {() => string | null} selected
 * @property {() => string | null} hovered
 * @property {(picture: GalaxyPicture) => void} onDrawn after every picture
 * @property {() => void} [onLost]
 * @property {() => void} [onRestored]
 */

const sizeOfStar = 2.3;
const circleSteps = 64;

/**
 * @param {GalaxyOptions} options
 * @returns {Promise<GalaxyPicture | null>} null without WebGL
 */
export async function openGalaxy3D(options) {
  /** @type {any} */
  let parts = null;
  /** @type {GalaxyPicture | null} */
  let picture = null;
  const stage = await openScene({
    host: options.host,
    onFrame: (open, dt) => {
      if (parts) frame(open, dt);
    },
    onLost: options.onLost,
    onRestored: options.onRestored,
  });
  if (!stage) return null;
  const { THREE, OrbitControls, scene, camera } = stage;
  // The colors of the desk are shown as they are: what goes in comes out.
  stage.renderer.outputColorSpace = THREE.LinearSRGBColorSpace;
  camera.near = 0.5;
  camera.far = 600;
  camera.updateProjectionMatrix();
  const controls = new OrbitControls(camera, stage.canvas);
  controls.enableDamping = true;
  controls.enablePan = true;
  controls.maxPolarAngle = Math.PI * 0.49;
  controls.minDistance = 5;
  controls.maxDistance = 220;
  controls.autoRotateSpeed = 0.22;
  // The wheel scrolls the page until somebody works in the picture, and a finger always does.
  controls.enableZoom = false;
  stage.canvas.style.touchAction = "pan-y";
  options.host.addEventListener("focusin", () => (controls.enableZoom = true));
  options.host.addEventListener("focusout", () => (controls.enableZoom = false));
  let isResting = true;
  controls.addEventListener("start", () => (isResting = false));
  onReducedMotion(() => (isResting = false));

  const stars = glowPoints(THREE, 512);
  const sparks = glowPoints(THREE, sparksMost);
  const lineageMaterial = new THREE.LineBasicMaterial({
    vertexColors: true, transparent: true, opacity: 0.85, depthWrite: false,
  });
  const lineage = new THREE.LineSegments(new THREE.BufferGeometry(), lineageMaterial);
  const circles = new THREE.LineSegments(new THREE.BufferGeometry(),
    new THREE.LineBasicMaterial({ transparent: true, opacity: 0.55, depthWrite: false }));
  const stalk = new THREE.LineSegments(new THREE.BufferGeometry(),
    new THREE.LineBasicMaterial({ transparent: true, opacity: 0.8, depthWrite: false }));
  stalk.geometry.setAttribute("position", new THREE.BufferAttribute(new Float32Array(6), 3));
  for (const lines of [lineage, circles, stalk]) lines.frustumCulled = false;
  scene.add(circles, lineage, stalk, stars.object, sparks.object);
  parts = { stars, sparks, lineage, circles, stalk };

  const goal = { target: new THREE.Vector3(), distance: 60, isMoving: false };
  let lineRoom = 0;
  let links = 0;
  let circleCount = -1;
  let circleRadius = 0;
  let hasFitted = false;
  const point = new THREE.Vector3();

  /** @param {any} open @param {number} dt */
  function frame(open, dt) {
    const field = options.field();
    field.step(dt);
    const isDark = theme() === "dark";
    const scale = open.height * open.renderer.getPixelRatio() * 0.9;
    stars.adapt(scale, 9 * open.renderer.getPixelRatio(), isDark);
    sparks.adapt(scale, 0, isDark);
    drawStars(field);
    drawSparks(field);
    drawLineage(field);
    drawCircles(field);
    if (goal.isMoving) travel(dt);
    controls.autoRotate = isResting && !reducedMotion();
    controls.update(dt);
    if (picture) options.onDrawn(picture);
  }

  /** @param {StarField} field */
  function drawStars(field) {
    stars.reserve(field.stars.length + 2);
    const chosen = options.selected();
    const pointed = options.hovered();
    let count = 0;
    for (const star of field.stars) {
      stars.put(count, star.x, star.y, star.z, star.r, star.g, star.b,
        star.size * sizeOfStar, shapeNumbers[star.shape], star.light);
      count += 1;
    }
    stalk.visible = false;
    for (const key of [chosen, pointed]) {
      const star = key === null ? undefined : field.byKey.get(key);
      if (!star) continue;
      const [r, g, b] = rgb(key === chosen ? "accent" : "text");
      stars.put(count, star.x, star.y, star.z, r, g, b, 4.4, shapeNumbers.ring, 0.5);
      count += 1;
      const line = stalk.geometry.getAttribute("position");
      line.array.set([star.x, 0, star.z, star.x, star.y, star.z]);
      line.needsUpdate = true;
      stalk.material.color.setRGB(r, g, b);
      stalk.visible = true;
    }
    stars.flush(count);
  }

  /** @param {StarField} field */
  function drawSparks(field) {
    const pool = field.sparks;
    let count = 0;
    if (pool.living > 0) {
      for (let i = 0; i < sparksMost; i += 1) {
        const life = pool.life[i];
        if (life <= 0) continue;
        const at = i * 3;
        sparks.put(count, pool.position[at], pool.position[at + 1], pool.position[at + 2],
          pool.color[at], pool.color[at + 1], pool.color[at + 2],
          pool.size[i] * (0.35 + 0.65 * life), shapeNumbers.dot, life);
        count += 1;
      }
    }
    sparks.flush(count);
  }

  /** @param {StarField} field */
  function drawLineage(field) {
    if (field.stars.length > lineRoom) {
      lineRoom = Math.max(256, field.stars.length * 2);
      for (const name of ["position", "color"]) {
        lineage.geometry.deleteAttribute(name);
        lineage.geometry.setAttribute(name,
          new THREE.BufferAttribute(new Float32Array(lineRoom * 6), 3));
      }
    }
    if (lineRoom === 0) return;
    const place = lineage.geometry.getAttribute("position");
    const tint = lineage.geometry.getAttribute("color");
    const ground = rgb("sunken");
    links = 0;
    for (const star of field.stars) {
      if (!star.parent) continue;
      const from = star.parent;
      place.array.set([from.x, from.y, from.z, star.x, star.y, star.z], links * 6);
      // A tail is faint where it begins and takes the color of the child.
      const light = 0.3 + 0.6 * star.light;
      for (let axis = 0; axis < 3; axis += 1) {
        const color = [star.r, star.g, star.b][axis];
        tint.array[links * 6 + axis] = ground[axis] + (color - ground[axis]) * 0.25;
        tint.array[links * 6 + 3 + axis] = ground[axis] + (color - ground[axis]) * light;
      }
      links += 1;
    }
    lineage.geometry.setDrawRange(0, links * 2);
    place.needsUpdate = tint.needsUpdate = true;
  }

  /** @param {StarField} field */
  function drawCircles(field) {
    const systems = [...field.layout.systems.values()];
    const total = systems.reduce((sum, each) => sum + each.radius, 0);
    circles.material.color.setRGB(...rgb("line-strong"));
    if (systems.length === circleCount && total === circleRadius) return;
    circleCount = systems.length;
    circleRadius = total;
    const points = [];
    for (const { x, z, radius } of systems) {
      for (let i = 0; i < circleSteps; i += 1) {
        for (const step of [i, i + 1]) {
          const turn = (2 * Math.PI * step) / circleSteps;
          points.push(x + (radius + 0.7) * Math.cos(turn), 0, z + (radius + 0.7) * Math.sin(turn));
        }
      }
    }
    circles.geometry.setAttribute("position", new THREE.Float32BufferAttribute(points, 3));
  }

  /** @param {number} dt */
  function travel(dt) {
    const tau = reducedMotion() ? 0 : 0.3;
    const arm = camera.position.clone().sub(controls.target);
    const distance = smooth(arm.length(), goal.distance, dt, tau);
    for (const axis of ["x", "y", "z"]) {
      controls.target[axis] = smooth(controls.target[axis], goal.target[axis], dt, tau);
    }
    camera.position.copy(controls.target).add(arm.setLength(distance));
    goal.isMoving = Math.abs(distance - goal.distance) > 0.02
      || controls.target.distanceTo(goal.target) > 0.02;
  }

  /**
   * Finds the distance and the aim from which all systems are in sight, by trying: seen at a slant,
   * what is near takes more room than what is far. The aim stays on the axis of the galaxy, so that
   * it stays in sight when it turns.
   */
  function fit() {
    if (!stage) return;
    // A circle around all of them, because the galaxy turns.
    const extent = Math.max(12, options.field().layout.extent());
    const points = Array.from({ length: 24 }, (_, i) => {
      const turn = (2 * Math.PI * i) / 24;
      // Good formulas stand high, also at the far rim.
      return [extent * Math.cos(turn), (i % 2) * 3, extent * Math.sin(turn)];
    });
    const arm = camera.position.clone().sub(controls.target).normalize();
    const trial = camera.clone();
    const aim = new THREE.Vector3();
    let distance = 60;
    for (let round = 0; round < 24; round += 1) {
      trial.position.copy(aim).addScaledVector(arm, distance);
      trial.lookAt(aim);
      trial.updateMatrixWorld();
      let [left, right, low, high] = [1e9, -1e9, 1e9, -1e9];
      for (const [x, y, z] of points) {
        point.set(x, y, z).project(trial);
        // What lies behind the eye has to come before it first.
        const spread = point.z > 1 ? 4 : 1;
        left = Math.min(left, point.x * spread);
        right = Math.max(right, point.x * spread);
        low = Math.min(low, point.y * spread);
        high = Math.max(high, point.y * spread);
      }
      const reach = Math.max((right - left) / 2, (high - low) / 2);
      distance = Math.min(controls.maxDistance, Math.max(14, distance * (0.4 + 0.6 * reach / 0.97)));
      const half = Math.tan((camera.fov * Math.PI) / 360) * distance;
      aim.y += Math.max(-1, Math.min(1, (low + high) / 2)) * half * 0.6;
    }
    goal.target.copy(aim);
    goal.distance = distance;
    goal.isMoving = true;
    if (!hasFitted) {
      controls.target.copy(aim);
      camera.position.copy(aim).addScaledVector(arm, distance);
    }
    hasFitted = options.field().stars.length > 0;
  }

  camera.position.set(0, 40, 46);
  picture = {
    project(x, y, z) {
      point.set(x, y, z).project(camera);
      return {
        x: ((point.x + 1) / 2) * stage.width, y: ((1 - point.y) / 2) * stage.height,
        isAhead: point.z < 1,
      };
    },
    zoom(factor) {
      isResting = false;
      goal.target.copy(controls.target);
      goal.distance = Math.min(controls.maxDistance, Math.max(controls.minDistance,
        camera.position.distanceTo(controls.target) / factor));
      goal.isMoving = true;
    },
    fit,
    lookAt(x, y, z) {
      isResting = false;
      goal.target.set(x, y * 0.5, z);
      goal.distance = Math.min(camera.position.distanceTo(controls.target), 30);
      goal.isMoving = true;
    },
    state: () => ({ fps: stage.quality().fps, width: stage.width, height: stage.height, links }),
    canvas: stage.canvas,
  };
  return picture;
}
