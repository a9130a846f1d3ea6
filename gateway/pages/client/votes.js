/**
 * What this viewer voted, and what became of it. Kept across reloads and reconnects until the gateway has answered.
 *
 * @typedef {import('./problem_words.js').Problem} Problem
 *
 * @typedef {Object} Vote  without choices it takes back the one before
 * @property {string[]} choices
 * @property {'pending' | 'counted' | 'refused'} state
 * @property {number} attempts  how often it was sent
 * @property {string} [receipt]
 * @property {Problem} [problem]  why it was refused, or why it is sent again
 * @property {Vote} [earlier]  the counted vote that this one would replace
 */

import { saysNotNow, wait } from "./patience.js";
import { readProblem } from "./problem_words.js";
import { recall, remember } from "./storage.js";

/** @param {Vote} vote */
export function isWithdrawal(vote) {
  return vote.choices.length === 0;
}

/** @param {Vote | undefined} vote @returns {Vote | undefined} the newest that the gateway has taken */
export function counted(vote) {
  return vote?.state === "counted" ? vote : vote?.earlier;
}

/** @param {Vote | undefined} vote @returns {Vote | undefined} the vote that counts for this viewer */
export function standing(vote) {
  const newest = counted(vote);
  return newest !== undefined && !isWithdrawal(newest) ? newest : undefined;
}

export class Votes {
  /** @type {Map<string, Vote>} */ #votes;
  #key;

  /**
   * @param {string} key under which the votes of this viewer in this stream are kept
   * @param {{isLive: boolean, ask: (frame: object) => Promise<import('./connection.js').Answer>}} connection
   * @param {(pollId: string, vote: Vote) => void} onChange
   */
  constructor(key, connection, onChange) {
    this.#key = `ovation.votes.${key}`;
    this.#votes = new Map(Object.entries(recall(this.#key) ?? {}));
    this.connection = connection;
    this.onChange = onChange;
  }

  /** @param {string} pollId @returns {Vote | undefined} */
  get(pollId) {
    return this.#votes.get(pollId);
  }

  /** @param {string} pollId @param {string[]} choices none to take the vote back */
  cast(pollId, choices) {
    const earlier = counted(this.#votes.get(pollId));
    this.#put(pollId, { choices, state: "pending", attempts: 0, earlier });
    this.#deliver(pollId);
  }

  /** Send again what was never answered. The server counts a voter once, however often a vote arrives. */
  sendPending() {
    for (const [pollId, vote] of this.#votes) if (vote.state === "pending") this.#deliver(pollId);
  }

  async #deliver(pollId) {
    const vote = this.#votes.get(pollId);
    if (vote?.state !== "pending" || !this.connection.isLive) return;
    const sent = this.#put(pollId, { ...vote, attempts: vote.attempts + 1 });
    const answer = await this.connection.ask(frameOf(pollId, sent));
    if (this.#votes.get(pollId) !== sent || answer.type === "lost") return;

    const { choices, attempts, earlier } = sent;
    if (answer.type === "ack") {
      this.#put(pollId, { choices, state: "counted", attempts, receipt: answer.receipt });
      return;
    }
    const refused = { choices, attempts, earlier, problem: readProblem(answer), receipt: answer.receipt };
    this.#put(pollId, { ...refused, state: saysNotNow(answer) ? "pending" : "refused" });
    if (saysNotNow(answer)) setTimeout(() => this.#deliver(pollId), wait(answer, attempts));
  }

  /** @param {string} pollId @param {Vote} vote */
  #put(pollId, vote) {
    this.#votes.set(pollId, vote);
    remember(this.#key, Object.fromEntries(this.#votes));
    this.onChange(pollId, vote);
    return vote;
  }
}

/** @param {string} pollId @param {Vote} vote */
function frameOf(pollId, vote) {
  if (isWithdrawal(vote)) return { type: "withdraw", poll_id: pollId };
  return { type: "vote", poll_id: pollId, choices: vote.choices };
}
