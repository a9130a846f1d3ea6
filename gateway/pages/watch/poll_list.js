/** All polls of the stream: a card for each, newest on top, and what happens to them read aloud once. */

import { setText } from "../parts/dom.js";
import { isOver } from "../client/merge_poll.js";
import { PollCard } from "./poll_card.js";
import { newsWords } from "../parts/poll_words.js";

/**
 * @typedef {import('../client/merge_poll.js').Poll} Poll
 * @typedef {{card: PollCard, status: string}} Entry  `status` is the one that was last told
 */

export class PollList {
  /** @type {Map<string, Entry>} */ #entries = new Map();
  #isFirst = true;

  /**
   * @param {HTMLElement} box
   * @param {HTMLElement} news a polite live region
   * @param {import('../client/live.js').Live} live
   */
  constructor(box, news, live) {
    this.box = box;
    this.news = news;
    this.live = live;
  }

  get isEmpty() {
    return this.#entries.size === 0;
  }

  /** @param {Iterable<Poll>} polls oldest first @param {boolean} mayVote */
  show(polls, mayVote) {
    // Whoever comes late finds what still goes on above what is over. Later nothing moves under anyone's finger.
    const inOrder = this.#isFirst ? [...polls].sort((one, other) => isOver(other) - isOver(one)) : polls;
    const news = [];
    for (const poll of inOrder) {
      const known = this.#entries.get(poll.poll_id);
      const { card } = known ?? this.#add(poll);
      card.show(poll, this.live.votes.get(poll.poll_id), mayVote, this.live.state === "live");
      if (known?.status !== poll.status) news.push(newsWords(poll, known === undefined));
      this.#entries.set(poll.poll_id, { card, status: poll.status });
    }
    const words = news.filter(Boolean).join(" ");
    if (!this.#isFirst && words) setText(this.news, words);
    this.#isFirst = false;
  }

  /** @param {number | null} now by the server's clock, epoch milliseconds */
  tick(now) {
    for (const { card } of this.#entries.values()) card.tick(now);
  }

  /** @param {Poll} poll @returns {{card: PollCard}} */
  #add(poll) {
    const card = new PollCard((choices) =>
      choices.length > 0 ? this.live.vote(poll.poll_id, choices) : this.live.withdraw(poll.poll_id),
    );
    this.box.prepend(card.form);
    return { card };
  }
}
