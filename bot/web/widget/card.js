/** The card of one answer: the same elements as `templates/card.html`, from the same message. */

import { hostOf, icon, isolated, make, picture, rich, safeUrl, say, siteLink } from "./dom.js";

/** A line in the message's language; English that stands in is marked as English, and the English waits beside it. */
function line({ text, english }, language) {
  const parts = document.createDocumentFragment();
  if (language === "en") {
    parts.append(rich(text));
  } else if (text === english) {
    parts.append(make("span", { lang: "en", dir: "ltr" }, rich(text)));
  } else {
    parts.append(rich(text), make("span", { class: "en", lang: "en", dir: "ltr" }, rich(english)));
  }
  return parts;
}

/** The name of a place leads to its page; in another tab, the conversation stays. */
function nameOf(contact, language) {
  const isOurs = /^services\/(?!\.{1,2}(\?|$))[\w.~%-]+(\?topic=[a-z_]+)?$/.test(contact.page ?? "");
  if (!isOurs) return line(contact.name, language);
  const attributes = { class: "more", href: `/${language}/${contact.page}`, target: "_blank", lang: language === "en" ? null : "en" };
  return make("a", attributes, make("bdi", {}, contact.name.text)); // no numbers as links in it: links cannot stand in links
}

function person(contact, language) {
  const url = safeUrl(contact.url ?? "");
  const tel = /^\+?[0-9]{3,15}$/.test(contact.tel ?? "") ? contact.tel : "";
  return make(
    "li",
    { class: "person" },
    make(
      "p",
      { class: "name" },
      contact.nation ? make("span", { class: "nation" }, contact.nation) : null,
      contact.nation ? " " : null,
      nameOf(contact, language),
      contact.day_and_night ? " " : null,
      contact.day_and_night ? make("span", { class: "badge" }, say("contact.day_and_night")) : null,
    ),
    contact.description?.text ? make("p", { class: "about" }, line(contact.description, language)) : null,
    make(
      "p",
      { class: "reach" },
      tel ? make("a", { class: "row call", href: `tel:${tel}` }, icon("phone"), isolated(contact.phone)) : null,
      url ? siteLink(url, { class: "row site" }, icon("web"), isolated(hostOf(url))) : null,
    ),
    contact.details ? make("ul", { class: "details" }, ...contact.details.map((detail) => make("li", {}, line(detail, language)))) : null,
  );
}

function people(contacts, language) {
  return make("ul", { class: "people" }, ...(contacts ?? []).map((contact) => person(contact, language)));
}

function plainBlock(block, language) {
  return make("div", { class: `b ${block.kind}` }, ...block.items.map((item) => make("p", {}, line(item, language))));
}

function listBlock(block, language) {
  const list = make(block.kind === "urgent" ? "ul" : "ol", {}, ...block.items.map((item) => make("li", {}, line(item, language))));
  return make("section", { class: `b ${block.kind}` }, make("h3", {}, line(block.heading, language)), list);
}

function factsBlock(block, language) {
  const items = block.items.map((item) => make("li", { class: item.mark ? `is-${item.mark}` : null }, line(item, language)));
  return make("section", { class: `b ${block.kind}` }, make("h3", {}, line(block.heading, language)), make("ul", {}, ...items));
}

function wasteBlock(block, language) {
  const section = factsBlock(block, language);
  if (block.picture) section.insertBefore(picture(`bins.svg#bin-${block.picture}`, `bin colour-${block.colour ?? "none"}`), section.lastChild);
  return section;
}

function placesBlock(block, language) {
  return make(
    "section",
    { class: `b ${block.kind}` },
    block.heading ? make("h3", {}, line(block.heading, language)) : null,
    ...(block.items ?? []).map((item) => make("p", {}, line(item, language))),
    block.contacts ? people(block.contacts, language) : null,
  );
}

function contactsBlock(block, language) {
  return make("section", { class: "b contacts" }, make("h3", {}, line(block.heading, language)), people(block.contacts, language));
}

function deskBlock(block, language) {
  const section = make("section", { class: "b desk" }, make("h3", {}, line(block.heading, language)));
  for (const item of block.items) {
    section.append(make("blockquote", { lang: "en", dir: "ltr" }, item.english));
    if (item.text !== item.english) {
      const label = make("span", { class: "label" }, say("answer.desk_meaning"));
      section.append(make("p", { class: "meaning" }, label, " ", item.text));
    }
  }
  return section;
}

function nationsBlock(block, language) {
  return make(
    "details",
    { class: "b nations" },
    make("summary", {}, line(block.heading, language)),
    ...(block.items ?? []).map((item) => make("p", {}, line(item, language))),
    people(block.contacts, language),
  );
}

function sourcesBlock(block, language) {
  const summary = make("summary", {}, line(block.heading, language));
  for (const item of block.items ?? []) summary.append(" · ", line(item, language));
  const links = (block.sources ?? []).filter((source) => safeUrl(source.url)).map((source) => {
    const link = siteLink(source.url, { lang: "en" }, isolated(source.title), " ", isolated(hostOf(source.url), "host"));
    return make("li", {}, link);
  });
  return make("details", { class: "b sources" }, summary, make("ul", {}, ...links));
}

const BLOCKS = {
  danger: plainBlock, note: plainBlock, summary: plainBlock, text: plainBlock, urgent: listBlock, steps: listBlock,
  verdict: factsBlock, why: factsBlock, open: factsBlock, change: factsBlock, review: factsBlock, waste: wasteBlock,
  local: placesBlock, services: placesBlock, contacts: contactsBlock, desk: deskBlock, nations: nationsBlock, sources: sourcesBlock,
};

/** The buttons under an answer; `choose` is called with the choice and its button. */
function choicesBlock(message, choose) {
  const items = message.choices.map((choice, position) => {
    const button = make("button", { type: "button" }, make("span", { class: "n" }, String(position + 1)), " ",
      make("span", { lang: message.language !== "en" && choice.title === choice.english ? "en" : null }, choice.title));
    button.addEventListener("click", () => choose(choice, button));
    return make("li", {}, button);
  });
  const lead = make("p", {}, say(message.title ? "answer.related" : "answer.choose"));
  return make("div", { class: "choices" }, lead, make("ol", {}, ...items));
}

/**
 * Return the card of a message.
 * @param {object} message as the API gives it
 * @param {(choice: object, button: HTMLElement) => void} choose
 */
export function makeCard(message, choose) {
  const { language, number } = message;
  const who = make("span", { class: "who" }, `${say("message.assistant")} `);
  const heading = message.title
    ? make("h2", { class: "card-title", tabindex: "-1" }, who, line(message.title, language))
    : make("h2", { class: "who", tabindex: "-1" }, say("message.assistant"));
  const card = make("article", {
    class: `card ${["crisis", "urgent"].includes(message.urgency) ? message.urgency : ""}`.trim(),
    lang: language, dir: message.direction, "data-topic": message.topic,
  }, heading);
  if (language !== "en" && message.text !== message.english) {
    card.append(
      make("input", { type: "checkbox", class: "en-switch", id: `en-${number}` }),
      make("label", { class: "en-label", for: `en-${number}` }, say("answer.show_english")),
    );
  }
  for (const block of message.blocks) {
    if (Object.hasOwn(BLOCKS, block.kind)) card.append(BLOCKS[block.kind](block, language));
  }
  if (message.short) {
    const summary = make("summary", {}, say("answer.simpler"));
    card.append(make("details", { class: "b short" }, summary, make("p", {}, line(message.short, language))));
  }
  if (message.choices.length) card.append(choicesBlock(message, choose));
  return card;
}
