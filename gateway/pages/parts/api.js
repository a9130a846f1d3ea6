/**
 * Calls to the gateway with an API key.
 *
 * @typedef {import('../client/problem_words.js').Problem & {field?: string}} Problem  `field` is what is at fault in a request
 */

import { readProblem } from "../client/problem_words.js";

const TOO_MANY_REQUESTS = 429;
const TRIES = 4;

/** @type {Problem} */
export const NO_ANSWER = { name: "no-answer", title: "", detail: "", status: 0 };

/** A call that was not answered with what it asked for. */
export class Refused extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.title);
    this.problem = problem;
  }
}

export class Api {
  #path;
  #key;

  /** @param {string} path what all paths begin with @param {string} key */
  constructor(path, key) {
    this.#path = path;
    this.#key = key;
  }

  /** @param {string} path @param {Record<string, string | number>} [query] @returns {Promise<Response>} Raises Refused. */
  get(path, query = {}) {
    const words = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    return this.#ask(`${this.#path}${path}${words.size ? `?${words}` : ""}`, {});
  }

  /** @returns {Promise<any>} the body. Raises Refused. */
  async json(path, query) {
    return bodyOf(await this.get(path, query));
  }

  /**
   * Send what makes or changes something. Raises Refused, and without an answer it may have been done.
   * @param {string} method @param {string} path @param {unknown} [body] @param {Record<string, string>} [headers]
   * @returns {Promise<Response>}
   */
  send(method, path, body, headers = {}) {
    return this.#ask(`${this.#path}${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  }

  async #ask(url, options) {
    const headers = { authorization: `Bearer ${this.#key}`, ...options.headers };
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(url, { ...options, headers }).catch(() => null);
      if (response === null) throw new Refused(NO_ANSWER);
      if (response.ok) return response;
      if (response.status !== TOO_MANY_REQUESTS || attempt === TRIES) throw new Refused(await problemOf(response));
      await pause(Number(response.headers.get("retry-after")) || attempt);
    }
  }
}

/** @param {Response} response @returns {Promise<any>} Raises Refused where it broke off. */
export async function bodyOf(response) {
  try {
    return await response.json();
  } catch {
    throw new Refused(NO_ANSWER);
  }
}

async function problemOf(response) {
  try {
    const answer = await response.json();
    return { ...readProblem(answer), field: answer.field };
  } catch {
    // What stands before the gateway speaks for it, and not in its words.
    return { ...NO_ANSWER, status: response.status };
  }
}

function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}
