/** Why this link cannot be watched. A browser does not tell a page why a socket was refused, so the page asks. */

import { claims } from "./token.js";

/** @typedef {import('./connection.js').Problem} Problem */

/** @type {Problem} */
export const NO_TOKEN = {
  title: "This link has no token: ask for a new one",
  detail: "A link to watch ends in #token= and a long text. Perhaps it was cut off on its way to you.",
  status: 401,
};

/** @type {Problem} */
const EXPIRED_TOKEN = { title: "This link has expired", detail: "Ask for a new one where you got it.", status: 401 };

const WORTH_STOPPING = new Set([401, 403, 404]);

/**
 * @param {string} streamId
 * @param {string} token
 * @returns {Promise<Problem | null>} null if it may be better to just try again
 */
export async function whyRefused(streamId, token) {
  const { exp } = claims(token);
  if (exp !== undefined && exp * 1000 < Date.now()) return EXPIRED_TOKEN;
  try {
    const response = await fetch(`/v1/streams/${encodeURIComponent(streamId)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return WORTH_STOPPING.has(response.status) ? await response.json() : null;
  } catch {
    return null;
  }
}
