/**
 * What a link to watch brings: a token, or an invite, for which every browser gets a token of its own.
 *
 * An invite stays in the address, for it is there to be passed on.
 *
 * @typedef {import('../client/problem_words.js').Problem} Problem
 * @typedef {{token: string, isNew: boolean}} Pass  new where the link's invite was exchanged for it just now
 */

import { linkProblem } from "../client/closing.js";
import { readProblem } from "../client/problem_words.js";
import { forget, recall, remember } from "../client/storage.js";
import { takeToken } from "../client/token.js";

/** @type {Problem} */
export const NO_TOKEN = {
  name: "missing-token",
  title: "This link has no token: ask for a new one",
  detail: "A link to watch ends in #token= and a long text. Perhaps it was cut off on its way to you.",
  status: 401,
};
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
const UNAUTHORIZED = 401;
const UNAVAILABLE = 500;
const TOO_MANY_REQUESTS = 429;

/**
 * @param {string} streamId
 * @returns {Promise<Pass>} a token to watch the stream with
 * @throws {Problem} where the link brings none
 */
export async function tokenOf(streamId) {
  const invite = inviteOf();
  const token = invite ? recall(keyOf(streamId), browserStorage()) : takeToken(streamId);
  if (token) return { token, isNew: false };
  if (!invite) throw NO_TOKEN;
  const guest = await accept(streamId, invite);
  remember(keyOf(streamId), guest, browserStorage());
  return { token: guest, isNew: true };
}

/**
 * Give a token up that opened the stream once, where it is to blame that it does not any more.
 * @param {string} streamId
 * @param {Pass} pass
 * @param {boolean} hasOpened whether it has opened the stream on this page
 * @param {Problem} problem
 * @returns {boolean} whether the link can bring another one
 */
export function discard(streamId, { token, isNew }, hasOpened, problem) {
  // Whatever refuses a new token would refuse the next one, too, and so on without end.
  if (problem.status !== UNAUTHORIZED || (isNew && !hasOpened)) return false;
  if (!inviteOf() || recall(keyOf(streamId), browserStorage()) !== token) return false;
  forget(keyOf(streamId), browserStorage());
  return true;
}

function inviteOf() {
  return new URLSearchParams(location.hash.slice(1)).get("invite");
}

/** @param {string} streamId */
function keyOf(streamId) {
  return `ovation.guest.${streamId}`;
}

/** @returns {import('../client/storage.js').Shelf} which all tabs of the browser share */
function browserStorage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** @param {string} streamId @param {string} invite @returns {Promise<string>} */
async function accept(streamId, invite) {
  const address = `/v1/streams/${encodeURIComponent(streamId)}/viewers`;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      const response = await fetch(address, { method: "POST", headers: { authorization: `Bearer ${invite}` } });
      const answer = await response.json();
      if (response.ok) return answer.token;
      const isForGood = response.status < UNAVAILABLE && response.status !== TOO_MANY_REQUESTS;
      if (isForGood) throw linkProblem(readProblem(answer));
    } catch (error) {
      // An error is the network's, or an answer of something in between; a problem is the gateway's.
      if (!(error instanceof Error)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, wait * (0.5 + Math.random() / 2)));
  }
}
