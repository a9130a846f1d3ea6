/**
 * The form that prepares a poll, or changes one. What is written in it outlives a reload.
 *
 * @typedef {import('./api.js').Poll} Poll
 */

import { forget, recall, remember } from "../client/storage.js";
import { byId, setText } from "../parts/dom.js";
import { act } from "./act.js";
import { Making } from "./making.js";
import { OptionFields } from "./option_fields.js";
import { ScheduleFields } from "./schedule_fields.js";

const EMPTY = {
  question: "",
  options: [],
  correct: [],
  max_choices: 1,
  results: "always",
  allow_change: false,
  allow_withdraw: false,
  opens_at: null,
  closes_at: null,
  closes_in_s: null,
};

export class PollForm {
  #form = /** @type {HTMLFormElement} */ (byId("poll-form"));
  #note = byId("poll-note");
  #options = new OptionFields(() => this.#fit());
  #schedule = new ScheduleFields(this.#form, () => this.#fit());
  /** @type {Poll | null} what is changed; null for a new one */ #poll = null;
  #making = new Making();
  #name;

  /**
   * @param {string} streamId
   * @param {import('./api.js').StudioApi} api
   * @param {(pollId: string) => void} onDone
   */
  constructor(streamId, api, onDone) {
    this.#name = `ovation.poll.${streamId}`;
    this.api = api;
    this.onDone = onDone;
    byId("prepare").addEventListener("click", () => this.#begin(null, EMPTY));
    byId("poll-drop").addEventListener("click", () => this.close());
    for (const box of [this.#form.quiz, this.#form.allow_change]) box.addEventListener("change", () => this.#fit());
    this.#form.addEventListener("input", () => this.#keep());
    // Enter in a field would open the poll before it is written.
    this.#form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
      event.preventDefault();
      if (event.target === this.#form.question) this.#options.focus();
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(/** @type {HTMLButtonElement} */ (event.submitter));
    });
    const kept = recall(this.#name);
    if (kept) {
      this.#begin(null, kept, false);
      this.#making = new Making(kept.poll_id, kept.sent);
    }
  }

  /** @param {Poll} poll @param {boolean} isLocked whether somebody has voted */
  edit(poll, isLocked) {
    const texts = poll.options.map((option) => option.text);
    // A closing time that only follows from the duration is not one of its own.
    const closesAt = poll.closes_in_s ? null : poll.closes_at;
    this.#begin(poll, { ...poll, options: texts, correct: poll.correct ?? [], closes_at: closesAt }, true, isLocked);
  }

  close() {
    forget(this.#name);
    this.#form.hidden = true;
    byId("prepare").hidden = false;
    byId("prepare").focus();
  }

  #begin(poll, content, takesFocus = true, isLocked = false) {
    const form = this.#form;
    this.#poll = poll;
    this.#making = new Making();
    setText(byId("poll-form-title"), poll ? "Change the poll" : "A new poll");
    form.question.value = content.question;
    this.#options.fill(content.options, content.correct);
    form.max_choices.value = String(content.max_choices);
    form.results.value = content.results;
    form.allow_change.checked = content.allow_change;
    form.allow_withdraw.checked = content.allow_withdraw;
    form.quiz.checked = content.correct.length > 0;
    this.#schedule.write(content);
    /** @type {HTMLFieldSetElement} */ (byId("poll-rules")).disabled = isLocked;
    byId("locked-note").hidden = !isLocked;
    const isOpen = poll !== null && poll.status !== "draft" && poll.status !== "scheduled";
    byId("opens-field").hidden = isOpen;
    setText(this.#note, "");
    form.hidden = false;
    byId("prepare").hidden = true;
    this.#fit();
    if (takesFocus) (isLocked ? form.closes : form.question).focus();
  }

  #fit() {
    const form = this.#form;
    const [withdraw, now, later] = [form.allow_withdraw, byId("poll-now"), byId("poll-later")];
    withdraw.disabled = !form.allow_change.checked;
    if (withdraw.disabled) withdraw.checked = false;
    if (form.quiz.checked !== this.#isQuiz) {
      this.#isQuiz = form.quiz.checked;
      this.#options.ask(this.#isQuiz);
    }
    const isTimed = form.opens.value === "time";
    now.hidden = this.#poll === null && isTimed;
    setText(now, this.#poll ? "Save the changes" : "Open now");
    later.hidden = this.#poll !== null;
    setText(later, isTimed ? "Schedule" : "Keep for later");
    later.classList.toggle("main", isTimed);
    later.classList.toggle("quiet", !isTimed);
    setText(byId("poll-drop"), this.#poll ? "Leave it as it was" : "Discard");
  }

  #isQuiz = false;

  /** @param {HTMLButtonElement} button */
  async #send(button) {
    const [content, times] = [this.#content(), this.#schedule.read()];
    const form = this.#form;
    if (!content.question) return this.#complain("Write a question.", form.question);
    if (content.options.length < 2) return this.#complain("Write at least two options.", this.#options);
    if (form.quiz.checked && !content.correct.length) return this.#complain("Tick what is right.", this.#options);
    if (!(content.max_choices >= 1)) return this.#complain("A voter has at least one choice.", form.max_choices);
    if (content.max_choices > content.options.length) return this.#complain("There are more choices than options.", form.max_choices);
    if ("complaint" in times) return this.#complain(times.complaint, times.field);
    const buttons = /** @type {HTMLButtonElement[]} */ ([...form.querySelectorAll(".buttons button")]);
    const isDone = await act(buttons, this.#note, () => this.#write({ ...content, ...times }, button?.value === "now"));
    if (!isDone) return;
    const pollId = this.#poll?.poll_id ?? this.#making.pollId;
    this.close();
    this.onDone(pollId);
  }

  async #write(content, isNow) {
    if (this.#poll) {
      await this.api.editPoll(this.#poll, changes(this.#poll, content));
      return;
    }
    const open = isNow && content.opens_at === null;
    await this.#making.make(this.api, { ...content, open }, () => this.#keep());
  }

  #content() {
    const form = this.#form;
    const { texts, right } = this.#options.value;
    return {
      question: form.question.value.trim(),
      options: texts,
      correct: right,
      max_choices: Math.round(Number(form.max_choices.value)),
      results: form.results.value,
      allow_change: form.allow_change.checked,
      allow_withdraw: form.allow_withdraw.checked,
    };
  }

  #keep() {
    const times = this.#schedule.read();
    if (this.#poll) return;
    const { pollId, sent } = this.#making;
    const content = { ...EMPTY, ...this.#content(), ...("complaint" in times ? {} : times) };
    remember(this.#name, { ...content, poll_id: pollId, sent });
  }

  #complain(words, field) {
    setText(this.#note, words);
    field.focus();
  }
}

/** @returns {object} the fields that differ; what nobody touched is nobody's change */
function changes(poll, content) {
  const known = { ...poll, options: poll.options.map((option) => option.text), correct: poll.correct ?? [] };
  if (poll.closes_in_s) known.closes_at = content.closes_at;
  return Object.fromEntries(
    Object.entries(content).filter(([name, value]) => {
      const isShown = name !== "opens_at" || poll.status === "draft" || poll.status === "scheduled";
      return isShown && JSON.stringify(value) !== JSON.stringify(known[name]);
    }),
  );
}
