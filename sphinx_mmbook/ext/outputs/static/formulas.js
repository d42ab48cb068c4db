// Formulas are no stops of the tab key, but for those that are too wide for the screen: these scroll,
// and must do so without a mouse. No line begins with the comma behind a formula, or ends with the
// bracket before it.
(() => {
  const update = () => {
    for (const box of document.querySelectorAll('mjx-container[display="true"]')) {
      box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
    }
  };
  const join = () => {
    for (const formula of document.querySelectorAll("span.math")) {
      const { previousSibling: before, nextSibling: after } = formula;
      const opening = /[(\[“„‘«]+$/.exec(before?.data ?? "");
      const closing = /^[.,;:!?)\]”’»…]+/.exec(after?.data ?? "");
      if (!opening && !closing) continue;
      const joined = document.createElement("span");
      joined.className = "mmbook-joined";
      formula.replaceWith(joined);
      if (opening) joined.append(before.splitText(opening.index));
      joined.append(formula);
      if (closing) {
        after.splitText(closing[0].length);
        joined.append(after);
      }
    }
    update();
  };
  addEventListener("DOMContentLoaded", () => window.MathJax?.startup?.promise?.then(join));
  addEventListener("resize", update);
})();
