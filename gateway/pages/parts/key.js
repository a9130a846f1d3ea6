/**
 * The broadcaster's API key: it comes in the link's fragment or in the form, and stays in this tab. No address keeps it,
 * and nothing is sent it but the gateway, in the header of a call.
 */

import { forget, recall, remember } from "../client/storage.js";

const NAME = "ovation.key";
/** What can stand in a header. */
const KEY = /^[\x21-\x7e]{1,512}$/;

/** Take the key out of the address bar, or the one that this tab was given before. @returns {string | null} */
export function takeKey() {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (key === null) return recall(NAME);
  history.replaceState(history.state, "", location.pathname + location.search);
  return keepKey(key);
}

/** @param {string} text @returns {string | null} the key, or null for what can be none */
export function keepKey(text) {
  const key = text.trim();
  if (!KEY.test(key)) return null;
  remember(NAME, key);
  return key;
}

export function forgetKey() {
  forget(NAME);
}
