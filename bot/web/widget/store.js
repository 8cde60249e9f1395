/** What this tab remembers: in sessionStorage, or in memory where the browser refuses. Gone when the tab is closed. */

const PREFIX = "doorway.";
const memory = new Map();

/** Return a remembered value, or `otherwise`. */
export function recall(name, otherwise = null) {
  try {
    const kept = sessionStorage.getItem(PREFIX + name);
    return kept === null ? (memory.get(name) ?? otherwise) : JSON.parse(kept);
  } catch {
    return memory.get(name) ?? otherwise;
  }
}

/** Remember a value; null forgets it. */
export function remember(name, value) {
  memory.set(name, value);
  try {
    if (value === null) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // private mode or full: the memory copy serves this page
  }
}

/** Forget everything. */
export function forget() {
  memory.clear();
  try {
    sessionStorage.clear();
  } catch {
    // nothing was stored either
  }
}
