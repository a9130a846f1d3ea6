/**
 * Ovation's client: the picture of one stream, and this viewer's taps and votes in it.
 *
 *     const live = connect({ stream, token });
 *     live.on("picture", (picture) => …);
 *     live.tap("🔥");
 */

import { Live } from "./live.js";

/**
 * Open a stream.
 * @param {import('./live.js').Options} options
 * @returns {Live}
 */
export function connect(options) {
  return new Live(options);
}
