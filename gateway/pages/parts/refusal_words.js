/**
 * What a broadcaster is told when a page cannot be shown, or a call was refused.
 *
 * @typedef {import('../client/problem_words.js').Problem} Problem
 * @typedef {{title: string, detail: string}} Sentence
 * @typedef {Sentence & {asksForKey: boolean, mayPass: boolean}} Words  `mayPass`: worth another try
 */

/** All that the gateway says of a credential that is no good API key. */
const OF_KEYS = new Set([
  "bad-api-key",
  "bad-token",
  "missing-token",
  "expired-token",
  "foreign-token",
  "role-not-allowed",
]);
const FOR_NOW = new Set(["history-unreachable", "starting", "stopping", "no-answer", "rate-limited", "internal"]);

/** By the names of /problems; `no-answer` is the pages' own. */
const COMMON = {
  starting: { title: "The gateway is just starting", detail: "The page tries again by itself." },
  stopping: { title: "The gateway is just stopping", detail: "The page tries again by itself." },
  "no-answer": { title: "The gateway does not answer", detail: "The page tries again by itself." },
};

/**
 * @param {Problem} problem
 * @param {Record<string, Sentence>} own the page's sentences by the names of /problems; `bad-api-key` is for every bad key
 * @returns {Words}
 */
export function refusalWords(problem, own) {
  const isOfKey = OF_KEYS.has(problem.name);
  const { title, detail } = own[isOfKey ? "bad-api-key" : problem.name] ?? COMMON[problem.name] ?? problem;
  return {
    title,
    detail,
    asksForKey: isOfKey || problem.name === "missing-scope",
    mayPass: FOR_NOW.has(problem.name),
  };
}
