/** Taps since the stream began, of the emojis that have most of them. */

import { byId, fromTemplate, setText } from "../parts/dom.js";
import { count } from "../parts/format.js";
import { comeOrGo } from "./entrance.js";
import { leading } from "./leading.js";

export class TotalsBar {
  /** @type {Map<string, HTMLElement>} */ #entries = new Map();

  /** @param {number} most emojis shown @param {() => boolean} isStill whether nothing may move */
  constructor(most, isStill) {
    this.most = most;
    this.isStill = isStill;
    this.box = byId("totals");
  }

  /** @param {import('../client/picture.js').Picture} picture */
  show({ emojis, totals }) {
    const tapped = emojis.filter((emoji) => totals.get(emoji));
    const shown = leading(tapped, this.most, (emoji) => totals.get(emoji));
    if (shown.join() !== [...this.#entries.keys()].join()) this.#fit(shown);
    for (const [emoji, entry] of this.#entries) setText(entry.querySelector(".count"), count(totals.get(emoji)));
    comeOrGo(this.box, shown.length > 0, false, this.isStill());
  }

  #fit(shown) {
    const kept = this.#entries;
    this.#entries = new Map(shown.map((emoji) => [emoji, kept.get(emoji) ?? newEntry(emoji)]));
    this.box.replaceChildren(...this.#entries.values());
  }
}

function newEntry(emoji) {
  const entry = fromTemplate("total-template");
  setText(entry.querySelector(".sign"), emoji);
  return entry;
}
