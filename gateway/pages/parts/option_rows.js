/**
 * The options of one poll: what one may choose, what one has chosen, what was right, and how the votes stand.
 *
 * @typedef {import('../client/merge_poll.js').Poll} Poll
 * @typedef {import('../client/merge_poll.js').PollOption} PollOption
 */

import { fromTemplate, setText } from "./dom.js";
import { count, percentage, word } from "./format.js";
import { hasNumbers, share } from "../client/merge_poll.js";

/**
 * @typedef {Object} Row  the parts of one, looked up once
 * @property {HTMLElement} box
 * @property {HTMLInputElement} input
 * @property {HTMLElement} text
 * @property {HTMLElement} chosen
 * @property {HTMLElement} right
 * @property {HTMLElement} votes
 * @property {HTMLElement} count
 * @property {HTMLElement} unit
 * @property {HTMLElement} share
 * @property {HTMLElement} bar
 * @property {HTMLElement} fill
 */

/** From this many on, options stand closer together. */
const MANY = 9;

export class OptionRows {
  /** @type {Map<string, Row>} */ #rows = new Map();
  #type = "";

  /** @param {HTMLElement} box */
  constructor(box) {
    this.box = box;
  }

  /** @returns {string[]} ids of the options that are ticked */
  get ticked() {
    return [...this.#rows.values()].filter(({ input }) => input.checked).map(({ input }) => input.value);
  }

  /** @param {string[]} choices what a form that comes back starts with */
  tick(choices) {
    for (const [id, { input }] of this.#rows) input.checked = choices.includes(id);
  }

  /**
   * @param {Poll} poll
   * @param {boolean} isForm whether one may choose now
   * @param {string[]} choices what this viewer has chosen before
   */
  show(poll, isForm, choices) {
    this.#fit(poll);
    const most = poll.max_choices ?? 1;
    const isFull = most > 1 && this.ticked.length >= most;
    for (const option of poll.options) {
      const row = /** @type {Row} */ (this.#rows.get(option.id));
      const isChosen = !isForm && choices.includes(option.id);
      const isRight = poll.correct?.includes(option.id) ?? false;
      row.input.disabled = !isForm || (isFull && !row.input.checked);
      row.box.classList.toggle("chosen", isChosen);
      row.box.classList.toggle("right", isRight);
      row.chosen.hidden = !isChosen;
      row.right.hidden = !isRight;
      setText(row.text, option.text ?? `Option ${option.id}`);
      showNumbers(row, poll, option);
    }
  }

  /** Until the first vote a broadcaster may change the options. @param {Poll} poll */
  #fit(poll) {
    const type = (poll.max_choices ?? 1) > 1 ? "checkbox" : "radio";
    const ids = poll.options.map((option) => option.id);
    if (type === this.#type && ids.join() === [...this.#rows.keys()].join()) return;
    const ticked = type === this.#type ? new Set(this.ticked) : new Set();
    this.#type = type;
    this.#rows = new Map(ids.map((id) => [id, newRow(id, type, ticked.has(id))]));
    this.box.replaceChildren(...[...this.#rows.values()].map((row) => row.box));
    this.box.classList.toggle("many", ids.length >= MANY);
  }
}

/** @param {string} id @param {string} type of the input @param {boolean} isTicked @returns {Row} */
function newRow(id, type, isTicked) {
  const box = fromTemplate("option-template");
  const find = (/** @type {string} */ name) => box.querySelector(name);
  const input = Object.assign(find("input"), { type, value: id, checked: isTicked });
  const [text, chosen, right] = [find(".option-text"), find(".mark-chosen"), find(".mark-right")];
  const [votes, bar, fill] = [find(".votes"), find(".bar"), find(".fill")];
  const [number, unit, share] = [find(".votes-count"), find(".votes .unseen"), find(".votes-share")];
  return { box, input, text, chosen, right, votes, count: number, unit, share, bar, fill };
}

/** @param {Row} row @param {Poll} poll @param {PollOption} option */
function showNumbers(row, poll, option) {
  const isShown = hasNumbers(poll);
  row.votes.hidden = row.bar.hidden = !isShown;
  if (!isShown) return;
  const votes = option.votes ?? 0;
  const part = share(poll, option);
  setText(row.count, count(votes));
  setText(row.unit, ` ${word(votes, "vote", "votes")},`);
  setText(row.share, percentage(part));
  row.fill.style.setProperty("--share", part.toFixed(4));
}
