/** SVG elements. A page's policy forbids style attributes, so looks are classes and places are attributes. */

const SPACE = "http://www.w3.org/2000/svg";

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 * @returns {SVGElement}
 */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** @param {number} value @returns {string} a place in a path, no finer than can be seen */
export function place(value) {
  return String(Math.round(value * 10) / 10);
}
