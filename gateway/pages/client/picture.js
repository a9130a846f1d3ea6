/**
 * The picture of one stream, merged from what the gateway sends. Pure: no page, no clock, no network.
 *
 * Messages come late, twice, or from a gateway that has just started. Whoever sends them, a total only rises, a poll
 * only moves to newer numbers, and nothing that was closed opens again.
 */

/**
 * @typedef {import('./merge_poll.js').Poll} Poll
 * @typedef {{type: 'reactions', totals: Record<string, number>}} Reactions
 * @typedef {{type: 'snapshot', title: string, emojis: string[], status: 'live' | 'ended',
 *            reactions: Reactions, polls: Poll[], watching?: number, numbers_known?: false}} Snapshot
 * @typedef {{type: 'presence', watching: number}} Presence
 *
 * @typedef {Object} Picture
 * @property {boolean} known  whether a snapshot was ever merged
 * @property {boolean} counted  whether one was merged whose gateway knew the numbers
 * @property {string} title
 * @property {'live' | 'ended'} status
 * @property {string[]} emojis  what the stream offers, in its order
 * @property {Map<string, number>} totals  emoji to taps since the stream began
 * @property {number | null} watching  viewers who watch now; null while nobody has said
 * @property {Map<string, Poll>} polls  by poll id, oldest first
 */

import { mergePoll } from "./merge_poll.js";

/** @returns {Picture} */
export function emptyPicture() {
  return { known: false, counted: false, title: "", status: "live", emojis: [], totals: new Map(), polls: new Map(), watching: null };
}

/**
 * Merge a message into the picture. A message of another type changes nothing.
 * @param {Picture} picture
 * @param {Snapshot | Reactions | Presence | (Poll & {type: 'poll'})} message
 * @returns {Map<string, number>} emoji to taps that are new on this screen; empty until the first numbers are there
 */
export function merge(picture, message) {
  if (message.type === "reactions") return news(picture, message);
  if (message.type === "poll") putPoll(picture.polls, message);
  if (message.type === "presence") picture.watching = message.watching;
  if (message.type !== "snapshot") return new Map();

  picture.title = message.title;
  picture.emojis = message.emojis;
  picture.watching = message.watching ?? picture.watching;
  if (message.status === "ended") picture.status = "ended";
  message.polls.forEach((poll) => putPoll(picture.polls, poll));
  picture.known = true;
  const rises = news(picture, message.reactions);
  picture.counted ||= message.numbers_known !== false;
  return rises;
}

/**
 * @param {Picture} picture
 * @returns {number} taps of all emojis
 */
export function sumOfTaps(picture) {
  return [...picture.totals.values()].reduce((sum, total) => sum + total, 0);
}

/** @param {Picture} picture @param {Reactions} reactions */
function news(picture, reactions) {
  const rises = raise(picture.totals, reactions.totals);
  // What everybody else has tapped so far is nothing new.
  return picture.counted ? rises : new Map();
}

/** @param {Map<string, number>} totals @param {Record<string, number>} news */
function raise(totals, news) {
  const rises = new Map();
  for (const [emoji, total] of Object.entries(news)) {
    const rise = total - (totals.get(emoji) ?? 0);
    if (rise > 0) {
      totals.set(emoji, total);
      rises.set(emoji, rise);
    }
  }
  return rises;
}

/** @param {Map<string, Poll>} polls @param {Poll} news */
function putPoll(polls, news) {
  const known = polls.get(news.poll_id);
  polls.set(news.poll_id, known ? mergePoll(known, news) : news);
}
