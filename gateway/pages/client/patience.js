/** What to do when the gateway says: not now. */

const TOO_MANY_REQUESTS = 429;
const UNAVAILABLE = 503;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 8_000;

/**
 * @param {import('./connection.js').Answer} answer
 * @returns {answer is import('./connection.js').Refusal} whether the same frame is worth sending again
 */
export function saysNotNow(answer) {
  return saysTooMany(answer) || (answer.type === "error" && answer.status === UNAVAILABLE);
}

/**
 * @param {import('./connection.js').Answer} answer
 * @returns {boolean} whether the gateway did not even look at the frame
 */
export function saysTooMany(answer) {
  return answer.type === "error" && answer.status === TOO_MANY_REQUESTS;
}

/**
 * @param {import('./connection.js').Refusal} answer
 * @param {number} attempts that were made so far
 * @returns {number} how long to wait for the next one, ms; never less than the gateway asks for
 */
export function wait(answer, attempts) {
  const asked = 1_000 * (answer.retry_after_s ?? 0);
  const usual = Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), LONGEST_WAIT_MS) / 2;
  return Math.max(asked, usual) + usual * Math.random();
}
