/** What became of a vote after it was taken: its receipt tells. */

/** Votes are asked about by chance over some time, so that a crowd that votes together does not ask together. */
const FIRST_MS = 3_000;
const SPREAD_MS = 7_000;
/** Of a large crowd about 200 ask in a second, however many have voted. */
const SPREAD_PER_VIEWER_MS = 5;

/** @typedef {'pending' | 'counted' | 'replaced' | 'withdrawn' | 'duplicate' | 'late' | 'invalid' | 'ineligible'} Outcome */

/**
 * @param {number} watching how many viewers may have voted together
 * @returns {number} how long after its answer to ask about a vote, ms
 */
export function patience(watching) {
  return FIRST_MS + Math.max(SPREAD_MS, SPREAD_PER_VIEWER_MS * watching) * Math.random();
}

/**
 * Ask what became of a vote. A page of another origin could not read the answer, so it is not asked there.
 * @param {string} origin of a gateway
 * @param {string} receipt
 * @returns {Promise<Outcome | null>} null if nobody can say
 */
export async function outcomeOf(origin, receipt) {
  if (globalThis.location !== undefined && location.origin !== new URL(origin).origin) return null;
  try {
    const response = await fetch(new URL(`/v1/receipts/${encodeURIComponent(receipt)}`, origin), { cache: "no-store" });
    return response.ok ? (await response.json()).outcome : null;
  } catch {
    return null;
  }
}
