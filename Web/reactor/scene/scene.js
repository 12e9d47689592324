// The furnace in three dimensions: puts fire, cage, rings, tokens and glow together and draws them.

import { buildBloom } from "./bloom.js";
import { buildCage } from "./cage.js";
import { buildCore } from "./core.js";
import { buildGlitch } from "./glitch.js";
import { noiseTexture } from "./noise.js";
import { buildParticles } from "./particles.js";
import { buildQuality } from "./quality.js";
import { buildRings, RING_KEYS } from "./rings.js";
import { FIRES, rgb, RING_TONES, TOKEN_TONES } from "./tones.js";
import { smooth } from "/ui/shell/motion.js";
import { color, theme } from "/ui/shell/theme.js";

const CAPACITY = 8192;
/** What must fit into the free part of the stage, in scene units. */
const WIDE = 6.7;
const HIGH = 4.75;

/**
 * @typedef {object} CoreLook what the furnace shows; the page writes it, the scene smooths it
 * @property {import("./tones.js").CoreState} state
 * @property {number} pressure
 * @property {boolean} isProtected
 * @property {boolean} isStill whether nothing may move
 * @property {{fill: number, hasLimit: boolean, severity: import("./tones.js").Severity}[]} rings
 */
/** @typedef {{x: number, y: number, width: number, height: number}} Box in CSS pixels of the stage */

/**
 * Whether there is no graphics card behind WebGL, as in tests and on remote desktops.
 * @param {any} renderer
 */
function isEmulated(renderer) {
  const context = renderer.getContext();
  const known = context.getExtension("WEBGL_debug_renderer_info");
  const name = known ? String(context.getParameter(known.UNMASKED_RENDERER_WEBGL)) : "";
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}

/**
 * @param {any} THREE
 * @param {HTMLCanvasElement} canvas
 */
export function buildScene(THREE, canvas) {
  const renderer = new THREE.WebGLRenderer(
    { canvas, antialias: false, powerPreference: "high-performance" }
  );
  renderer.outputColorSpace = THREE.LinearSRGBColorSpace;
  renderer.toneMapping = THREE.NoToneMapping;
  renderer.setClearColor(0x000000, 1);
  renderer.info.autoReset = true;

  const scene = new THREE.Scene();
  const camera = new THREE.PerspectiveCamera(26, 1, 0.5, 60);
  const noise = noiseTexture(THREE);
  const core = buildCore(THREE, noise);
  const cage = buildCage(THREE, core);
  const rings = buildRings(THREE);
  const particles = buildParticles(THREE, CAPACITY);
  const bloom = buildBloom(THREE, renderer);
  const glitch = buildGlitch();
  const asked = new URLSearchParams(location.search).get("quality");
  const quality = buildQuality(
    devicePixelRatio, isEmulated(renderer),
    asked !== null && /^\d$/.test(asked) ? Number(asked) : null
  );
  const turning = new THREE.Group();
  turning.add(core.group, cage.turning, particles.group);
  scene.add(turning, cage.floor, rings.group);

  const size = { width: 1, height: 1, pixels: 1 };
  /** @type {Box} */
  let free = { x: 0, y: 0, width: 1, height: 1 };
  let glow = 0;
  let sinceStill = Infinity;
  let sinceDrawn = 0;
  let lastState = "";
  const fill = new Float64Array(RING_KEYS.length);
  const tones = RING_KEYS.map(() => /** @type {[number, number, number]} */ ([0, 0, 0]));
  const point = new THREE.Vector3();
  const target = new THREE.Color();

  function dress() {
    const isLight = theme() === "light";
    const tones = TOKEN_TONES[isLight ? "light" : "dark"];
    particles.paint(tones.prompt, tones.completion);
    cage.paint(tones.metal);
    rings.paint(tones.track);
    bloom.uniforms.uPaper.value = isLight ? 1 : 0;
    bloom.uniforms.uGround.value.setRGB(...rgb(color("bg")));
    bloom.uniforms.uAlarm.value.setRGB(...rgb(isLight ? "#f0b4bf" : "#5c0a1c"));
    sinceStill = Infinity;
  }

  function fit() {
    const { width, height } = size;
    const ratio = quality.current.pixels;
    size.pixels = ratio;
    renderer.setPixelRatio(ratio);
    renderer.setSize(width, height, false);
    bloom.smooth(quality.current.samples);
    bloom.resize(Math.max(2, Math.floor(width * ratio)), Math.max(2, Math.floor(height * ratio)));
    bloom.depth(quality.current.bloomSteps);
    particles.limit(quality.current.particles);
    camera.aspect = width / height;
    const tan = Math.tan((camera.fov * Math.PI) / 360);
    const tall = (HIGH * height) / free.height / (2 * tan);
    const broad = (WIDE * width) / free.width / (2 * tan * camera.aspect);
    const away = Math.max(tall, broad) + 1.2;
    const raised = 0.34;
    camera.position.set(0, Math.sin(raised) * away, Math.cos(raised) * away);
    camera.lookAt(0, 0, 0);
    // The furnace stands in the middle of what the panels leave free, not of the canvas.
    const dx = free.x + free.width / 2 - width / 2;
    const dy = free.y + free.height / 2 - height / 2;
    camera.setViewOffset(width, height, -dx, -dy, width, height);
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld();
    sinceStill = Infinity;
  }

  /** @param {CoreLook} look @param {number} dt @param {number} tau */
  function tint(look, dt, tau) {
    const fire = FIRES[look.state];
    const { uDeep, uMid, uHot, uCrust, uHeat } = core.uniforms;
    const share = tau > 0 ? 1 - Math.exp(-dt / tau) : 1;
    uDeep.value.lerp(target.setRGB(fire.deep[0], fire.deep[1], fire.deep[2]), share);
    uMid.value.lerp(target.setRGB(fire.mid[0], fire.mid[1], fire.mid[2]), share);
    uHot.value.lerp(target.setRGB(fire.hot[0], fire.hot[1], fire.hot[2]), share);
    uCrust.value += (fire.crust - uCrust.value) * share;
    const heat = Math.min(1.25, look.pressure);
    // A furnace heats faster than it cools.
    uHeat.value = smooth(uHeat.value, heat, dt, tau > 0 ? (heat > uHeat.value ? 0.9 : 2.8) : 0);
    glow = smooth(glow, 0.34 + 0.5 * heat * heat, dt, tau > 0 ? 1.4 : 0);
    bloom.uniforms.uVignette.value = smooth(
      bloom.uniforms.uVignette.value, look.isProtected ? fire.alarm * 0.5 + 0.25 : fire.alarm * 0.08, dt, tau);
  }

  /** @param {CoreLook} look @param {number} dt @param {number} tau */
  function fillRings(look, dt, tau) {
    for (let i = 0; i < fill.length; i += 1) {
      const ring = look.rings[i];
      fill[i] = smooth(fill[i], ring.fill, dt, tau);
      const wanted = RING_TONES[ring.hasLimit ? ring.severity : "none"];
      const tone = tones[i];
      for (let part = 0; part < 3; part += 1) tone[part] = smooth(
        tone[part], wanted[part], dt, tau
      );
      const pulse = ring.severity === "full" && tau > 0 ? 0.5 + 0.5 * Math.sin(
        core.uniforms.uTime.value * 3
      ) : 0;
      rings.set(i, fill[i], ring.hasLimit, tone, pulse);
    }
  }

  dress();
  return {
    tally: particles.tally,
    quality,
    dress,
    /** @param {number} promptTokens @param {number} completionTokens */
    inject: particles.inject,
    clear: particles.clear,
    /** @param {number} strength */
    disturb: glitch.trigger,
    /** @param {number} width @param {number} height @param {Box} box what the panels leave free */
    resize(width, height, box) {
      if (width === size.width && height === size.height && box.x === free.x && box.y === free.y
        && box.width === free.width && box.height === free.height) return;
      size.width = Math.max(1, width);
      size.height = Math.max(1, height);
      free = box;
      fit();
    },
    /**
     * Where the arc of a ring begins, in CSS pixels of the stage.
     * @param {number} index
     * @returns {{x: number, y: number}}
     */
    anchor(index) {
      rings.start(index, point).project(camera);
      return { x: ((point.x + 1) / 2) * size.width, y: ((1 - point.y) / 2) * size.height };
    },
    /**
     * @param {number} elapsed seconds since the last frame
     * @param {number} realDt the same, less cut short
     * @param {CoreLook} look
     */
    frame(elapsed, realDt, look) {
      if (look.isStill) {
        // Values are shown at once and the picture stands; it is drawn anew only as they change.
        sinceStill += elapsed;
        if (sinceStill < 0.25) return;
        sinceStill = 0;
        tint(look, 1, 0);
        fillRings(look, 1, 0);
        bloom.uniforms.uGlitch.value = 0;
        bloom.uniforms.uStrength.value = glow;
        bloom.render(scene, camera);
        return;
      }
      if (quality.observe(realDt)) fit();
      sinceDrawn += elapsed;
      if (sinceDrawn < 0.9 / quality.current.sceneRate) return;
      const dt = sinceDrawn;
      sinceDrawn = 0;
      if (look.state !== lastState) {
        if (lastState !== "" && (
          look.state === "critical" || look.state === "blocked"
        )) glitch.trigger(1);
        lastState = look.state;
      }
      tint(look, dt, 0.7);
      fillRings(look, dt, 0.45);
      const arrived = particles.advance(dt, size.width / size.height, size.height * size.pixels);
      const { uFlash } = core.uniforms;
      uFlash.value *= Math.exp(-dt / 0.35);
      if (arrived > 0) {
        uFlash.value += (1 - uFlash.value) * Math.min(0.5, arrived * 0.004);
        const waves = Math.random() < arrived * 0.05;
        if (waves) core.ripple(Math.random() - 0.5, Math.random() - 0.4, Math.random() - 0.1);
      }
      core.advance(dt);
      cage.advance(dt, particles.tally.charge);
      turning.rotation.y += dt * (0.035 + 0.05 * core.uniforms.uHeat.value);
      bloom.uniforms.uTime.value = core.uniforms.uTime.value;
      bloom.uniforms.uGlitch.value = glitch.advance(dt);
      bloom.uniforms.uStrength.value = glow * (1 + 0.25 * uFlash.value);
      bloom.render(scene, camera);
    },
  };
}
