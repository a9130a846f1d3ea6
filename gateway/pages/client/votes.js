/**
 * What this viewer voted, and what became of it: pending at once, then counted or refused. Kept over reloads, and what
 * is pending is sent until a gateway has answered.
 *
 * @typedef {import('./vote.js').Vote} Vote
 */

import { saysNotNow, wait } from "./patience.js";
import { readProblem } from "./problem_words.js";
import { outcomeOf, patience } from "./receipts.js";
import { recall, remember } from "./storage.js";
import { counted, frameOf, judged } from "./vote.js";

/** Polls of one stream whose votes are remembered. */
const MOST_POLLS = 200;

export class Votes {
  /** @type {Map<string, Vote>} by poll */ #votes;
  /** @type {Map<string, import('./outbox.js').Entry>} by poll */ #entries = new Map();
  #key;

  /**
   * @param {string} key under which the votes of this viewer in this stream are kept
   * @param {import('./outbox.js').Outbox} outbox
   * @param {import('./storage.js').Shelf} storage
   * @param {string} origin of a gateway, that is asked what became of a vote
   * @param {() => number | null} watching how many viewers there are, if that is known
   * @param {(pollId: string, vote: Vote) => void} onChange
   */
  constructor(key, outbox, storage, origin, watching, onChange) {
    this.#key = `ovation.votes.${key}`;
    this.#votes = new Map(Object.entries(recall(this.#key, storage) ?? {}));
    this.outbox = outbox;
    this.storage = storage;
    this.origin = origin;
    this.watching = watching;
    this.onChange = onChange;
    this.#restore();
  }

  /** @param {string} pollId @returns {Vote | undefined} */
  get(pollId) {
    return this.#votes.get(pollId);
  }

  /** @returns {number} votes that are not answered yet */
  get pending() {
    return [...this.#votes.values()].filter((vote) => vote.state === "pending").length;
  }

  /** @param {string} pollId @param {string[]} choices none to take the vote back */
  cast(pollId, choices) {
    const entry = this.#entries.get(pollId);
    // What was never sent is as if it had never been; what was sent keeps its place before this.
    if (entry?.sentTo.length === 0) this.outbox.drop(entry);
    const earlier = counted(this.#votes.get(pollId));
    this.#put(pollId, { choices: [...choices], state: "pending", attempts: 0, earlier });
    this.#deliver(pollId);
  }

  #restore() {
    const { session } = this.outbox;
    for (const [pollId, vote] of [...this.#votes]) {
      if (vote.state !== "pending") continue;
      const { id, sentTo } = vote.session === session.name ? vote : {};
      this.#deliver(pollId, { id, sentTo });
    }
    for (const [pollId, vote] of this.#votes) if (vote.state === "counted") this.#check(pollId, vote);
  }

  /** @param {string} pollId @param {{id?: number, sentTo?: (string | null)[]}} [before] as what it was sent before */
  #deliver(pollId, before = {}) {
    const vote = this.#votes.get(pollId);
    if (vote?.state !== "pending") return;
    const frame = frameOf(pollId, vote);
    /** @type {Vote} */ let mine = vote;
    const onSent = (/** @type {import('./outbox.js').Entry} */ { id, sentTo }) => {
      if (this.#votes.get(pollId) !== mine) return;
      const sent = { id, session: this.outbox.session.name, sentTo: [...sentTo] };
      mine = this.#put(pollId, { ...mine, ...sent, attempts: mine.attempts + 1 });
    };
    const onSettled = (/** @type {import('./outbox.js').Settled} */ answer) => {
      // Meanwhile another vote may have been cast.
      if (this.#votes.get(pollId) === mine) this.#settle(pollId, mine, answer);
    };
    const entry = this.outbox.put({ frame, onSent, onSettled, ...before });
    this.#entries.set(pollId, entry);
    if (this.#votes.get(pollId) !== mine || mine.id === entry.id) return;
    mine = this.#put(pollId, { ...mine, id: entry.id, session: this.outbox.session.name, sentTo: [...entry.sentTo] });
  }

  /** @param {string} pollId @param {Vote} vote @param {import('./outbox.js').Settled} answer */
  #settle(pollId, { choices, attempts, earlier }, answer) {
    this.#entries.delete(pollId);
    if (answer.type === "uncertain") {
      // Nobody knows whether it arrived, so it is cast anew: of one voter's ballots one counts.
      this.#put(pollId, { choices, attempts, earlier, state: "pending" });
      this.#deliver(pollId);
    } else if (answer.type === "ack") {
      const vote = this.#put(pollId, { choices, state: "counted", attempts, receipt: answer.receipt });
      this.#check(pollId, vote);
    } else {
      const state = saysNotNow(answer) ? "pending" : "refused";
      this.#put(pollId, { choices, state, attempts, earlier, problem: readProblem(answer), receipt: answer.receipt });
      if (saysNotNow(answer)) setTimeout(() => this.#deliver(pollId), wait(answer, attempts));
    }
  }

  /** Ask once what became of a vote that was taken. @param {string} pollId @param {Vote} vote */
  #check(pollId, vote) {
    const { receipt } = vote;
    if (receipt === undefined || vote.isChecked) return;
    setTimeout(async () => {
      if (this.#votes.get(pollId) !== vote) return;
      const outcome = await outcomeOf(this.origin, receipt);
      if (this.#votes.get(pollId) === vote) this.#put(pollId, judged(vote, outcome));
    }, patience(this.watching() ?? 0));
  }

  /** @param {string} pollId @param {Vote} vote @returns {Vote} */
  #put(pollId, vote) {
    this.#votes.set(pollId, vote);
    for (const [other, { state }] of this.#votes) {
      if (this.#votes.size <= MOST_POLLS) break;
      if (state !== "pending" && other !== pollId) this.#votes.delete(other);
    }
    remember(this.#key, Object.fromEntries(this.#votes), this.storage);
    this.onChange(pollId, vote);
    return vote;
  }
}
