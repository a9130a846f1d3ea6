/** What a link to watch brings, and what is said of one that brings nothing. */

/** @type {import('../client/problem_words.js').Problem} */
export const NO_TOKEN = {
  name: "missing-token",
  title: "This link has no token: ask for a new one",
  detail: "A link to watch ends in #token= and a long text. Perhaps it was cut off on its way to you.",
  status: 401,
};
