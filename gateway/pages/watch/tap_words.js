/**
 * What became of taps, in words.
 *
 * @typedef {import('../client/taps.js').TapNews} TapNews
 */

import { problemWords } from "../client/problem_words.js";
import { sum } from "../client/tap_pile.js";
import { count, word } from "../parts/format.js";

/** @param {TapNews} news @returns {string} nothing where all is well */
export function tapWords({ counted, uncounted, problem }) {
  const [taken, lost] = [sum(counted), sum(uncounted)];
  if (problem && lost === 0) return `${problemWords(problem)} Your taps are sent again by themselves.`;
  if (problem) return `${count(lost)} ${word(lost, "tap was", "taps were")} not counted. ${problemWords(problem)}`;
  return lost > 0 ? `That was fast: ${count(taken)} of your last ${count(taken + lost)} taps count.` : "";
}

/** @param {number} waiting taps @returns {string} what a viewer without a connection should know */
export function offlineWords(waiting) {
  const what = waiting > 0 ? `${count(waiting)} ${word(waiting, "tap waits", "taps wait")}` : "Your taps and votes wait";
  return `No connection just now. ${what} for it.`;
}
