/**
 * The server's time. A phone's own clock may be hours wrong, so it is never read: time runs here by the browser's
 * stopwatch, set by the `Date` of an answer, and never behind the newest `as_of` that a message brought.
 */

/** `Date` has whole seconds, cut off. */
const HALF_A_SECOND_MS = 500;

export class ServerClock {
  /** What the stopwatch lacks to the server's time, as an answer said, and at least, as messages said. */
  #read = -Infinity;
  #atLeast = -Infinity;

  /** @returns {number | null} epoch milliseconds, right to about a second; null before anything is known */
  now() {
    const ahead = Math.max(this.#read, this.#atLeast);
    return ahead === -Infinity ? null : performance.now() + ahead;
  }

  /** @param {number} asOf a time that the server's clock has passed, epoch milliseconds */
  hear(asOf) {
    this.#atLeast = Math.max(this.#atLeast, asOf - performance.now());
  }

  /** Ask the server for its time: at the start, and when a device may have slept, in which time stopwatches stand. */
  async set() {
    const asked = performance.now();
    try {
      // This very file: small, public, and a copy that is held somewhere is compared with the server's.
      const { headers } = await fetch(import.meta.url, { cache: "no-cache" });
      const date = Date.parse(headers.get("date") ?? "") + 1000 * Number(headers.get("age"));
      if (Number.isNaN(date)) return;
      this.#read = date + HALF_A_SECOND_MS - (asked + performance.now()) / 2;
    } catch {
      // No network just now: what was known still holds.
    }
  }
}
