/**
 * Containment rings: each ceiling of the budget is a ring about the core that fills as an arc.
 *
 * A ring without a ceiling is drawn dashed and stays empty, because there is nothing to fill it by.
 */

/** The rings from the inside out, in the order in which a call meets their ceilings. */
export const RING_KEYS = /** @type {const} */ (["request", "run", "day", "week"]);
const RADII = [2.34, 2.62, 2.9, 3.18];
const WIDTH = 0.1;
/**
 * Where an arc begins, and how far round it goes when full, leaving a gap for reading where it
 * starts.
 */
const START = Math.PI * 1.2;
const SWEEP = Math.PI * 1.88;

const VERTEX = /* glsl */ `
  out vec2 vPlace;
  void main() {
    vPlace = position.xy;
    gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  }
`;

const FRAGMENT = /* glsl */ `
  precision highp float;
  uniform float uFill, uInner, uOuter, uHasLimit, uPulse;
  uniform vec3 uTone, uTrack;
  in vec2 vPlace;
  out vec4 color;
  void main() {
    float radius = length(vPlace);
    float across = (radius - uInner) / (uOuter - uInner);
    float turn = mod(${START.toFixed(5)} - atan(vPlace.y, vPlace.x), 6.2831853);
    float along = turn / ${SWEEP.toFixed(5)};
    float soft = fwidth(across);
    float inside = step(along, 1.0);
    float lane = smoothstep(0.0, soft, across - 0.22) * smoothstep(0.0, soft, 0.78 - across);
    float rails = 1.0 - smoothstep(0.0, soft * 1.2, min(abs(across - 0.06), abs(across - 0.94)) - 0.03);
    float tenth = abs(fract(along * 10.0 + 0.5) - 0.5) / 10.0 * ${SWEEP.toFixed(3)} * radius;
    float tick = (1.0 - smoothstep(0.0, 0.02, tenth)) * step(across, 1.0);
    float dash = mix(step(0.5, fract(along * 60.0)), 1.0, uHasLimit);

    vec3 light = uTrack * (lane * 0.16 * dash + rails * 0.42 * dash + tick * 0.34 * uHasLimit) * inside;
    float filled = step(along, uFill) * inside * uHasLimit;
    float grain = 0.75 + 0.25 * step(0.35, fract(along * 120.0));
    light += uTone * lane * filled * grain * (0.75 + 0.6 * along / max(uFill, 0.02)) * (1.0 + 0.6 * uPulse);
    float head = (along - uFill) * ${SWEEP.toFixed(3)} * radius;
    light += uTone * exp(-head * head * 500.0) * smoothstep(1.3, 0.5, abs(across - 0.5) * 2.0) * 2.2 * uHasLimit * inside;
    color = vec4(light, 1.0);
  }
`;

/**
 * @param {any} THREE
 */
export function buildRings(THREE) {
  const group = new THREE.Group();
  group.rotation.x = -Math.PI / 2;
  const rings = RADII.map((radius) => {
    const uniforms = {
      uFill: { value: 0 }, uInner: { value: radius - WIDTH }, uOuter: { value: radius + WIDTH },
      uHasLimit: { value: 0 }, uPulse: { value: 0 }, uTone: { value: new THREE.Color() },
      uTrack: { value: new THREE.Color() },
    };
    const mesh = new THREE.Mesh(
      new THREE.RingGeometry(radius - WIDTH, radius + WIDTH, 180, 1),
      new THREE.ShaderMaterial({
        glslVersion: THREE.GLSL3, uniforms, vertexShader: VERTEX, fragmentShader: FRAGMENT,
        transparent: true, depthWrite: false, side: THREE.DoubleSide,
        blending: THREE.CustomBlending, blendSrc: THREE.OneFactor, blendDst: THREE.OneFactor,
      }));
    mesh.renderOrder = 1;
    group.add(mesh);
    return { radius, uniforms };
  });
  return {
    group,
    /**
     * @param {number} index
     * @param {number} fill share of the ceiling, drawn up to 1
     * @param {boolean} hasLimit
     * @param {[number, number, number]} tone
     * @param {number} pulse 0-1, how strongly the ring calls for attention
     */
    set(index, fill, hasLimit, tone, pulse) {
      const { uniforms } = rings[index];
      uniforms.uFill.value = Math.min(1, Math.max(0, fill));
      uniforms.uHasLimit.value = hasLimit ? 1 : 0;
      uniforms.uTone.value.setRGB(tone[0], tone[1], tone[2]);
      uniforms.uPulse.value = pulse;
    },
    /** @param {[number, number, number]} track */
    paint(track) {
      for (const { uniforms } of rings) uniforms.uTrack.value.setRGB(...track);
    },
    /**
     * Where the arc of a ring begins, in the scene's space, written into `point`.
     * @param {number} index
     * @param {any} point
     */
    start(index, point) {
      const { radius } = rings[index];
      return point.set(Math.cos(START) * radius, 0, -Math.sin(START) * radius);
    },
  };
}
