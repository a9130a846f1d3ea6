/** Work that is done again and again while the page is seen, each time a while after the last has ended. */

export class Round {
  #timer = 0;
  #isOn = false;
  #isAtWork = false;
  #isAskedAgain = false;

  /** @param {number} everyMs @param {() => Promise<void>} work which says itself what went wrong */
  constructor(everyMs, work) {
    this.everyMs = everyMs;
    this.work = work;
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.#isOn) this.now();
    });
  }

  start() {
    this.#isOn = true;
    this.now();
  }

  stop() {
    this.#isOn = false;
    clearTimeout(this.#timer);
  }

  /** Do it at once, or once more where it is being done: what it finds out may be older than what is asked for. */
  async now() {
    if (this.#isAtWork) {
      this.#isAskedAgain = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#isAtWork = true;
    try {
      do {
        this.#isAskedAgain = false;
        await this.work();
      } while (this.#isAskedAgain);
    } finally {
      this.#isAtWork = false;
      if (this.#isOn && !document.hidden) this.#timer = setTimeout(() => this.now(), this.everyMs);
    }
  }
}
