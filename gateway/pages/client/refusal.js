/** Why this link cannot be watched. A browser does not tell a page why a socket was refused, so the page asks. */

import { readProblem } from "./problem_words.js";

/** @typedef {import('./problem_words.js').Problem} Problem */

/** @type {Problem} */
export const NO_TOKEN = {
  name: "missing-token",
  title: "This link has no token: ask for a new one",
  detail: "A link to watch ends in #token= and a long text. Perhaps it was cut off on its way to you.",
  status: 401,
};

const EXPIRED = { title: "This link has expired", detail: "Ask for a new one where you got it." };

const WORTH_STOPPING = new Set([401, 403, 404]);

/**
 * @param {string} streamId
 * @param {string} token
 * @returns {Promise<Problem | null>} null if it may be better to just try again
 */
export async function whyRefused(streamId, token) {
  try {
    const response = await fetch(`/v1/streams/${encodeURIComponent(streamId)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!WORTH_STOPPING.has(response.status)) return null;
    const problem = readProblem(await response.json());
    return problem.name === "expired-token" ? { ...problem, ...EXPIRED } : problem;
  } catch {
    return null;
  }
}
