/** The few things that every part of the page does to its elements. */

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  return document.getElementById(id);
}

/** @param {string} id @returns {any} a copy of the one element in the template */
export function fromTemplate(id) {
  const template = /** @type {HTMLTemplateElement} */ (byId(id));
  return template.content.firstElementChild.cloneNode(true);
}

/** Write text only where it is new, so that nothing is laid out or read aloud in vain. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
