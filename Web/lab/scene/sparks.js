// Short-lived points: tails of comets, bursts, drones. They live in one pool of fixed size; where it
// is full, the oldest make room.

/** The most that live at one time. */
export const sparksMost = 1400;

export class Sparks {
  constructor() {
    this.position = new Float32Array(sparksMost * 3);
    this.velocity = new Float32Array(sparksMost * 3);
    this.color = new Float32Array(sparksMost * 3);
    this.size = new Float32Array(sparksMost);
    /** 1 when new, 0 when gone. */
    this.life = new Float32Array(sparksMost);
    this.fade = new Float32Array(sparksMost);
    this.next = 0;
    this.living = 0;
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} z
   * @param {[number, number, number]} velocity units in a second
   * @param {[number, number, number]} color
   * @param {number} size
   * @param {number} seconds how long it lives
   */
  add(x, y, z, velocity, color, size, seconds) {
    const i = this.next;
    this.next = (i + 1) % sparksMost;
    this.position.set([x, y, z], i * 3);
    this.velocity.set(velocity, i * 3);
    this.color.set(color, i * 3);
    this.size[i] = size;
    this.life[i] = 1;
    this.fade[i] = 1 / Math.max(0.05, seconds);
  }

  /** @param {number} dt seconds */
  step(dt) {
    const drag = Math.exp(-1.6 * dt);
    this.living = 0;
    for (let i = 0; i < sparksMost; i += 1) {
      if (this.life[i] <= 0) continue;
      this.life[i] = Math.max(0, this.life[i] - this.fade[i] * dt);
      this.living += 1;
      for (let axis = i * 3; axis < i * 3 + 3; axis += 1) {
        this.position[axis] += this.velocity[axis] * dt;
        this.velocity[axis] *= drag;
      }
    }
  }

  clear() {
    this.life.fill(0);
    this.living = 0;
  }
}
