/**
 * The socket: opened again whenever it goes, at one gateway after the other, and every frame answered with what became
 * of it.
 */

/**
 * @typedef {import('./problem_words.js').Problem} Problem
 * @typedef {{type: 'error', problem: string, title: string, detail: string, status: number,
 *            retry_after_s?: number, receipt?: string}} Refusal
 * @typedef {{type: 'ack', receipt?: string, counted?: number, counts?: Record<string, number>}} Ack
 * @typedef {Ack | Refusal | {type: 'lost'}} Answer
 *   `lost`: the connection went before the answer came, so nobody here knows whether the frame was taken.
 *
 * @typedef {'connecting' | 'live' | 'reconnecting' | 'stopped'} ConnectionState
 *
 * @typedef {Object} Listener
 * @property {(message: any) => void} onMessage  snapshots and updates
 * @property {(state: ConnectionState, problem?: Problem) => void} onState  a problem where it stopped because of one
 * @property {() => void} onReady  the gateway has said who it is: what waits can be sent
 * @property {() => void} onResumedElsewhere  the session goes on at another connection
 */

import { pause } from "./backoff.js";
import { closingProblem, isFinal, RESUMED_ELSEWHERE } from "./closing.js";

const OPENING_MS = 8_000;
/** Longer than the gateway waits for Kafka: who takes longer to answer a frame is not there any more. */
const ANSWER_MS = 10_000;
/** A network can die without a word. Who has heard nothing for so long asks whether anybody is there. */
const QUIET_MS = 12_000;
const PROBE_MS = 4_000;
/** A connection that lasted for so long was a good one: the next wait is a short one again. */
const STEADY_MS = 5_000;
/** So long a gateway may take from its picture to its name. One that does not tell its name is taken as it is. */
const WELCOME_MS = 300;

export class Connection {
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {ConnectionState} */ #state = "connecting";
  /** @type {string | null} the gateway's name for itself, in this life of it */ edge = null;
  /** @type {string[]} where gateways of other regions are, for when none of this one answers */ elsewhere = [];
  /** @type {Map<unknown, (answer: Answer) => void>} */ #waiting = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #welcome;
  #isReady = false;
  #liveSince = 0;
  #turn = 0;
  #tries = 0;
  #probes = 0;

  /**
   * @param {() => string[]} urls of the sockets, tried in turn
   * @param {string[]} protocols
   * @param {Listener} listener
   */
  constructor(urls, protocols, listener) {
    this.urls = urls;
    this.protocols = protocols;
    this.listener = listener;
  }

  get isLive() {
    return this.#state === "live";
  }

  /** Whether a frame that counts can be sent now. */
  get isReady() {
    return this.#isReady;
  }

  start() {
    const urls = this.urls();
    const socket = new WebSocket(urls[this.#turn % urls.length], this.protocols);
    this.#socket = socket;
    this.#after(OPENING_MS, () => this.#drop(socket));
    socket.onmessage = (event) => socket === this.#socket && this.#take(JSON.parse(event.data));
    socket.onclose = ({ code, reason }) => socket === this.#socket && this.#lose(code, reason);
  }

  /** Try now instead of at the end of the wait: the network is back, or somebody looks again. */
  hurry() {
    if (this.#socket === null && this.#state === "reconnecting") this.start();
    // Any answer will do. Without one the connection is dropped.
    else if (this.isLive) this.ask({ type: "ping" }, PROBE_MS);
  }

  /** End it for good. @param {Problem} [problem] */
  stop(problem) {
    const socket = this.#socket;
    this.#forget();
    socket?.close();
    this.#become("stopped", problem);
  }

  /**
   * Send a frame and wait for its answer.
   * @param {Record<string, unknown>} frame with an `id` where it counts; others get one here
   * @param {number} [patience] how long until the connection is taken for dead, ms
   * @returns {Promise<Answer>}
   */
  ask(frame, patience = ANSWER_MS) {
    const socket = this.#socket;
    if (socket === null || !this.isLive) return Promise.resolve({ type: "lost" });
    const { id = `ask-${++this.#probes}` } = frame;
    return new Promise((resolve) => {
      const timer = setTimeout(() => socket === this.#socket && this.#drop(socket), patience);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      socket.send(JSON.stringify({ ...frame, id }));
    });
  }

  /** @param {any} message */
  #take(message) {
    if (message.type === "ack" || message.type === "error") {
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    } else if (message.type === "welcome") {
      this.edge = message.edge;
      this.elsewhere = [...new Set([...this.elsewhere, ...(message.regions ?? [])])];
      this.#ready();
    } else {
      this.listener.onMessage(message);
      if (message.type === "snapshot" && !this.isLive) this.#open();
    }
    if (this.isLive) this.#after(QUIET_MS, () => this.hurry());
  }

  #open() {
    this.#liveSince = performance.now();
    this.#welcome = setTimeout(() => this.#ready(), WELCOME_MS);
    this.#become("live");
  }

  #ready() {
    clearTimeout(this.#welcome);
    if (this.#isReady || !this.isLive) return;
    this.#isReady = true;
    this.listener.onReady();
  }

  /** @param {number} code @param {string} reason */
  #lose(code, reason) {
    if (isFinal(code)) {
      this.stop(closingProblem(code, reason));
      return;
    }
    if (this.isLive && performance.now() - this.#liveSince > STEADY_MS) this.#tries = 0;
    this.#forget();
    this.#turn++;
    if (code === RESUMED_ELSEWHERE) this.listener.onResumedElsewhere();
    this.#become("reconnecting");
    this.#after(pause(code, this.#tries++), () => this.hurry());
  }

  /** A closing handshake can wait for long on a dead network; this does not. @param {WebSocket} socket */
  #drop(socket) {
    this.#socket = null;
    socket.close();
    this.#lose(0, "");
  }

  #forget() {
    clearTimeout(this.#timer);
    clearTimeout(this.#welcome);
    this.#socket = this.edge = null;
    this.#isReady = false;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    waiting.forEach((resolve) => resolve({ type: "lost" }));
  }

  /** @param {number} ms @param {() => void} act */
  #after(ms, act) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, ms);
  }

  /** @param {ConnectionState} state @param {Problem} [problem] */
  #become(state, problem) {
    if (state === this.#state) return;
    this.#state = state;
    this.listener.onState(state, problem);
  }
}
