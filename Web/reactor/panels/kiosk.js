// Fills the screen with the reactor, for a wall or a second screen.

import { setText } from "/ui/shell/dom.js";
import { t } from "/ui/shell/i18n.js";

/** @param {HTMLElement} root @param {HTMLElement} button */
export function buildKiosk(root, button) {
  const isOn = () => document.fullscreenElement === root;
  function write() {
    setText(button, isOn() ? "⤡" : "⤢");
    const words = t(isOn() ? "reactor.kiosk_off" : "reactor.kiosk_on");
    button.setAttribute("aria-label", words);
    button.title = words;
  }
  function toggle() {
    // A browser may refuse, as in a frame without the permission; then the page stays as it is.
    if (isOn()) document.exitFullscreen().catch(() => {});
    else root.requestFullscreen?.().catch(() => {});
  }
  button.addEventListener("click", toggle);
  document.addEventListener("fullscreenchange", write);
  write();
  return { toggle, write };
}
