/**
 * What a poll and a vote are, in words.
 *
 * @typedef {import('./state.js').Poll} Poll
 * @typedef {import('./votes.js').Vote} Vote
 */

import { problemWords } from "./format.js";

const STATES = { draft: "Not open yet", open: "Open", closed: "Closed", cancelled: "Cancelled" };

/** @param {Poll} poll @returns {string} */
export function stateWords(poll) {
  return poll.is_final ? "Closed, final result" : STATES[poll.status];
}

/**
 * @param {Poll} poll
 * @param {Vote | undefined} vote
 * @param {boolean} mayVote
 * @returns {string}
 */
export function outcomeWords(poll, vote, mayVote) {
  if (vote !== undefined) return voteWords(vote);
  if (poll.status === "closed") return "This poll is closed. It takes no more votes.";
  if (poll.status === "cancelled") return "This poll was cancelled.";
  return mayVote ? "" : "You can watch the result here, but not vote.";
}

/** @param {Vote} vote */
function voteWords(vote) {
  if (vote.state === "acknowledged") return "Your vote is in.";
  if (vote.state === "pending") {
    if (vote.problem) return `${problemWords(vote.problem)} Your vote is sent again by itself.`;
    return vote.attempts === 0 ? "Your vote waits for the connection." : "Sending your vote…";
  }
  // An earlier try may have arrived although its answer did not.
  const what = vote.attempts > 1 ? "Your vote could not be confirmed" : "Your vote was not taken";
  const rest = vote.earlier ? " Your earlier vote stands." : "";
  return `${what}: ${problemWords(vote.problem)}${rest}`;
}
