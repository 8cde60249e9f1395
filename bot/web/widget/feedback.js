/** Did it help? One tap; what comes back is thanks. */

import { icon, make, say } from "./dom.js";

/**
 * Return the row with the two buttons.
 * @param {(helpful: boolean) => Promise<void>} vote
 * @param {HTMLElement} status where a failure is told
 */
export function makeFeedback(vote, status) {
  const row = make("p", { class: "feedback" }, make("span", {}, say("feedback.question")));
  const press = async (helpful) => {
    try {
      await vote(helpful);
    } catch (refusal) {
      status.textContent = refusal.message || say("message.offline");
      return;
    }
    const thanks = make("span", { tabindex: "-1" }, say("feedback.thanks"));
    row.replaceChildren(thanks);
    thanks.focus();
  };
  for (const [name, helpful] of [["good", true], ["bad", false]]) {
    const button = make("button", { type: "button", onclick: () => press(helpful) }, icon(name), make("span", {}, say(`feedback.${name}`)));
    row.append(" ", button);
  }
  return row;
}
