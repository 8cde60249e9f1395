/** The conversation page: wires the page that the server made to the conversation. Parts: see the imports. */

import { make, say, site } from "./dom.js";
import { makeCard } from "./card.js";
import { addTools } from "./tools.js";
import { armExit } from "./exit.js";
import { recall, remember } from "./store.js";
import { Conversation, Refusal } from "./transport.js";
import { onHost, tellHost } from "./frame.js";
import { armComposer } from "./composer.js";
import { ask } from "./confirm.js";
import { makeFeedback } from "./feedback.js";

const SHOW_WAITING_AFTER = 400; // milliseconds; quicker answers need no sign
const find = (id) => document.getElementById(id);
const page = {
  log: find("log"), list: find("messages"), starts: find("starts"), notice: find("notice"), status: find("status"),
  error: find("error"), announcer: find("announcer"), composer: find("composer"), text: find("text"), menu: find("menu"),
};
const conversation = new Conversation(site.language, { answered, waiting, refused });
const bubbles = new Map(); // id of a message not answered yet → its bubble
let shown = new Map(); // number → text of the answers on the page
let choices = []; // of the last answer: typing its number is pressing it
let focusNext = null; // the button that was pressed for the answer that is awaited
let waitingTimer = 0;

const lastNumber = () => Math.max(0, ...shown.keys());
const labels = () => recall("labels", {});

/** Put what the person said on the page. */
function addMine(label, { pending = false } = {}) {
  const state = make("span", { class: "state" });
  const item = make("li", { class: "mine" }, make("p", { dir: "auto" }, make("span", { class: "who" }, `${say("message.you")} `), label), state);
  item.classList.toggle("pending", pending);
  page.list.append(item);
  begun();
  return item;
}

/** The first screen makes room. */
function begun() {
  page.starts.hidden = true;
  page.notice.open = false;
}

/** Put an answer on the page, after `before` if that is given. */
function addAnswer(message, before = null) {
  const card = makeCard(message, choose);
  const pageUrl = message.topic ? `${location.origin}/${message.language}/${message.topic}` : "";
  addTools(card, { pageUrl }).after(makeFeedback((helpful) => conversation.vote(message.number, helpful), page.status));
  const item = make("li", { class: "theirs", "data-number": message.number }, card);
  if (before) before.after(item);
  else page.list.append(item);
  shown.set(message.number, message.text);
  choices = message.choices;
  return item;
}

/** Answers that came some other way (reload, another tab): each after the words it answers. */
function addHistory(messages) {
  let previous;
  for (const message of messages) {
    if (shown.has(message.number)) continue;
    const turn = message.client_msg_id;
    const label = labels()[message.number] || message.asked || message.title?.text || "";
    if (turn !== previous && label) addMine(label);
    previous = turn;
    addAnswer(message);
  }
}

async function answered(item, turn) {
  stopWaiting();
  const bubble = bubbles.get(item.id) ?? addMine(item.label);
  bubbles.delete(item.id);
  bubble.classList.remove("pending");
  bubble.querySelector(".state").replaceChildren();
  let messages = turn.messages;
  if (!messages.length) return;
  const first = messages[0];
  if (shown.get(first.number) === first.text) {
    bubble.remove(); // answered before a reload; its words are on the page
    return;
  }
  if (first.number <= lastNumber()) startOver(bubble); // everything was deleted by a message: the server counts from one again
  if (item.kind !== "text") remember("labels", { ...labels(), [first.number]: item.label });
  if (first.number > lastNumber() + 1) {
    const missed = await conversation.history(lastNumber()).catch(() => []);
    bubble.remove();
    addHistory(missed.filter((message) => message.number < first.number));
    page.list.append(bubble);
  }
  let place = bubble;
  for (const message of messages) place = addAnswer(message, place);
  announce(messages, bubble.nextElementSibling);
  tellHost("answer");
  if (turn.topic === "change_language" && turn.language !== site.language && item.kind !== "text") {
    remember("language", turn.language);
    location.assign(`/${turn.language}/chat`);
  }
}

/** One announcement for the whole answer; focus goes to it only when a button was pressed. */
function announce(messages, item) {
  const heading = item.querySelector("h2");
  if (focusNext) {
    heading.focus({ preventScroll: true });
    focusNext.setAttribute("aria-pressed", "true");
    focusNext = null;
  }
  item.previousElementSibling.scrollIntoView({ block: "start", behavior: "auto" });
  page.announcer.lang = messages[0].language;
  page.announcer.textContent = messages.map((message) => [message.title?.text, message.text].filter(Boolean).join("\n")).join("\n");
}

function startOver(kept) {
  page.list.replaceChildren(kept);
  shown = new Map();
  remember("labels", {});
}

function waiting(item, refusal) {
  stopWaiting();
  const state = bubbles.get(item.id)?.querySelector(".state");
  if (!state) return;
  const words = refusal.message || say(navigator.onLine ? "message.failed" : "message.offline");
  const again = make("button", { type: "button", onclick: () => conversation.resume() }, say("message.retry"));
  if (state.firstChild?.textContent !== words) {
    state.replaceChildren(make("span", {}, words), " ", again);
    page.status.textContent = words;
  }
}

function refused(item, refusal) {
  stopWaiting();
  bubbles.get(item.id)?.remove();
  bubbles.delete(item.id);
  focusNext = null;
  if (item.kind === "text" && !page.text.value) page.text.value = item.value;
  if (refusal.status === 401) {
    conversation.forget();
    shown = new Map();
  }
  if (!page.list.children.length) page.starts.hidden = false;
  page.error.textContent = refusal.message || say("error.server_error");
}

function send(kind, value, label) {
  page.error.textContent = "";
  page.status.textContent = "";
  const bubble = addMine(label, { pending: true });
  const item = conversation.send(kind, value, label);
  bubbles.set(item.id, bubble);
  bubble.scrollIntoView({ block: "nearest" });
  waitingTimer = setTimeout(() => {
    if (!bubbles.has(item.id) || find("waiting")) return;
    const dots = make("span", { class: "dots", "aria-hidden": "true" }, make("i"), make("i"), make("i"));
    bubble.after(make("li", { class: "waiting", id: "waiting" }, make("span", {}, say("message.waiting")), " ", dots));
    page.status.textContent = say("message.waiting");
  }, SHOW_WAITING_AFTER);
}

function stopWaiting() {
  clearTimeout(waitingTimer);
  find("waiting")?.remove();
  page.status.textContent = "";
}

function choose(choice, button) {
  focusNext = button;
  send("choice", choice.id, choice.title);
}

/** The other words of this tab's conversation: after a reload, or when another tab went on with it. */
async function catchUp() {
  if (!conversation.token || conversation.pending.length) return;
  try {
    addHistory(await conversation.history(lastNumber()));
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.status !== 401) return; // offline: later
    conversation.forget();
    page.error.textContent = refusal.message;
  }
}

async function restore() {
  const given = page.composer.elements.token.value; // the page was made by sending the plain form
  if (given && !conversation.token) {
    remember("token", given);
    remember("language", site.language);
  }
  page.list.replaceChildren();
  const before = conversation.pending;
  if (conversation.token) {
    try {
      addHistory(await conversation.history(0));
    } catch (refusal) {
      if (refusal.status === 401) conversation.forget();
      page.error.textContent = refusal.message || say("message.offline");
      if (refusal.status !== 401) setTimeout(catchUp, 3000);
    }
  }
  for (const item of before) bubbles.set(item.id, addMine(item.label, { pending: true }));
  if (before.length) conversation.resume();
  if (page.list.lastElementChild) page.list.lastElementChild.scrollIntoView({ block: "start" });
  else if (recall("started")) page.notice.open = false;
}

function clearPage() {
  page.list.replaceChildren();
  shown = new Map();
  choices = [];
  bubbles.clear();
  page.composer.elements.token.value = "";
  page.starts.hidden = false;
  page.error.textContent = "";
  page.menu.open = false;
}

armComposer(page, {
  limit: site.limit,
  submit(text) {
    const typed = text.normalize("NFKC").replace(/[٠-٩۰-۹০-৯]/g, (digit) => String(digit.codePointAt(0) & 15));
    const choice = /^\d{1,2}$/.test(typed) ? choices[Number(typed) - 1] : undefined;
    if (choice) send("choice", choice.id, choice.title);
    else send("text", text, text);
  },
});

page.starts.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  event.preventDefault();
  focusNext = button;
  send("topic", button.value, button.textContent.trim());
});

find("start").addEventListener("click", (event) => {
  event.preventDefault();
  remember("started", true);
  page.notice.open = false;
  const title = find("starts-title");
  title.tabIndex = -1;
  title.focus();
});

find("new-chat").addEventListener("click", (event) => {
  event.preventDefault();
  conversation.forget();
  clearPage();
  page.text.focus();
});

find("delete-chat").addEventListener("click", async (event) => {
  event.preventDefault();
  page.menu.open = false;
  if (!(await ask(say("chat.delete_question"), say("chat.delete"), say("chat.cancel")))) return;
  try {
    const receipt = await conversation.erase();
    clearPage();
    page.status.textContent = receipt;
  } catch (refusal) {
    if (refusal.status === 401) {
      conversation.forget();
      clearPage();
    }
    page.error.textContent = refusal.message || say("message.offline");
  }
});

find("close").addEventListener("click", () => tellHost("close"));
onHost("hello", () => (find("close").hidden = false));
onHost("opened", () => find("chat-title").focus());

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  if (page.menu.open) {
    page.menu.open = false;
    page.menu.querySelector("summary").focus();
  } else tellHost("close");
});
document.addEventListener("click", (event) => {
  if (!page.menu.contains(event.target)) page.menu.open = false;
});
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && catchUp());
window.addEventListener("online", () => {
  page.status.textContent = say("message.online");
  conversation.resume();
  void catchUp();
});
window.addEventListener("offline", () => (page.status.textContent = say("message.offline")));

armExit(() => {
  conversation.eraseInPassing();
  tellHost("leave");
});
document.documentElement.dataset.ready = "true";
void restore();
