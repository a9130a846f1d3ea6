/** What `connect` is given, read with care: a mistake is told where it was made. */

import { tabStorage } from "./storage.js";

const SHORTEST_MS = 20;
const LONGEST_MS = 5_000;

/**
 * @param {import('./live.js').Options} options
 * @returns {{stream: string, token: string, urls: string[], intervalMs?: number, storage: import('./storage.js').Shelf}}
 */
export function read({ stream, token, urls = ownOrigin(), intervalMs, storage = tabStorage() }) {
  if (!stream || typeof stream !== "string") throw new TypeError("connect needs a stream");
  if (!token || typeof token !== "string") throw new TypeError("connect needs a token");
  if (urls.length === 0) throw new TypeError("connect needs the urls of gateways");
  const isSane = intervalMs === undefined || (intervalMs >= SHORTEST_MS && intervalMs <= LONGEST_MS);
  if (!isSane) throw new RangeError(`intervalMs is from ${SHORTEST_MS} to ${LONGEST_MS}`);
  return { stream, token, urls: urls.map((url) => new URL(url).href), intervalMs, storage };
}

function ownOrigin() {
  return globalThis.location === undefined ? [] : [location.origin];
}
