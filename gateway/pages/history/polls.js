/** All polls of the stream, oldest first. What is final is asked for once. */

import { byId } from "../parts/dom.js";
import { PastPoll } from "./poll.js";

const AT_ONCE = 4;
/** @type {import('../parts/stream_api.js').PollTimeline} */
const NOTHING = { step_s: 1, steps: [] };
const NEVER_OPENED = new Set(["draft", "scheduled"]);

export class Polls {
  /** @type {Map<string, PastPoll>} */ #cards = new Map();
  /** @type {Set<string>} ids of polls that do not change any more */ #settled = new Set();

  /** @param {import('../parts/stream_api.js').StreamApi} api */
  constructor(api) {
    this.api = api;
  }

  /** Ask for all polls and show them. Raises Refused. @param {number} begin of the video, epoch ms */
  async load(begin) {
    const polls = await this.api.polls();
    for (const { poll_id: id, question } of polls) {
      if (this.#cards.has(id)) continue;
      const card = new PastPoll(question ?? id);
      this.#cards.set(id, card);
    }
    byId("no-polls").hidden = polls.length > 0;
    const waiting = polls.filter((poll) => !this.#settled.has(poll.poll_id));
    const work = async () => {
      for (let poll = waiting.shift(); poll; poll = waiting.shift()) await this.#loadOne(poll, begin);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return polls.length;
  }

  async #loadOne({ poll_id: id, status }, begin) {
    const [poll, timeline] = await Promise.all([
      this.api.poll(id),
      NEVER_OPENED.has(status) ? NOTHING : this.api.pollTimeline(id),
    ]);
    const card = this.#cards.get(id);
    card.show(poll, timeline, begin);
    // In the order in which they were created: the cards are in the map so.
    if (!card.element.isConnected) byId("polls").replaceChildren(...this.#shown(card));
    if (poll.status === "final" || poll.status === "cancelled") this.#settled.add(id);
  }

  #shown(news) {
    return [...this.#cards.values()].filter((card) => card === news || card.element.isConnected).map((card) => card.element);
  }
}
