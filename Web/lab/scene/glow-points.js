// Points that glow, each with a shape of its own, in one draw call.

/** @typedef {import("../model/vocabulary.js").Shape} Shape */

/** @type {Record<Shape, number>} */
export const shapeNumbers = {
  dot: 0, disc: 1, ring: 2, cross: 3, diamond: 4, star: 5, square: 6,
};

const vertex = `
  attribute vec3 tint;
  attribute float size;
  attribute float shape;
  attribute float light;
  uniform float scale;
  uniform float least;
  varying vec3 vTint;
  varying float vShape;
  varying float vLight;
  void main() {
    vec4 seen = modelViewMatrix * vec4(position, 1.0);
    gl_Position = projectionMatrix * seen;
    gl_PointSize = size <= 0.0 ? 0.0 : clamp(size * scale / -seen.z, least, 220.0);
    vTint = tint;
    vShape = shape;
    vLight = light;
  }`;

const fragment = `
  varying vec3 vTint;
  varying float vShape;
  varying float vLight;
  uniform float halo;
  float body(vec2 p, float r) {
    if (vShape < 0.5) return smoothstep(0.24, 0.12, r);
    if (vShape < 1.5) return smoothstep(0.33, 0.27, r);
    if (vShape < 2.5) return smoothstep(0.06, 0.03, abs(r - 0.29));
    if (vShape < 3.5) {
      float bar = min(abs(p.x + p.y), abs(p.x - p.y));
      return smoothstep(0.1, 0.06, bar) * smoothstep(0.36, 0.32, r);
    }
    if (vShape < 4.5) return smoothstep(0.37, 0.32, abs(p.x) + abs(p.y));
    if (vShape < 5.5) {
      float turn = atan(p.x, p.y);
      float edge = 0.2 + 0.14 * pow(abs(cos(turn * 2.5)), 3.0);
      return max(smoothstep(edge, edge - 0.05, r), smoothstep(0.03, 0.015, abs(r - 0.43)) * 0.55);
    }
    return smoothstep(0.27, 0.23, max(abs(p.x), abs(p.y)));
  }
  void main() {
    vec2 p = gl_PointCoord * 2.0 - 1.0;
    p.y = -p.y;
    float r = length(p);
    if (r > 1.0) discard;
    float solid = body(p, r);
    float glow = halo * pow(max(0.0, 1.0 - r), 2.6) * vLight;
    float alpha = clamp(solid * (0.35 + 0.65 * vLight) + glow, 0.0, 1.0);
    vec3 tint = mix(vTint, vec3(1.0), solid * 0.16 * vLight * step(0.01, halo));
    gl_FragColor = vec4(tint, alpha);
  }`;

/**
 * @typedef {object} GlowPoints
 * @property {any} object what the scene draws
 * @property {(count: number) => void} reserve makes room for so many
 * @property {(i: number, x: number, y: number, z: number, r: number, g: number, b: number,
 *   size: number, shape: number, light: number) => void} put
 * @property {(count: number) => void} flush shows the first so many
 * @property {(scale: number, least: number, isDark: boolean) => void} adapt least is the smallest
 *   point, in pixels of the picture
 */

/**
 * Makes room for points.
 * @param {any} THREE
 * @param {number} capacity
 * @returns {GlowPoints}
 */
export function glowPoints(THREE, capacity) {
  const geometry = new THREE.BufferGeometry();
  const material = new THREE.ShaderMaterial({
    vertexShader: vertex, fragmentShader: fragment, transparent: true, depthWrite: false,
    uniforms: { scale: { value: 500 }, least: { value: 0 }, halo: { value: 0.8 } },
  });
  const object = new THREE.Points(geometry, material);
  object.frustumCulled = false;
  let room = 0;
  /** @type {Record<string, Float32Array>} */
  const arrays = {};
  const widths = { position: 3, tint: 3, size: 1, shape: 1, light: 1 };

  /** @param {number} count */
  function reserve(count) {
    if (count <= room) return;
    room = Math.max(count, room * 2, 64);
    for (const [name, width] of Object.entries(widths)) {
      geometry.deleteAttribute(name);
      arrays[name] = new Float32Array(room * width);
      const attribute = new THREE.BufferAttribute(arrays[name], width);
      attribute.setUsage(THREE.DynamicDrawUsage);
      geometry.setAttribute(name, attribute);
    }
  }
  reserve(capacity);
  geometry.setDrawRange(0, 0);

  return {
    object,
    reserve,
    put(i, x, y, z, r, g, b, size, shape, light) {
      const at = i * 3;
      arrays.position[at] = x;
      arrays.position[at + 1] = y;
      arrays.position[at + 2] = z;
      arrays.tint[at] = r;
      arrays.tint[at + 1] = g;
      arrays.tint[at + 2] = b;
      arrays.size[i] = size;
      arrays.shape[i] = shape;
      arrays.light[i] = light;
    },
    flush(count) {
      geometry.setDrawRange(0, count);
      for (const name of Object.keys(widths)) geometry.getAttribute(name).needsUpdate = true;
    },
    adapt(scale, least, isDark) {
      material.uniforms.least.value = least;
      material.uniforms.scale.value = scale;
      material.uniforms.halo.value = isDark ? 0.8 : 0.16;
      const blending = isDark ? THREE.AdditiveBlending : THREE.NormalBlending;
      if (material.blending !== blending) {
        material.blending = blending;
        material.needsUpdate = true;
      }
    },
  };
}
