// Formulas are no stops of the tab key, but for those that are too wide for the screen: these scroll,
// and must do so without a mouse.
(() => {
  const update = () => {
    for (const box of document.querySelectorAll('mjx-container[display="true"]')) {
      box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
    }
  };
  addEventListener("DOMContentLoaded", () => window.MathJax?.startup?.promise?.then(update));
  addEventListener("resize", update);
})();
