/** One stream, kept open: its picture comes in, this viewer's taps and votes go out. */

/**
 * @typedef {import('./problem_words.js').Problem} Problem
 * @typedef {import('./connection.js').ConnectionState} State
 * @typedef {import('./picture.js').Picture} Picture
 * @typedef {import('./vote.js').Vote} Vote
 * @typedef {import('./taps.js').TapNews} TapNews
 *
 * @typedef {Object} Options
 * @property {string} stream
 * @property {string} token  a viewer's or an overlay's
 * @property {string[]} [urls]  origins of gateways, tried in turn; by default the page's own
 * @property {number} [intervalMs]  shortest time between two messages about the stream, 20 to 5,000
 * @property {import('./storage.js').Shelf} [storage]  keeps votes over a reload; by default the tab's, null for none
 *
 * @typedef {{picture: [Picture, Map<string, number>], state: [State, Problem?], vote: [string, Vote],
 *            taps: [TapNews]}} Events  what listeners are given; the map is emoji to new taps
 */

import { whenAwake } from "./awake.js";
import { claims } from "./claims.js";
import { Connection } from "./connection.js";
import { Emitter } from "./events.js";
import { read } from "./options.js";
import { Outbox } from "./outbox.js";
import { emptyPicture, merge } from "./picture.js";
import { ownProblem } from "./problem_words.js";
import { reveal } from "./reveal.js";
import { ServerClock } from "./server_clock.js";
import { Session } from "./session.js";
import { Taps } from "./taps.js";
import { Votes } from "./votes.js";

const NOT_OFFERED = ownProblem("unknown-emoji", "Unknown emoji");

export class Live {
  /** @type {Picture} */ picture = emptyPicture();
  /** @type {State} */ state = "connecting";
  /** @type {Emitter<Events>} */ #events = new Emitter();
  #clock = new ServerClock();
  /** @type {Connection} */ #connection;
  #session;
  #taps;
  #votes;
  #stopWaking;

  /** @param {Options} options */
  constructor(options) {
    const { stream, token, urls, intervalMs, storage } = read(options);
    const key = `${stream}.${claims(token).sub ?? ""}`;
    this.#session = new Session(key, storage);
    /** @returns {string[]} */
    const socketUrls = () =>
      inTurn(urls, this.#connection.elsewhere).map((url) => socketUrl(url, stream, this.#session.name, intervalMs));
    this.#connection = new Connection(socketUrls, ["ovation.v1", `bearer.${token}`], {
      onMessage: (message) => this.#take(message),
      onState: (state, problem) => this.#become(state, problem),
      onReady: () => {
        outbox.resend();
        this.#taps.flush();
        reveal(this.picture.polls.values(), this.#votes, this.#connection);
      },
      onResumedElsewhere: () => {
        this.#session.renew();
        outbox.renew();
      },
    });
    const outbox = new Outbox(this.#connection, this.#session);
    const watching = () => this.picture.watching;
    const onVote = (/** @type {string} */ pollId, /** @type {Vote} */ vote) => this.#events.emit("vote", pollId, vote);
    this.#votes = new Votes(key, outbox, storage, urls[0], watching, onVote);
    this.#taps = new Taps(outbox, (news) => this.#events.emit("taps", news));
    this.#stopWaking = whenAwake(() => this.#wake());
    this.#connection.start();
    this.#clock.set();
  }

  /** @returns {{get(pollId: string): Vote | undefined, readonly pending: number}} what this viewer voted */
  get votes() {
    return this.#votes;
  }

  /** @returns {number} taps of which no gateway has said yet whether they count */
  get tapsWaiting() {
    return this.#taps.waiting;
  }

  /**
   * Listen to one kind of news.
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {(...news: Events[Name]) => void} listener
   * @returns {() => void} stops listening
   */
  on(name, listener) {
    return this.#events.on(name, listener);
  }

  /** @param {string} emoji @param {number} [count] */
  tap(emoji, count = 1) {
    if (!Number.isSafeInteger(count) || count < 1) throw new RangeError("count is a whole number above 0");
    if (this.state === "stopped") return;
    if (this.picture.known && !this.picture.emojis.includes(emoji)) {
      this.#events.emit("taps", { counted: {}, uncounted: { [emoji]: count }, problem: NOT_OFFERED });
    } else {
      this.#taps.add(emoji, count);
    }
  }

  /** @param {string} pollId @param {string[]} choices ids of options */
  vote(pollId, choices) {
    if (choices.length === 0) throw new RangeError("a vote has at least one choice");
    this.#votes.cast(pollId, choices);
  }

  /** Take a vote back. @param {string} pollId */
  withdraw(pollId) {
    this.#votes.cast(pollId, []);
  }

  /** @returns {number | null} the server's time, epoch milliseconds; null before anything is known */
  now() {
    return this.#clock.now();
  }

  /** End it for good. What is pending stays in the storage. */
  close() {
    this.#connection.stop();
  }

  /** @param {any} message */
  #take(message) {
    this.#clock.hear(message.as_of);
    const rises = merge(this.picture, message);
    this.#events.emit("picture", this.picture, rises);
  }

  #wake() {
    this.#connection.hurry();
    this.#clock.set();
  }

  /** @param {State} state @param {Problem} [problem] */
  #become(state, problem) {
    this.state = state;
    if (state === "stopped") {
      this.#stopWaking();
      this.#session.end();
      this.#taps.stop(problem);
    }
    this.#events.emit("state", state, problem);
  }
}

/** @param {string[]} urls @param {string[]} elsewhere @returns {string[]} another region only after a second try here */
function inTurn(urls, elsewhere) {
  const others = elsewhere.map((url) => new URL(url).href).filter((url) => !urls.includes(url));
  return others.length > 0 ? [...urls, ...urls, ...others] : urls;
}

/** @param {string} url @param {string} stream @param {string} session @param {number} [intervalMs] */
function socketUrl(url, stream, session, intervalMs) {
  const socket = new URL(`/v1/streams/${encodeURIComponent(stream)}/ws`, url);
  socket.protocol = socket.protocol === "https:" ? "wss:" : "ws:";
  socket.searchParams.set("session", session);
  if (intervalMs !== undefined) socket.searchParams.set("interval_ms", String(intervalMs));
  return socket.href;
}
