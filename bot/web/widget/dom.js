/**
 * Making elements. Text only ever becomes a text node, and a link is http(s) or tel: nothing an answer or a person
 * says can make another element. Mirrors `pages/rich.py`.
 */

const data = document.getElementById("interface");
/** What the page tells its scripts: language, texts, limit, address of the files. */
export const site = data ? JSON.parse(data.textContent) : { texts: {} };

const PHONE = String.raw`(?<![\w£.,/+-])(?:999|112|101|105|111|116 123|0\d{2,4}(?: ?\d){5,8})(?![\w%]|[.,/-]\d)`;
const OFFICIAL = String.raw`(?<![\w@./-])(?:https://)?(?:[a-z0-9-]+\.)*(?:gov\.uk|nhs\.uk)(?:/[A-Za-z0-9/_.#?=-]*[A-Za-z0-9/_])?(?![\w@])`;
const LINKED = makePattern();

/** Browsers that know no look-behind show plain text: every number stands in a contact row as well. */
function makePattern() {
  try {
    return new RegExp(`(${PHONE})|(${OFFICIAL})`, "g");
  } catch {
    return null;
  }
}

/**
 * Return a text of the interface, filled in.
 * @param {string} name key without `ui.`
 * @param {Record<string, string|number>} [values]
 */
export function say(name, values = {}) {
  return (site.texts[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) => String(values[key] ?? whole));
}

/**
 * Make an element.
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `on…` functions become listeners; null and false are left out
 * @param {...(Node|string|null|false)} children
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== false && child !== undefined));
  return element;
}

/** Return an icon of `icons.svg`. */
export function icon(name) {
  return picture(`icons.svg#${name}`, "i");
}

/** A drawing of one of our sprites, `file#name`; it says nothing to a screen reader. */
export function picture(address, kind) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", kind);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${site.assets}/${address}`);
  svg.append(use);
  return svg;
}

/** Return the address if a page may link to it, else an empty string. */
export function safeUrl(url) {
  try {
    return ["http:", "https:"].includes(new URL(url).protocol) ? url : "";
  } catch {
    return "";
  }
}

/** Return the host of an address as people read it. */
export function hostOf(url) {
  return new URL(url).hostname.replace(/^www\./, "");
}

/** Return a number or address that keeps its direction inside right-to-left text. */
export function isolated(text, kind = "") {
  return make("bdi", { dir: "ltr", class: kind || null }, text);
}

/** Return a link to another site. */
export function siteLink(url, attributes, ...children) {
  return make("a", { href: url, target: "_blank", rel: "noopener noreferrer", ...attributes }, ...children);
}

/**
 * Return a sentence with its phone numbers and official addresses as links.
 * @param {string} text
 */
export function rich(text) {
  const parts = document.createDocumentFragment();
  let end = 0;
  for (const match of LINKED ? text.matchAll(LINKED) : []) {
    parts.append(text.slice(end, match.index));
    if (match[1]) {
      parts.append(make("a", { class: "inline-tel", href: `tel:${match[1].replaceAll(" ", "")}` }, isolated(match[1])));
    } else {
      parts.append(siteLink(match[2].startsWith("https://") ? match[2] : `https://${match[2]}`, {}, isolated(match[2])));
    }
    end = match.index + match[0].length;
  }
  parts.append(text.slice(end));
  return parts;
}
