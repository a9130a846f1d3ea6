/**
 * Rows of bars: taps by emoji, and votes by option.
 *
 * @typedef {{look: string, name: string, words: string, share: number, isRight?: boolean, isEmoji?: boolean}} Bar
 *   `words` is the number, `share` from 0 to 1
 */

import { fromTemplate, setText } from "../parts/dom.js";
import { percentage } from "../parts/format.js";

/** @param {HTMLElement} list @param {Bar[]} bars @param {number} [longest] the share whose bar is as long as there is room */
export function showBars(list, bars, longest = 1) {
  list.replaceChildren(
    ...bars.map((bar) => {
      const row = fromTemplate("bar-template");
      row.classList.add(bar.look);
      row.classList.toggle("of-emoji", bar.isEmoji ?? false);
      setText(row.querySelector(".bar-name"), bar.name);
      setText(row.querySelector(".bar-count"), bar.words);
      setText(row.querySelector(".bar-share"), percentage(bar.share));
      row.querySelector(".mark-right").hidden = !bar.isRight;
      row.querySelector(".fill").style.setProperty("--share", (longest ? bar.share / longest : 0).toFixed(4));
      return row;
    }),
  );
}
