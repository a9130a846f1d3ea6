/**
 * When to try at once: the network is back, or somebody looks again; the device may have slept meanwhile.
 * @param {() => void} act
 * @returns {() => void} stops it
 */
export function whenAwake(act) {
  const { document } = globalThis;
  const look = () => document?.hidden || act();
  globalThis.addEventListener?.("online", look);
  document?.addEventListener("visibilitychange", look);
  return () => {
    globalThis.removeEventListener?.("online", look);
    document?.removeEventListener("visibilitychange", look);
  };
}
