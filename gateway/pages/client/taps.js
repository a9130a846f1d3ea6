/**
 * Taps: the first goes out at once, what follows within a moment goes as one frame, and what finds no connection waits
 * for one, for a minute at most. Each counts once or not at all.
 *
 * @typedef {import('./tap_pile.js').Counts} Counts
 * @typedef {{counted: Counts, uncounted: Counts, problem?: import('./problem_words.js').Problem}} TapNews
 *   a problem without uncounted taps: they are sent again after a while
 * @typedef {{counts: Counts, since: number, entry?: import('./outbox.js').Entry}} Sending
 */

import { saysNotNow, wait } from "./patience.js";
import { ownProblem, readProblem } from "./problem_words.js";
import { difference, sum, TapPile } from "./tap_pile.js";

const MOMENT_MS = 80;
/** What is kept for longer than this is about another scene. */
const KEPT_MS = 60_000;
const MOST_UNDERWAY = 8;

const GIVEN_UP = ownProblem("given-up", "Given up");
const UNCERTAIN = ownProblem("uncertain-taps", "Uncertain taps");
const TOO_MANY = ownProblem("huge-count", "Too many taps");

export class Taps {
  #pile = new TapPile();
  /** @type {Set<Sending>} */ #underway = new Set();
  #nextFlush = 0;
  #refusals = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #givingUp;

  /**
   * @param {import('./outbox.js').Outbox} outbox
   * @param {(news: TapNews) => void} onNews
   */
  constructor(outbox, onNews) {
    this.outbox = outbox;
    this.onNews = onNews;
  }

  /** @returns {number} taps of which nobody has said yet whether they count */
  get waiting() {
    return [...this.#underway].reduce((total, { counts }) => total + sum(counts), this.#pile.size);
  }

  /** @param {string} emoji @param {number} taps */
  add(emoji, taps) {
    const taken = this.#pile.add(emoji, taps, performance.now());
    if (taken < taps) this.onNews({ counted: {}, uncounted: { [emoji]: taps - taken }, problem: TOO_MANY });
    this.flush();
  }

  /** Nothing is ever sent again. @param {import('./problem_words.js').Problem} [problem] that is the reason */
  stop(problem) {
    this.#restart();
    clearTimeout(this.#givingUp);
    if (!problem) return;
    this.#tell(this.#pile.takeOlder(Infinity), problem);
    for (const { counts } of this.#underway) this.#tell(counts, problem);
    this.#underway.clear();
  }

  /** Send what waits, now or as soon as the last frame is a moment ago. */
  flush() {
    if (this.#pile.size === 0) return;
    this.#givingUp ??= setTimeout(() => this.#giveUp(), KEPT_MS);
    this.#timer ??= setTimeout(() => this.#send(), Math.max(this.#nextFlush - performance.now(), 0));
  }

  #send() {
    this.#timer = undefined;
    if (!this.outbox.connection.isReady || this.#underway.size >= MOST_UNDERWAY) return;
    const taken = this.#pile.take();
    if (taken === null) return;
    /** @type {Sending} */ const sending = taken;
    this.#underway.add(sending);
    this.#nextFlush = performance.now() + MOMENT_MS;
    const frame = { type: "react", counts: sending.counts };
    sending.entry = this.outbox.put({ frame, onSettled: (answer) => this.#settle(sending, answer) });
    this.flush();
  }

  /** @param {Sending} sending @param {import('./outbox.js').Settled} answer */
  #settle(sending, answer) {
    this.#underway.delete(sending);
    const { counts } = sending;
    if (answer.type === "ack") {
      this.#refusals = 0;
      const { counts: counted = counts } = answer;
      this.onNews({ counted, uncounted: difference(counts, counted) });
    } else if (answer.type === "uncertain") {
      this.onNews({ counted: {}, uncounted: counts, problem: UNCERTAIN });
    } else if (saysNotNow(answer)) {
      this.#pile.putBack(counts, sending.since);
      this.#nextFlush = performance.now() + wait(answer, ++this.#refusals);
      this.#restart();
      this.onNews({ counted: {}, uncounted: {}, problem: readProblem(answer) });
    } else {
      this.onNews({ counted: {}, uncounted: counts, problem: readProblem(answer) });
    }
    this.flush();
  }

  /** The next frame has another time than the one that was set. */
  #restart() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #giveUp() {
    this.#givingUp = undefined;
    const before = performance.now() - KEPT_MS;
    this.#tell(this.#pile.takeOlder(before), GIVEN_UP);
    for (const sending of [...this.#underway]) {
      if (sending.since >= before || sending.entry === undefined || sending.entry.isOut) continue;
      this.outbox.drop(sending.entry);
      this.#underway.delete(sending);
      this.#tell(sending.counts, UNCERTAIN);
    }
    const oldest = Math.min(this.#pile.since ?? Infinity, ...[...this.#underway].map(({ since }) => since));
    if (oldest === Infinity) return;
    this.#givingUp = setTimeout(() => this.#giveUp(), Math.max(oldest - before, 0) + 1);
  }

  /** @param {Counts} uncounted @param {import('./problem_words.js').Problem} problem */
  #tell(uncounted, problem) {
    if (sum(uncounted) > 0) this.onNews({ counted: {}, uncounted, problem });
  }
}
