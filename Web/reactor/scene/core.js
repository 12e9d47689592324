/** The plasma: a ball of filaments, the shell of light around it, and the rays that leave it. */

import { NOISE_GLSL } from "./noise.js";
import { CORE_RADIUS } from "./paths.js";

/** How many waves can run over the surface at a time. */
export const RIPPLES = 4;

const SURFACE_VERTEX = /* glsl */ `
  ${NOISE_GLSL}
  uniform float uTime, uHeat, uFlash;
  out vec3 vPoint, vNormal, vSight;
  void main() {
    vec3 n = normalize(position);
    float swell = layered(n * 1.4 + vec3(0.0, uTime * 0.12, 0.0));
    float radius = ${CORE_RADIUS} * (1.0 + 0.035 * swell * (0.5 + uHeat) + 0.025 * uFlash);
    vPoint = n;
    vec4 seen = modelViewMatrix * vec4(n * radius, 1.0);
    vNormal = normalize(normalMatrix * n);
    vSight = normalize(-seen.xyz);
    gl_Position = projectionMatrix * seen;
  }
`;

const SURFACE_FRAGMENT = /* glsl */ `
  precision highp float;
  ${NOISE_GLSL}
  uniform float uTime, uHeat, uFlash, uCrust, uSpeed;
  uniform vec3 uDeep, uMid, uHot;
  uniform vec4 uRipples[${RIPPLES}];
  in vec3 vPoint, vNormal, vSight;
  out vec4 color;
  void main() {
    vec3 n = normalize(vPoint);
    float t = uSpeed;
    vec3 drift = vec3(noiseAt(n * 1.3 + vec3(t * 0.7, 0.0, 2.0)),
                      noiseAt(n * 1.3 + vec3(5.0, t * 0.6, 0.0)),
                      noiseAt(n * 1.3 + vec3(0.0, 9.0, -t * 0.65)));
    vec3 p = n * 2.2 + drift * 1.3;
    float cloud = layered(p + vec3(0.0, t, 0.0));
    float thread = 1.0 - abs(noiseAt(p * 1.7 + vec3(t * 0.8, 0.0, -t)) * 0.7 + cloud * 0.5);
    thread = pow(clamp(thread, 0.0, 1.0), 7.0);
    float facing = clamp(dot(normalize(vNormal), normalize(vSight)), 0.0, 1.0);
    float rim = pow(1.0 - facing, 2.2);

    float glow = 0.2 + 0.36 * cloud + 0.6 * thread + 0.16 * uHeat + 0.16 * facing * uHeat;
    float wave = 0.0;
    for (int i = 0; i < ${RIPPLES}; i += 1) {
      float age = uRipples[i].w;
      float apart = acos(clamp(dot(n, uRipples[i].xyz), -1.0, 1.0));
      float front = apart - age * 2.4;
      wave += exp(-front * front * 90.0) * exp(-age * 2.2) * step(0.0, age);
    }
    glow += wave * 0.8 + uFlash * (0.16 + 0.4 * thread);

    // Held below white, so that the filaments are seen also in the brightest flash.
    glow = 1.3 * (1.0 - exp(-1.15 * glow));
    vec3 body = mix(uDeep, uMid, smoothstep(0.05, 0.62, glow));
    body = mix(body, uHot, smoothstep(0.62, 1.35, glow));
    body *= 0.5 + 0.75 * glow;
    body += uMid * rim * (0.9 + 0.9 * uHeat) + uHot * rim * rim * 0.5;

    // A blocked furnace is banked: slag covers the fire, which shows through the cracks only.
    float plate = noiseAt(n * 2.6) * 0.6 + noiseAt(n * 5.3 + 4.0) * 0.4;
    float crack = smoothstep(0.16, 0.0, abs(plate)) * (0.75 + 0.25 * cloud);
    vec3 slag = uDeep * 0.35 + uMid * 0.05 * (0.5 + facing) + uMid * rim * 0.55;
    vec3 banked = slag + mix(uMid, uHot, crack * 0.5) * crack * (1.5 + 0.5 * thread);
    color = vec4(mix(body, banked, uCrust), 1.0);
  }
`;

const SHELL_VERTEX = /* glsl */ `
  out vec3 vNormal, vSight;
  void main() {
    vec4 seen = modelViewMatrix * vec4(position, 1.0);
    vNormal = normalize(normalMatrix * normal);
    vSight = normalize(-seen.xyz);
    gl_Position = projectionMatrix * seen;
  }
`;

const SHELL_FRAGMENT = /* glsl */ `
  precision mediump float;
  uniform float uHeat, uFlash, uCrust;
  uniform vec3 uMid, uHot;
  in vec3 vNormal, vSight;
  out vec4 color;
  void main() {
    // Drawn from inside: thin at its own edge, dense toward the ball in front of it.
    float depth = clamp(-dot(normalize(vNormal), normalize(vSight)), 0.0, 1.0);
    float light = pow(depth, 3.2) * (0.32 + 0.36 * uHeat + 0.35 * uFlash) * (1.0 - 0.6 * uCrust);
    color = vec4(mix(uMid, uHot, 0.15 + 0.4 * uFlash) * light, 1.0);
  }
`;

const RAYS_VERTEX = /* glsl */ `
  out vec2 vPlace;
  void main() {
    vPlace = position.xy;
    vec4 center = modelViewMatrix * vec4(0.0, 0.0, 0.0, 1.0);
    center.xy += position.xy * 3.1;
    gl_Position = projectionMatrix * center;
  }
`;

const RAYS_FRAGMENT = /* glsl */ `
  precision highp float;
  ${NOISE_GLSL}
  uniform float uHeat, uFlash, uCrust, uSpeed;
  uniform vec3 uMid, uHot;
  in vec2 vPlace;
  out vec4 color;
  void main() {
    float far = length(vPlace);
    vec2 way = vPlace / max(far, 1e-4);
    float streak = noiseAt(vec3(way * 3.4, uSpeed * 0.9)) * 0.6
                 + noiseAt(vec3(way * 8.5, far * 1.2 - uSpeed * 1.6)) * 0.4;
    float edge = ${(CORE_RADIUS / 3.1).toFixed(4)};
    float fall = smoothstep(1.0, edge, far);
    float halo = pow(fall, 4.5) * 0.55;
    float rays = pow(fall, 2.6) * smoothstep(0.05, 0.75, streak) * 0.55;
    float light = (halo + rays * (0.35 + uHeat)) * (0.3 + 0.6 * uHeat + 0.5 * uFlash);
    color = vec4(mix(uMid, uHot, 0.12 + uFlash * 0.3) * light * (1.0 - 0.7 * uCrust), 1.0);
  }
`;

/**
 * @typedef {object} Core
 * @property {any} group
 * @property {Record<string, {value: any}>} uniforms shared by all three layers
 * @property {(x: number, y: number, z: number) => void} ripple starts a wave at a point of the ball
 * @property {(dt: number) => void} advance
 */

/**
 * @param {any} THREE
 * @param {any} noise
 * @returns {Core}
 */
export function buildCore(THREE, noise) {
  const ripples = Array.from({ length: RIPPLES }, () => new THREE.Vector4(0, 1, 0, -1));
  const uniforms = {
    uNoise: { value: noise }, uTime: { value: 0 }, uSpeed: { value: 0 }, uHeat: { value: 0 },
    uFlash: { value: 0 }, uCrust: { value: 0 }, uDeep: { value: new THREE.Color() },
    uMid: { value: new THREE.Color() }, uHot: { value: new THREE.Color() },
    uRipples: { value: ripples },
  };
  /** @param {string} vertexShader @param {string} fragmentShader @param {object} more */
  const material = (vertexShader, fragmentShader, more) =>
    new THREE.ShaderMaterial({
      glslVersion: THREE.GLSL3, uniforms, vertexShader, fragmentShader, ...more,
    });
  const light = {
    transparent: true, depthWrite: false, blending: THREE.CustomBlending,
    blendSrc: THREE.OneFactor, blendDst: THREE.OneFactor,
  };
  const ball = new THREE.Mesh(
    new THREE.IcosahedronGeometry(1, 24), material(SURFACE_VERTEX, SURFACE_FRAGMENT, {}));
  const shell = new THREE.Mesh(
    new THREE.IcosahedronGeometry(CORE_RADIUS * 1.42, 8),
    material(SHELL_VERTEX, SHELL_FRAGMENT, { ...light, side: THREE.BackSide }));
  const rays = new THREE.Mesh(
    new THREE.PlaneGeometry(2, 2), material(RAYS_VERTEX, RAYS_FRAGMENT, light));
  rays.frustumCulled = false;
  const group = new THREE.Group();
  group.add(ball, shell, rays);
  rays.renderOrder = -1;

  let next = 0;
  return {
    group,
    uniforms,
    ripple(x, y, z) {
      ripples[next].set(x, y, z, 0).normalize();
      ripples[next].w = 0;
      next = (next + 1) % RIPPLES;
    },
    advance(dt) {
      uniforms.uTime.value += dt;
      // The fire runs faster when it is hotter, without a jump of its phase when the heat changes.
      uniforms.uSpeed.value += dt * (
        0.16 + 0.5 * uniforms.uHeat.value
      ) * (1 - 0.75 * uniforms.uCrust.value);
      for (const wave of ripples) if (wave.w >= 0) wave.w = wave.w > 3 ? -1 : wave.w + dt;
      ball.rotation.y += dt * 0.05;
    },
  };
}
