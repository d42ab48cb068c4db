// Gives each box of {ask-first} a button: only then does anything come from the other host.
addEventListener("DOMContentLoaded", () => {
  const label = document.documentElement.lang.startsWith("de") ? "Hier zeigen" : "Show it here";
  for (const box of document.querySelectorAll(".mmbook-ask-first")) {
    const link = box.querySelector("a[href]");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      const frame = document.createElement("iframe");
      frame.title = link.textContent;
      frame.height = /height-(\d+)/.exec(box.className)?.[1] ?? "400";
      frame.allow = "fullscreen";
      frame.sandbox = "allow-scripts allow-same-origin allow-popups allow-forms allow-presentation";
      frame.src = link.href;
      button.replaceWith(frame);
    });
    box.append(button);
  }
});
