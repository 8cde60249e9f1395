/** The chat inside another site: what it tells the loader, and what it takes from it. Only the embedding page, only its origin. */

const isEmbedded = window.parent !== window;
let host = "";
const listeners = new Map();

window.addEventListener("message", (event) => {
  if (!isEmbedded || event.source !== window.parent || typeof event.data?.doorway !== "string") return;
  if (!host && event.data.doorway === "hello" && event.origin !== "null") host = event.origin;
  if (event.origin === host) listeners.get(event.data.doorway)?.();
});

/** Call `then` when the loader says so ("hello", "opened"). */
export function onHost(what, then) {
  listeners.set(what, then);
}

/** Tell the loader something: "ready", "close", "answer" or "leave". */
export function tellHost(what) {
  if (host) window.parent.postMessage({ doorway: what }, host);
}
