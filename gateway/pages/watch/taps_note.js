/** The line below the emojis: what to know of one's own taps, and of the connection that they take. */

import { setText } from "../parts/dom.js";
import { offlineWords, tapWords } from "./tap_words.js";

/** A connection that is back so soon is not worth a word. */
const BLINK_MS = 1_000;

export class TapsNote {
  /** What was said of the newest taps. */
  #words = "";
  /** @type {number | null} since when there has been no connection, by the browser's stopwatch */ #offlineSince = null;

  /** @param {HTMLElement} note a polite live region */
  constructor(note) {
    this.note = note;
  }

  /** @param {import('../client/taps.js').TapNews} news */
  tell(news) {
    this.#words = tapWords(news);
  }

  /**
   * @param {import('../client/live.js').Live} live
   * @param {boolean} isWatchOnly whether this viewer may tap at all
   */
  show(live, isWatchOnly) {
    if (live.state !== "reconnecting") {
      this.#offlineSince = null;
    } else if (this.#offlineSince === null) {
      this.#offlineSince = performance.now();
      this.#words = "";
    }
    setText(this.note, this.#text(live, isWatchOnly));
  }

  #text({ picture, state, tapsWaiting }, isWatchOnly) {
    if (state === "stopped") return "";
    if (picture.status === "ended") return "This stream has ended. Its numbers stay.";
    if (isWatchOnly) return "This link is for watching only: it cannot tap or vote.";
    if (this.#offlineSince === null) return this.#words;
    const isWorthAWord = tapsWaiting > 0 || performance.now() - this.#offlineSince > BLINK_MS;
    return [isWorthAWord ? offlineWords(tapsWaiting) : "", this.#words].filter(Boolean).join(" ");
  }
}
