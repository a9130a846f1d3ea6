/**
 * How long to wait before the next connection. By chance, so that a crowd that lost its gateway at one moment does not
 * come back at one moment.
 */

import { STOPPING, TOO_MANY_FRAMES } from "./closing.js";

const FIRST_MS = 300;
const LONGEST_MS = 8_000;
/** A gateway that stops says so to everybody at once. */
const AFTER_STOP_MS = 2_000;
const AFTER_TOO_MUCH_MS = 4_000;

/**
 * @param {number} code with which the last connection was closed
 * @param {number} tries that came to nothing since the last good connection
 * @returns {number} ms
 */
export function pause(code, tries) {
  if (code === STOPPING && tries === 0) return AFTER_STOP_MS * Math.random();
  const least = code === TOO_MANY_FRAMES ? AFTER_TOO_MUCH_MS : FIRST_MS;
  return Math.min(least * 2 ** tries, LONGEST_MS) * (0.3 + 0.7 * Math.random());
}
