/** The box for the question: grows with the text, sends on Enter, counts what is left. */

import { say } from "./dom.js";

const TELL_FROM = 0.8; // share of the limit from which what is left is shown

/** Count what people see as characters. */
function lengthOf(text) {
  if (!Intl.Segmenter) return [...text].length;
  return [...new Intl.Segmenter().segment(text)].length;
}

/**
 * Make the form send without leaving the page.
 * @param {{composer: HTMLFormElement, text: HTMLTextAreaElement, error: HTMLElement}} page
 * @param {{limit: number, submit: (text: string) => void}} options
 */
export function armComposer({ composer, text, error }, { limit, submit }) {
  const left = document.getElementById("left");

  function measure() {
    text.style.blockSize = "auto";
    text.style.blockSize = `${text.scrollHeight + 3}px`;
    const remaining = limit - (text.value.length < limit * TELL_FROM ? 0 : lengthOf(text.value));
    const isNear = remaining <= limit * (1 - TELL_FROM);
    left.textContent = isNear ? say("composer.left", { count: remaining }) : "";
    left.classList.toggle("over", remaining < 0);
  }

  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    const written = text.value.trim();
    if (!written || lengthOf(written) > limit) {
      error.textContent = written ? say("error.too_long", { limit }) : say("error.empty");
      text.focus();
      return;
    }
    text.value = "";
    measure();
    submit(written);
  });

  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    composer.requestSubmit(document.getElementById("send"));
  });
  text.addEventListener("input", measure);
}
