/**
 * The gateway's answers about one stream. Times are epoch milliseconds, UTC.
 *
 * @typedef {import('../client/problem_words.js').Problem} Problem
 * @typedef {{stream_id: string, title: string, emojis: string[], status: 'live' | 'ended', created_at: number,
 *   ended_at: number | null}} Stream
 * @typedef {{start: number, taps: number, counts: Record<string, number>}} Step
 * @typedef {{from: number, to: number, step_s: number, steps: Step[]}} Timeline
 * @typedef {{begins: number, ends: number, at_s: number, taps: number, peak: number, score: number,
 *   leader: string}} Moment
 * @typedef {{at: number, taps: number}} Peak  the loudest second
 * @typedef {import('../client/merge_poll.js').Poll & {created_at: number, opened_at: number | null, closed_at: number | null}} Poll
 * @typedef {{start: number, votes: Record<string, number>, so_far: Record<string, number>}} PollStep
 * @typedef {{step_s: number, steps: PollStep[]}} PollTimeline
 */

import { readProblem } from "../client/problem_words.js";

const TOO_MANY_REQUESTS = 429;
const TRIES = 4;
const WINDOW_MS = 1_000;

/** @type {Problem} */
const NO_ANSWER = { name: "no-answer", title: "", detail: "", status: 0 };

/** A call that was not answered with what it asked for. */
export class Refused extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.title);
    this.problem = problem;
  }
}

export class StreamApi {
  #path;
  #headers;

  /** @param {string} streamId @param {string} key */
  constructor(streamId, key) {
    this.#path = `/v1/streams/${encodeURIComponent(streamId)}`;
    this.#headers = { authorization: `Bearer ${key}` };
  }

  /** @returns {Promise<Stream>} */
  stream() {
    return this.#json("");
  }

  /** @param {{from?: number, to?: number, step?: number}} part @returns {Promise<Timeline>} */
  reactions(part = {}) {
    return this.#json("/history/reactions", part);
  }

  /** @returns {Promise<Moment[]>} the highest first */
  async moments() {
    return (await this.#json("/history/moments")).moments;
  }

  /** @returns {Promise<Peak | null>} null where no second stands out */
  async peak() {
    const [loudest] = (await this.#json("/history/moments", { step: 1, score: 0.5, top: 1 })).moments;
    if (!loudest) return null;
    const second = await this.reactions({ from: loudest.peak, to: loudest.peak + WINDOW_MS, step: 1 });
    return { at: loudest.peak, taps: second.steps[0]?.taps ?? 0 };
  }

  /** @returns {Promise<Poll[]>} oldest first, without numbers */
  async polls() {
    return (await this.#json("/polls")).polls;
  }

  /** @param {string} pollId @returns {Promise<Poll>} with its numbers */
  poll(pollId) {
    return this.#json(`/polls/${encodeURIComponent(pollId)}`);
  }

  /** @param {string} pollId @returns {Promise<PollTimeline>} */
  pollTimeline(pollId) {
    return this.#json(`/history/polls/${encodeURIComponent(pollId)}/timeline`);
  }

  /** @param {string} path @param {Record<string, string | number>} query @returns {Promise<Response>} Raises Refused. */
  async get(path, query = {}) {
    const words = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    const url = `${this.#path}${path}${words.size ? `?${words}` : ""}`;
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(url, { headers: this.#headers }).catch(() => null);
      if (response === null) throw new Refused(NO_ANSWER);
      if (response.ok) return response;
      if (response.status !== TOO_MANY_REQUESTS || attempt === TRIES) throw new Refused(await problemOf(response));
      await pause(Number(response.headers.get("retry-after")) || attempt);
    }
  }

  async #json(path, query) {
    try {
      return await (await this.get(path, query)).json();
    } catch (error) {
      throw error instanceof Refused ? error : new Refused(NO_ANSWER);
    }
  }
}

async function problemOf(response) {
  try {
    return readProblem(await response.json());
  } catch {
    // What stands before the gateway speaks for it, and not in its words.
    return { ...NO_ANSWER, status: response.status };
  }
}

function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}
