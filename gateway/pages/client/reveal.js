/**
 * Results that show only to who has voted: a new socket does not know that this viewer has, so it is shown the receipt.
 */

import { isOver } from "./merge_poll.js";
import { saysNotNow, wait } from "./patience.js";
import { counted } from "./vote.js";

/**
 * Ask for these results on a connection that has just opened.
 * @param {Iterable<import('./merge_poll.js').Poll>} polls
 * @param {import('./votes.js').Votes} votes
 * @param {import('./connection.js').Connection} connection
 */
export function reveal(polls, votes, connection) {
  for (const poll of polls) {
    const receipt = counted(votes.get(poll.poll_id))?.receipt;
    if (poll.results === "after_vote" && !isOver(poll) && receipt) show(receipt, connection, 1);
  }
}

/** @param {string} receipt @param {import('./connection.js').Connection} connection @param {number} attempt */
async function show(receipt, connection, attempt) {
  const answer = await connection.ask({ type: "show", receipt });
  if (saysNotNow(answer)) setTimeout(() => show(receipt, connection, attempt + 1), wait(answer, attempt));
}
