/**
 * How a poll's result came about: each option's share of the votes cast until then, and below it the votes of each step.
 * Where one may choose several, the history does not tell how many voters there were until then: votes are plotted instead.
 *
 * @typedef {import('../parts/stream_api.js').Poll} Poll
 * @typedef {import('../parts/stream_api.js').PollTimeline} PollTimeline
 * @typedef {import('./series.js').Series} Series
 * @typedef {{poll: Poll, timeline: PollTimeline, series: Series[], begin: number}} Course  `begin` of the video, epoch ms
 * @typedef {{from: number, to: number, votes: number, sum: number, so_far: Record<string, number>}} Point
 */

import { count, exactly, percentage, word } from "../parts/format.js";
import { frame } from "./frame.js";
import { linear, valueTicks } from "./scale.js";
import { countOf } from "./series.js";
import { place, svg } from "../parts/svg.js";
import { clockTime, videoTime } from "../parts/times.js";

const QUARTERS = [0, 0.25, 0.5, 0.75, 1];
const SIGN_PX = 7;
const NAME_GAP = 10;
const NAME_CHARS = 14;
const NAME_HEIGHT = 15;
const NARROW = 560;
const COLUMNS_HEIGHT = 36;

/** @param {Course} course @returns {Point[]} one for each step; an option that got nothing in a step keeps what it had */
export function points({ timeline }) {
  const stepMs = timeline.step_s * 1_000;
  /** @type {Record<string, number>} */ let soFar = {};
  return timeline.steps.map((step) => {
    soFar = { ...soFar, ...step.so_far };
    const [votes, sum] = [step.votes, soFar].map((each) => Object.values(each).reduce((a, b) => a + b, 0));
    return { from: step.start, to: step.start + stepMs, votes, sum, so_far: soFar };
  });
}

/** @param {Course} course @param {number} width @returns {import('./frame.js').Frame} */
export function drawCourse(course, width) {
  const found = points(course);
  const { valueOf, words } = measure(course);
  const isNarrow = width < NARROW;
  const ground = frame({
    width,
    height: isNarrow ? 220 : 260,
    span: spanOf(course.poll, found),
    begin: course.begin,
    ticks: isShares(course) ? QUARTERS : valueTicks(mostVotes(course, found), 4),
    valueWords: isShares(course) ? percentage : count,
    unit: isShares(course) ? "Share of the votes so far" : "Votes so far",
    margin: isNarrow ? 12 : nameRoom(course.series),
  });
  ground.svg.append(...columns(found, ground), ...course.series.map((each) => line(each, found, ground, valueOf)));
  if (!isNarrow) ground.svg.append(...names(course.series, found, ground, valueOf, words));
  return ground;
}

/** @param {Course} course @returns {import('./cursor.js').Mark[]} */
export function courseMarks(course) {
  const { bothWords } = measure(course);
  return points(course).map((point) => ({
    from: point.from,
    to: point.to,
    title: `${videoTime((point.to - course.begin) / 1_000)} · ${clockTime(point.to)} · ${exactly(point.sum)} ${word(point.sum, "vote", "votes")}`,
    rows: course.series
      .map((each) => ({ each, votes: countOf(each, point.so_far) }))
      .sort((first, second) => second.votes - first.votes)
      .map(({ each, votes }) => ({ look: each.look, name: each.name, value: bothWords(votes, point) })),
  }));
}

/** @param {Course} course @returns {boolean} */
function isShares({ poll }) {
  return (poll.max_choices ?? 1) === 1;
}

/**
 * What is plotted of an option at a point, and how that is written.
 * @param {Course} course
 */
export function measure(course) {
  const votesOf = (series, point) => countOf(series, point.so_far);
  if (!isShares(course)) return { valueOf: votesOf, words: count, bothWords: (votes) => exactly(votes) };
  return {
    valueOf: (series, point) => votesOf(series, point) / point.sum,
    words: percentage,
    bothWords: (votes, point) => `${percentage(votes / point.sum)} (${exactly(votes)})`,
  };
}

function mostVotes({ series }, found) {
  const last = found.at(-1);
  return last ? Math.max(...series.map((each) => countOf(each, last.so_far))) : 0;
}

/** @returns {[number, number]} from the opening to the close, and wider where votes are known from before or after */
function spanOf(poll, found) {
  const begins = [poll.opened_at, found[0]?.from].filter((each) => each != null);
  const ends = [poll.closed_at, found.at(-1)?.to].filter((each) => each != null);
  return [Math.min(...begins), Math.max(...ends)];
}

function line(series, found, { x, y, right }, valueOf) {
  const steps = found.map((point) => `${place(x.at(point.to))},${place(y.at(valueOf(series, point)))}`);
  return svg("path", { class: `line ${series.look}`, d: steps.length ? `M${steps.join("L")}H${place(right)}` : "" });
}

function columns(found, { x, bottom }) {
  const tall = linear([0, Math.max(1, ...found.map((point) => point.votes))], [0, COLUMNS_HEIGHT]);
  return found.map((point) => {
    const [from, to, height] = [x.at(point.from), x.at(point.to), tall.at(point.votes)];
    const sides = { x: place(from), width: place(Math.max(to - from - 1, 1)), y: place(bottom - height), height: place(height) };
    return svg("rect", { class: "column", ...sides });
  });
}

/** The names stand at the ends of the lines, moved apart where they would overlap. */
function names(series, found, { y, top, bottom, right }, valueOf, words) {
  const last = found.at(-1);
  if (!last) return [];
  const labels = series
    .map((each) => ({ each, value: valueOf(each, last) }))
    .sort((first, second) => second.value - first.value)
    .slice(0, Math.floor((bottom - top) / NAME_HEIGHT));
  let lowest = top - NAME_HEIGHT;
  const places = labels.map(({ value }) => (lowest = Math.max(y.at(value), lowest + NAME_HEIGHT)));
  for (let index = places.length - 1, limit = bottom; index >= 0 && places[index] > limit; index -= 1, limit -= NAME_HEIGHT) {
    places[index] = limit;
  }
  return labels.map(({ each, value }, index) =>
    svg("text", { class: `name ${each.look}`, x: right + NAME_GAP, y: place(places[index] + 4) }, `${words(value)} ${shortened(each.name)}`),
  );
}

/** Room for the longest name, and the number before it. */
function nameRoom(series) {
  const signs = Math.max(...series.map((each) => [...shortened(each.name)].length));
  return NAME_GAP + SIGN_PX * (signs + 7);
}

function shortened(text) {
  const signs = [...text];
  return signs.length > NAME_CHARS ? `${signs.slice(0, NAME_CHARS - 1).join("")}…` : text;
}
