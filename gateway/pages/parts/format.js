/** Numbers in words. */

const LONG_NUMBER = 100_000;
const language = document.documentElement.lang;
const exact = new Intl.NumberFormat(language);
const compact = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1, roundingMode: "floor" });
const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
const plural = new Intl.PluralRules(language);

/** @param {number} value @returns {string} */
export function count(value) {
  return (value > LONG_NUMBER ? compact : exact).format(value);
}

/** @param {number} value @param {string} one @param {string} other @returns {string} the word that goes with the number */
export function word(value, one, other) {
  return plural.select(value) === "one" ? one : other;
}

/** @param {number} share from 0 to 1 @returns {string} */
export function percentage(share) {
  return percent.format(share);
}

/** @param {number} value @returns {string} every digit of it */
export function exactly(value) {
  return exact.format(value);
}
