/**
 * Why the gateway closed the socket. After most codes one comes back; after some it would only be closed again.
 *
 * @typedef {import('./problem_words.js').Problem} Problem
 */

export const STOPPING = 1001;
export const RESUMED_ELSEWHERE = 4409;
export const TOO_MANY_FRAMES = 4429;

/** Final codes, and what each means where its reason says nothing. */
const FINAL = new Map([
  [4400, "bad-frames"],
  [4401, "bad-token"],
  [4403, "role-not-allowed"],
  [4404, "unknown-stream"],
]);

const ASK_AGAIN = "Ask for a new one where you got it.";
/** By the names of /problems: a title and what to do. */
const WORDS = new Map([
  ["bad-frames", ["The gateway does not understand this page", "It may be older than the gateway: load it again."]],
  ["invalid-field", ["This link is not a good one", ASK_AGAIN]],
  ["missing-token", ["This link has no token", ASK_AGAIN]],
  ["bad-token", ["This link is not a good one", ASK_AGAIN]],
  ["expired-token", ["This link has expired", ASK_AGAIN]],
  ["foreign-token", ["This link is for another stream", ASK_AGAIN]],
  ["role-not-allowed", ["This link is not for watching", ASK_AGAIN]],
  ["foreign-origin", ["The stream may not be shown here", "Its broadcaster has not named this site."]],
  ["unknown-stream", ["There is no such stream", "Perhaps the link was cut off on its way to you."]],
]);

/** @param {number} code @returns {boolean} whether coming back is of no use */
export function isFinal(code) {
  return FINAL.has(code);
}

/**
 * @param {number} code a final one
 * @param {string} reason that came with it: the name of a problem
 * @returns {Problem}
 */
export function closingProblem(code, reason) {
  const name = WORDS.has(reason) ? reason : (FINAL.get(code) ?? "internal");
  return linkProblem({ name, title: "The gateway closed the connection", detail: "", status: code - 4_000 });
}

/**
 * @param {Problem} problem why a link opens nothing
 * @returns {Problem} the same, in words for whoever has the link
 */
export function linkProblem(problem) {
  const [title, detail] = WORDS.get(problem.name) ?? [problem.title, problem.detail];
  return { ...problem, title, detail };
}
