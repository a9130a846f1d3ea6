/**
 * How many emojis this device can move: fewer where frames take long, and more again where they do not. An old phone
 * shows a smaller crowd, never a slower one.
 */

const LEAST_MOVING = 16;
/** Frames that are looked at together. */
const FRAMES = 20;
/** Below 30 frames a second it stutters; above 50 there is room for more. */
const SLOW_MS = 33;
const QUICK_MS = 20;

export class Pace {
  #highest;

  /** @param {number} most */
  constructor(most) {
    this.#highest = most;
    /** How many may move. */
    this.most = most;
  }

  /** Look at the frames for as long as something moves. @param {() => boolean} isMoving */
  watch(isMoving) {
    let frames = 0;
    let since = 0;
    const look = (/** @type {number} */ now) => {
      if (!isMoving()) return;
      if (frames === 0) since = now;
      else if (frames === FRAMES) {
        this.#judge((now - since) / FRAMES);
        frames = 0;
        since = now;
      }
      frames++;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }

  /** @param {number} frame how long one took, ms */
  #judge(frame) {
    if (frame > SLOW_MS) this.most = Math.max(Math.floor(this.most * 0.7), LEAST_MOVING);
    else if (frame < QUICK_MS) this.most = Math.min(this.most + 4, this.#highest);
  }
}
