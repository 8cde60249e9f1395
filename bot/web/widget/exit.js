/** Leaving at once: by the button or by Shift three times. The page is covered, what was kept is wiped, the address replaced. */

const WINDOW = 5000; // milliseconds for three presses
const PRESSES = 3;

/**
 * Arm the quick exit.
 * @param {() => void} wipe forgets what the page holds; must not wait for anything
 */
export function armExit(wipe = () => {}) {
  const link = document.getElementById("leave");
  let presses = [];

  function leave(event) {
    event?.preventDefault();
    const cover = document.createElement("div");
    cover.className = "leaving";
    document.body.append(cover);
    document.title = new URL(link.href).hostname;
    try {
      wipe();
    } finally {
      location.replace(link.href);
    }
  }

  link?.addEventListener("click", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      presses = [];
      return;
    }
    if (event.repeat) return;
    const now = Date.now();
    presses = [...presses.filter((time) => now - time < WINDOW), now];
    if (presses.length >= PRESSES) leave();
  });
}
