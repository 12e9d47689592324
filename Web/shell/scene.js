// Three dimensions, where the browser and the machine have them: detection, the vendored library,
// and a renderer that keeps its pace, survives a lost context and leaves nothing behind.

import { onFrame } from "./motion.js";

/** @type {boolean | null} */
let answer = null;

/** Returns whether pages may draw with WebGL; `?webgl=0` in the address says no. */
export function hasWebGL() {
  if (new URLSearchParams(location.search).get("webgl") === "0") return false;
  if (answer === null) {
    try {
      const context = document.createElement("canvas").getContext("webgl2");
      answer = context !== null;
      context?.getExtension("WEBGL_lose_context")?.loseContext();
    } catch (_) {
      answer = false;
    }
  }
  return answer;
}

/** @typedef {{THREE: any, OrbitControls: any}} Library */

/** @type {Promise<Library | null> | null} */
let loading = null;

/**
 * Loads three.js.
 * @returns {Promise<Library | null>} null without WebGL, or where `Scripts/setup` has not put
 *   the library there; the page then shows its plain view
 */
export function loadThree() {
  if (!hasWebGL()) return Promise.resolve(null);
  loading ??= fetchThree();
  return loading;
}

/** @returns {Promise<Library | null>} */
async function fetchThree() {
  try {
    const module = await import("/ui/vendor/three.js");
    return module.THREE ? { THREE: module.THREE, OrbitControls: module.OrbitControls } : null;
  } catch (failure) {
    console.warn("three.js could not be loaded.", failure);
    return null;
  }
}

/**
 * @typedef {object} SceneOptions
 * @property {HTMLElement} host the element that the picture fills
 * @property {(stage: Stage, dt: number, now: number) => void} onFrame moves things before each
 *   picture; dt in seconds
 * @property {(stage: Stage) => void} [onResize]
 * @property {() => void} [onLost] the context is gone: show the plain view until `onRestored`
 * @property {() => void} [onRestored]
 * @property {(stage: Stage) => void} [render] draws in place of `renderer.render(scene, camera)`
 * @property {number} [maxPixelRatio] 2 unless told
 * @property {boolean} [antialias]
 */
/**
 * @typedef {object} Stage
 * @property {any} THREE
 * @property {any} OrbitControls
 * @property {any} renderer
 * @property {any} scene
 * @property {any} camera
 * @property {HTMLCanvasElement} canvas
 * @property {number} width in CSS pixels
 * @property {number} height
 * @property {() => {fps: number, pixelRatio: number, level: number}} quality level 1 is full;
 *   lower it draws fewer pixels, and pages may draw fewer things
 * @property {(isPaused: boolean) => void} pause
 * @property {() => void} dispose
 */

/** Frames per second below which the quality is lowered, and above which it is raised. */
const slow = 40;
const fast = 56;
const levels = [1, 0.75, 0.55, 0.4];

/**
 * Opens a picture in an element.
 * @param {SceneOptions} options
 * @returns {Promise<Stage | null>} null where `loadThree` is null or the context is refused
 */
export async function openScene(options) {
  const library = await loadThree();
  if (!library) return null;
  const { THREE, OrbitControls } = library;
  /** @type {any} */
  let renderer;
  try {
    renderer = new THREE.WebGLRenderer({
      antialias: options.antialias ?? true,
      alpha: true,
      powerPreference: "high-performance",
    });
  } catch (failure) {
    console.warn("The browser refused a WebGL context.", failure);
    return null;
  }
  /** @type {HTMLCanvasElement} */
  const canvas = renderer.domElement;
  canvas.classList.add("scene-canvas");
  canvas.setAttribute("aria-hidden", "true");
  options.host.append(canvas);

  const most = options.maxPixelRatio ?? 2;
  let level = 0;
  let fps = 60;
  let sinceChange = 0;
  let goodFor = 0;
  let isLost = false;
  let isPaused = false;
  let isVisible = true;

  /** @type {Stage} */
  const stage = {
    THREE,
    OrbitControls,
    renderer,
    scene: new THREE.Scene(),
    camera: new THREE.PerspectiveCamera(50, 1, 0.1, 2000),
    canvas,
    width: 1,
    height: 1,
    quality: () => ({ fps, pixelRatio: renderer.getPixelRatio(), level: levels[level] }),
    pause(next) {
      isPaused = next;
    },
    dispose,
  };

  function resize() {
    stage.width = Math.max(1, options.host.clientWidth);
    stage.height = Math.max(1, options.host.clientHeight);
    renderer.setPixelRatio(Math.min(most, devicePixelRatio || 1) * levels[level]);
    renderer.setSize(stage.width, stage.height, false);
    stage.camera.aspect = stage.width / stage.height;
    stage.camera.updateProjectionMatrix();
    options.onResize?.(stage);
  }

  /** @param {number} dt */
  function pace(dt) {
    if (dt <= 0) return;
    // The mean over about half a second.
    fps += (1 / dt - fps) * (1 - Math.exp(-dt / 0.5));
    sinceChange += dt;
    goodFor = fps > fast ? goodFor + dt : 0;
    if (sinceChange > 1.5 && fps < slow && level < levels.length - 1) change(level + 1);
    // Going up again must be earned, or the picture would swing between two levels.
    else if (goodFor > 12 && level > 0) change(level - 1);
  }

  /** @param {number} next */
  function change(next) {
    level = next;
    sinceChange = 0;
    goodFor = 0;
    resize();
  }

  /** @param {Event} event */
  function lost(event) {
    event.preventDefault();
    isLost = true;
    options.onLost?.();
  }
  function restored() {
    isLost = false;
    resize();
    options.onRestored?.();
  }
  canvas.addEventListener("webglcontextlost", lost);
  canvas.addEventListener("webglcontextrestored", restored);
  const sizes = new ResizeObserver(resize);
  sizes.observe(options.host);
  const sight = new IntersectionObserver((entries) => {
    isVisible = entries[entries.length - 1].isIntersecting;
  });
  sight.observe(options.host);

  const end = onFrame((dt, now) => {
    if (isLost || isPaused || !isVisible) return;
    pace(dt);
    options.onFrame(stage, dt, now);
    if (options.render) options.render(stage);
    else renderer.render(stage.scene, stage.camera);
  });

  function dispose() {
    end();
    sizes.disconnect();
    sight.disconnect();
    canvas.removeEventListener("webglcontextlost", lost);
    canvas.removeEventListener("webglcontextrestored", restored);
    disposeTree(stage.scene);
    renderer.dispose();
    canvas.remove();
  }

  resize();
  return stage;
}

/**
 * Frees what an object and all below it hold on the graphics card.
 * @param {any} object
 */
export function disposeTree(object) {
  object.traverse((/** @type {any} */ part) => {
    part.geometry?.dispose?.();
    for (const material of [part.material].flat()) {
      if (!material) continue;
      for (const value of Object.values(material)) {
        if (value && typeof value === "object" && "isTexture" in value) {
          /** @type {any} */ (value).dispose();
        }
      }
      material.dispose?.();
    }
  });
}
