/**
 * The poll on air: question, bars, how it stands.
 *
 * @typedef {import('../client/merge_poll.js').Poll} Poll
 * @typedef {import('../client/merge_poll.js').PollOption} PollOption
 */

import { hasNumbers, share } from "../client/merge_poll.js";
import { countdown } from "../parts/countdown.js";
import { byId, fromTemplate, setText } from "../parts/dom.js";
import { percentage } from "../parts/format.js";
import { noteWords, stateWords, votersWords } from "./air_words.js";
import { comeOrGo } from "./entrance.js";
import { leading } from "./leading.js";

/** More options than this are written in one line each, and smaller. */
const DENSE = 24;

export class PollPanel {
  /** @type {Map<string, HTMLElement>} */ #rows = new Map();
  /** @type {Poll | undefined} */ #poll;

  /** @param {number} most options shown @param {() => boolean} isStill whether nothing may move */
  constructor(most, isStill) {
    this.most = most;
    this.isStill = isStill;
    this.box = byId("poll");
    this.list = byId("options");
  }

  /** @param {Poll | undefined} poll undefined for none @param {number | null} now by the server's clock */
  show(poll, now) {
    const isOther = poll !== undefined && poll.poll_id !== this.#poll?.poll_id;
    if (poll !== undefined && poll !== this.#poll) this.#fill(poll, isOther);
    this.#poll = poll;
    if (poll !== undefined) setText(byId("countdown"), countdown(poll, now));
    comeOrGo(this.box, poll !== undefined, isOther, this.isStill());
  }

  #fill(poll, isOther) {
    const shown = leading(poll.options, this.most, (option) => option.votes ?? 0);
    this.box.dataset.status = poll.status;
    this.box.dataset.poll = poll.poll_id;
    this.box.classList.toggle("quiz-over", Boolean(poll.correct?.length));
    this.list.style.setProperty("--columns-in-bar", String(columnsInBar(shown.length)));
    this.list.style.setProperty("--columns-in-full", String(columnsInFull(shown.length)));
    this.box.classList.toggle("dense", shown.length > DENSE);
    setText(byId("poll-state"), stateWords(poll));
    setText(byId("voters"), votersWords(poll));
    setText(byId("question"), poll.question ?? "");
    setText(byId("poll-note"), noteWords(poll, poll.options.length - shown.length));
    this.#fit(shown, isOther);
    const most = Math.max(1, ...poll.options.map((option) => option.votes ?? 0));
    for (const option of shown) fillRow(this.#rows.get(option.id), poll, option, most);
  }

  #fit(shown, isOther) {
    const ids = shown.map((option) => option.id);
    if (!isOther && ids.join() === [...this.#rows.keys()].join()) return;
    // A row that stays is the same element, so that its bar goes on from where it was.
    const kept = isOther ? new Map() : this.#rows;
    this.#rows = new Map(ids.map((id) => [id, kept.get(id) ?? fromTemplate("option-template")]));
    this.list.replaceChildren(...this.#rows.values());
  }
}

/** @param {number} options @returns {number} in a bar along the edge, which is low */
function columnsInBar(options) {
  return options <= 4 ? options : Math.min(Math.ceil(options / 2), 5);
}

/** @param {number} options @returns {number} in the whole frame: no more than ten rows */
function columnsInFull(options) {
  return [6, 16, 30, 40].findIndex((most) => options <= most) + 1 || 5;
}

/** @param {HTMLElement} row @param {Poll} poll @param {PollOption} option @param {number} most votes of any option */
function fillRow(row, poll, option, most) {
  const isShown = hasNumbers(poll);
  const part = isShown ? share(poll, option) : 0;
  row.classList.toggle("ahead", poll.status === "final" && option.votes === most);
  row.classList.toggle("right", poll.correct?.includes(option.id) ?? false);
  setText(row.querySelector(".text"), option.text ?? `Option ${option.id}`);
  setText(row.querySelector(".share"), isShown ? percentage(part) : "");
  row.querySelector(".bar").hidden = !isShown;
  row.querySelector(".fill").style.setProperty("--share", part.toFixed(4));
}
