/**
 * One poll, merged from what several gateways say of it at different times. Pure.
 *
 * Rules and words are those heard last, the numbers those of the newest version; what was closed never opens again, and
 * a number that was seen never goes away, though a socket on which this viewer has not voted yet is sent none.
 */

/**
 * @typedef {'draft' | 'scheduled' | 'open' | 'paused' | 'closed' | 'final' | 'cancelled'} PollStatus
 * @typedef {{id: string, text?: string, votes?: number}} PollOption  without `votes` while results are hidden
 *
 * @typedef {Object} Poll  times are epoch milliseconds by the server's clock
 * @property {string} poll_id
 * @property {PollStatus} status
 * @property {PollOption[]} options
 * @property {number} as_of
 * @property {boolean} is_final
 * @property {number} [voters]  not there while results are hidden, nor is `version`
 * @property {number} [version]
 * @property {Record<string, number>} [received_in]  votes by region, where it is not the poll's own alone
 * @property {string} [question]
 * @property {number} [max_choices]
 * @property {boolean} [allow_change]
 * @property {boolean} [allow_withdraw]
 * @property {'always' | 'after_vote' | 'after_close'} [results]
 * @property {number | null} [opens_at]
 * @property {number | null} [closes_at]
 * @property {string[]} [correct]  ids of the right options, once a quiz is over
 */

/** How far a life has come. An open poll can be paused and opened again; otherwise it never goes back. */
const PROGRESS = { draft: 0, scheduled: 1, open: 2, paused: 2, closed: 3, final: 4, cancelled: 5 };

/** @param {Poll} poll @returns {boolean} whether voting is over for good */
export function isOver(poll) {
  return PROGRESS[poll.status] >= PROGRESS.closed;
}

/** @param {Poll} poll @returns {boolean} whether there are numbers to show */
export function hasNumbers(poll) {
  return poll.version !== undefined && poll.status !== "cancelled" && PROGRESS[poll.status] >= PROGRESS.open;
}

/**
 * @param {Poll} poll
 * @param {PollOption} option
 * @returns {number} share of the voters who chose the option, from 0 to 1
 */
export function share(poll, option) {
  return poll.voters ? Math.min((option.votes ?? 0) / poll.voters, 1) : 0;
}

/** @param {Poll} known @param {Poll} news @returns {Poll} */
export function mergePoll(known, news) {
  const [older, newer] = PROGRESS[news.status] < PROGRESS[known.status] ? [news, known] : [known, news];
  const numbers = hasNewerNumbers(known, news) ? news : known;
  const texts = new Map([...older.options, ...newer.options].filter((option) => option.text).map((o) => [o.id, o.text]));
  const votes = new Map(numbers.options.map((option) => [option.id, option.votes]));
  const merged = {
    ...older,
    ...newer,
    voters: numbers.voters,
    version: numbers.version,
    received_in: numbers.received_in,
    is_final: numbers.is_final,
    options: newer.options.map(({ id }) => ({ id, text: texts.get(id), votes: votes.get(id) })),
  };
  return numbers === news && lacksVotes(known, news) ? keepWhatWasSeen(known, merged) : merged;
}

/**
 * @param {Poll} known @param {Poll} news
 * @returns {boolean} whether numbers that are newer lack votes of a region that was seen already, as where it is cut off
 */
function lacksVotes({ version, received_in: before }, { received_in: now, is_final, allow_change }) {
  if (version === undefined || is_final || allow_change) return false;
  // Without it all votes came by one region, which is not named.
  if (before === undefined || now === undefined) return before !== now;
  return Object.entries(before).some(([region, votes]) => (now[region] ?? 0) < votes);
}

/**
 * @param {Poll} known @param {Poll} merged
 * @returns {Poll} without a number that fell: the votes that are missing come back with their region
 */
function keepWhatWasSeen(known, merged) {
  const seen = new Map(known.options.map(({ id, votes }) => [id, votes ?? 0]));
  const regions = { ...known.received_in };
  for (const [region, votes] of Object.entries(merged.received_in ?? {})) {
    regions[region] = Math.max(votes, regions[region] ?? 0);
  }
  return {
    ...merged,
    voters: Math.max(merged.voters ?? 0, known.voters ?? 0),
    version: Math.max(merged.version ?? 0, known.version ?? 0),
    received_in: regions,
    options: merged.options.map((option) => ({
      ...option,
      votes: Math.max(option.votes ?? 0, seen.get(option.id) ?? 0),
    })),
  };
}

/** @param {Poll} known @param {Poll} news @returns {boolean} */
function hasNewerNumbers(known, news) {
  if (news.version === undefined) return false;
  if (known.version === undefined) return true;
  // A final result is a recount: it stands, whatever version a late message names.
  if (news.is_final !== known.is_final) return news.is_final;
  const [before, now] = [known.received_in, news.received_in];
  if (before && now && !news.is_final) {
    return Object.entries(now).some(([region, votes]) => votes >= (before[region] ?? 0));
  }
  return news.version >= known.version;
}
