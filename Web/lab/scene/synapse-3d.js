// The retrieval graph in three dimensions: spheres for the exploit lane, octahedra for the explore
// lane, and impulses on the links that are in use.

import { reducedMotion } from "/ui/shell/motion.js";
import { openScene } from "/ui/shell/scene.js";
import { theme } from "/ui/shell/theme.js";
import { glowPoints, shapeNumbers } from "./glow-points.js";
import { rgb } from "./palette.js";

/** @typedef {import("./synapse-field.js").SynapseField} SynapseField */
/**
 * A picture of the graph.
 * @typedef {object} SynapsePicture
 * @property {(place: number) => {x: number, y: number, isAhead: boolean}} project
 * @property {(factor: number) => void} zoom
 * @property {() => void} fit
 * @property {() => {fps: number, width: number, height: number}} state
 * @property {HTMLCanvasElement} canvas
 */
/**
 * @typedef {object} SynapseOptions
 * @property {HTMLElement} host
 * @property {SynapseField} field
 * @property {() => number | null} hovered
 * @property {(picture: SynapsePicture) => void} onDrawn
 * @property {() => void} [onLost]
 * @property {() => void} [onRestored]
 */

/** @type {Record<string, number>} */
const sizes = { idea: 0.95, subcategory: 0.6, dataset: 0.42, field: 0.26, operator: 0.24 };
const impulsesMost = 160;

/**
 * @param {SynapseOptions} options
 * @returns {Promise<SynapsePicture | null>} null without WebGL
 */
export async function openSynapse3D(options) {
  const { field } = options;
  let isReady = false;
  /** @type {SynapsePicture | null} */
  let picture = null;
  const stage = await openScene({
    host: options.host,
    maxPixelRatio: 1.5,
    onFrame: (_, dt) => {
      if (isReady) frame(dt);
    },
    onLost: options.onLost,
    onRestored: options.onRestored,
  });
  if (!stage) return null;
  const { THREE, OrbitControls, scene, camera } = stage;
  camera.fov = 40;
  // The colors of the desk are shown as they are: what goes in comes out.
  stage.renderer.outputColorSpace = THREE.LinearSRGBColorSpace;
  const controls = new OrbitControls(camera, stage.canvas);
  controls.enableDamping = true;
  controls.enablePan = false;
  controls.enableZoom = false;
  controls.minDistance = 8;
  controls.maxDistance = 70;
  controls.autoRotateSpeed = 0.5;
  stage.canvas.style.touchAction = "pan-y";
  options.host.addEventListener("focusin", () => (controls.enableZoom = true));
  options.host.addEventListener("focusout", () => (controls.enableZoom = false));
  let isResting = true;
  controls.addEventListener("start", () => (isResting = false));

  scene.add(new THREE.HemisphereLight(0xffffff, 0xa8b4c0, 2.5));
  const lamp = new THREE.DirectionalLight(0xffffff, 1.5);
  lamp.position.set(6, 14, 9);
  scene.add(lamp);
  const glow = glowPoints(THREE, 512);
  const links = new THREE.LineSegments(new THREE.BufferGeometry(), new THREE.LineBasicMaterial({
    vertexColors: true, transparent: true, opacity: 0.9, depthWrite: false,
  }));
  links.frustumCulled = false;
  scene.add(links, glow.object);

  /** @type {any[]} one for spheres, one for octahedra */
  let bodies = [];
  let shown = -1;
  const matrix = new THREE.Matrix4();
  const tint = new THREE.Color();
  const point = new THREE.Vector3();

  function rebuild() {
    shown = field.generation;
    for (const body of bodies) {
      scene.remove(body);
      body.geometry.dispose();
      body.material.dispose();
      body.dispose();
    }
    const count = Math.max(1, field.synapse.nodes.length);
    const shapes = [new THREE.SphereGeometry(1, 20, 14), new THREE.OctahedronGeometry(1.3)];
    bodies = shapes.map((shape) => {
      const body = new THREE.InstancedMesh(shape, new THREE.MeshLambertMaterial(), count);
      body.frustumCulled = false;
      scene.add(body);
      return body;
    });
    const size = field.synapse.links.length * 6;
    for (const name of ["position", "color"]) {
      links.geometry.deleteAttribute(name);
      links.geometry.setAttribute(name, new THREE.BufferAttribute(new Float32Array(size), 3));
    }
    const place = links.geometry.getAttribute("position");
    field.synapse.links.forEach(({ from, to }, i) => {
      const [a, b] = [field.synapse.nodes[from], field.synapse.nodes[to]];
      place.array.set([a.x, a.y, a.z, b.x, b.y, b.z], i * 6);
    });
  }

  /** @param {number} dt */
  function frame(dt) {
    if (!stage) return;
    if (shown !== field.generation) rebuild();
    field.step(dt);
    const isDark = theme() === "dark";
    glow.adapt(stage.height * stage.renderer.getPixelRatio(), 0, isDark);
    const points = drawNodes(isDark);
    drawLinks();
    glow.flush(drawImpulses(points));
    controls.autoRotate = isResting && !reducedMotion();
    controls.update(dt);
    if (picture) options.onDrawn(picture);
  }

  /** @param {boolean} isDark @returns {number} */
  function drawNodes(isDark) {
    const ground = rgb("sunken");
    const counts = [0, 0];
    let points = 0;
    glow.reserve(field.synapse.nodes.length + impulsesMost);
    field.synapse.nodes.forEach((node, i) => {
      const light = field.light[i];
      const color = field.tint(node);
      const which = node.lane === "explore" ? 1 : 0;
      const size = sizes[node.type] * (0.72 + 0.5 * light) * (options.hovered() === i ? 1.5 : 1);
      matrix.makeScale(size, size, size).setPosition(node.x, node.y, node.z);
      const mix = 0.22 + 0.78 * light;
      tint.setRGB(...color.map((part, axis) => ground[axis] + (part - ground[axis]) * mix));
      const body = bodies[which];
      body.setMatrixAt(counts[which], matrix);
      body.setColorAt(counts[which], tint);
      counts[which] += 1;
      if (light > 0.3 && isDark) {
        glow.put(points, node.x, node.y, node.z, ...color, size * 7.5, shapeNumbers.dot,
          (light - 0.25) * 0.85);
        points += 1;
      }
    });
    bodies.forEach((body, which) => {
      body.count = counts[which];
      body.instanceMatrix.needsUpdate = true;
      if (body.instanceColor) body.instanceColor.needsUpdate = true;
    });
    return points;
  }

  function drawLinks() {
    const ground = rgb("sunken");
    const color = links.geometry.getAttribute("color");
    field.synapse.links.forEach(({ from, to }, i) => {
      const light = field.linkLight[i];
      [from, to].forEach((end, side) => {
        const tone = field.tint(field.synapse.nodes[end]);
        for (let axis = 0; axis < 3; axis += 1) {
          color.array[i * 6 + side * 3 + axis] = ground[axis]
            + (tone[axis] - ground[axis]) * Math.min(1, light * 1.15 + 0.04);
        }
      });
    });
    color.needsUpdate = true;
  }

  /** @param {number} points @returns {number} */
  function drawImpulses(points) {
    if (reducedMotion()) return points;
    let left = impulsesMost;
    for (let i = 0; i < field.synapse.links.length && left > 0; i += 1) {
      if (field.linkLight[i] < 0.45) continue;
      const { from, to } = field.synapse.links[i];
      const [a, b] = [field.synapse.nodes[from], field.synapse.nodes[to]];
      const way = (field.time * 0.55 + i * 0.37) % 1;
      glow.put(points, a.x + (b.x - a.x) * way, a.y + (b.y - a.y) * way, a.z + (b.z - a.z) * way,
        ...field.tint(b), 0.9, shapeNumbers.dot, field.linkLight[i]);
      points += 1;
      left -= 1;
    }
    return points;
  }

  function fit() {
    const narrow = stage ? Math.min(1, stage.width / stage.height / 1.25) : 1;
    controls.target.set(0, -0.4, 0);
    camera.position.set(9, 9, 22).setLength(26 / narrow);
    camera.updateProjectionMatrix();
  }

  fit();
  picture = {
    project(place) {
      const node = field.synapse.nodes[place];
      point.set(node.x, node.y, node.z).project(camera);
      return {
        x: ((point.x + 1) / 2) * stage.width, y: ((1 - point.y) / 2) * stage.height,
        isAhead: point.z < 1,
      };
    },
    zoom(factor) {
      isResting = false;
      const arm = camera.position.clone().sub(controls.target);
      arm.setLength(Math.max(controls.minDistance,
        Math.min(controls.maxDistance, arm.length() / factor)));
      camera.position.copy(controls.target).add(arm);
    },
    fit() {
      isResting = true;
      fit();
    },
    state: () => ({ fps: stage.quality().fps, width: stage.width, height: stage.height }),
    canvas: stage.canvas,
  };
  isReady = true;
  return picture;
}
