/**
 * A periodic block of gradient noise, made once and kept by the graphics card.
 *
 * The plasma samples noise several times for each pixel. Reading a small texture costs a fraction of
 * computing the noise anew, which matters on machines that draw in software.
 */

const SIZE = 32;
const CELLS = 8;

/**
 * A stirred 32-bit number (the multipliers of Wellons' `lowbias32`), so that the block is the same on
 * every machine.
 * @param {number} value
 */
function stirred(value) {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/**
 * The slope at a corner of the lattice, times the way to it.
 * @param {number} x @param {number} y @param {number} z lattice corner
 * @param {number} dx @param {number} dy @param {number} dz way from the corner
 */
function slope(x, y, z, dx, dy, dz) {
  const corner = (x % CELLS) + CELLS * ((y % CELLS) + CELLS * (z % CELLS));
  const bits = stirred(corner + 1);
  const polar = ((bits & 0xffff) / 0xffff) * 2 - 1;
  const turn = ((bits >>> 16) / 0xffff) * Math.PI * 2;
  const flat = Math.sqrt(1 - polar * polar);
  return dx * flat * Math.cos(turn) + dy * flat * Math.sin(turn) + dz * polar;
}

/** @param {number} t */
const eased = (t) => t * t * t * (t * (t * 6 - 15) + 10);
/** @param {number} a @param {number} b @param {number} t */
const between = (a, b, t) => a + (b - a) * t;

/** @returns {Uint8Array} one byte for each of the block's cells, 128 for zero */
function noiseBlock() {
  const block = new Uint8Array(SIZE ** 3);
  const step = CELLS / SIZE;
  let place = 0;
  for (let k = 0; k < SIZE; k += 1) {
    for (let j = 0; j < SIZE; j += 1) {
      for (let i = 0; i < SIZE; i += 1) {
        const [x, y, z] = [Math.floor(i * step), Math.floor(j * step), Math.floor(k * step)];
        const [dx, dy, dz] = [i * step - x, j * step - y, k * step - z];
        const [u, v, w] = [eased(dx), eased(dy), eased(dz)];
        const floor = between(
          between(slope(x, y, z, dx, dy, dz), slope(x + 1, y, z, dx - 1, dy, dz), u),
          between(
            slope(x, y + 1, z, dx, dy - 1, dz), slope(x + 1, y + 1, z, dx - 1, dy - 1, dz), u),
          v);
        const ceiling = between(
          between(
            slope(x, y, z + 1, dx, dy, dz - 1), slope(x + 1, y, z + 1, dx - 1, dy, dz - 1), u),
          between(
            slope(x, y + 1, z + 1, dx, dy - 1, dz - 1),
            slope(x + 1, y + 1, z + 1, dx - 1, dy - 1, dz - 1), u),
          v);
        block[place] = Math.round(
          128 + 127 * Math.max(-1, Math.min(1, 1.3 * between(floor, ceiling, w)))
        );
        place += 1;
      }
    }
  }
  return block;
}

/**
 * The block as a repeating texture.
 * @param {any} THREE
 */
export function noiseTexture(THREE) {
  const texture = new THREE.Data3DTexture(noiseBlock(), SIZE, SIZE, SIZE);
  texture.format = THREE.RedFormat;
  texture.minFilter = THREE.LinearFilter;
  texture.magFilter = THREE.LinearFilter;
  texture.wrapS = texture.wrapT = texture.wrapR = THREE.RepeatWrapping;
  texture.unpackAlignment = 1;
  texture.needsUpdate = true;
  return texture;
}

/** Shader functions over the block; `uNoise` is the texture. */
export const NOISE_GLSL = /* glsl */ `
  uniform mediump sampler3D uNoise;
  float noiseAt(vec3 p) { return texture(uNoise, p * 0.125).r * 2.0 - 1.0; }
  float layered(vec3 p) {
    return noiseAt(p) * 0.55 + noiseAt(p * 2.03 + 3.1) * 0.28 + noiseAt(p * 4.1 + 7.7) * 0.17;
  }
`;
