/**
 * From taps to emojis on screen. Pure: time is what it is told.
 *
 * A few taps are shown one by one. Above that the number of emojis grows with the logarithm of the rate, and reaches
 * what the screen holds at a rate that only a huge crowd has: so more taps always look like more, and a million looks
 * full. A tap's weight fades over half a second instead of going out at once, which spreads what comes in batches.
 */

/** Taps a second at which a screen is full. */
const FULL_RATE = 100_000;
/** How long a tap goes on to count in the rate, seconds. */
const FADE_S = 0.5;
/** A gap between two frames in which nothing was drawn: what was tapped in it is past. */
const GAP_S = 0.25;
const NEGLIGIBLE_RATE = 0.01;

export class Flow {
  /** @type {Map<string, {rate: number, credit: number}>} by emoji: taps a second, emojis due */ #emojis = new Map();
  #linear;

  /** @param {number} most emojis a second that the screen holds */
  constructor(most) {
    this.most = most;
    this.#linear = linearRate(most);
  }

  get isDry() {
    return this.#emojis.size === 0;
  }

  /** @param {string} emoji @param {number} taps */
  add(emoji, taps) {
    const entry = this.#emojis.get(emoji) ?? { rate: 0, credit: 0 };
    entry.rate += taps / FADE_S;
    this.#emojis.set(emoji, entry);
  }

  /**
   * Let time pass.
   * @param {number} seconds since the last time
   * @param {(emoji: string) => void} show called for every emoji that is due
   */
  pass(seconds, show) {
    const entries = [...this.#emojis];
    const all = entries.reduce((sum, [, { rate }]) => sum + rate, 0);
    const parts = entries.reduce((sum, [, { rate }]) => sum + this.shown(rate), 0);
    const fading = Math.exp(-seconds / FADE_S);
    // What a rate that fades comes to in this time, per unit of its start.
    const weight = seconds > GAP_S ? 0 : FADE_S * (1 - fading);
    for (const [emoji, entry] of entries) {
      entry.credit += parts && (this.shown(all) * this.shown(entry.rate) * weight) / parts;
      entry.rate *= fading;
      // The first emoji of a tap is due at once, and paid for afterwards.
      for (; entry.credit > 0; entry.credit--) show(emoji);
      if (entry.rate < NEGLIGIBLE_RATE) this.#emojis.delete(emoji);
    }
  }

  /** Forget what was tapped. */
  stop() {
    this.#emojis.clear();
  }

  /** @param {number} rate taps a second @returns {number} emojis a second */
  shown(rate) {
    if (rate <= this.#linear) return rate;
    return Math.min(this.#linear * (1 + Math.log(rate / this.#linear)), this.most);
  }
}

/** @param {number} most @returns {number} the rate up to which each tap is shown, so that FULL_RATE gives `most` */
function linearRate(most) {
  let rate = most / 10;
  for (let i = 0; i < 20; i++) rate = most / (1 + Math.log(FULL_RATE / rate));
  return rate;
}
