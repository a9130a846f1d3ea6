/**
 * What this viewer voted, and what became of it. Kept across reloads and reconnects until the gateway has answered.
 *
 * @typedef {import('./connection.js').Problem} Problem
 *
 * @typedef {Object} Vote
 * @property {string[]} choices
 * @property {'pending' | 'acknowledged' | 'refused'} state
 * @property {number} attempts  how often it was sent
 * @property {string} [receipt]
 * @property {Problem} [problem]  why it was refused, or why it is sent again
 * @property {Vote} [earlier]  the acknowledged vote that this one replaces
 */

import { recall, remember } from "./storage.js";

const BUSY = 503;
const AGAIN_MS = 1_000;

export class Votes {
  /** @type {Map<string, Vote>} */ #votes;
  #key;

  /**
   * @param {string} streamId
   * @param {{isLive: boolean, ask: (frame: object) => Promise<import('./connection.js').Answer>}} connection
   * @param {() => void} onChange
   */
  constructor(streamId, connection, onChange) {
    this.#key = `ovation.votes.${streamId}`;
    this.#votes = new Map(Object.entries(recall(this.#key) ?? {}));
    this.connection = connection;
    this.onChange = onChange;
  }

  /** @param {string} pollId @returns {Vote | undefined} */
  get(pollId) {
    return this.#votes.get(pollId);
  }

  /** @param {string} pollId @param {string[]} choices */
  cast(pollId, choices) {
    const known = this.#votes.get(pollId);
    const earlier = known?.state === "acknowledged" ? known : known?.earlier;
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
    const answer = await this.connection.ask({ type: "vote", poll_id: pollId, choices: vote.choices });
    if (this.#votes.get(pollId) !== sent || answer.type === "lost") return;

    if (answer.type === "ack") {
      this.#put(pollId, { choices: sent.choices, state: "acknowledged", attempts: sent.attempts, receipt: answer.receipt });
      return;
    }
    const problem = { title: answer.title, detail: answer.detail, status: answer.status };
    const isBusy = answer.status === BUSY;
    this.#put(pollId, { ...sent, state: isBusy ? "pending" : "refused", problem });
    if (isBusy) setTimeout(() => this.#deliver(pollId), AGAIN_MS * (0.5 + Math.random()));
  }

  /** @param {string} pollId @param {Vote} vote */
  #put(pollId, vote) {
    this.#votes.set(pollId, vote);
    remember(this.#key, Object.fromEntries(this.#votes));
    this.onChange();
    return vote;
  }
}
