// Shows what /live tells in the elements that ask for it; without this script the page shows what it was sent with.
"use strict";
const told = new EventSource("/live");
told.onmessage = (event) => {
  const news = JSON.parse(event.data);
  for (const element of document.querySelectorAll("[data-live]")) {
    const value = news[element.dataset.live];
    if (value !== undefined) {
      const text = typeof value === "number" ? value.toLocaleString("en") : String(value);
      if (element.textContent !== text) {
        element.textContent = text;
      }
    }
  }
  const waiting = news.figures && document.querySelector("[data-until-figures]");
  if (waiting || (news.links && document.querySelector("[data-until-links]"))) {
    location.reload();
  }
};
