/**
 * Taps that wait to be sent, by when they were made.
 *
 * @typedef {Record<string, number>} Counts  emoji to taps
 * @typedef {{since: number, taps: Map<string, number>}} Layer  taps of about a second, and when the first was made
 */

const LAYER_MS = 1_000;
/** Taps of one emoji in one frame, as the gateway bounds them. */
const MOST_IN_FRAME = 1_000;
/** What nobody can have tapped by hand in the time that taps are kept; without it a script could pile up any number. */
const MOST_WAITING = 100_000;

export class TapPile {
  /** @type {Layer[]} oldest first */ #layers = [];
  #size = 0;

  get size() {
    return this.#size;
  }

  /** @returns {number | undefined} when the oldest taps were made */
  get since() {
    return this.#layers[0]?.since;
  }

  /**
   * @param {string} emoji
   * @param {number} taps
   * @param {number} at by the browser's stopwatch
   * @returns {number} how many of them there was room for
   */
  add(emoji, taps, at) {
    const fitting = Math.min(taps, MOST_WAITING - this.#size);
    if (fitting <= 0) return 0;
    const newest = this.#layers.at(-1);
    const layer = newest && at - newest.since < LAYER_MS ? newest : { since: at, taps: new Map() };
    if (layer !== newest) this.#layers.push(layer);
    layer.taps.set(emoji, (layer.taps.get(emoji) ?? 0) + fitting);
    this.#size += fitting;
    return fitting;
  }

  /** Put taps back that were taken. @param {Counts} counts @param {number} since */
  putBack(counts, since) {
    this.#layers.push({ since, taps: new Map(Object.entries(counts)) });
    this.#layers.sort((one, other) => one.since - other.since);
    this.#size += sum(counts);
  }

  /** @returns {{counts: Counts, since: number} | null} as many as fit into a frame, oldest first */
  take() {
    if (this.since === undefined) return null;
    const { since } = this;
    /** @type {Counts} */ const counts = {};
    for (const { taps } of this.#layers) {
      for (const [emoji, waiting] of taps) {
        const taken = Math.min(waiting, MOST_IN_FRAME - (counts[emoji] ?? 0));
        if (taken > 0) counts[emoji] = (counts[emoji] ?? 0) + taken;
        if (taken < waiting) taps.set(emoji, waiting - taken);
        else taps.delete(emoji);
      }
    }
    this.#tidy(counts);
    return { counts, since };
  }

  /** @param {number} before @returns {Counts} taps that were made before then; they are gone from here */
  takeOlder(before) {
    /** @type {Counts} */ const counts = {};
    for (const { taps } of this.#layers.filter((layer) => layer.since < before)) {
      for (const [emoji, waiting] of taps) counts[emoji] = (counts[emoji] ?? 0) + waiting;
      taps.clear();
    }
    this.#tidy(counts);
    return counts;
  }

  /** @param {Counts} gone */
  #tidy(gone) {
    this.#layers = this.#layers.filter(({ taps }) => taps.size > 0);
    this.#size -= sum(gone);
  }
}

/** @param {Counts} counts @returns {number} */
export function sum(counts) {
  return Object.values(counts).reduce((total, taps) => total + taps, 0);
}

/** @param {Counts} counts @param {Counts} others @returns {Counts} what is in the first and not in the second */
export function difference(counts, others) {
  const rest = Object.entries(counts).map(([emoji, taps]) => /** @type {const} */ ([emoji, taps - (others[emoji] ?? 0)]));
  return Object.fromEntries(rest.filter(([, taps]) => taps > 0));
}
