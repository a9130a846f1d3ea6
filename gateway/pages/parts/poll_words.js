/**
 * What a poll is, in words.
 *
 * @typedef {import('../client/merge_poll.js').Poll} Poll
 */

import { percentage } from "./format.js";
import { hasNumbers, share } from "../client/merge_poll.js";

const CHIPS = {
  draft: "Not open yet",
  scheduled: "Not open yet",
  open: "Open",
  paused: "Paused",
  closed: "Closed",
  final: "Final result",
  cancelled: "Cancelled",
};
const EXPLANATIONS = {
  paused: "Voting is paused, and may go on.",
  closed: "Voting is over. The votes are being counted.",
  cancelled: "This poll was cancelled. No vote in it counts.",
};
const NEWS = {
  scheduled: "Coming poll",
  open: "Poll open",
  paused: "Poll paused",
  closed: "Poll closed, votes are being counted",
  cancelled: "Poll cancelled",
};
const list = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" });

/** @param {Poll} poll @returns {string} the status, in a word or two */
export function chipWords(poll) {
  return CHIPS[poll.status];
}

/** @param {Poll} poll @returns {string} how many options one may choose */
export function ruleWords(poll) {
  const most = Math.min(poll.max_choices ?? 1, poll.options.length);
  return most > 1 ? `Choose up to ${most}` : "Choose one";
}

/**
 * @param {Poll} poll
 * @param {boolean} mayVote
 * @param {boolean} hasVoted
 * @returns {string} what to make of the status, and of numbers that are not there
 */
export function explanation(poll, mayVote, hasVoted) {
  const sentences = [EXPLANATIONS[poll.status], hidingWords(poll, mayVote, hasVoted)];
  return sentences.filter(Boolean).join(" ");
}

function hidingWords(poll, mayVote, hasVoted) {
  if (hasNumbers(poll) || (poll.status !== "open" && poll.status !== "paused")) return "";
  if (poll.results === "after_vote" && mayVote) {
    return hasVoted ? "The result so far is on its way to you." : "The result so far shows once you have voted.";
  }
  return "The result shows when the poll closes.";
}

/**
 * @param {Poll} poll
 * @param {boolean} isNew whether this is the first that the page hears of it
 * @returns {string} what has happened to it, to be read aloud once
 */
export function newsWords(poll, isNew) {
  if (poll.status === "final") return `Final result: ${poll.question} ${leaders(poll)}`;
  const what = isNew && poll.status === "open" ? "New poll" : NEWS[poll.status];
  return what ? `${what}: ${poll.question}` : "";
}

/** @param {Poll} poll @returns {string} */
function leaders(poll) {
  const most = Math.max(...poll.options.map((option) => option.votes ?? 0));
  if (most === 0) return "Nobody voted.";
  const first = poll.options.filter((option) => option.votes === most);
  return `${list.format(first.map((option) => option.text ?? option.id))}, ${percentage(share(poll, first[0]))}.`;
}
