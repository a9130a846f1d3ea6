/**
 * One poll as it went: its result, and how that came about.
 *
 * @typedef {import('../parts/stream_api.js').Poll} Poll
 * @typedef {import('../parts/stream_api.js').PollTimeline} PollTimeline
 */

import { fromTemplate, setText } from "../parts/dom.js";
import { exactly, word } from "../parts/format.js";
import { showBars } from "./bars.js";
import { courseMarks, drawCourse, measure, points } from "./course.js";
import { Plot } from "./plot.js";
import { chooseSeries, countOf } from "./series.js";
import { NumbersTable } from "./table.js";
import { clockTime, lasted, videoTime } from "../parts/times.js";
import { hasNumbers, share } from "../client/merge_poll.js";
import { chipWords, explanation } from "../parts/poll_words.js";

export class PastPoll {
  #plot;
  #table;

  /** @param {string} question */
  constructor(question) {
    this.element = fromTemplate("poll-template");
    this.#plot = new Plot(this.#part(".plot"), `Course of the votes: ${question}`);
    this.#table = new NumbersTable(this.#part("details"));
  }

  /** @param {Poll} poll @param {PollTimeline} timeline @param {number} begin of the video, epoch ms */
  show(poll, timeline, begin) {
    const isKnown = hasNumbers(poll);
    this.element.dataset.status = poll.status;
    setText(this.#part("h3"), poll.question ?? poll.poll_id);
    setText(this.#part(".chip"), chipWords(poll));
    setText(this.#part(".poll-when"), whenWords(poll, begin));
    setText(this.#part(".voters"), isKnown ? `${exactly(poll.voters ?? 0)} ${word(poll.voters ?? 0, "voter", "voters")}` : "");
    setText(this.#part(".refused-votes"), isKnown ? refusedWords(poll) : "");
    setText(this.#part(".explanation"), explanation(poll, false, false));

    const sizes = new Map(poll.options.map((option) => [option.id, option.votes ?? 0]));
    const texts = new Map(poll.options.map((option) => [option.id, option.text ?? `Option ${option.id}`]));
    const series = chooseSeries([...sizes.keys()], (id) => texts.get(id), (id) => sizes.get(id));
    const bars = poll.options.map((option) => ({
      look: series.find((each) => each.ids.includes(option.id)).look,
      name: texts.get(option.id),
      words: `${exactly(option.votes ?? 0)} ${word(option.votes ?? 0, "vote", "votes")}`,
      share: share(poll, option),
      isRight: poll.correct?.includes(option.id),
    }));
    showBars(this.#part(".bars"), isKnown ? bars.sort((first, second) => second.share - first.share) : []);
    this.#showCourse({ poll, timeline, series, begin });
  }

  #showCourse(course) {
    const hasVotes = course.timeline.steps.length > 0;
    this.#part(".course").hidden = !hasVotes;
    if (!hasVotes) return;
    this.#plot.show({ draw: (width) => drawCourse(course, width), marks: courseMarks(course) });
    const { bothWords } = measure(course);
    const head = ["In the video", "Clock", "Votes in the step", ...course.series.map((each) => `${each.name}, so far`)];
    this.#table.show(`Course of the votes: ${course.poll.question}`, head, () =>
      points(course).map((point) => [
        videoTime((point.to - course.begin) / 1_000),
        clockTime(point.to),
        exactly(point.votes),
        ...course.series.map((each) => bothWords(countOf(each, point.so_far), point)),
      ]),
    );
  }

  #part(selector) {
    return this.element.querySelector(selector);
  }
}

/** @param {Poll} poll @param {number} begin @returns {string} when it was open, in the video */
function whenWords(poll, begin) {
  if (poll.opened_at === null || poll.opened_at === undefined) return "";
  const opened = `Opened at ${videoTime((poll.opened_at - begin) / 1_000)}`;
  return poll.closed_at ? `${opened}, for ${lasted((poll.closed_at - poll.opened_at) / 1_000)}` : opened;
}

/** @param {any} poll @returns {string} votes that are not in the result, and why */
function refusedWords(poll) {
  const kinds = ["replaced", "withdrawn", "duplicate", "late", "ineligible", "invalid"];
  const found = kinds.filter((kind) => poll[kind]).map((kind) => `${exactly(poll[kind])} ${kind}`).join(", ");
  return found && `Not counted: ${found}`;
}
