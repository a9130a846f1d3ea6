/**
 * What a plot shows in colours of its own: as many as can be told apart, and the rest as one. Pure.
 *
 * @typedef {{id: string, name: string, look: string, ids: string[]}} Series  `look` is a class of series.css
 */

const COLOURS = 8;
const REST = { id: "", name: "Others", look: "series-rest" };

/**
 * @param {string[]} ids in the order in which they get their colours
 * @param {(id: string) => string} nameOf
 * @param {(id: string) => number} sizeOf where there are more than colours, the largest have one
 * @returns {Series[]}
 */
export function chooseSeries(ids, nameOf, sizeOf) {
  const own = ids.length <= COLOURS ? ids : largest(ids, sizeOf);
  const rest = ids.filter((id) => !own.includes(id));
  const series = own.map((id, index) => ({ id, name: nameOf(id), look: `series-${index + 1}`, ids: [id] }));
  return rest.length ? [...series, { ...REST, ids: rest }] : series;
}

/** @param {Series} series @param {Record<string, number>} counts @returns {number} */
export function countOf(series, counts) {
  return series.ids.reduce((sum, id) => sum + (counts[id] ?? 0), 0);
}

function largest(ids, sizeOf) {
  const bySize = ids.toSorted((first, second) => sizeOf(second) - sizeOf(first)).slice(0, COLOURS);
  return ids.filter((id) => bySize.includes(id));
}
