/**
 * The taps of a stream over its time: areas of the emojis on top of each other, with the moments marked above.
 *
 * @typedef {import('../parts/stream_api.js').Stream} Stream
 * @typedef {import('../parts/stream_api.js').Timeline} TimelineAnswer
 * @typedef {import('../parts/stream_api.js').Moment} Moment
 * @typedef {import('./series.js').Series} Series
 * @typedef {{stream: Stream, timeline: TimelineAnswer, moments: Moment[], series: Series[]}} Picture
 */

import { count, exactly, word } from "../parts/format.js";
import { frame } from "./frame.js";
import { valueTicks } from "./scale.js";
import { countOf } from "./series.js";
import { place, svg } from "../parts/svg.js";
import { clockTime, stepWords, videoTime } from "../parts/times.js";

/** Steps wider than that have lines between their areas; of narrower ones lines would cover too much. */
const LINED_PX = 6;
const MARK_ROOM = 18;
const MARK_Y = 28;
const MARK_RADIUS = 8;

/** @param {Picture} picture @param {number} width @returns {import('./frame.js').Frame} */
export function drawTimeline({ stream, timeline, moments, series }, width) {
  const most = Math.max(0, ...timeline.steps.map((step) => step.taps));
  const ground = frame({
    width,
    height: width < 800 ? 280 : 340,
    span: [timeline.from, timeline.to],
    begin: stream.created_at,
    ticks: valueTicks(most, 4),
    valueWords: count,
    unit: `Taps in ${stepWords(timeline.step_s)}`,
  });
  ground.svg.append(...bands(moments, ground), ...areas(timeline, series, ground), ...flags(moments, ground));
  return ground;
}

/** @param {Picture} picture @returns {import('./cursor.js').Mark[]} what can be read off at each step */
export function timelineMarks({ stream, timeline, series }) {
  return timeline.steps.map((step) => ({
    from: step.start,
    to: step.start + timeline.step_s * 1_000,
    title: `${videoTime((step.start - stream.created_at) / 1_000)} · ${clockTime(step.start)} · ${tapWords(step.taps)}`,
    rows: series
      .map((each) => ({ look: each.look, name: each.name, number: countOf(each, step.counts) }))
      .filter(({ number }) => number > 0)
      .map(({ number, ...rest }) => ({ ...rest, value: exactly(number) }))
      .reverse(),
  }));
}

/** @param {number} taps @returns {string} */
export function tapWords(taps) {
  return `${exactly(taps)} ${word(taps, "tap", "taps")}`;
}

/** A step is a level from its start to its end: nothing is known of how taps fell within it. */
function areas(timeline, series, { x, y }) {
  const stepMs = timeline.step_s * 1_000;
  const isDense = x.at(timeline.from + stepMs) - x.at(timeline.from) < LINED_PX;
  const floor = timeline.steps.map(() => 0);
  return series.map((each) => {
    const there = [];
    const back = [];
    timeline.steps.forEach((step, index) => {
      const [start, end] = [place(x.at(step.start)), place(x.at(step.start + stepMs))];
      const low = floor[index];
      floor[index] += countOf(each, step.counts);
      there.push(`${start},${place(y.at(floor[index]))}H${end}`);
      back.push(`${end},${place(y.at(low))}H${start}`);
    });
    const outline = there.length ? `M${there.join("L")}L${back.reverse().join("L")}Z` : "";
    return svg("path", { class: `area ${isDense ? "dense" : ""} ${each.look}`, d: outline });
  });
}

function isInside(moment, { x, left, right }) {
  return x.at(moment.ends) > left && x.at(moment.begins) < right;
}

function bands(moments, ground) {
  return moments.filter((moment) => isInside(moment, ground)).map((moment) => {
    const [from, to] = [ground.x.at(moment.begins), ground.x.at(moment.ends)];
    const sides = { x: place(from), width: place(Math.max(to - from, 2)), y: ground.top, height: ground.bottom - ground.top };
    return svg("rect", { class: "band", ...sides });
  });
}

/** Each moment's number in the list; where two would overlap, the higher one has the room. */
function flags(moments, ground) {
  const taken = [];
  return moments.flatMap((moment, index) => {
    if (!isInside(moment, ground)) return [];
    const at = (ground.x.at(moment.begins) + ground.x.at(moment.ends)) / 2;
    if (taken.some((other) => Math.abs(other - at) < MARK_ROOM)) return [];
    taken.push(at);
    return [
      svg("circle", { class: "flag", cx: place(at), cy: MARK_Y, r: MARK_RADIUS }),
      svg("text", { class: "flag-number", x: place(at), y: MARK_Y + 3.5 }, String(index + 1)),
    ];
  });
}
