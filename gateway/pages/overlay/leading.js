/**
 * The first few of many, in the order of all of them: so nothing changes its place while numbers change.
 *
 * @template Item
 * @param {Item[]} items
 * @param {number} most
 * @param {(item: Item) => number} number what decides; of equals the earlier one
 * @returns {Item[]}
 */
export function leading(items, most, number) {
  if (items.length <= most) return items;
  const first = [...items].sort((one, other) => number(other) - number(one)).slice(0, most);
  const chosen = new Set(first);
  return items.filter((item) => chosen.has(item));
}
