/**
 * The ground of a plot: a drawing as wide as its box, its axes, and time on the one that lies.
 *
 * @typedef {import('./scale.js').Scale} Scale
 * @typedef {{svg: SVGElement, width: number, height: number, left: number, right: number, top: number, bottom: number,
 *   x: Scale, y: Scale}} Frame  `left` to `bottom` are the sides of the ground, pixels from the corner
 *
 * @typedef {Object} Ground
 * @property {number} width
 * @property {number} height
 * @property {[number, number]} span  epoch ms
 * @property {number} begin  when the video began, epoch ms
 * @property {number[]} ticks  values at the upright axis, from 0 to its end
 * @property {(value: number) => string} valueWords
 * @property {string} unit  what the upright axis counts
 * @property {number} [margin]  room at the right, pixels
 */

import { linear, timeTicks } from "./scale.js";
import { svg } from "../parts/svg.js";
import { clockMinute, clockTime, videoTime } from "../parts/times.js";

const LEFT = 52;
const RIGHT = 12;
const TOP = 40;
const BOTTOM = 44;
const TICK_ROOM = 96;

/** @param {Ground} ground @returns {Frame} */
export function frame({ width, height, span, begin, ticks, valueWords, unit, margin = RIGHT }) {
  const [left, right, top, bottom] = [LEFT, width - margin, TOP, height - BOTTOM];
  const x = linear(span, [left, right]);
  const y = linear([0, ticks.at(-1)], [bottom, top]);
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "drawing", "aria-hidden": "true" });
  drawing.append(svg("text", { class: "unit", x: 0, y: 12 }, unit));
  for (const value of ticks) {
    drawing.append(
      svg("line", { class: value ? "grid" : "base", x1: left, x2: right, y1: y.at(value), y2: y.at(value) }),
      svg("text", { class: "tick value", x: left - 8, y: y.at(value) + 4 }, valueWords(value)),
    );
  }
  const seconds = span.map((ms) => (ms - begin) / 1_000);
  const times = timeTicks(seconds[0], seconds[1], Math.floor((right - left) / TICK_ROOM));
  const clock = times.every((second) => (begin / 1_000 + second) % 60 < 1) ? clockMinute : clockTime;
  for (const second of times) drawing.append(...timeTick(x.at(begin + second * 1_000), bottom, second, clock(begin + second * 1_000), right));
  return { svg: drawing, width, height, left, right, top, bottom, x, y };
}

function timeTick(at, bottom, second, clock, right) {
  const anchor = at > right - 24 ? "end" : "middle";
  return [
    svg("line", { class: "base", x1: at, x2: at, y1: bottom, y2: bottom + 4 }),
    svg("text", { class: "tick video", x: at, y: bottom + 19, "text-anchor": anchor }, videoTime(second)),
    svg("text", { class: "tick clock", x: at, y: bottom + 36, "text-anchor": anchor }, clock),
  ];
}
