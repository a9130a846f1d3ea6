/** A button for each emoji that the stream offers, with its total. A tap is answered here before anything is sent. */

import { fromTemplate, setText } from "../parts/dom.js";
import { count, word } from "../parts/format.js";

/** So long after the last tap one's own are added up no more. */
const STREAK_MS = 1_200;
/** From this many on, the buttons are small. */
const MANY = 13;

/**
 * @typedef {Object} Key
 * @property {HTMLButtonElement} button
 * @property {HTMLElement} sign
 * @property {HTMLElement} total
 * @property {HTMLElement} unit
 * @property {HTMLElement} mine
 * @property {number} shown  the total that stands there
 * @property {number} streak  own taps that were made in one go
 * @property {number} timer
 */

export class EmojiBar {
  /** @type {Map<string, Key>} */ #keys = new Map();
  /** @type {Map<HTMLButtonElement, number> | null} where buttons are, from 0 to 1; null while nobody has looked */
  #places = null;
  /** @type {Map<number, HTMLButtonElement>} by pointer, the button on which it was put down */ #down = new Map();
  #mayTap = false;
  #still = matchMedia("(prefers-reduced-motion: reduce)");

  /**
   * @param {HTMLElement} bar
   * @param {(emoji: string, x: number) => void} onTap with the button's place, from 0 (left) to 1
   */
  constructor(bar, onTap) {
    this.bar = bar;
    this.onTap = onTap;
    new ResizeObserver(() => (this.#places = null)).observe(bar);
    // Every finger counts, and only the first of several makes a click. One that scrolls makes neither.
    bar.addEventListener("pointerdown", (event) => event.button === 0 && this.#putDown(event));
    bar.addEventListener("pointerup", (event) => this.#lift(event));
    bar.addEventListener("pointercancel", (event) => this.#down.delete(event.pointerId));
    // A click without a pointer is a key's, or one of a screen reader.
    bar.addEventListener("click", (event) => event.detail === 0 && this.#tap(buttonOf(event)));
  }

  /**
   * @param {import('../client/picture.js').Picture} picture
   * @param {boolean} mayTap
   */
  show(picture, mayTap) {
    for (const emoji of picture.emojis) if (!this.#keys.has(emoji)) this.#add(emoji, mayTap);
    for (const [emoji, key] of this.#keys) {
      const total = picture.totals.get(emoji) ?? 0;
      if (total === key.shown) continue;
      key.shown = total;
      setText(key.total, count(total));
      setText(key.unit, word(total, "tap", "taps"));
    }
    if (mayTap === this.#mayTap) return;
    this.#mayTap = mayTap;
    // Not `disabled`, which would take the focus away.
    for (const { button } of this.#keys.values()) button.setAttribute("aria-disabled", String(!mayTap));
  }

  /** @param {string} emoji @param {boolean} mayTap */
  #add(emoji, mayTap) {
    const button = fromTemplate("emoji-template");
    const find = (/** @type {string} */ name) => button.querySelector(name);
    const [sign, total] = [find(".emoji-sign"), find(".emoji-total")];
    button.dataset.emoji = emoji;
    button.setAttribute("aria-disabled", String(!mayTap));
    setText(sign, emoji);
    this.#keys.set(emoji, { button, sign, total, unit: find(".unseen"), mine: find(".mine"), shown: 0, streak: 0, timer: 0 });
    this.bar.append(button);
    this.bar.classList.toggle("many", this.#keys.size >= MANY);
    this.#places = null;
  }

  /** @param {PointerEvent} event */
  #putDown(event) {
    const button = buttonOf(event);
    if (button) this.#down.set(event.pointerId, button);
  }

  /** @param {PointerEvent} event */
  #lift(event) {
    const button = this.#down.get(event.pointerId);
    this.#down.delete(event.pointerId);
    if (button === buttonOf(event)) this.#tap(button);
  }

  /** @param {HTMLButtonElement | null | undefined} button */
  #tap(button) {
    const key = this.#keys.get(button?.dataset.emoji ?? "");
    if (!key || !this.#mayTap) return;
    clearTimeout(key.timer);
    key.timer = setTimeout(() => this.#endStreak(key), STREAK_MS);
    setText(key.mine, `+${count(++key.streak)}`);
    if (!this.#still.matches) key.sign.animate({ scale: [1, 1.3, 1] }, 160);
    this.onTap(button.dataset.emoji, this.#placeOf(button));
  }

  /** @param {Key} key */
  #endStreak(key) {
    key.streak = 0;
    setText(key.mine, "");
  }

  /** Looked up once after each change of the bar, for every look makes the browser lay the page out. */
  #placeOf(button) {
    if (this.#places === null) {
      const width = this.bar.clientWidth;
      const places = [...this.#keys.values()].map(({ button: { offsetLeft, offsetWidth } }) => offsetLeft + offsetWidth / 2);
      const left = this.bar.offsetLeft;
      this.#places = new Map([...this.#keys.values()].map((key, i) => [key.button, (places[i] - left) / width]));
    }
    return this.#places.get(button) ?? 0.5;
  }
}

/** @param {Event} event @returns {HTMLButtonElement | null} */
function buttonOf(event) {
  return /** @type {Element} */ (event.target).closest(".emoji");
}
