/** How a part comes on air and leaves it. */

const MS = 420;
const OUT = { opacity: 0, transform: "translateY(0.75rem)" };
const IN = { opacity: 1, transform: "none" };
/** @type {WeakMap<HTMLElement, Animation>} */
const leaving = new WeakMap();

/**
 * @param {HTMLElement} part
 * @param {boolean} isShown
 * @param {boolean} isNew whether it comes anew though it may be there already, with something else in it
 * @param {boolean} isStill whether nothing may move
 */
export function comeOrGo(part, isShown, isNew, isStill) {
  const wasShown = !part.hidden && !leaving.has(part);
  if (isShown === wasShown && !(isShown && isNew)) return;
  leaving.get(part)?.cancel();
  leaving.delete(part);
  if (isShown) {
    part.hidden = false;
    if (!isStill) part.animate([OUT, IN], { duration: MS, easing: "cubic-bezier(0.2, 0.8, 0.2, 1)" });
  } else if (isStill) {
    part.hidden = true;
  } else {
    const going = part.animate([IN, OUT], { duration: MS, easing: "ease-in", fill: "forwards" });
    leaving.set(part, going);
    going.onfinish = () => {
      part.hidden = true;
      leaving.delete(part);
      going.cancel();
    };
  }
}
