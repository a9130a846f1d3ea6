/**
 * Whether anybody can see the overlay. OBS hides a source that is in no visible scene: like any tab, and with an event
 * of its own.
 */

/** @param {(isOn: boolean) => void} onChange called whenever it may have changed */
export function watchAir(onChange) {
  let isShownByObs = true;
  const tell = () => onChange(!document.hidden && isShownByObs);
  document.addEventListener("visibilitychange", tell);
  window.addEventListener("obsSourceVisibleChanged", (event) => {
    isShownByObs = event.detail?.visible !== false;
    tell();
  });
}
