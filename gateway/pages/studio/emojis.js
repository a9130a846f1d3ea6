/** The emojis of a stream to be: picked from many, or written. */

import { byId, fromTemplate, setText } from "../parts/dom.js";

const PICKED = ["🔥", "👏", "😂", "😮", "💙", "🎉"];
const OFFERED = [
  ...PICKED, "👍", "👎", "🙌", "🙏", "💪", "👀", "🤝", "💯", "❤️", "💔", "🥳", "😍", "🤩", "😎", "🤔", "😢", "😭", "😡",
  "😱", "🤯", "🤣", "🥶", "😴", "💀", "⚽", "🏀", "🏆", "🥇", "🎯", "🎸", "🎶", "🚀", "⚡", "⭐", "💥", "🌈", "🍿", "☕",
];
const MOST = 30;
const MOST_POINTS = 16;
/** What neither Kafka's nor Redis' messages may hold in a name (contracts: Emoji). */
const FORBIDDEN = /[\u0000-\u001f"\\\ufffd]/u;

export class EmojiPicker {
  #grid = byId("emoji-grid");
  #another = /** @type {HTMLInputElement} */ (byId("another"));

  /** @param {(words: string) => void} complain */
  constructor(complain) {
    this.complain = complain;
    for (const emoji of OFFERED) this.#offer(emoji, PICKED.includes(emoji));
    this.#grid.addEventListener("change", () => this.#count());
    byId("add-emoji").addEventListener("click", () => this.#add());
    this.#another.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.#add();
    });
    this.#count();
  }

  /** @returns {string[]} */
  get picked() {
    return this.#boxes.filter((box) => box.checked).map((box) => box.value);
  }

  get #boxes() {
    return /** @type {HTMLInputElement[]} */ ([...this.#grid.querySelectorAll("input")]);
  }

  #add() {
    const emoji = this.#another.value.trim();
    if (!emoji) return;
    const known = this.#boxes.find((box) => box.value === emoji);
    if ([...emoji].length > MOST_POINTS || FORBIDDEN.test(emoji)) this.complain("That is no emoji.");
    else if (this.picked.length >= MOST && !known?.checked) this.complain(`A stream has at most ${MOST} emojis.`);
    else {
      if (known) known.checked = true;
      else this.#offer(emoji, true);
      this.#another.value = "";
      this.complain("");
      this.#count();
    }
    this.#another.focus();
  }

  #offer(emoji, isPicked) {
    const label = fromTemplate("emoji-template");
    Object.assign(label.querySelector("input"), { value: emoji, checked: isPicked });
    setText(label.querySelector("span"), emoji);
    this.#grid.append(label);
  }

  #count() {
    const picked = this.picked.length;
    for (const box of this.#boxes) box.disabled = picked >= MOST && !box.checked;
    setText(byId("emoji-count"), `${picked} of at most ${MOST} picked`);
  }
}
