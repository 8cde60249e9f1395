/**
 * The loader for other sites:
 *   <a id="doorway-chat" href="https://chat.example/en/chat">…</a>
 *   <script async src="https://chat.example/widget.js" data-for="doorway-chat"></script>
 * The link opens the chat in a panel; without `data-for`, a button appears in the corner (`data-label`, `data-language`).
 * Without this script the link still leads to the chat. Nothing is loaded before the first opening.
 */
(() => {
  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads";
  const HOST = {}; // name, colour, safe, languages: written here by the server
  const STYLE = `
    :host { all: initial; }
    .open { position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483000; display: flex; align-items: center;
      min-height: 3.25rem; max-width: calc(100vw - 2rem); padding: .6rem 1.2rem; border: 2px solid #fff; border-radius: 2rem;
      background: ${HOST.colour}; color: #fff; font: 600 1rem/1.4 system-ui, sans-serif; cursor: pointer; box-shadow: 0 2px 12px #0005; }
    .open:focus-visible { outline: 3px solid #f2b84b; outline-offset: 2px; }
    .panel { position: fixed; inset: 0; z-index: 2147483001; display: none; background: #faf6ef; }
    .panel.shown { display: block; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    @media (min-width: 40rem) and (min-height: 30rem) {
      .panel { inset: auto; inset-block-end: 1rem; inset-inline-end: 1rem; width: 26rem; height: min(44rem, calc(100vh - 2rem));
        border-radius: 1rem; overflow: hidden; box-shadow: 0 6px 32px #0006; } }`;

  function start() {
    const link = script.dataset.for ? document.getElementById(script.dataset.for) : null;
    const label = script.dataset.label || link?.textContent.trim() || HOST.name;
    const language = script.dataset.language || link?.lang || document.documentElement.lang || "en";
    const spoken = [language, language.split("-")[0]].find((tag) => HOST.languages.includes(tag));
    const address = link && new URL(link.href).origin === origin ? link.href : `${origin}/${spoken ? `${spoken}/` : ""}chat`;
    const holder = document.createElement("div");
    const root = holder.attachShadow({ mode: "closed" });
    const panel = document.createElement("div");
    const button = link ?? document.createElement("button");
    let frame = null;
    let unread = 0;

    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    } catch {
      return; // too old a browser: the link leads to the page
    }
    panel.className = "panel";
    panel.id = "doorway-panel";
    if (!link) {
      button.type = "button";
      button.className = "open";
      root.append(button);
      button.textContent = label;
      button.setAttribute("aria-controls", panel.id);
    } else {
      button.setAttribute("role", "button");
      button.addEventListener("keydown", (event) => event.key === " " && show(event));
    }
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", show);
    root.append(panel);
    document.body.append(holder);

    const isShown = () => panel.classList.contains("shown");
    const tell = (what) => frame.contentWindow.postMessage({ doorway: what }, origin);

    function count(number) {
      unread = number;
      if (number) button.setAttribute("aria-label", `${label} (${number})`);
      else button.removeAttribute("aria-label");
      if (!link) button.textContent = number ? `${label} (${number})` : label;
    }

    function show(event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab was asked for
      event.preventDefault();
      if (!frame) {
        frame = document.createElement("iframe");
        frame.title = label;
        frame.referrerPolicy = "strict-origin";
        frame.setAttribute("sandbox", SANDBOX);
        frame.addEventListener("load", () => tell("hello"));
        frame.src = address;
        panel.append(frame);
      } else {
        tell("opened");
      }
      panel.classList.add("shown");
      button.setAttribute("aria-expanded", "true");
      count(0);
      frame.focus();
    }

    function close() {
      panel.classList.remove("shown");
      button.setAttribute("aria-expanded", "false");
      button.focus();
    }

    addEventListener("message", (event) => {
      if (!frame || event.origin !== origin || event.source !== frame.contentWindow) return;
      const what = event.data?.doorway;
      if (what === "close") close();
      if (what === "answer" && !isShown()) count(unread + 1);
      if (what === "leave") location.replace(HOST.safe);
    });
    addEventListener("keydown", (event) => event.key === "Escape" && isShown() && close());
  }

  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
