/** What can be done with an answer: read aloud, copy, share, print, send to a phone, show at a desk. Works on any card, in chat or page. */

import { icon, make, say } from "./dom.js";
import { read, stop, whenVoice } from "./speech.js";

const NOT_READ = ".en, .en-label, .tools, .choices, .feedback, .sources, .short, .desk-button, .who, .label";
const SHOWN_FOR = 2000; // milliseconds that "copied" is shown

/** Return the words of a card, a line each. */
function wordsOf(card) {
  const copy = card.cloneNode(true);
  copy.querySelectorAll(NOT_READ).forEach((element) => element.remove());
  const lines = [...copy.querySelectorAll("h1, h2, h3, summary, p, li:not(.person), blockquote")];
  return lines.map((element) => element.textContent.replace(/\s+/g, " ").trim()).filter(Boolean);
}

function button(symbol, label, onclick) {
  return make("button", { type: "button", onclick }, icon(symbol), make("span", {}, label));
}

async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = make("textarea", { readonly: true, class: "who" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function copyButton(card, url) {
  const label = make("span", { role: "status" }, say("answer.copy"));
  const copy = make("button", { type: "button" }, icon("copy"), label);
  copy.addEventListener("click", async () => {
    try {
      await copyText([...wordsOf(card), url].filter(Boolean).join("\n"));
    } catch {
      return; // the browser forbids it; the text can still be marked by hand
    }
    label.textContent = say("answer.copied");
    setTimeout(() => (label.textContent = say("answer.copy")), SHOWN_FOR);
  });
  return copy;
}

/** A file of plain text, with the day it was saved: for later, for a friend, for an adviser. */
function saveButton(card, url) {
  return button("save", say("answer.save"), () => {
    const language = card.lang || document.documentElement.lang;
    const day = new Date().toLocaleDateString("en-GB", { dateStyle: "long" });
    const text = [...wordsOf(card), "", `${language} · ${day}`, url].join("\n");
    const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    make("a", { href: address, download: `${card.dataset.topic || "doorway"}-${language}.txt` }).click();
    setTimeout(() => URL.revokeObjectURL(address), SHOWN_FOR);
  });
}

function readButton(card, language) {
  const label = make("span", {}, say("answer.read_aloud"));
  const button = make("button", { type: "button", "aria-pressed": "false" }, icon("speak"), label);
  const set = (reading) => {
    button.setAttribute("aria-pressed", String(reading));
    label.textContent = say(reading ? "answer.stop_reading" : "answer.read_aloud");
  };
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") return stop();
    read(wordsOf(card).join("\n"), language, () => set(false));
    set(true);
  });
  return button;
}

/** Show the English sentence in letters that can be read across a desk. */
function openDesk(section) {
  const says = section.querySelector("blockquote").textContent;
  const meaning = section.querySelector(".meaning");
  const close = make("button", { type: "button", class: "button", autofocus: true }, icon("close"), make("span", {}, say("chat.close")));
  const text = make("p", { class: "says", lang: "en", dir: "ltr", id: "desk-says" }, says);
  openDialog({ class: "desk-full", "aria-labelledby": "desk-says" }, close, text, meaning?.cloneNode(true) ?? null);
}

/** Show the address of the answer as a code for the camera of another device; the code is drawn by our own server. */
function openCode(pageUrl) {
  const close = make("button", { type: "button", class: "button", autofocus: true }, icon("close"), make("span", {}, say("chat.close")));
  const title = make("h2", { id: "code-title" }, say("answer.to_phone"));
  const code = make("img", { src: `${new URL(pageUrl).pathname}/qr.svg`, alt: "", width: "240", height: "240" });
  const address = make("bdi", { dir: "ltr", class: "address" }, pageUrl);
  openDialog({ class: "code", "aria-labelledby": "code-title" }, close, title, code, make("p", {}, say("page.scan"), make("br"), address),
    make("p", { class: "soft" }, say("answer.to_phone_note")));
}

/** Open a dialog that is gone when it is closed; its first child closes it. */
function openDialog(attributes, close, ...children) {
  const dialog = make("dialog", attributes, close, ...children);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * Add the tools to a card.
 * @param {HTMLElement} card
 * @param {{pageUrl?: string, isPage?: boolean}} options `pageUrl`: the answer as a page, if it is one
 */
export function addTools(card, { pageUrl = "", isPage = false } = {}) {
  const language = card.lang || document.documentElement.lang;
  const tools = make("div", { class: "tools" });
  whenVoice(language, () => tools.prepend(readButton(card, language)));
  tools.append(copyButton(card, pageUrl), saveButton(card, pageUrl));
  if (pageUrl && navigator.share) {
    const share = () => navigator.share({ title: document.title, url: pageUrl }).catch(() => {});
    tools.append(button("share", say("answer.share"), share));
  }
  if (isPage) {
    tools.append(button("print", say("answer.print"), () => window.print()));
  } else if (pageUrl) {
    if (window.HTMLDialogElement) tools.append(button("handset", say("answer.to_phone"), () => openCode(pageUrl)));
    const page = (symbol, name, hash = "") =>
      make("a", { href: pageUrl + hash, target: "_blank", rel: "noopener" }, icon(symbol), make("span", {}, say(name)));
    tools.append(page("print", "answer.print", "#print"), page("page", "answer.open_page"));
  }
  const desk = card.querySelector(".desk");
  if (desk && window.HTMLDialogElement) {
    const open = make("button", { type: "button", class: "desk-button" }, icon("expand"), make("span", {}, say("answer.desk_open")));
    open.addEventListener("click", () => openDesk(desk));
    desk.append(open);
  }
  card.append(tools);
  return tools;
}
