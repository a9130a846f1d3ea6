/**
 * What can be said in the overlay's address, with its bounds. Pure. docs/overlay.md has the same table in words.
 *
 * @typedef {Object} Parameter
 * @property {any} fallback  what holds when nothing is said, or something that cannot be read
 * @property {string} words  what is allowed, to whom said something else
 * @property {(text: string) => any} read  undefined for what is not allowed
 */

const PARTS = ["reactions", "totals", "poll", "watching"];
/** Where emojis float if nothing is said of it: on the side where the text is. */
const AREAS = { "bottom-left": "left", "top-left": "left", "bottom-right": "right", "top-right": "right" };
const LONGEST = 200;

/** @type {Record<string, Parameter>} */
export const PARAMETERS = {
  layout: oneOf("bottom-left", "bottom-right", "top-left", "top-right", "lower-third", "full"),
  show: someOf(PARTS),
  scale: number(1, 0.5, 3),
  theme: oneOf("dark", "light", "clear"),
  accent: text("", /^[0-9a-f]{6}$/i, "six hexadecimal digits, such as 4fd1c5"),
  font: text("", /^[\p{L}\p{N} _-]{1,64}$/u, "the name of a font on this machine"),
  margin: number(32, 0, 200),
  poll: text("newest", /^(newest|[A-Za-z0-9][A-Za-z0-9_-]{0,63})$/, "newest, or the id of a poll"),
  options: whole(6, 2, 50),
  result: whole(30, 0, 86_400),
  emojis: whole(6, 1, 30),
  area: oneOf("auto", "full", "left", "right", "middle"),
  max: whole(null, 1, 500),
  size: number(40, 12, 160),
  speed: number(1, 0.25, 4),
  direction: oneOf("up", "down", "left", "right"),
  motion: oneOf("auto", "full", "none"),
  stale: oneOf("dim", "hide", "keep"),
  "stale-after": whole(15, 1, 3_600),
  interval: whole(50, 20, 5_000),
  debug: whole(0, 0, 1),
};

/**
 * @param {URLSearchParams} said
 * @returns {{values: Record<string, any>, given: Set<string>, complaints: string[]}} `given` are those that were said,
 *   and could be read
 */
export function readParameters(said) {
  const values = Object.fromEntries(Object.entries(PARAMETERS).map(([name, { fallback }]) => [name, fallback]));
  const given = new Set();
  const complaints = [];
  for (const [name, text] of said) {
    const parameter = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
    const value = text.length <= LONGEST ? parameter?.read(text) : undefined;
    if (parameter === undefined) complaints.push(`There is no parameter “${shorten(name)}”.`);
    else if (value === undefined) complaints.push(`${name} is ${parameter.words}, and not “${shorten(text)}”.`);
    else given.add(name), (values[name] = value);
  }
  values.area = values.area === "auto" ? (AREAS[values.layout] ?? "full") : values.area;
  values.max ??= values.area === "full" ? 200 : 80;
  return { values, given, complaints };
}

function shorten(text) {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** @param {string[]} words the first is the default @returns {Parameter} */
function oneOf(...words) {
  return { fallback: words[0], words: words.join(", "), read: (text) => (words.includes(text) ? text : undefined) };
}

/** @param {string[]} words all of them are the default @returns {Parameter} */
function someOf(words) {
  const read = (text) => {
    const chosen = text.split(",").filter(Boolean);
    return chosen.every((word) => words.includes(word)) ? chosen : undefined;
  };
  return { fallback: words, words: `some of ${words.join(",")}`, read };
}

/** @returns {Parameter} */
function number(fallback, least, most) {
  const read = (text) => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
    return value >= least && value <= most ? value : undefined;
  };
  return { fallback, words: `a number from ${least} to ${most}`, read };
}

/** @returns {Parameter} */
function whole(fallback, least, most) {
  const { read } = number(fallback, least, most);
  const words = `a whole number from ${least} to ${most}`;
  return { fallback, words, read: (text) => (text.includes(".") ? undefined : read(text)) };
}

/** @param {string} fallback @param {RegExp} pattern @param {string} words @returns {Parameter} */
function text(fallback, pattern, words) {
  return { fallback, words, read: (text) => (pattern.test(text) ? text : undefined) };
}
