/**
 * Taps that are made within a moment go out as one frame. Taps without an answer are never sent again.
 *
 * @typedef {Record<string, number>} Counts  emoji to taps
 */

import { readProblem } from "./problem_words.js";

const MOMENT_MS = 80;

export class Taps {
  /** @type {Counts} */ #counts = {};
  #timer = 0;

  /**
   * @param {{ask: (frame: object) => Promise<import('./connection.js').Answer>}} connection
   * @param {(news: {counted: Counts, uncounted: Counts, problem?: import("./problem_words.js").Problem}) => void} onAnswer
   */
  constructor(connection, onAnswer) {
    this.connection = connection;
    this.onAnswer = onAnswer;
  }

  /** @param {string} emoji @param {number} taps */
  add(emoji, taps) {
    this.#counts[emoji] = (this.#counts[emoji] ?? 0) + taps;
    this.#timer ||= setTimeout(() => this.#flush(), MOMENT_MS);
  }

  async #flush() {
    const counts = this.#counts;
    this.#counts = {};
    this.#timer = 0;
    const answer = await this.connection.ask({ type: "react", counts });
    if (answer.type === "error") {
      this.onAnswer({ counted: {}, uncounted: counts, problem: readProblem(answer) });
    } else if (answer.type === "ack") {
      const { counts: counted = counts } = answer;
      this.onAnswer({ counted, uncounted: difference(counts, counted) });
    }
  }
}

/** @param {Counts} counts @param {Counts} others @returns {Counts} */
function difference(counts, others) {
  return Object.fromEntries(Object.entries(counts).map(([emoji, taps]) => [emoji, taps - (others[emoji] ?? 0)]));
}
