/** A button for each emoji that the stream offers, with its total. */

import { fromTemplate, setText } from "../parts/dom.js";
import { count, word } from "../parts/format.js";

export class EmojiBar {
  /** @type {Map<string, HTMLButtonElement>} */ #buttons = new Map();

  /**
   * @param {HTMLElement} bar
   * @param {(emoji: string, button: HTMLButtonElement) => void} onTap
   */
  constructor(bar, onTap) {
    this.bar = bar;
    this.onTap = onTap;
  }

  /**
   * @param {import('../client/picture.js').Picture} picture
   * @param {boolean} mayTap
   */
  show(picture, mayTap) {
    for (const emoji of picture.emojis) if (!this.#buttons.has(emoji)) this.#add(emoji);
    for (const [emoji, button] of this.#buttons) {
      const total = picture.totals.get(emoji) ?? 0;
      setText(button.querySelector(".emoji-total"), count(total));
      setText(button.querySelector(".unseen"), word(total, "tap", "taps"));
      // Not `disabled`, which would take the focus away each time the connection drops.
      button.setAttribute("aria-disabled", String(!mayTap));
    }
  }

  #add(emoji) {
    const button = fromTemplate("emoji-template");
    button.dataset.emoji = emoji;
    setText(button.querySelector(".emoji-sign"), emoji);
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") === "false") this.onTap(emoji, button);
    });
    this.#buttons.set(emoji, button);
    this.bar.append(button);
  }
}
