/**
 * The socket: opened again whenever it goes, and every frame answered with what became of it.
 *
 * @typedef {{type: 'error', problem: string, title: string, detail: string, status: number,
 *            retry_after_s?: number, receipt?: string}} Refusal
 * @typedef {{type: 'ack', receipt?: string, counted?: number, counts?: Record<string, number>}} Ack
 * @typedef {Ack | Refusal | {type: 'lost'}} Answer
 *   `lost`: the connection went before the answer came, so nobody here knows whether the frame was taken.
 *
 * @typedef {'connecting' | 'live' | 'reconnecting' | 'stopped'} ConnectionState
 * @typedef {import('./problem_words.js').Problem} Problem
 *
 * @typedef {Object} Listener
 * @property {(message: any) => void} onMessage  snapshots and updates
 * @property {(state: ConnectionState) => void} onState
 * @property {(problem: Problem) => void} onRefused  the gateway will not have this link; there is no other try
 * @property {() => Promise<Problem | null>} whyRefused  asked when a socket does not open, for browsers hide the reason
 */

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;
const OPENING_MS = 8_000;
/** Longer than the gateway waits for Kafka: who takes longer to answer a frame is not there any more. */
const ANSWER_MS = 10_000;
/** A network can die without a word. Who has heard nothing for so long asks whether anybody is there. */
const QUIET_MS = 12_000;
const PROBE_MS = 4_000;

export class Connection {
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {ConnectionState} */ #state = "connecting";
  /** @type {Map<string, (answer: Answer) => void>} */ #waiting = new Map();
  #tries = 0;
  #timer = 0;
  #lastId = 0;

  /** @param {string} url @param {string[]} protocols @param {Listener} listener */
  constructor(url, protocols, listener) {
    this.url = url;
    this.protocols = protocols;
    this.listener = listener;
  }

  /** Whether a frame can be sent now. */
  get isLive() {
    return this.#state === "live";
  }

  start() {
    const socket = new WebSocket(this.url, this.protocols);
    let opened = false;
    this.#socket = socket;
    this.#after(OPENING_MS, () => this.#drop(socket));
    socket.onopen = () => (opened = true);
    socket.onmessage = (event) => socket === this.#socket && this.#take(JSON.parse(event.data));
    socket.onclose = () => socket === this.#socket && this.#lose(opened);
  }

  /** Try now instead of at the end of the wait: the network is back, or somebody looks again. */
  hurry() {
    if (this.#socket === null && this.#state === "reconnecting") this.start();
    // Any answer will do, and an unknown frame gets one too. Without one the connection is dropped.
    else if (this.isLive) this.ask({ type: "ping" }, PROBE_MS);
  }

  /**
   * Send a frame and wait for its answer.
   * @param {Record<string, unknown>} frame
   * @param {number} [patience] how long until the connection is taken for dead, ms
   * @returns {Promise<Answer>}
   */
  ask(frame, patience = ANSWER_MS) {
    const socket = this.#socket;
    if (socket === null || !this.isLive) return Promise.resolve({ type: "lost" });
    const id = String(++this.#lastId);
    return new Promise((resolve) => {
      const timer = setTimeout(() => socket === this.#socket && this.#drop(socket), patience);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      socket.send(JSON.stringify({ ...frame, id }));
    });
  }

  #take(message) {
    if (message.type === "ack" || message.type === "error") {
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    } else {
      this.listener.onMessage(message);
      if (message.type === "snapshot" && !this.isLive) {
        this.#tries = 0;
        this.#become("live");
      }
    }
    if (this.isLive) this.#after(QUIET_MS, () => this.hurry());
  }

  async #lose(opened) {
    clearTimeout(this.#timer);
    this.#socket = null;
    this.#giveUpWaiting();
    this.#become("reconnecting");
    // Jitter keeps a crowd that lost its gateway at one moment from coming back at one moment.
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.#tries++, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);
    this.#after(wait, () => this.hurry());
    const problem = opened ? null : await this.listener.whyRefused();
    if (problem !== null && !this.isLive) this.#refuse(problem);
  }

  /** A closing handshake can wait for long on a dead network; this does not. */
  #drop(socket) {
    this.#socket = null;
    socket.close();
    this.#lose(true);
  }

  /** End it for good. */
  close() {
    this.#stop();
  }

  #refuse(problem) {
    this.#stop();
    this.listener.onRefused(problem);
  }

  #stop() {
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#timer);
    socket?.close();
    this.#giveUpWaiting();
    this.#become("stopped");
  }

  #giveUpWaiting() {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    waiting.forEach((resolve) => resolve({ type: "lost" }));
  }

  #after(ms, act) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, ms);
  }

  #become(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.listener.onState(state);
  }
}
