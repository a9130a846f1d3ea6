/**
 * Names and those who listen to them.
 *
 * @template {Record<string, any[]>} Events  by name, what listeners are given
 */
export class Emitter {
  /** @type {Map<keyof Events, Set<(...news: any[]) => void>>} */ #listeners = new Map();

  /**
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {(...news: Events[Name]) => void} listener
   * @returns {() => void} stops it
   */
  on(name, listener) {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /**
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {Events[Name]} news
   */
  emit(name, ...news) {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(...news);
      } catch (error) {
        // One part of a page that fails takes neither the others nor the connection with it.
        reportError(error);
      }
    }
  }
}
