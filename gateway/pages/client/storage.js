/** Memory over a reload. Where a browser forbids it, nothing is kept, and everything works all the same. */

/**
 * @typedef {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null} Shelf
 */

/** @returns {Shelf} this tab's */
export function tabStorage() {
  try {
    return globalThis.sessionStorage ?? null;
  } catch {
    return null;
  }
}

/** @param {string} key @param {unknown} value @param {Shelf} [storage] */
export function remember(key, value, storage = tabStorage()) {
  try {
    storage?.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the value lives as long as the page.
  }
}

/** @param {string} key @param {Shelf} [storage] @returns {any} the value, or null */
export function recall(key, storage = tabStorage()) {
  try {
    return JSON.parse(storage?.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} key @param {Shelf} [storage] */
export function forget(key, storage = tabStorage()) {
  try {
    storage?.removeItem(key);
  } catch {
    // What is forbidden holds nothing.
  }
}
