/** @typedef {{role?: string, sub?: string}} Claims  `sub` is the viewer */

/**
 * What the token says about itself. Good for words on a page only: the gateway checks the signature.
 * @param {string} token
 * @returns {Claims}
 */
export function claims(token) {
  try {
    return JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return {};
  }
}
