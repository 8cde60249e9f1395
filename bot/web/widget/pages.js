/** The plain pages work without this. It adds the tools of the answer, the quick exit and the search of the picker. */

import { addTools } from "./tools.js";
import { armExit } from "./exit.js";
import { forget } from "./store.js";

armExit(forget);

const card = document.querySelector("article[data-topic]");
if (card) {
  const url = document.querySelector('link[rel="canonical"]')?.href ?? location.href;
  addTools(card, { pageUrl: url, isPage: true });
  if (location.hash === "#print") window.addEventListener("load", () => window.print());
}

const picker = document.getElementById("picker");
const search = document.querySelector("#language-search input");
if (picker && search) {
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").trim();
  search.addEventListener("input", () => {
    const wanted = plain(search.value);
    const items = [...picker.children];
    const hits = items.filter((item) => plain(item.dataset.names).includes(wanted));
    for (const item of items) item.hidden = hits.length > 0 && !hits.includes(item);
  });
}
