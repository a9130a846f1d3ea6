/**
 * One stream, kept open.
 *
 * @typedef {Object} Options
 * @property {string} stream
 * @property {string} token  a viewer's or an overlay's
 * @property {string[]} [urls]  origins of gateways, tried in turn; by default the page's own
 * @property {number} [intervalMs]  shortest time between two messages about the stream
 * @property {Storage | null} [storage]  where votes are kept over a reload; by default the tab's
 */

import { Connection } from "./connection.js";
import { Emitter } from "./events.js";
import { whyRefused } from "./refusal.js";
import { reveal } from "./reveal.js";
import { ServerClock } from "./server_clock.js";
import { emptyPicture, merge } from "./state.js";
import { Taps } from "./taps.js";
import { claims } from "./token.js";
import { Votes } from "./votes.js";

export class Live {
  picture = emptyPicture();
  /** @type {import('./connection.js').ConnectionState} */ state = "connecting";
  #events = new Emitter();
  #clock = new ServerClock();

  /** @param {Options} options */
  constructor({ stream, token, urls = [location.origin], intervalMs }) {
    const url = new URL(`/v1/streams/${encodeURIComponent(stream)}/ws`, urls[0]);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    if (intervalMs !== undefined) url.searchParams.set("interval_ms", String(intervalMs));
    const connection = new Connection(url.href, ["ovation.v1", `bearer.${token}`], {
      onMessage: (message) => {
        this.#clock.hear(message.as_of);
        const rises = merge(this.picture, message);
        this.#events.emit("picture", this.picture, rises);
      },
      onState: (state) => {
        if (state !== "stopped") this.#become(state);
        if (state !== "live") return;
        this.votes.sendPending();
        reveal(this.picture.polls.values(), this.votes, connection);
      },
      onRefused: (problem) => this.#become("stopped", problem),
      whyRefused: () => whyRefused(stream, token),
    });
    this.votes = new Votes(`${stream}.${claims(token).sub}`, connection, (pollId, vote) =>
      this.#events.emit("vote", pollId, vote),
    );
    this.taps = new Taps(connection, (news) => this.#events.emit("taps", news));
    this.connection = connection;
    connection.start();
    this.#clock.set();
  }

  /** Listen. @param {string} name @param {(...news: any[]) => void} listener @returns {() => void} stops listening */
  on(name, listener) {
    return this.#events.on(name, listener);
  }

  /** @param {string} emoji @param {number} [count] */
  tap(emoji, count = 1) {
    this.taps.add(emoji, count);
  }

  /** @param {string} pollId @param {string[]} choices ids of options */
  vote(pollId, choices) {
    this.votes.cast(pollId, choices);
  }

  /** @param {string} pollId */
  withdraw(pollId) {
    this.votes.cast(pollId, []);
  }

  /** @returns {number | null} the server's time, epoch milliseconds; null before anything is known */
  now() {
    return this.#clock.now();
  }

  /** Try at once, and set the clock: somebody looks again, or the network is back. */
  hurry() {
    this.connection.hurry();
    this.#clock.set();
  }

  /** End it for good. */
  close() {
    this.connection.close();
    this.#become("stopped");
  }

  #become(state, problem) {
    this.state = state;
    this.#events.emit("state", state, problem);
  }
}
