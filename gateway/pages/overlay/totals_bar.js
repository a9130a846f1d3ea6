/** Taps since the stream began, of the emojis that have most of them. */

import { byId, fromTemplate, setText } from "../parts/dom.js";
import { comeOrGo } from "./entrance.js";
import { leading } from "./leading.js";
import { short } from "./short.js";

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
    for (const [emoji, entry] of this.#entries) setText(entry.querySelector(".count"), short(totals.get(emoji)));
    comeOrGo(this.box, shown.length > 0, false, this.isStill());
  }

  #fit(shown) {
    const kept = this.#entries;
    this.#entries = new Map(shown.map((emoji) => [emoji, kept.get(emoji) ?? newEntry(emoji)]));
    this.box.style.setProperty("--columns", String(columns(shown.length)));
    this.box.replaceChildren(...this.#entries.values());
  }
}

/** @param {number} entries @returns {number} in how many columns they stand where they do not fit in a row */
function columns(entries) {
  return entries <= 4 ? entries : 3;
}

function newEntry(emoji) {
  const entry = fromTemplate("total-template");
  setText(entry.querySelector(".sign"), emoji);
  return entry;
}
