/**
 * Reading aloud, only with a voice that lives on the device: other voices send the text to a company.
 * Sentence by sentence, because long texts are cut off by some browsers.
 */

const PAUSE_AFTER_CANCEL = 50; // milliseconds; a sooner start is dropped by some browsers
const engine = window.speechSynthesis;
let stopped = () => {};

function findVoice(language) {
  const base = language.split("-")[0];
  return engine?.getVoices().find((voice) => voice.localService && voice.lang.toLowerCase().split(/[-_]/)[0] === base);
}

/** Call `then`, once, when a local voice for the language is known; never when there is none. Voices come late. */
export function whenVoice(language, then) {
  if (!engine) return;
  const look = () => {
    if (!findVoice(language)) return;
    engine.removeEventListener?.("voiceschanged", look);
    then();
  };
  engine.addEventListener?.("voiceschanged", look);
  look();
}

function sentences(text, language) {
  if (Intl.Segmenter) {
    return [...new Intl.Segmenter(language, { granularity: "sentence" }).segment(text)].map((part) => part.segment.trim());
  }
  return text.split(/(?<=[.!?؟۔।።])\s+|\n+/);
}

/** Stop reading. */
export function stop() {
  engine?.cancel();
  stopped();
  stopped = () => {};
}

/**
 * Read a text; `done` is called at its end or when it is stopped.
 * @param {string} text
 * @param {string} language
 * @param {() => void} done
 */
export function read(text, language, done) {
  stop();
  stopped = done;
  const parts = sentences(text, language).filter(Boolean);
  setTimeout(() => {
    parts.forEach((part, position) => {
      const utterance = new SpeechSynthesisUtterance(part);
      utterance.lang = language;
      utterance.voice = findVoice(language) ?? null;
      utterance.rate = 0.95;
      if (position === parts.length - 1) utterance.addEventListener("end", () => stopped === done && stop());
      engine.speak(utterance);
    });
  }, PAUSE_AFTER_CANCEL);
}

window.addEventListener("pagehide", stop);
