/** What a broadcaster is told, by the names of /problems. */

/** @type {Record<string, import('../parts/refusal_words.js').Sentence>} of the whole page */
export const SENTENCES = {
  "bad-api-key": {
    title: "This key does not open the studio",
    detail: "It is mistyped, or was revoked, or has expired. An API key is needed here, not the token of a viewer.",
  },
  "missing-scope": {
    title: "This key may not read",
    detail: "It is a good key without the scope “read”, without which the studio shows nothing: use one that has it.",
  },
};

/** @type {Record<string, string>} of something that was to be done */
export const REFUSALS = {
  "no-answer": "The gateway does not answer. It may have been done all the same: look before you try again.",
  "kafka-unreachable": "The gateway could not make sure of it. It may have been done all the same: look before you try again.",
  "redis-unreachable": "Nobody can say just now whether somebody has voted, so this cannot change. Try again in a moment.",
  "poll-exists":
    "The poll is made already, as it was first written. Change it in the list, or press again to make another one.",
  "locked-poll": "Somebody has voted: question, options and rules stay as they are.",
  "precondition-failed": "Somebody else has changed this poll. It is shown as it is now.",
  conflict: "Somebody else has changed it in the same moment. It is shown as it is now.",
  "closed-poll": "The poll is closed already.",
  "final-poll": "The result is final already.",
  "cancelled-poll": "The poll was cancelled.",
  "poll-not-open": "The poll is not open yet.",
  "ended-stream": "The stream has ended, and takes nothing any more.",
  "stream-exists": "Somebody has opened a stream with this name in the meantime: reload the page.",
  "rate-limited": "Too many calls with this key just now: try again in a moment.",
  "history-unreachable": "The history cannot be read just now. Nothing is lost by that.",
};

/** @type {Record<string, string>} of what viewers sent */
export const OF_VIEWERS = {
  "late-vote": "votes after their poll had closed",
  ineligible: "votes in a poll that is not for their viewers",
  "paused-poll": "votes in a paused poll",
  "poll-not-open": "votes before their poll was open",
  "closed-poll": "votes in a closed poll",
  "cancelled-poll": "votes in a cancelled poll",
  "final-poll": "votes after the result was final",
  "unknown-poll": "votes in a poll that is not there",
  "no-choices": "votes without a choice",
  "unknown-option": "votes for an option that is not there",
  "too-many-choices": "votes with too many choices",
  "duplicate-choices": "votes that name an option twice",
  "not-withdrawable": "votes that cannot be taken back",
  "rate-limited": "requests over a viewer's or an address's limit",
  "unknown-emoji": "taps of an emoji that is not offered",
  "huge-count": "taps that no thumb can make",
  "uncertain-taps": "taps of which nobody knows whether they count",
  "ended-stream": "taps and votes after the end",
  "missing-token": "requests without a token",
  "bad-token": "requests with a bad link",
  "expired-token": "requests with an expired link",
  "foreign-token": "requests with another stream's link",
  "role-not-allowed": "taps and votes by a link that only watches",
  "too-much-waiting": "requests while too much was waiting",
  "kafka-unreachable": "votes that Kafka did not confirm",
};

/** @param {import('../parts/api.js').Problem} problem @returns {string} */
export function actionWords(problem) {
  return REFUSALS[problem.name] ?? `${problem.title}. ${problem.detail}`;
}
