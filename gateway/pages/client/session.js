/**
 * The name under which gateways know this viewer's frames again, and the number of the last one.
 *
 * It goes on after a reload. While a page lives its session is in memory only: a tab that is duplicated is given a copy
 * of the storage, and two tabs must never go by one name.
 */

import { forget, recall, remember } from "./storage.js";

const BYTES = 16;

export class Session {
  #onLeave;
  #onReturn;

  /** @param {string} key @param {import('./storage.js').Shelf} storage */
  constructor(key, storage) {
    const place = `ovation.session.${key}`;
    const { name = newName(), lastId = 0 } = recall(place, storage) ?? {};
    this.name = name;
    this.lastId = lastId;
    this.#onReturn = () => forget(place, storage);
    this.#onLeave = () => remember(place, { name: this.name, lastId: this.lastId }, storage);
    this.#onReturn();
    globalThis.addEventListener?.("pagehide", this.#onLeave);
    globalThis.addEventListener?.("pageshow", this.#onReturn);
  }

  /** @returns {number} larger than any before */
  nextId() {
    return ++this.lastId;
  }

  /** Somebody else goes by this name: take another one. */
  renew() {
    this.name = newName();
  }

  end() {
    this.#onLeave();
    globalThis.removeEventListener?.("pagehide", this.#onLeave);
    globalThis.removeEventListener?.("pageshow", this.#onReturn);
  }
}

function newName() {
  return [...crypto.getRandomValues(new Uint8Array(BYTES))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
