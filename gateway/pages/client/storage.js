/** This tab's memory across a reload. Where a browser forbids it, nothing is kept, and the page works all the same. */

/** @param {string} key @param {unknown} value */
export function remember(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the value lives as long as the page.
  }
}

/** @param {string} key @returns {any} the value, or null */
export function recall(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} key */
export function forget(key) {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // What is forbidden holds nothing.
  }
}
