/** How long until a poll opens or closes, in words. */

import { count, word } from "./format.js";

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/**
 * @param {import('../client/merge_poll.js').Poll} poll
 * @param {number | null} now by the server's clock, epoch milliseconds; null while it is not known
 * @returns {string}
 */
export function countdown(poll, now) {
  if (now === null) return "";
  if (poll.status === "scheduled" && poll.opens_at) {
    return poll.opens_at > now ? `Opens in ${span(poll.opens_at - now)}` : "Opening…";
  }
  const isGoingOn = poll.status === "open" || poll.status === "paused";
  if (!isGoingOn || !poll.closes_at) return "";
  return poll.closes_at > now ? `Closes in ${span(poll.closes_at - now)}` : "Closing…";
}

/** @param {number} ms above 0 @returns {string} such as 3 days, 1:02:03 or 0:09 */
function span(ms) {
  const days = Math.floor(ms / DAY_MS);
  if (days >= 1) return `${count(days)} ${word(days, "day", "days")}`;
  const seconds = Math.ceil(ms / SECOND_MS);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number) => String(number).padStart(2, "0");
  return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}
