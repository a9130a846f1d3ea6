/**
 * One vote of this viewer.
 *
 * @typedef {import('./problem_words.js').Problem} Problem
 *
 * @typedef {Object} Vote  without choices it takes back the one before
 * @property {string[]} choices
 * @property {'pending' | 'counted' | 'refused'} state
 * @property {number} attempts  how often it was sent
 * @property {string} [receipt]
 * @property {Problem} [problem]  why it was refused, or why it is sent again
 * @property {Vote} [earlier]  the counted vote that this one would replace
 * @property {boolean} [isChecked]  whether its receipt has told what became of it
 * @property {string} [session]  in which it was sent, under which id, and to which edges
 * @property {number} [id]
 * @property {(string | null)[]} [sentTo]
 */

import { ownProblem } from "./problem_words.js";

/** Outcomes of a vote that was taken, and does not count all the same; and the problem that each is. */
const NOT_COUNTED = new Map([
  ["duplicate", "duplicate-vote"],
  ["late", "late-vote"],
  ["invalid", "invalid-vote"],
  ["ineligible", "ineligible"],
]);

/** @param {Vote} vote */
export function isWithdrawal(vote) {
  return vote.choices.length === 0;
}

/** @param {Vote | undefined} vote @returns {Vote | undefined} the newest that the gateway has taken */
export function counted(vote) {
  return vote?.state === "counted" ? vote : vote?.earlier;
}

/** @param {Vote | undefined} vote @returns {Vote | undefined} the vote that counts for this viewer */
export function standing(vote) {
  const newest = counted(vote);
  return newest !== undefined && !isWithdrawal(newest) ? newest : undefined;
}

/** @param {string} pollId @param {Vote} vote @returns {Record<string, unknown>} the frame that casts it */
export function frameOf(pollId, vote) {
  if (isWithdrawal(vote)) return { type: "withdraw", poll_id: pollId };
  return { type: "vote", poll_id: pollId, choices: vote.choices };
}

/**
 * @param {Vote} vote a counted one
 * @param {string | null} outcome
 * @returns {Vote} what is known of it now
 */
export function judged(vote, outcome) {
  const name = NOT_COUNTED.get(outcome ?? "");
  // Of a vote that was cast again, because nobody knew of the first try, the first try may be the one that counts.
  const isOwnTwin = outcome === "duplicate" && vote.attempts > 1;
  if (name === undefined || isOwnTwin) return { ...vote, isChecked: outcome !== null && outcome !== "pending" };
  return { ...vote, state: "refused", isChecked: true, problem: ownProblem(name, "Not counted") };
}
