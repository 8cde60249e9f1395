/**
 * Talking to the server so that nothing is lost or doubled: messages wait in a queue that outlives a reload, each with an
 * id of its own, and are sent again under the same id until the server has answered.
 */

import { forget, recall, remember } from "./store.js";

const FIRST_WAIT = 1000, LONGEST_WAIT = 30_000, TIMEOUT = 20_000; // milliseconds
const API = "/api/v1";

/** A refusal by the server, or no answer at all (`status` 0). */
export class Refusal extends Error {
  constructor(status, code = "", message = "", seconds = 0) {
    super(message);
    Object.assign(this, { status, code, seconds });
  }

  /** Whether the same message may be taken later. */
  get isTemporary() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Return a random id, also where `crypto.randomUUID` is missing (plain http, old phones). */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function request(method, path, { token, body, headers = {} } = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT);
  let response;
  let content;
  try {
    const own = { "Accept-Language": document.documentElement.lang };
    if (token) own.Authorization = `Bearer ${token}`;
    response = await fetch(path, { method, body, headers: { ...own, ...headers }, signal: stop.signal, cache: "no-store" });
    content = await response.json();
  } catch {
    throw new Refusal(response && !response.ok ? response.status : 0);
  } finally {
    clearTimeout(timer);
  }
  if (response.ok) return content;
  throw new Refusal(response.status, content?.error?.code, content?.error?.message, Number(response.headers.get("Retry-After")) || 0);
}

const json = (value) => ({ body: JSON.stringify(value), headers: { "Content-Type": "application/json" } });

/** A conversation with the server. */
export class Conversation {
  #queue = recall("queue", []);
  #isSending = false;
  #wake = () => {};

  /**
   * @param {string} language of the page
   * @param {{answered: Function, waiting: Function, refused: Function}} listener
   *   answered(item, turn); waiting(item, refusal): will be tried again; refused(item, refusal): will not
   */
  constructor(language, listener) {
    this.language = language;
    this.listener = listener;
  }

  get token() {
    return recall("token");
  }

  /** What has been written and not been answered yet. */
  get pending() {
    return [...this.#queue];
  }

  /** Queue a message: `kind` is text, choice or topic. Returns the item. */
  send(kind, value, label) {
    const item = { id: newId(), kind, value, label };
    this.#queue.push(item);
    remember("queue", this.#queue);
    this.resume();
    return item;
  }

  /** Try now what waits. */
  resume() {
    this.#wake();
    if (!this.#isSending) void this.#drain();
  }

  async #drain() {
    this.#isSending = true;
    let wait = FIRST_WAIT;
    while (this.#queue.length) {
      const item = this.#queue[0];
      try {
        const turn = await this.#post(item);
        this.#done(item);
        wait = FIRST_WAIT;
        await this.listener.answered(item, turn);
      } catch (refusal) {
        if (!(refusal instanceof Refusal)) throw refusal;
        if (!refusal.isTemporary) {
          this.#done(item);
          this.listener.refused(item, refusal);
          continue;
        }
        this.listener.waiting(item, refusal);
        await this.#pause(refusal.seconds ? refusal.seconds * 1000 : wait * (0.75 + Math.random() / 2));
        wait = Math.min(wait * 2, LONGEST_WAIT);
      }
    }
    this.#isSending = false;
  }

  #done(item) {
    this.#queue = this.#queue.filter((waiting) => waiting.id !== item.id);
    remember("queue", this.#queue);
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => (clearTimeout(timer), resolve());
    });
  }

  async #post(item) {
    const token = this.token ?? (await this.#open());
    const message = { client_msg_id: item.id, [item.kind]: item.value };
    if (recall("language") !== this.language) message.language = this.language;
    const turn = await request("POST", `${API}/messages`, { token, ...json(message) });
    remember("language", this.language);
    return turn;
  }

  async #open() {
    const session = await request("POST", `${API}/sessions`, json({ language: this.language }));
    remember("token", session.token);
    remember("language", this.language);
    return session.token;
  }

  /** Return the answers after a number. */
  async history(after) {
    if (!this.token) return [];
    return (await request("GET", `${API}/messages?after=${after}`, { token: this.token })).messages;
  }

  /** Say whether an answer helped. */
  vote(number, helpful) {
    return request("POST", `${API}/feedback`, { token: this.token, ...json({ number, helpful }) });
  }

  /** Delete everything here and on the server; returns the receipt's sentence. */
  async erase() {
    const receipt = this.token ? await request("DELETE", `${API}/sessions`, { token: this.token }) : { message: "" };
    this.forget();
    return receipt.message;
  }

  /** Delete without waiting: the page is being left. */
  eraseInPassing() {
    const token = this.token;
    this.forget();
    if (!token) return;
    const headers = { Authorization: `Bearer ${token}` };
    fetch(`${API}/sessions`, { method: "DELETE", keepalive: true, headers }).catch(() => {});
  }

  /** Forget the conversation in this tab. */
  forget() {
    this.#queue = [];
    forget();
  }
}
