/** How many frames a second there are, and what the script takes of each; for `debug=1`. */

const EVERY_MS = 1000;

export class Meter {
  #began = 0;
  #frames = 0;
  #spent = 0;

  /** @param {(words: string) => void} tell called about once a second while there are frames */
  constructor(tell) {
    this.tell = tell;
  }

  /** @param {number} now ms @param {number} spent by the script on this frame, ms @param {number} moving emojis */
  count(now, spent, moving) {
    this.#frames++;
    this.#spent += spent;
    const ms = now - this.#began;
    if (ms < EVERY_MS) return;
    const [rate, each] = [(1000 * this.#frames) / ms, this.#spent / this.#frames];
    // Where nothing moves, frames come as numbers do; and after a pause the first second says nothing.
    const words = `${rate.toFixed(0)} frames/s, ${each.toFixed(2)} ms of script each, ${moving} emojis`;
    if (ms < 2 * EVERY_MS) this.tell(moving > 0 ? words : "");
    this.#began = now;
    this.#frames = this.#spent = 0;
  }
}
