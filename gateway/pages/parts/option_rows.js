/**
 * The options of one poll: what one may choose, what one has chosen, what was right, and how the votes stand.
 *
 * @typedef {import('../client/merge_poll.js').Poll} Poll
 * @typedef {import('../client/merge_poll.js').PollOption} PollOption
 */

import { fromTemplate, setText } from "./dom.js";
import { count, percentage, word } from "./format.js";
import { hasNumbers, share } from "../client/merge_poll.js";

export class OptionRows {
  /** @type {Map<string, HTMLElement>} */ #rows = new Map();
  #type = "";

  /** @param {HTMLElement} box */
  constructor(box) {
    this.box = box;
  }

  /** @returns {string[]} ids of the options that are ticked */
  get ticked() {
    return [...this.box.querySelectorAll("input:checked")].map((input) => input.value);
  }

  /** @param {string[]} choices what a form that comes back starts with */
  tick(choices) {
    for (const input of this.box.querySelectorAll("input")) input.checked = choices.includes(input.value);
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
      const row = this.#rows.get(option.id);
      const input = row.querySelector("input");
      input.disabled = !isForm || (isFull && !input.checked);
      const isChosen = !isForm && choices.includes(option.id);
      const isRight = poll.correct?.includes(option.id) ?? false;
      row.classList.toggle("chosen", isChosen);
      row.classList.toggle("right", isRight);
      row.querySelector(".mark-chosen").hidden = !isChosen;
      row.querySelector(".mark-right").hidden = !isRight;
      setText(row.querySelector(".option-text"), option.text ?? `Option ${option.id}`);
      showNumbers(row, poll, option);
    }
  }

  /** Until the first vote a broadcaster may change the options. */
  #fit(poll) {
    const type = (poll.max_choices ?? 1) > 1 ? "checkbox" : "radio";
    const ids = poll.options.map((option) => option.id);
    if (type === this.#type && ids.join() === [...this.#rows.keys()].join()) return;
    const ticked = type === this.#type ? new Set(this.ticked) : new Set();
    this.#type = type;
    this.#rows = new Map(ids.map((id) => [id, newRow(id, type, ticked.has(id))]));
    this.box.replaceChildren(...this.#rows.values());
  }
}

/** @param {string} id @param {string} type of the input @param {boolean} isTicked @returns {HTMLElement} */
function newRow(id, type, isTicked) {
  const row = fromTemplate("option-template");
  Object.assign(row.querySelector("input"), { type, value: id, checked: isTicked });
  return row;
}

/** @param {HTMLElement} row @param {Poll} poll @param {PollOption} option */
function showNumbers(row, poll, option) {
  const isShown = hasNumbers(poll);
  row.querySelector(".votes").hidden = row.querySelector(".bar").hidden = !isShown;
  const votes = isShown ? (option.votes ?? 0) : 0;
  const part = isShown ? share(poll, option) : 0;
  setText(row.querySelector(".votes-count"), count(votes));
  setText(row.querySelector(".votes .unseen"), ` ${word(votes, "vote", "votes")},`);
  setText(row.querySelector(".votes-share"), percentage(part));
  row.querySelector(".fill").style.setProperty("--share", part.toFixed(4));
}
