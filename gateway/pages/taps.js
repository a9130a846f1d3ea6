/** Taps that are made within a moment go out as one frame. Taps without an answer are never sent again. */

const MOMENT_MS = 80;

export class Taps {
  /** @type {Record<string, number>} */ #counts = {};
  #timer = 0;

  /** @param {(counts: Record<string, number>) => void} send */
  constructor(send) {
    this.send = send;
  }

  /** @param {string} emoji */
  add(emoji) {
    this.#counts[emoji] = (this.#counts[emoji] ?? 0) + 1;
    this.#timer ||= setTimeout(() => this.#flush(), MOMENT_MS);
  }

  #flush() {
    const counts = this.#counts;
    this.#counts = {};
    this.#timer = 0;
    this.send(counts);
  }
}
