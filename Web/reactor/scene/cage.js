/**
 * The furnace around the fire: coils that hold the plasma, two crowns with a nozzle for each field
 * line, and the floor that the fire lights.
 */

import { LOWER_CROWN, UPPER_CROWN } from "./paths.js";

const COILS = 10;

const METAL_VERTEX = /* glsl */ `
  out vec3 vNormal, vSight, vPoint;
  out float vAlong;
  void main() {
    vec4 local = vec4(position, 1.0);
    vec3 turned = normal;
    #ifdef USE_INSTANCING
      local = instanceMatrix * local;
      turned = mat3(instanceMatrix) * normal;
    #endif
    vPoint = local.xyz;
    vAlong = uv.x;
    vec4 seen = modelViewMatrix * local;
    vNormal = normalize(normalMatrix * turned);
    vSight = normalize(-seen.xyz);
    gl_Position = projectionMatrix * seen;
  }
`;

const METAL_FRAGMENT = /* glsl */ `
  precision highp float;
  uniform vec3 uMid, uHot, uMetal;
  uniform float uHeat, uCharge, uFlow;
  in vec3 vNormal, vSight, vPoint;
  in float vAlong;
  out vec4 color;
  void main() {
    vec3 n = normalize(vNormal);
    vec3 toFire = normalize((viewMatrix * vec4(0.0, 0.0, 0.0, 1.0)).xyz - (viewMatrix * vec4(vPoint, 1.0)).xyz);
    float near = 1.0 / (0.6 + dot(vPoint, vPoint) * 0.35);
    float lit = max(0.0, dot(n, toFire)) * near;
    float edge = pow(1.0 - max(0.0, dot(n, normalize(vSight))), 3.0);
    float pulse = exp(-pow(abs(fract(vAlong - uFlow + 0.5) - 0.5) * 14.0, 2.0));
    vec3 shine = uMetal * (0.5 + 0.35 * n.y) + uMid * lit * (0.55 + 1.3 * uHeat + 0.9 * uCharge)
               + mix(uMetal * 2.0, uMid, 0.65) * edge * (0.35 + 0.4 * uHeat);
    shine += uHot * pulse * uCharge * 0.7;
    color = vec4(shine, 1.0);
  }
`;

const FLOOR_VERTEX = /* glsl */ `
  out vec2 vPlace;
  void main() {
    vPlace = position.xy;
    gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  }
`;

const FLOOR_FRAGMENT = /* glsl */ `
  precision highp float;
  uniform vec3 uMid;
  uniform float uHeat, uFlash;
  in vec2 vPlace;
  out vec4 color;
  float ruled(float value, float width) {
    float apart = abs(fract(value + 0.5) - 0.5);
    float soft = fwidth(value) * 0.9 + width;
    return smoothstep(soft, 0.0, apart) * clamp(0.3 / soft, 0.0, 1.0);
  }
  void main() {
    float far = length(vPlace);
    float turn = atan(vPlace.y, vPlace.x) / 6.2831853;
    float lines = max(ruled(far * 1.6, 0.012), ruled(turn * 24.0, 0.006) * smoothstep(0.5, 1.6, far)) * 0.16;
    float pool = exp(-far * far * 0.28) * (0.14 + 0.2 * uHeat + 0.35 * uFlash);
    float fade = smoothstep(6.4, 1.2, far);
    color = vec4(uMid * (lines * fade * (0.5 + 0.5 * uHeat) + pool), 1.0);
  }
`;

/**
 * @param {any} THREE
 * @param {import("./core.js").Core} core whose light falls on the metal
 */
export function buildCage(THREE, core) {
  const uniforms = {
    uMid: core.uniforms.uMid, uHot: core.uniforms.uHot, uHeat: core.uniforms.uHeat,
    uFlash: core.uniforms.uFlash, uCharge: { value: 0 }, uFlow: { value: 0 },
    uMetal: { value: new THREE.Color() },
  };
  const metal = new THREE.ShaderMaterial({
    glslVersion: THREE.GLSL3, uniforms, vertexShader: METAL_VERTEX, fragmentShader: METAL_FRAGMENT,
  });
  const turning = new THREE.Group();

  const coil = new THREE.TubeGeometry(
    new THREE.CatmullRomCurve3(coilPoints(THREE), true), 90, 0.022, 7, true
  );
  const coils = new THREE.InstancedMesh(coil, metal, COILS);
  const matrix = new THREE.Matrix4();
  for (let i = 0; i < COILS; i += 1) coils.setMatrixAt(
    i, matrix.makeRotationY((i / COILS) * Math.PI * 2)
  );
  turning.add(coils);

  for (const crown of [UPPER_CROWN, LOWER_CROWN]) {
    const hoop = new THREE.TorusGeometry(crown.radius, 0.045, 8, 72);
    hoop.rotateX(Math.PI / 2);
    const rail = new THREE.Mesh(hoop, metal);
    rail.position.y = crown.height;
    const outer = new THREE.TorusGeometry(crown.radius * 1.16, 0.018, 6, 72);
    outer.rotateX(Math.PI / 2);
    const guard = new THREE.Mesh(outer, metal);
    guard.position.y = crown.height + Math.sign(crown.height) * 0.07;
    const nozzles = new THREE.InstancedMesh(
      new THREE.CylinderGeometry(0.05, 0.085, 0.2, 10), metal, crown.nozzles
    );
    const tilt = new THREE.Matrix4();
    for (let i = 0; i < crown.nozzles; i += 1) {
      const angle = (i / crown.nozzles) * Math.PI * 2;
      // The field lines turn the other way round the axis than a rotation about it does.
      matrix.makeRotationY(-angle);
      tilt.makeRotationZ(crown.height > 0 ? 2.5 : 0.7).setPosition(crown.radius, crown.height, 0);
      nozzles.setMatrixAt(i, matrix.multiply(tilt));
    }
    turning.add(rail, guard, nozzles);
  }

  const floor = new THREE.Mesh(
    new THREE.CircleGeometry(6.4, 64),
    new THREE.ShaderMaterial({
      glslVersion: THREE.GLSL3, uniforms, vertexShader: FLOOR_VERTEX, fragmentShader: FLOOR_FRAGMENT,
      transparent: true, depthWrite: false, blending: THREE.CustomBlending,
      blendSrc: THREE.OneFactor, blendDst: THREE.OneFactor,
    }));
  floor.rotation.x = -Math.PI / 2;
  floor.position.y = -2.15;
  floor.renderOrder = -2;

  return {
    turning,
    floor,
    /** @param {[number, number, number]} color */
    paint(color) {
      uniforms.uMetal.value.setRGB(...color);
    },
    /** @param {number} dt @param {number} charge */
    advance(dt, charge) {
      uniforms.uCharge.value = charge;
      uniforms.uFlow.value = (uniforms.uFlow.value + dt * (0.1 + 0.5 * charge)) % 1;
    },
  };
}

/**
 * The outline of a coil: straight near the axis, bowed outside, as coils of a magnetic trap are.
 * @param {any} THREE
 */
function coilPoints(THREE) {
  const outline = [
    [1.28, 2.02], [1.72, 1.78], [2.04, 1.2], [2.16, 0.45], [2.12, -0.35], [1.9, -1.05],
    [1.5, -1.55], [1.02, -1.78], [1.2, -1.5], [1.5, -1.1], [1.74, -0.5], [1.84, 0.2], [1.76, 0.95],
    [1.52, 1.55],
  ];
  return outline.map(([radius, height]) => new THREE.Vector3(radius, height, 0));
}
