/** What is wrong and how it goes: always in the console, and with `debug=1` small on the screen. */

import { byId } from "../parts/dom.js";

export class DebugBox {
  /** @type {Map<string, string>} by topic */ #lines = new Map();

  /** @param {boolean} isShown */
  constructor(isShown) {
    this.isShown = isShown;
    byId("debug").hidden = !isShown;
  }

  /** Say what does not go as it should. @param {string} topic of which the newest word holds @param {string} words */
  complain(topic, words) {
    if (this.#lines.get(topic) !== words) console.warn(`Ovation: ${words}`);
    this.note(topic, words);
  }

  /** @param {string} topic @param {string} words none if empty */
  note(topic, words) {
    if (words) this.#lines.set(topic, words);
    else this.#lines.delete(topic);
    if (this.isShown) this.#draw();
  }

  #draw() {
    const line = (words) => Object.assign(document.createElement("li"), { textContent: words });
    byId("debug").replaceChildren(...[...this.#lines.values()].map(line));
  }
}
