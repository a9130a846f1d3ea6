/**
 * One poll on the page: a form while one may vote, bars and numbers while one may see them.
 *
 * @typedef {import('../client/merge_poll.js').Poll} Poll
 * @typedef {import('../client/vote.js').Vote} Vote
 */

import { countdown } from "../parts/countdown.js";
import { fromTemplate, setText } from "../parts/dom.js";
import { count, word } from "../parts/format.js";
import { hasNumbers } from "../client/merge_poll.js";
import { OptionRows } from "../parts/option_rows.js";
import { chipWords, explanation, ruleWords } from "../parts/poll_words.js";
import { ReceiptBox } from "./receipt_box.js";
import { voteWords } from "./vote_words.js";
import { isWithdrawal, standing } from "../client/vote.js";

/** Refusals after which another vote of the same viewer fares no better. */
const FOR_GOOD = new Set(["ineligible", "duplicate-vote"]);

/** Nobody reads numbers that change more often, and fifty bars are work for an old phone. */
const NUMBERS_MS = 200;

export class PollCard {
  /** @type {Poll} */ #poll;
  /** @type {Vote | undefined} */ #vote;
  #mayVote = false;
  #isLive = false;
  #drawnAt = -Infinity;
  #isChanging = false;

  /** @param {(choices: string[]) => void} onVote without choices, the vote is taken back */
  constructor(onVote) {
    this.onVote = onVote;
    this.form = fromTemplate("poll-template");
    this.rows = new OptionRows(this.#find(".options"));
    this.receipt = new ReceiptBox(this.#find(".receipt"));
    this.form.addEventListener("change", () => this.#draw());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#canSubmit()) this.#cast(this.rows.ticked);
    });
    this.#find(".take-back").addEventListener("click", () => this.#cast([]));
    this.#find(".change").addEventListener("click", () => this.#change(true));
    this.#find(".keep").addEventListener("click", () => this.#change(false));
  }

  /**
   * @param {Poll} poll
   * @param {Vote | undefined} vote
   * @param {boolean} mayVote whether this viewer may vote in this stream at all
   * @param {boolean} isLive whether there is a connection just now
   */
  show(poll, vote, mayVote, isLive) {
    const isSame = vote === this.#vote && mayVote === this.#mayVote && isLive === this.#isLive;
    if (isSame && poll === this.#poll) return;
    // What waits is shown by the next call.
    const isNumbers = isSame && poll.status === this.#poll?.status;
    if (isNumbers && performance.now() - this.#drawnAt < NUMBERS_MS) return;
    this.#drawnAt = performance.now();
    [this.#poll, this.#vote, this.#mayVote, this.#isLive] = [poll, vote, mayVote, isLive];
    this.#draw();
  }

  /** @param {number | null} now by the server's clock, epoch milliseconds */
  tick(now) {
    setText(this.#find(".countdown"), countdown(this.#poll, now));
  }

  #draw() {
    const [poll, vote] = [this.#poll, this.#vote];
    const stands = standing(vote);
    const isForm = this.#isForm();
    this.form.dataset.poll = poll.poll_id;
    this.form.dataset.status = poll.status;
    this.form.classList.toggle("voting", isForm);
    this.form.classList.toggle("quiz-over", Boolean(poll.correct?.length));
    setText(this.#find("legend"), poll.question ?? "");
    setText(this.#find(".chip"), chipWords(poll));
    const voters = poll.voters ?? 0;
    setText(this.#find(".voters"), hasNumbers(poll) ? `${count(voters)} ${word(voters, "voter", "voters")}` : "");
    setText(this.#find(".rule"), isForm ? ruleWords(poll) : "");
    setText(this.#find(".explanation"), explanation(poll, this.#mayVote, stands !== undefined));
    this.rows.show(poll, isForm, this.#choices());

    this.#find(".main").hidden = !isForm;
    this.#find(".main").disabled = !this.#canSubmit();
    const isSettled = this.#isTakingVotes() && stands !== undefined && vote.state !== "pending" && !isForm;
    this.#find(".change").hidden = !(isSettled && poll.allow_change);
    this.#find(".take-back").hidden = !(isSettled && poll.allow_withdraw);
    this.#find(".keep").hidden = !(isForm && this.#isChanging);

    this.#find(".outcome").dataset.state = vote?.state ?? "none";
    setText(this.#find(".outcome"), voteWords(poll, vote, this.#mayVote, this.#isLive));
    this.receipt.show(vote?.state === "pending" ? undefined : (vote?.receipt ?? stands?.receipt));
  }

  /** @param {string[]} choices */
  #cast(choices) {
    this.#isChanging = false;
    this.rows.tick(choices);
    this.onVote(choices);
    // The button that was pressed goes away; what it led to is where to go on reading.
    this.#find(".outcome").focus({ preventScroll: true });
  }

  /** @param {boolean} isChanging */
  #change(isChanging) {
    this.#isChanging = isChanging;
    this.rows.tick(standing(this.#vote)?.choices ?? []);
    this.#draw();
    (isChanging ? (this.#find("input:checked") ?? this.#find("input")) : this.#find(".change")).focus();
  }

  #isTakingVotes() {
    return this.#mayVote && this.#poll.status === "open";
  }

  #isForm() {
    const vote = this.#vote;
    const isShut = vote?.state === "pending" || FOR_GOOD.has(vote?.problem?.name);
    return this.#isTakingVotes() && !isShut && (standing(vote) === undefined || this.#isChanging);
  }

  #canSubmit() {
    const ticked = this.rows.ticked.length;
    return this.#isForm() && ticked > 0 && ticked <= (this.#poll.max_choices ?? 1);
  }

  /** What is marked as chosen: what is on its way, or else what counts. */
  #choices() {
    const vote = this.#vote;
    const isOnItsWay = vote?.state === "pending" && !isWithdrawal(vote);
    return (isOnItsWay ? vote : standing(vote))?.choices ?? [];
  }

  #find(selector) {
    return this.form.querySelector(selector);
  }
}
