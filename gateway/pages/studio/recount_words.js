/**
 * What is to be made of a poll's numbers once it is closed, and what its rules are, in words.
 *
 * @typedef {import('./api.js').Poll} Poll
 */

import { exactly, word } from "../parts/format.js";

const RESULTS = {
  always: "result always seen",
  after_vote: "result seen once one has voted",
  after_close: "result seen when it is closed",
};
const NOT_COUNTED = ["replaced", "withdrawn", "duplicate", "late", "ineligible", "invalid"];

/** @param {Poll} poll @param {boolean} isDifferent @returns {string} */
export function recountWords(poll, isDifferent) {
  if (poll.status === "final") {
    const voters = poll.voters ?? 0;
    const ballots = `${exactly(voters)} ${word(voters, "ballot", "ballots")}`;
    return `Final: the recount of ${ballots} from the history gave the same numbers as the live count.`;
  }
  if (poll.status !== "closed" || isDifferent) return "";
  return "Every ballot is being counted again from the history. The result is final once that agrees with the live count.";
}

/** @param {any} poll @returns {string} votes that are not in the result, and why */
export function notCountedWords(poll) {
  const found = NOT_COUNTED.filter((kind) => poll[kind]).map((kind) => `${exactly(poll[kind])} ${kind}`);
  return found.length ? `Not counted: ${found.join(", ")}` : "";
}

/** @param {any} poll @returns {string} */
export function rulesLine(poll) {
  const most = Math.min(poll.max_choices, poll.options.length);
  const parts = [
    most > 1 ? `up to ${most} choices` : "one choice",
    RESULTS[poll.results],
    poll.allow_withdraw ? "votes may be changed and taken back" : poll.allow_change ? "votes may be changed" : "votes are kept",
    poll.correct?.length ? "a quiz" : "",
    Object.keys(poll.eligibility ?? {}).length ? "for some viewers only" : "",
  ].filter(Boolean);
  const line = parts.join(" · ");
  return line[0].toUpperCase() + line.slice(1);
}

/** @param {any} live @param {any} recount @param {Poll} poll @returns {[string, string, string][]} rows of the two accounts */
export function accountRows(live, recount, poll) {
  const numbers = ["voters", "received", ...NOT_COUNTED];
  const votes = poll.options.map((option) => [option.text ?? option.id, live.votes[option.id] ?? 0, recount.votes[option.id] ?? 0]);
  const others = numbers.map((name) => [`All ${name}`, live[name], recount[name]]);
  const row = ([name, first, second]) => /** @type {[string, string, string]} */ ([name, exactly(first), exactly(second)]);
  // What is the same in both explains nothing, but for how many voted.
  return [...votes, ...others].filter(([name, first, second]) => first !== second || name === "All voters").map(row);
}
