/** The viewer's token: it comes in the link's fragment, which no server sees, and stays in this tab. */

export { claims } from "./claims.js";
import { recall, remember } from "./storage.js";

/** A JWT; what is none may not even stand in the name of a subprotocol. */
const TOKEN = /^[\w-]+(\.[\w-]*){2}$/;

/**
 * Take the token out of the address bar, or the one that this tab took before; null if there is none.
 * @param {string} streamId
 * @returns {string | null}
 */
export function takeToken(streamId) {
  const key = `ovation.token.${streamId}`;
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!token) return recall(key);
  if (!TOKEN.test(token)) return null;
  history.replaceState(history.state, "", location.pathname + location.search);
  remember(key, token);
  return token;
}
