/**
 * Taps that are made within a moment go out as one frame. Taps without an answer are never sent again.
 *
 * @typedef {Record<string, number>} Counts  emoji to taps
 */

import { count } from "../parts/format.js";
import { problemWords, readProblem } from "./problem_words.js";

const MOMENT_MS = 80;

export class Taps {
  /** @type {Counts} */ #counts = {};
  #timer = 0;

  /**
   * @param {{ask: (frame: object) => Promise<import('./connection.js').Answer>}} connection
   * @param {(words: string, uncounted: Counts) => void} onAnswer
   */
  constructor(connection, onAnswer) {
    this.connection = connection;
    this.onAnswer = onAnswer;
  }

  /** @param {string} emoji */
  add(emoji) {
    this.#counts[emoji] = (this.#counts[emoji] ?? 0) + 1;
    this.#timer ||= setTimeout(() => this.#flush(), MOMENT_MS);
  }

  async #flush() {
    const counts = this.#counts;
    this.#counts = {};
    this.#timer = 0;
    const answer = await this.connection.ask({ type: "react", counts });
    if (answer.type === "error") {
      this.onAnswer(`Your taps were not counted. ${problemWords(readProblem(answer))}`, counts);
    } else if (answer.type === "ack") {
      const { counts: counted = counts } = answer;
      const [made, taken] = [sum(counts), sum(counted)];
      const words = taken < made ? `That was fast: ${count(taken)} of your last ${count(made)} taps count.` : "";
      this.onAnswer(words, difference(counts, counted));
    }
  }
}

/** @param {Counts} counts */
function sum(counts) {
  return Object.values(counts).reduce((total, taps) => total + taps, 0);
}

/** @param {Counts} counts @param {Counts} others @returns {Counts} */
function difference(counts, others) {
  return Object.fromEntries(Object.entries(counts).map(([emoji, taps]) => [emoji, taps - (others[emoji] ?? 0)]));
}
