/**
 * What the address says about the look, given to the style sheets: words as attributes of the root, numbers as CSS
 * variables. Both are in a cascade layer, so that whatever OBS's Custom CSS says outranks them.
 */

/** The size of a letter that overlay.css takes for 1rem, where the frame is 720 pixels high. */
const PX_PER_REM = 16;

/** @type {Record<string, (value: any) => [string, string]>} */
const VARIABLES = {
  scale: (value) => ["--ovation-scale", String(value)],
  margin: (value) => ["--ovation-margin", rem(value)],
  size: (value) => ["--ovation-emoji-size", rem(value)],
  accent: (value) => ["--ovation-accent", `#${value}`],
  font: (value) => ["--ovation-font", `"${value}", system-ui, sans-serif`],
};
const WORDS = ["layout", "area", "theme"];

/**
 * @param {Record<string, any>} values
 * @param {Set<string>} given those that the address says
 */
export function applyLook(values, given) {
  const { dataset } = document.documentElement;
  for (const name of WORDS) dataset[name] = values[name];
  const lines = Object.keys(VARIABLES)
    .filter((name) => given.has(name))
    .map((name) => `${VARIABLES[name](values[name]).join(": ")};`);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@layer parameters { :root { ${lines.join(" ")} } }`);
  document.adoptedStyleSheets = [sheet];
}

/** @param {number} px where the frame is 720 pixels high @returns {string} */
function rem(px) {
  return `${px / PX_PER_REM}rem`;
}
