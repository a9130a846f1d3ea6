/**
 * What a poll is, in the few words that there is time for on air.
 *
 * @typedef {import('../client/merge_poll.js').Poll} Poll
 */

import { hasNumbers } from "../client/merge_poll.js";
import { word } from "../parts/format.js";
import { explanation } from "../parts/poll_words.js";
import { short } from "./short.js";

const STATES = { open: "Vote now", paused: "Voting is paused", closed: "Counting the votes", final: "Final result" };

/** @param {Poll} poll @returns {string} */
export function stateWords(poll) {
  return STATES[poll.status] ?? "";
}

/** @param {Poll} poll @returns {string} */
export function votersWords(poll) {
  if (!hasNumbers(poll)) return "";
  const voters = poll.voters ?? 0;
  return `${short(voters)} ${word(voters, "voter", "voters")}`;
}

/** @param {Poll} poll @param {number} unseen options that there is no room for @returns {string} */
export function noteWords(poll, unseen) {
  const more = unseen > 0 ? `and ${unseen} more ${word(unseen, "option", "options")}` : "";
  const hidden = hasNumbers(poll) || poll.status !== "open" ? "" : explanation(poll, false, false);
  return [more, hidden].filter(Boolean).join(" · ");
}
