/** Numbers for a glance: four digits at most. */

const compact = new Intl.NumberFormat(document.documentElement.lang, {
  notation: "compact",
  maximumSignificantDigits: 3,
  roundingMode: "floor",
});
const exact = new Intl.NumberFormat(document.documentElement.lang);

/** @param {number} value @returns {string} */
export function short(value) {
  return (value < 10_000 ? exact : compact).format(value);
}
