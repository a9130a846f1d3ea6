/**
 * The polls of the stream, the newest first, and what is done with them.
 *
 * @typedef {import('./api.js').Poll} Poll
 * @typedef {import('./api.js').Recount} Recount
 */

import { byId, setText } from "../parts/dom.js";
import { act } from "./act.js";
import { PollCard } from "./poll_card.js";
import { isSure } from "./sure.js";

const AT_ONCE = 4;
const WITHOUT_NUMBERS = new Set(["draft", "scheduled"]);
const SETTLED = new Set(["final", "cancelled"]);
const NEWS = {
  open: "The poll is open",
  paused: "The poll is paused",
  closed: "The poll is closed, and is being counted again",
  final: "The result is final",
  cancelled: "The poll is cancelled",
};

export class Polls {
  /** @type {Map<string, PollCard>} */ #cards = new Map();
  /** @type {Map<string, Poll>} with their numbers */ #polls = new Map();
  /** @type {string[]} ids, the oldest first */ #order = [];
  /** @type {Recount[]} */ #recounts = [];
  /** @type {string | null} whose card is to be looked at once it is there */ #wanted = null;
  #isLive = true;

  /**
   * @param {string} streamId
   * @param {import('./api.js').StudioApi} api
   * @param {{onChange: () => Promise<void>, onEdit: (poll: Poll, isLocked: boolean) => void}} calls
   */
  constructor(streamId, api, calls) {
    this.streamId = streamId;
    this.api = api;
    this.calls = calls;
  }

  /** @returns {Poll[]} */
  get all() {
    return [...this.#polls.values()];
  }

  /** Ask for all polls and show them. Raises Refused. @param {boolean} isLive whether the stream is */
  async load(isLive) {
    this.#isLive = isLive;
    const listed = await this.api.polls();
    this.#order = listed.map((poll) => poll.poll_id);
    byId("no-polls").hidden = listed.length > 0;
    const waiting = [...listed];
    const work = async () => {
      for (let poll = waiting.shift(); poll; poll = waiting.shift()) await this.#loadOne(poll);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  /** Show what recounts have come to. @param {Recount[]} recounts */
  showRecounts(recounts) {
    this.#recounts = recounts;
    for (const poll of this.#polls.values()) this.#show(poll);
  }

  /** @param {number} now by the server's clock, epoch ms */
  tick(now) {
    for (const card of this.#cards.values()) card.tick(now);
  }

  /** Look at a poll as soon as it is there. @param {string} pollId */
  async look(pollId) {
    this.#wanted = pollId;
    await this.calls.onChange();
  }

  async #loadOne(listed) {
    const id = listed.poll_id;
    const known = this.#polls.get(id);
    const isSettled = known && SETTLED.has(known.status);
    const poll = isSettled ? known : WITHOUT_NUMBERS.has(listed.status) ? listed : await this.api.poll(id);
    // An answer that was overtaken by a newer one.
    if (known && poll.revision < known.revision) return;
    this.#polls.set(id, poll);
    if (known && known.status !== poll.status && NEWS[poll.status]) setText(byId("news"), `${NEWS[poll.status]}: ${poll.question}`);
    this.#show(poll);
  }

  #show(poll) {
    const id = poll.poll_id;
    let card = this.#cards.get(id);
    if (!card) {
      card = new PollCard((...asked) => this.#step(...asked));
      this.#cards.set(id, card);
    }
    card.show(poll, this.#recounts.find((each) => each.poll_id === id), this.#isLive);
    if (!card.element.isConnected) this.#place(card, poll);
    if (this.#wanted !== id) return;
    this.#wanted = null;
    card.focus();
  }

  /** Cards that are there stay where they are: one that moved would lose the focus. */
  #place(card, poll) {
    const younger = this.#order
      .slice(this.#order.indexOf(poll.poll_id) + 1)
      .find((id) => this.#cards.get(id)?.element.isConnected);
    if (younger) this.#cards.get(younger).element.after(card.element);
    else byId("polls").prepend(card.element);
  }

  async #step(poll, step, card) {
    if (step === "edit") return this.calls.onEdit(poll, (poll.received ?? 0) > 0);
    if (step === "cancel" && !(await isSure(cancelWords(poll)))) return;
    const isDone = await act(card.buttons, card.note, () => (step === "ballots" ? this.#save(poll) : this.api.step(poll.poll_id, step)));
    // Whoever has changed it meanwhile, what is there now is shown.
    if (step !== "ballots" || !isDone) await this.calls.onChange();
  }

  async #save(poll) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await this.api.ballots(poll.poll_id));
    link.download = `${this.streamId}.${poll.poll_id}.ballots.ndjson`;
    link.click();
    URL.revokeObjectURL(link.href);
    setText(byId("news"), "The list of ballots is downloaded.");
  }
}

function cancelWords(poll) {
  return {
    title: "Cancel this poll?",
    about: `“${poll.question}”: no vote in it counts any more, and it cannot be opened again.`,
    yes: "Cancel the poll",
    no: "Keep it",
  };
}
