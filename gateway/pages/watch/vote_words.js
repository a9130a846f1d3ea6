/**
 * What became of this viewer's vote, in words.
 *
 * @typedef {import('../client/merge_poll.js').Poll} Poll
 * @typedef {import('../client/vote.js').Vote} Vote
 */

import { problemWords } from "../client/problem_words.js";
import { isWithdrawal, standing } from "../client/vote.js";

/** Refusals of votes that were written down all the same. */
const LISTED = new Set(["late-vote", "ineligible", "duplicate-vote", "invalid-vote"]);

/**
 * @param {Poll} poll
 * @param {Vote | undefined} vote
 * @param {boolean} mayVote
 * @param {boolean} isLive whether there is a connection just now
 * @returns {string}
 */
export function voteWords(poll, vote, mayVote, isLive) {
  if (vote === undefined) return mayVote || poll.status !== "open" ? "" : "You can watch the poll here, but not vote.";
  if (vote.state === "pending") return pendingWords(vote, isLive);
  if (vote.state === "refused") return refusedWords(vote);
  if (isWithdrawal(vote)) return "You have taken your vote back.";
  return ["Your vote is in.", answerWords(poll, vote)].filter(Boolean).join(" ");
}

/** @param {Vote} vote @param {boolean} isLive */
function pendingWords(vote, isLive) {
  const what = isWithdrawal(vote) ? "Your wish to take it back" : "Your vote";
  if (vote.problem) return `${problemWords(vote.problem)} ${what} is sent again by itself.`;
  if (vote.attempts === 0) return `${what} waits for the connection.`;
  if (!isLive) return `${what} is sent again once the connection is back.`;
  return isWithdrawal(vote) ? "Taking your vote back…" : "Sending your vote…";
}

/** @param {Vote} vote */
function refusedWords(vote) {
  const rest = standing(vote) ? " Your earlier vote stands." : "";
  return `${refusalWords(vote)} ${problemWords(vote.problem)}${rest}`;
}

/** @param {Vote} vote */
function refusalWords(vote) {
  // An earlier try may have arrived although its answer did not.
  const isUnsure = vote.attempts > 1;
  if (isWithdrawal(vote)) return isUnsure ? "Nobody can say whether it was taken back." : "Your vote was not taken back.";
  if (isUnsure) return "Your vote could not be confirmed.";
  return LISTED.has(vote.problem.name) ? "Your vote does not count." : "Your vote was not taken.";
}

/** @param {Poll} poll @param {Vote} vote */
function answerWords(poll, vote) {
  if (!poll.correct?.length) return "";
  const right = new Set(poll.correct);
  const hits = vote.choices.filter((id) => right.has(id)).length;
  if (hits === right.size && hits === vote.choices.length) return "Your answer is right.";
  return hits > 0 ? "Your answer is partly right." : "Your answer is wrong.";
}
