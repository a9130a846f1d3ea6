/**
 * Emojis on their way. Where one is follows from the time alone, so a slow machine shows fewer frames of the same
 * motion. The objects are made once and used again, and none outlives its place.
 *
 * @typedef {import('./room.js').Box} Room  in pixels of the canvas
 * @typedef {'up' | 'down' | 'left' | 'right'} Direction
 * @typedef {{sprite: import('./sprites.js').Sprite, born: number, life: number, x: number, y: number,
 *            way: number, sway: number, phase: number}} Particle
 */

/** How long an emoji is on screen at speed 1, on average. */
export const LIFE_S = 4;
const SWAYS_A_SECOND = 0.45;
/** Parts of its life in which an emoji comes out, and after which it fades. */
const COMING = 0.06;
const FADING_FROM = 0.7;
const GOLDEN = 0.618034;
const ALONG = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] };

export class Particles {
  /** @type {Particle[]} */ #moving = [];
  /** @type {Particle[]} */ #spare = [];
  #last = Math.random();

  /** @param {number} most @param {number} speed @param {Direction} direction */
  constructor(most, speed, direction) {
    this.most = most;
    this.speed = speed;
    [this.dx, this.dy] = ALONG[direction];
  }

  get count() {
    return this.#moving.length;
  }

  /** @param {import('./sprites.js').Sprite} sprite @param {Room} room @param {number} now ms */
  add(sprite, room, now) {
    if (this.#moving.length >= this.most) return;
    const particle = this.#spare.pop() ?? {};
    const { half } = sprite;
    const isUpright = this.dx === 0;
    const [length, breadth] = isUpright ? [room.height, room.width] : [room.width, room.height];
    // Steps of the golden ratio leave no gaps and no heaps, which chance alone does.
    this.#last = (this.#last + GOLDEN) % 1;
    const sway = Math.min(half * (0.3 + Math.random() / 2), breadth / 8);
    const margin = Math.min(half + sway, breadth / 2);
    const across = margin + this.#last * (breadth - 2 * margin);
    const start = this.dx + this.dy > 0 ? -half : length + half;
    particle.sprite = sprite;
    particle.born = now;
    particle.life = (1000 * LIFE_S * (0.8 + 0.4 * Math.random())) / this.speed;
    particle.x = room.x + (isUpright ? across : start) - half;
    particle.y = room.y + (isUpright ? start : across) - half;
    particle.way = (length + half) * (0.75 + 0.25 * Math.random());
    particle.sway = sway;
    particle.phase = 2 * Math.PI * Math.random();
    this.#moving.push(particle);
  }

  /** Take away what has arrived. @param {number} now ms */
  retire(now) {
    const moving = this.#moving;
    let kept = 0;
    // In the order in which they came, so that none jumps in front of another.
    for (const particle of moving) {
      if (now - particle.born < particle.life) moving[kept++] = particle;
      else this.#spare.push(particle);
    }
    moving.length = kept;
  }

  /** @param {CanvasRenderingContext2D} context @param {number} now ms */
  draw(context, now) {
    for (const particle of this.#moving) {
      const age = now - particle.born;
      const done = age / particle.life;
      const along = particle.way * done * (1.25 - 0.25 * done);
      const across = particle.sway * Math.sin((2 * Math.PI * SWAYS_A_SECOND * age) / 1000 + particle.phase);
      context.globalAlpha = Math.min(1, done / COMING, (1 - done) / (1 - FADING_FROM));
      // Whole pixels: a copy between them would have to be mixed anew, at several times the cost.
      const x = Math.round(particle.x + this.dx * along + Math.abs(this.dy) * across);
      const y = Math.round(particle.y + this.dy * along + Math.abs(this.dx) * across);
      context.drawImage(particle.sprite.picture, x, y);
    }
    context.globalAlpha = 1;
  }

  /** Take all of them away. */
  clear() {
    this.#spare.push(...this.#moving);
    this.#moving.length = 0;
  }
}
