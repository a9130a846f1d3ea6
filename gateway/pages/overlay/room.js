/**
 * Where emojis may float: the higher of the bands above and below what is written. Pure.
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 */

/** A lower band than this part of the frame is no room to float in. */
const LEAST_BAND = 0.25;

/**
 * @param {number} height of the frame
 * @param {Box[]} boxes that are written in
 * @returns {{y: number, height: number}} the whole height where no band is high enough
 */
export function band(height, boxes) {
  const above = Math.min(height, ...boxes.map((box) => box.y));
  const end = Math.max(0, ...boxes.map((box) => box.y + box.height));
  const below = height - end;
  if (Math.max(above, below) < LEAST_BAND * height) return { y: 0, height };
  return above >= below ? { y: 0, height: above } : { y: end, height: below };
}
