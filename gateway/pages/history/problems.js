/**
 * What a broadcaster is told when the history cannot be shown.
 *
 * @typedef {import('../client/problem_words.js').Problem} Problem
 * @typedef {{title: string, detail: string, asksForKey: boolean, mayPass: boolean}} Words  `mayPass`: worth another try
 */

const WRONG_KEY = {
  title: "This key does not open the history",
  detail: "It is mistyped, or was revoked, or has expired. An API key is needed here, not the token of a viewer.",
};

/** By the names of /problems; `no-answer` is this page's own. */
export const SENTENCES = {
  "bad-api-key": WRONG_KEY,
  "bad-token": WRONG_KEY,
  "missing-token": WRONG_KEY,
  "expired-token": WRONG_KEY,
  "foreign-token": WRONG_KEY,
  "role-not-allowed": WRONG_KEY,
  "missing-scope": { title: "This key may not read", detail: "It is a good key without the scope “read”: use one that has it." },
  "unknown-stream": { title: "There is no such stream", detail: "Look at the address again: it ends in the stream's id and /history." },
  "history-unreachable": {
    title: "The history cannot be read just now",
    detail: "No tap and no vote is lost by that. The page tries again by itself.",
  },
  starting: { title: "The gateway is just starting", detail: "The page tries again by itself." },
  "no-answer": { title: "The gateway does not answer", detail: "The page tries again by itself." },
};

const FOR_NOW = new Set(["history-unreachable", "starting", "stopping", "no-answer", "rate-limited", "internal"]);

/** @param {Problem} problem @returns {Words} */
export function refusalWords(problem) {
  const { title, detail } = SENTENCES[problem.name] ?? problem;
  const asksForKey = SENTENCES[problem.name] === WRONG_KEY || problem.name === "missing-scope";
  return { title, detail, asksForKey, mayPass: FOR_NOW.has(problem.name) };
}
