/** One question with two answers, in a dialog of the page. */

import { make } from "./dom.js";

/**
 * Ask; resolves to whether the first answer was chosen. Escape means no.
 * @param {string} question
 * @param {string} yes
 * @param {string} no
 */
export function ask(question, yes, no) {
  if (!window.HTMLDialogElement) return Promise.resolve(window.confirm(question));
  const title = make("h2", { id: "ask-title" }, question);
  const agree = make("button", { type: "button", class: "button danger-button" }, yes);
  const refuse = make("button", { type: "button", class: "button quiet", autofocus: true }, no);
  const dialog = make("dialog", { class: "ask", "aria-labelledby": "ask-title" }, title, agree, refuse);
  document.body.append(dialog);
  return new Promise((resolve) => {
    agree.addEventListener("click", () => dialog.close("yes"));
    refuse.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
  });
}
