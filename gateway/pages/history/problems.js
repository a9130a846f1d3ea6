/** What a broadcaster is told when the history cannot be shown, by the names of /problems. */

/** @type {Record<string, import('../parts/refusal_words.js').Sentence>} */
export const SENTENCES = {
  "bad-api-key": {
    title: "This key does not open the history",
    detail: "It is mistyped, or was revoked, or has expired. An API key is needed here, not the token of a viewer.",
  },
  "missing-scope": { title: "This key may not read", detail: "It is a good key without the scope “read”: use one that has it." },
  "unknown-stream": { title: "There is no such stream", detail: "Look at the address again: it ends in the stream's id and /history." },
  "history-unreachable": {
    title: "The history cannot be read just now",
    detail: "No tap and no vote is lost by that. The page tries again by itself.",
  },
};
