/**
 * What the gateway refuses, said to a viewer.
 *
 * @typedef {{name: string, title: string, detail: string, status: number}} Problem
 *   `name` as in /problems/NAME, `status` that of HTTP; 0 for what no gateway has said
 */

const BUSY = "Too much is going on at the gateway just now.";
const CHANGED = "The poll has been changed meanwhile: look at it and choose again.";
const BAD_LINK = "Your link does not open this stream: ask for a new one where you got it.";

/** Names that no gateway says: what a client or a receipt finds out. */
export const OWN_NAMES = ["duplicate-vote", "invalid-vote", "given-up"];

/**
 * By the names of /problems. What is not here is told in the gateway's own words.
 * @type {Record<string, string>}
 */
export const SENTENCES = {
  "late-vote": "It came after the poll had closed, and is listed as late.",
  "duplicate-vote": "You had voted before.",
  "invalid-vote": "It breaks the poll's rules.",
  ineligible: "This poll is for some viewers only, and your link is not one of theirs.",
  "paused-poll": "The poll is paused: vote when it goes on.",
  "poll-not-open": "The poll is not open yet.",
  "closed-poll": "The poll is closed.",
  "cancelled-poll": "The poll was cancelled, and no vote in it counts.",
  "final-poll": "The result is final already.",
  "not-withdrawable": "This poll keeps a vote once it is cast.",
  "unknown-poll": "The poll is not there any more.",
  "no-choices": CHANGED,
  "unknown-option": CHANGED,
  "too-many-choices": CHANGED,
  "duplicate-choices": CHANGED,
  "rate-limited": "That was too much at once.",
  "ended-stream": "The stream has ended.",
  "unknown-emoji": "This emoji is not offered any more.",
  "huge-count": "That was more than a thumb can tap.",
  "given-up": "Nobody took them for a minute, and by then they are about another moment.",
  "uncertain-taps": "The gateway that had them is gone, and nobody can say whether they count.",
  "expired-token": "Your link has expired: ask for a new one where you got it.",
  "bad-token": BAD_LINK,
  "missing-token": BAD_LINK,
  "foreign-token": BAD_LINK,
  "role-not-allowed": "This link is for watching only.",
  "unknown-receipt": "Nobody here knows this receipt.",
  "too-much-waiting": BUSY,
  starting: BUSY,
  stopping: BUSY,
  "kafka-unreachable": "The gateway could not make sure of it.",
  "history-unreachable": "The list of votes cannot be read just now.",
};

/**
 * Read the problem in an answer, which calls it `type` over HTTP and `problem` on the socket.
 * @param {{type?: string, problem?: string, title: string, detail: string, status: number}} answer
 * @returns {Problem}
 */
export function readProblem({ type, problem, title, detail, status }) {
  return { name: (problem ?? type ?? "").split("/").at(-1) ?? "", title, detail: detail.replaceAll("`", ""), status };
}

/** @param {string} name @param {string} title @returns {Problem} a problem that is found out here */
export function ownProblem(name, title) {
  return { name, title, detail: SENTENCES[name], status: 0 };
}

/** @param {Problem} problem @returns {string} */
export function problemWords(problem) {
  return SENTENCES[problem.name] ?? `${problem.title}. ${problem.detail}`;
}
