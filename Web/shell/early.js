// Sets theme and language on the root element before the first paint. It is a classic script in
// the head of every page, because a module would run after the page was seen once in the wrong
// colors. theme.js and i18n.js take over from the attributes that it leaves.
(function () {
  "use strict";
  var root = document.documentElement;
  /** @param {string} name */
  function kept(name) {
    try {
      return localStorage.getItem(name);
    } catch (_) {
      return null;
    }
  }
  var theme = kept("athanor.theme");
  if (theme !== "dark" && theme !== "light") {
    theme = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  }
  root.dataset.theme = theme;
  var asked = new URLSearchParams(location.search).get("lang");
  var language = asked === "ko" || asked === "en" ? asked : kept("athanor.language");
  if (language !== "ko" && language !== "en") {
    language = (navigator.language || "en").toLowerCase().indexOf("ko") === 0 ? "ko" : "en";
  }
  root.lang = language;
})();
