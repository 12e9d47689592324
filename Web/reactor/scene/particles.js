/**
 * Tokens on their way into the core.
 *
 * A particle's whole course follows from the moment it was launched and from its line, so the
 * graphics card moves all of them and the page writes to each one once. What has arrived is counted
 * in slots of time, so that a frame costs the same with one particle under way or with thousands.
 */

import { PATH_GLSL, LOWER_CROWN, UPPER_CROWN } from "./paths.js";

/** Tokens that one particle stands for while there is room for all. */
export const BASE_SCALE = 10;

/** Even while the stage is full, a call shows as so many particles. */
const LEAST_ROOM = 96;

const SLOT_SECONDS = 1 / 60;
const SLOTS = 1024;
/**
 * Beyond this the graphics card's 32-bit time gets too coarse; the clock restarts when all is calm.
 */
const CLOCK_RESTARTS_AFTER = 2048;

const VERTEX = /* glsl */ `
  ${PATH_GLSL}
  uniform float uNow, uSize, uAspect;
  uniform vec3 uPrompt, uCompletion;
  in vec4 aLaunch;
  in vec4 aCourse;
  out vec2 vPlace;
  out vec3 vColor;
  void main() {
    float life = (uNow - aLaunch.x) / aLaunch.y;
    if (life <= 0.0 || life >= 1.0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    float isPrompt = aLaunch.w;
    float along = life * life * (0.55 + 0.45 * life);
    float before = max(0.0, life - mix(0.018, 0.05, isPrompt) * (0.4 + life));
    float alongBefore = before * before * (0.55 + 0.45 * before);
    vec4 head = projectionMatrix * modelViewMatrix * vec4(fieldPoint(along, aLaunch.z, isPrompt, aCourse.xy), 1.0);
    vec4 tail = projectionMatrix * modelViewMatrix * vec4(fieldPoint(alongBefore, aLaunch.z, isPrompt, aCourse.xy), 1.0);
    vec2 way = (head.xy / head.w - tail.xy / tail.w) * vec2(uAspect, 1.0);
    float length2 = max(dot(way, way), 1e-9);
    vec2 ahead = way * inversesqrt(length2);
    vec2 side = vec2(-ahead.y, ahead.x);
    // Grains of completions are round and larger, those of prompts drawn out: a cue beside the color.
    float width = uSize * mix(1.35, 0.8, isPrompt) * (0.75 + 0.5 * aCourse.z);
    vec4 base = position.y > 0.0 ? head : tail;
    vec2 push = side * position.x * width + ahead * position.y * width;
    base.xy += push / vec2(uAspect, 1.0) * base.w;
    vPlace = position.xy;
    float rise = smoothstep(0.0, 0.08, life) * (1.0 - 0.35 * life);
    vColor = mix(uCompletion, uPrompt, isPrompt) * rise * (0.7 + 1.5 * life * life + 0.8 * aCourse.w);
    gl_Position = base;
  }
`;

const FRAGMENT = /* glsl */ `
  precision mediump float;
  in vec2 vPlace;
  in vec3 vColor;
  out vec4 color;
  void main() {
    float soft = max(0.0, 1.0 - abs(vPlace.x)) * smoothstep(1.0, 0.2, abs(vPlace.y));
    color = vec4(vColor * soft * soft, 1.0);
  }
`;

const LINE_VERTEX = /* glsl */ `
  ${PATH_GLSL}
  in vec3 aLine;
  out float vAlong, vPrompt;
  void main() {
    vAlong = aLine.x;
    vPrompt = aLine.z;
    gl_Position = projectionMatrix * modelViewMatrix * vec4(fieldPoint(aLine.x, aLine.y, aLine.z, vec2(0.0)), 1.0);
  }
`;

const LINE_FRAGMENT = /* glsl */ `
  precision mediump float;
  uniform float uFlow, uCharge;
  uniform vec3 uPrompt, uCompletion;
  in float vAlong, vPrompt;
  out vec4 color;
  void main() {
    float dash = pow(0.5 + 0.5 * sin((vAlong * 5.0 - uFlow) * 6.2831853), 6.0);
    float light = (0.1 + 0.16 * dash + 0.22 * uCharge) * smoothstep(0.0, 0.12, vAlong) * (1.0 - 0.4 * vAlong);
    color = vec4(mix(uCompletion, uPrompt, vPrompt) * light, 1.0);
  }
`;

/**
 * @typedef {object} Particles
 * @property {any} group
 * @property {(promptTokens: number, completionTokens: number) => void} inject
 * @property {(dt: number, aspect: number, pixelHeight: number) => number} advance how many arrived
 * @property {(limit: number) => void} limit how many may be under way at once
 * @property {() => void} clear forgets what is under way, after a jump in time
 * @property {{alive: number, injected: number, absorbed: number, scale: number, charge: number}} tally
 * @property {(prompt: RGB, completion: RGB) => void} paint
 *
 * @typedef {[number, number, number]} RGB each 0-1, as shown on the screen
 */

/**
 * @param {any} THREE
 * @param {number} capacity
 * @returns {Particles}
 */
export function buildParticles(THREE, capacity) {
  const quad = new THREE.InstancedBufferGeometry();
  quad.setAttribute(
    "position", new THREE.Float32BufferAttribute([-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0], 3)
  );
  quad.setIndex([0, 1, 2, 0, 2, 3]);
  const launches = new THREE.InstancedBufferAttribute(new Float32Array(capacity * 4), 4);
  const courses = new THREE.InstancedBufferAttribute(new Float32Array(capacity * 4), 4);
  for (let i = 0; i < capacity; i += 1) launches.array[i * 4 + 1] = 1;
  for (let i = 0; i < capacity * 4; i += 1) courses.array[i] = i % 4 < 2 ? Math.random() * 2 - 1 : Math.random();
  launches.setUsage(THREE.DynamicDrawUsage);
  quad.setAttribute("aLaunch", launches);
  quad.setAttribute("aCourse", courses);

  const uniforms = {
    uNow: { value: 0 }, uSize: { value: 0.01 }, uAspect: { value: 1 }, uFlow: { value: 0 },
    uCharge: { value: 0 }, uPrompt: { value: new THREE.Color() },
    uCompletion: { value: new THREE.Color() },
  };
  const light = {
    glslVersion: THREE.GLSL3, uniforms, transparent: true, depthWrite: false,
    // Which side of a particle's quad is seen depends on where it flies.
    side: THREE.DoubleSide,
    blending: THREE.CustomBlending, blendSrc: THREE.OneFactor, blendDst: THREE.OneFactor,
  };
  const cloud = new THREE.Mesh(
    quad, new THREE.ShaderMaterial({ ...light, vertexShader: VERTEX, fragmentShader: FRAGMENT }));
  cloud.frustumCulled = false;
  cloud.renderOrder = 3;
  const lines = new THREE.LineSegments(
    lineGeometry(THREE),
    new THREE.ShaderMaterial({ ...light, vertexShader: LINE_VERTEX, fragmentShader: LINE_FRAGMENT }));
  lines.frustumCulled = false;
  lines.renderOrder = 2;
  const group = new THREE.Group();
  group.add(lines, cloud);

  const arrivals = new Int32Array(SLOTS);
  let slot = 0;
  let slotTime = 0;
  let place = 0;
  let allowed = capacity;
  let promptRest = 0;
  let completionRest = 0;
  const tally = { alive: 0, injected: 0, absorbed: 0, scale: BASE_SCALE, charge: 0 };

  /** @param {number} count @param {boolean} isPrompt @param {number} spread seconds */
  function launch(count, isPrompt, spread) {
    const crown = isPrompt ? UPPER_CROWN : LOWER_CROWN;
    const first = place;
    for (let i = 0; i < count; i += 1) {
      const delay = (i / count) * spread + Math.random() * 0.05;
      const duration = (isPrompt ? 2.3 : 2.7) + Math.random() * 0.7;
      const nozzle = Math.floor(Math.random() * crown.nozzles);
      const at = place * 4;
      launches.array[at] = uniforms.uNow.value + delay;
      launches.array[at + 1] = duration;
      launches.array[at + 2] = (nozzle / crown.nozzles) * Math.PI * 2;
      launches.array[at + 3] = isPrompt ? 1 : 0;
      place = (place + 1) % capacity;
      arrivals[(
        slot + Math.min(SLOTS - 1, Math.ceil((delay + duration) / SLOT_SECONDS))
      ) % SLOTS] += 1;
    }
    if (count === 0) return;
    if (first + count <= capacity) launches.addUpdateRange(first * 4, count * 4);
    else {
      launches.addUpdateRange(first * 4, (capacity - first) * 4);
      launches.addUpdateRange(0, place * 4);
    }
    launches.needsUpdate = true;
    tally.alive += count;
    tally.injected += count;
  }

  return {
    group,
    tally,
    inject(promptTokens, completionTokens) {
      // Where a burst would not fit, each particle stands for more tokens; none is left out.
      const room = Math.max(LEAST_ROOM, allowed - tally.alive);
      while ((promptTokens + completionTokens) / tally.scale > room) tally.scale *= 2;
      promptRest += promptTokens / tally.scale;
      completionRest += completionTokens / tally.scale;
      const prompts = Math.floor(promptRest);
      const completions = Math.floor(completionRest);
      promptRest -= prompts;
      completionRest -= completions;
      const spread = Math.min(2.4, 0.5 + prompts / 300);
      launch(prompts, true, spread);
      launch(completions, false, spread + 0.6);
      tally.charge = Math.min(1, tally.charge + 0.35);
    },
    advance(dt, aspect, pixelHeight) {
      uniforms.uNow.value += dt;
      uniforms.uAspect.value = aspect;
      uniforms.uSize.value = Math.max(0.0065, 2.2 / pixelHeight);
      tally.charge *= Math.exp(-dt / 1.6);
      uniforms.uCharge.value = tally.charge;
      uniforms.uFlow.value = (uniforms.uFlow.value + dt * (0.12 + tally.charge)) % 1;
      let arrived = 0;
      slotTime += dt;
      while (slotTime >= SLOT_SECONDS) {
        slotTime -= SLOT_SECONDS;
        arrived += arrivals[slot];
        arrivals[slot] = 0;
        slot = (slot + 1) % SLOTS;
      }
      tally.alive -= arrived;
      tally.absorbed += arrived;
      cloud.visible = tally.alive > 0;
      quad.instanceCount = capacity;
      if (tally.scale > BASE_SCALE && tally.alive < allowed / 8) tally.scale /= 2;
      if (tally.alive === 0 && uniforms.uNow.value > CLOCK_RESTARTS_AFTER) {
        launches.array.fill(0);
        for (let i = 0; i < capacity; i += 1) launches.array[i * 4 + 1] = 1;
        launches.needsUpdate = true;
        uniforms.uNow.value = 0;
      }
      return arrived;
    },
    limit(count) {
      allowed = Math.min(capacity, count);
    },
    clear() {
      for (let i = 0; i < capacity; i += 1) launches.array[i * 4] = -1000;
      launches.needsUpdate = true;
      arrivals.fill(0);
      tally.injected -= tally.alive;
      tally.alive = 0;
      tally.charge = 0;
    },
    paint(prompt, completion) {
      uniforms.uPrompt.value.setRGB(...prompt);
      uniforms.uCompletion.value.setRGB(...completion);
    },
  };
}

/**
 * All field lines as one set of segments: share along the line, angle, whether of prompts.
 * @param {any} THREE
 */
function lineGeometry(THREE) {
  const steps = 40;
  /** @type {number[]} */
  const points = [];
  for (const [crown, isPrompt] of /** @type {const} */ ([[UPPER_CROWN, 1], [LOWER_CROWN, 0]])) {
    for (let line = 0; line < crown.nozzles; line += 1) {
      const angle = (line / crown.nozzles) * Math.PI * 2;
      for (let step = 0; step < steps; step += 1) {
        points.push(step / steps, angle, isPrompt, (step + 1) / steps, angle, isPrompt);
      }
    }
  }
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute(
    "position", new THREE.Float32BufferAttribute(new Float32Array(points.length), 3)
  );
  geometry.setAttribute("aLine", new THREE.Float32BufferAttribute(points, 3));
  return geometry;
}
