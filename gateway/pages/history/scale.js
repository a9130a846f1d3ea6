/** From numbers to places on a plot, and the round numbers to write at its axes. Pure. */

const STEPS_S = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 172_800,
];

/**
 * @typedef {Object} Scale
 * @property {(value: number) => number} at  the place of a value, never outside the range
 * @property {(place: number) => number} back  the value of a place
 */

/**
 * @param {[number, number]} domain
 * @param {[number, number]} range
 * @returns {Scale}
 */
export function linear([from, to], [start, end]) {
  const factor = (end - start) / (to - from || 1);
  const clamp = (value) => Math.min(Math.max(value, Math.min(from, to)), Math.max(from, to));
  return {
    at: (value) => start + (clamp(value) - from) * factor,
    back: (place) => clamp(from + (place - start) / factor),
  };
}

/**
 * @param {number} most the largest value
 * @param {number} parts how many ticks there is room for
 * @returns {number[]} round whole numbers from 0, the last at or above `most`
 */
export function valueTicks(most, parts) {
  const rough = Math.max(most, 1) / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough);
  return Array.from({ length: Math.ceil(Math.max(most, 1) / step) + 1 }, (_, index) => index * step);
}

/**
 * @param {number} fromS seconds in the video
 * @param {number} toS
 * @param {number} parts how many ticks there is room for
 * @returns {number[]} round seconds from `fromS` to `toS`
 */
export function timeTicks(fromS, toS, parts) {
  const rough = (toS - fromS) / Math.max(parts, 1);
  const step = STEPS_S.find((each) => each >= rough) ?? 86_400 * Math.ceil(rough / 86_400);
  const first = Math.ceil(fromS / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((toS - first) / step) + 1) }, (_, index) => first + index * step);
}
