/** Emojis that float up over the stage as totals grow. Their number is bounded, whatever the crowd does. */

import { Pace } from "./pace.js";

const MOST_MOVING = 60;
/** Part of the places that only own taps may take, so that a crowd never hides them. */
const KEPT_FOR_OWN = 0.2;
const MOST_PER_RISE = 6;
const SPREAD_MS = 350;
/** How far beside the finger own taps may rise, as a part of the stage. */
const OWN_SPREAD = 0.08;

export class Bursts {
  #moving = 0;
  /** Own taps, already shown under the finger, that the totals will count again. */
  #owed = new Map();
  #still = matchMedia("(prefers-reduced-motion: reduce)");
  #pace = new Pace(MOST_MOVING);
  #height = 0;
  /** @type {HTMLElement[]} signs that have landed, to be used again */ #landed = [];

  /** @param {HTMLElement} layer */
  constructor(layer) {
    this.layer = layer;
    new ResizeObserver(([{ contentRect }]) => (this.#height = contentRect.height)).observe(layer);
  }

  /**
   * Show one own tap at once.
   * @param {string} emoji
   * @param {number} x where, from 0 (left) to 1
   */
  tap(emoji, x) {
    this.#owed.set(emoji, (this.#owed.get(emoji) ?? 0) + 1);
    if (this.#moving < this.#pace.most) this.#float(emoji, x + OWN_SPREAD * (Math.random() - 0.5), 0);
  }

  /** @param {Map<string, number>} rises emoji to new taps */
  rise(rises) {
    for (const [emoji, taps] of rises) {
      const own = Math.min(taps, this.#owed.get(emoji) ?? 0);
      this.#owed.set(emoji, (this.#owed.get(emoji) ?? 0) - own);
      const others = taps - own;
      const shown = others > 0 ? Math.min(1 + Math.floor(Math.log2(others)), MOST_PER_RISE) : 0;
      for (let i = 0; i < shown; i++) {
        if (this.#hasRoom()) this.#float(emoji, 0.07 + 0.86 * Math.random(), Math.random() * SPREAD_MS);
      }
    }
  }

  /** Forget own taps that no total will count. @param {Record<string, number>} uncounted emoji to taps */
  forgive(uncounted) {
    for (const [emoji, taps] of Object.entries(uncounted)) {
      this.#owed.set(emoji, Math.max((this.#owed.get(emoji) ?? 0) - taps, 0));
    }
  }

  /** The fuller it is, the less often: a busy crowd then flows evenly instead of in waves. */
  #hasRoom() {
    return Math.random() > this.#moving / (this.#pace.most * (1 - KEPT_FOR_OWN));
  }

  /** @param {string} emoji @param {number} x @param {number} delay ms */
  #float(emoji, x, delay) {
    if (this.#still.matches || document.hidden) return;
    const sign = this.#landed.pop() ?? document.createElement("span");
    sign.className = "burst";
    sign.textContent = emoji;
    sign.style.left = `${100 * x}%`;
    this.layer.append(sign);
    if (++this.#moving === 1) this.#pace.watch(() => this.#moving > 0);
    const flight = sign.animate(path(this.#height), {
      duration: 1_800 + 1_200 * Math.random(),
      delay,
      easing: "cubic-bezier(0.3, 0.5, 0.6, 0.9)",
      fill: "both",
    });
    flight.onfinish = flight.oncancel = () => {
      flight.onfinish = flight.oncancel = null;
      flight.cancel();
      sign.remove();
      this.#landed.push(sign);
      this.#moving--;
    };
  }
}

/** @param {number} height of the layer, px @returns {Keyframe[]} */
function path(height) {
  const sway = 48 * (Math.random() - 0.5);
  const size = 0.8 + 0.6 * Math.random();
  const top = height * (0.65 + 0.4 * Math.random());
  const at = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ scale) =>
    `translate(calc(${x}px - 50%), ${-y}px) scale(${scale})`;
  return [
    { transform: at(0, 0, 0.3 * size), opacity: 0 },
    { transform: at(sway / 2, 0.12 * top, 1.1 * size), opacity: 1, offset: 0.12 },
    { transform: at(-sway, 0.75 * top, size), opacity: 1, offset: 0.75 },
    { transform: at(sway, top, 0.9 * size), opacity: 0 },
  ];
}
