/**
 * Whether anybody can see the overlay. OBS hides a source that is in no visible scene: like any tab, and with an event
 * of its own. It may also stop the page as a whole, and let it go on later.
 */

/** @param {(isOn: boolean) => void} onChange called whenever it may have changed */
export function watchAir(onChange) {
  let isShownByObs = true;
  const tell = () => onChange(!document.hidden && isShownByObs);
  document.addEventListener("visibilitychange", tell);
  document.addEventListener("resume", tell);
  window.addEventListener("obsSourceVisibleChanged", (event) => {
    isShownByObs = event.detail?.visible !== false;
    tell();
  });
}
