/**
 * One poll on the page: a form while one may vote, bars and numbers always.
 *
 * @typedef {import('./state.js').Poll} Poll
 * @typedef {import('./votes.js').Vote} Vote
 */

import { fromTemplate, setText } from "./dom.js";
import { count, percentage, word } from "./format.js";
import { outcomeWords, stateWords } from "./poll_words.js";
import { share } from "./state.js";

export class PollCard {
  /** @type {Poll} */ #poll;
  /** @type {Vote | undefined} */ #vote;
  #isChanging = false;
  /** @type {boolean | null} */ #mayVote = null;

  /**
   * @param {Poll} poll
   * @param {(choices: string[]) => void} onVote
   */
  constructor(poll, onVote) {
    this.#poll = poll;
    this.form = fromTemplate("poll-template");
    this.form.dataset.poll = poll.poll_id;
    this.options = new Map(poll.options.map((option) => [option.id, this.#option(option)]));
    this.form.querySelector(".options").append(...this.options.values());
    this.form.addEventListener("change", () => this.#draw());
    this.#find(".quiet").addEventListener("click", () => {
      this.#isChanging = true;
      this.#draw();
      this.#find("input").focus();
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const choices = this.#chosen();
      if (!this.#isForm() || choices.length === 0) return;
      this.#isChanging = false;
      onVote(choices);
      // The button that was pressed goes away; what it led to is where to go on reading.
      this.#find(".outcome").focus({ preventScroll: true });
    });
  }

  /**
   * @param {Poll} poll
   * @param {Vote | undefined} vote
   * @param {boolean} mayVote whether this viewer may vote in this stream at all
   */
  show(poll, vote, mayVote) {
    if (poll === this.#poll && vote === this.#vote && mayVote === this.#mayVote) return;
    [this.#poll, this.#vote, this.#mayVote] = [poll, vote, mayVote];
    this.#draw();
  }

  #draw() {
    const poll = this.#poll;
    const isForm = this.#isForm();
    setText(this.#find("legend"), poll.question ?? "");
    this.form.dataset.status = poll.status;
    this.form.classList.toggle("voting", isForm);
    setText(this.#find(".chip"), stateWords(poll));
    const most = poll.max_choices ?? 1;
    setText(this.#find(".hint"), isForm ? (most > 1 ? `Choose up to ${most}` : "Choose one") : "");
    setText(this.#find(".voters"), `${count(poll.voters)} ${word(poll.voters, "voter", "voters")}`);

    const isFull = most > 1 && this.#chosen().length >= most;
    const standing = this.#vote?.state === "refused" ? this.#vote.earlier : this.#vote;
    for (const option of poll.options) this.#drawOption(option, isForm, isFull, standing?.choices ?? []);

    this.#find(".main").hidden = !isForm;
    this.#find(".main").disabled = this.#chosen().length === 0;
    this.#find(".quiet").hidden = isForm || !this.#mayChange();
    this.#drawOutcome();
  }

  #drawOption(option, isForm, isFull, choices) {
    const row = this.options.get(option.id);
    if (row === undefined) return;
    const input = row.querySelector("input");
    input.disabled = !isForm || (isFull && !input.checked);
    const isChosen = !isForm && choices.includes(option.id);
    row.classList.toggle("chosen", isChosen);
    row.querySelector(".mark").hidden = !isChosen;
    setText(row.querySelector(".option-text"), option.text ?? `Option ${option.id}`);
    setText(row.querySelector(".votes-count"), count(option.votes));
    setText(row.querySelector(".votes .unseen"), ` ${word(option.votes, "vote", "votes")},`);
    setText(row.querySelector(".votes-share"), percentage(share(this.#poll, option)));
    row.querySelector(".fill").style.setProperty("--share", share(this.#poll, option).toFixed(4));
  }

  #drawOutcome() {
    const outcome = this.#find(".outcome");
    outcome.dataset.state = this.#vote?.state ?? "none";
    setText(this.#find(".outcome-words"), outcomeWords(this.#poll, this.#vote, this.#mayVote));
    const receipt = this.#vote?.state === "acknowledged" ? this.#vote.receipt : undefined;
    setText(this.#find(".receipt"), receipt ? `Receipt ${receipt}` : "");
  }

  #option(option) {
    const row = fromTemplate("option-template");
    const input = row.querySelector("input");
    input.type = (this.#poll.max_choices ?? 1) > 1 ? "checkbox" : "radio";
    input.value = option.id;
    return row;
  }

  #isForm() {
    const isFree = this.#vote === undefined || this.#vote.state === "refused" || this.#isChanging;
    return this.#mayVote && this.#poll.status === "open" && isFree;
  }

  #mayChange() {
    return this.#mayVote && this.#poll.status === "open" && this.#poll.allow_change && this.#vote?.state === "acknowledged";
  }

  #chosen() {
    return [...this.form.querySelectorAll("input:checked")].map((input) => input.value);
  }

  #find(selector) {
    return this.form.querySelector(selector);
  }
}
