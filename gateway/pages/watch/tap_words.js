/**
 * What became of taps, in words.
 *
 * @typedef {Record<string, number>} Counts  emoji to taps
 */

import { problemWords } from "../client/problem_words.js";
import { count } from "../parts/format.js";

/**
 * @param {{counted: Counts, uncounted: Counts, problem?: import('../client/problem_words.js').Problem}} news
 * @returns {string} nothing where all is well
 */
export function tapWords({ counted, uncounted, problem }) {
  if (problem) return `Your taps were not counted. ${problemWords(problem)}`;
  const [taken, lost] = [sum(counted), sum(uncounted)];
  return lost > 0 ? `That was fast: ${count(taken)} of your last ${count(taken + lost)} taps count.` : "";
}

/** @param {Counts} counts */
function sum(counts) {
  return Object.values(counts).reduce((total, taps) => total + taps, 0);
}
