/**
 * One poll as its broadcaster runs it: how it stands, and what can be done with it now.
 *
 * @typedef {import('./api.js').Poll} Poll
 * @typedef {import('./api.js').Recount} Recount
 * @typedef {'open' | 'close' | 'pause' | 'edit' | 'ballots' | 'cancel'} Step
 */

import { fromTemplate, setText } from "../parts/dom.js";
import { count, exactly, percentage, word } from "../parts/format.js";
import { countdown } from "../parts/countdown.js";
import { hasNumbers, share } from "../client/merge_poll.js";
import { accountRows, notCountedWords, recountWords, rulesLine } from "./recount_words.js";

const CHIPS = {
  draft: "Prepared",
  scheduled: "Scheduled",
  open: "Open",
  paused: "Paused",
  closed: "Closed",
  final: "Final result",
  cancelled: "Cancelled",
};
/** @type {Record<string, Step[]>} */
const STEPS = {
  draft: ["open", "edit", "cancel"],
  scheduled: ["open", "edit", "cancel"],
  open: ["close", "pause", "edit", "cancel"],
  paused: ["open", "close", "edit", "cancel"],
  closed: ["cancel"],
  final: ["ballots"],
  cancelled: [],
};
const OPEN_WORDS = { draft: "Open now", scheduled: "Open now", paused: "Go on" };
/** With more options than these they are scrolled in a box of their own. */
const MANY = 12;

export class PollCard {
  /** @type {Poll | null} */ #poll = null;
  #rows = new Map();

  /** @param {(poll: Poll, step: Step, card: PollCard) => void} onStep */
  constructor(onStep) {
    this.element = fromTemplate("poll-template");
    for (const button of this.buttons) {
      button.addEventListener("click", () => onStep(this.#poll, /** @type {Step} */ (button.dataset.step), this));
    }
  }

  /** @returns {HTMLButtonElement[]} */
  get buttons() {
    return [...this.element.querySelectorAll("[data-step]")];
  }

  get note() {
    return this.#part(".complaint");
  }

  focus() {
    this.#part("h3").focus();
  }

  /** @param {Poll} poll @param {Recount | undefined} recount @param {boolean} isLive whether its stream is */
  show(poll, recount, isLive) {
    this.#poll = poll;
    const isKnown = hasNumbers(poll);
    const isDifferent = recount?.state === "different";
    this.element.dataset.status = poll.status;
    this.element.classList.toggle("quiz-over", Boolean(poll.correct?.length) && poll.status === "final");
    setText(this.#part(".chip"), CHIPS[poll.status]);
    setText(this.#part("h3"), poll.question);
    setText(this.#part(".rules-line"), rulesLine(poll));
    setText(this.#part(".voters"), isKnown ? `${exactly(poll.voters ?? 0)} ${word(poll.voters ?? 0, "voter", "voters")}` : "");
    setText(this.#part(".not-counted"), isKnown ? notCountedWords(poll) : "");
    setText(this.#part(".recount"), recountWords(poll, isDifferent));
    this.#part(".digest").hidden = !poll.digest;
    setText(this.#part(".digest code"), poll.digest ?? "");
    this.#showOptions(poll, isKnown);
    this.#showDifference(poll, isDifferent ? recount : null);
    this.#showSteps(poll.status, isLive);
  }

  /** @param {number} now by the server's clock, epoch ms */
  tick(now) {
    setText(this.#part(".countdown"), countdown(this.#poll, now));
  }

  #showOptions(poll, isKnown) {
    const list = this.#part(".options");
    const ids = poll.options.map((option) => option.id);
    if (ids.join() !== [...this.#rows.keys()].join()) {
      this.#rows = new Map(ids.map((id) => [id, fromTemplate("result-template")]));
      list.replaceChildren(...this.#rows.values());
      const isLong = ids.length > MANY;
      list.classList.toggle("scroller", isLong);
      // What scrolls is to be reached by keyboard, and to have a name.
      for (const [name, value] of [["tabindex", "0"], ["aria-label", `${ids.length} options`]]) {
        if (isLong) list.setAttribute(name, value);
        else list.removeAttribute(name);
      }
    }
    for (const option of poll.options) {
      const row = this.#rows.get(option.id);
      setText(row.querySelector(".option-text"), option.text ?? option.id);
      const isRight = poll.correct?.includes(option.id) ?? false;
      row.classList.toggle("right", isRight);
      row.querySelector(".mark-right").hidden = !isRight;
      row.querySelector(".votes").hidden = row.querySelector(".bar").hidden = !isKnown;
      const part = isKnown ? share(poll, option) : 0;
      setText(row.querySelector(".votes-count"), count(option.votes ?? 0));
      setText(row.querySelector(".votes-share"), percentage(part));
      row.querySelector(".fill").style.setProperty("--share", part.toFixed(4));
    }
  }

  #showDifference(poll, recount) {
    const box = this.#part(".different");
    const rows = recount ? accountRows(recount.live, recount.recount, poll) : [];
    const body = rows.map((cells) => {
      const row = document.createElement("tr");
      row.append(...cells.map((cell, index) => {
        const element = document.createElement(index ? "td" : "th");
        if (!index) element.setAttribute("scope", "row");
        element.textContent = cell;
        return element;
      }));
      return row;
    });
    const table = box.querySelector("tbody");
    if (table.textContent !== rows.flat().join("")) table.replaceChildren(...body);
    if (box.hidden === Boolean(recount)) box.hidden = !recount;
  }

  #showSteps(status, isLive) {
    const focused = document.activeElement;
    for (const button of this.buttons) {
      const step = /** @type {Step} */ (button.dataset.step);
      // With its stream over, a poll can only be called off, or read.
      button.hidden = !STEPS[status].includes(step) || (!isLive && step !== "cancel" && step !== "ballots");
      if (step === "open") setText(button, OPEN_WORDS[status] ?? "Open now");
    }
    if (focused instanceof HTMLElement && focused.hidden && this.element.contains(focused)) this.focus();
  }

  #part(selector) {
    return this.element.querySelector(selector);
  }
}
