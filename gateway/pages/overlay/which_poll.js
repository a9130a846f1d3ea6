/**
 * Which poll is on air. Pure.
 *
 * @typedef {import('../client/merge_poll.js').Poll} Poll
 */

/** What a viewer can do something about comes first, then what is being counted, then a result that is still news. */
const RANKS = { open: 3, paused: 3, closed: 2, final: 1 };

/**
 * @param {Iterable<Poll>} polls oldest first
 * @param {string} wanted `newest`, or the id of a poll
 * @param {number} resultS how long a final result stays, seconds; 0 for ever
 * @param {number | null} now by the server's clock, epoch milliseconds
 * @returns {Poll | undefined}
 */
export function whichPoll(polls, wanted, resultS, now) {
  let found;
  for (const poll of polls) {
    const rank = RANKS[poll.status] ?? 0;
    const isAsked = wanted === "newest" || wanted === poll.poll_id;
    if (rank === 0 || !isAsked || isOldNews(poll, resultS, now)) continue;
    if (found === undefined || rank >= RANKS[found.status]) found = poll;
  }
  return found;
}

function isOldNews(poll, resultS, now) {
  // The last that happens to a poll is that it becomes final.
  return poll.status === "final" && resultS > 0 && now !== null && now > poll.as_of + 1000 * resultS;
}
