// What all views are made of. Text from a call only ever becomes a text node: there is no other way in this file to put
// it into the page, and the page's policy refuses any.

/** An element: `part("td", {class: "wide", onclick: f}, "text", child)`. */
export function part(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function drawn(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes ?? {})) element.setAttribute(key, value);
  element.append(...children.flat(Infinity));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** On one line, and without what would turn the direction of writing or hide. */
export function plain(text) {
  return String(text ?? "").replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, "\ufffd");
}

/** The same for a text of many lines, where such a character is told by its number. */
export function shown(text) {
  return text.replace(
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (character) => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"));
}

/** The id at the end of an agent's ARN. */
export const shortAgent = (agent) => plain(agent ?? "").split("/").pop();

export function milliseconds(value) {
  if (value === null || value === undefined) return "";
  if (value < 1) return `${value.toFixed(2)} ms`;
  if (value < 1000) return `${value.toFixed(value < 100 ? 1 : 0)} ms`;
  if (value < 60000) return `${(value / 1000).toFixed(value < 10000 ? 2 : 1)} s`;
  const seconds = Math.round(value / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export const timeOfDay = (moment) => String(moment ?? "").slice(11, 23);

export const bytesText = (count) =>
  count < 1024 ? `${count} B` : count < 1048576 ? `${(count / 1024).toFixed(1)} KB` : `${(count / 1048576).toFixed(1)} MB`;

/** A table of rows of cells: `table("Sessions", ["Agent", "State"], [[…], …])`. */
export function table(caption, heads, rows, ifNone) {
  if (rows.length === 0) return part("p", {class: "none"}, ifNone ?? "None.");
  return part("div", {class: "scrolls", tabindex: "0", role: "region", "aria-label": caption},
    part("table", null,
      part("caption", null, caption),
      part("thead", null, part("tr", null, heads.map((head) => part("th", {scope: "col"}, head)))),
      part("tbody", null, rows.map((cells) => part("tr", null, cells.map((cell) => part("td", null, cell)))))));
}

/** Says why something did not work, beside what did not work. */
export function complaint(place, error) {
  place.replaceChildren(
    part("p", {class: "complaint", role: "alert"}, plain(error.message)),
    ...(error.mistakes ?? []).slice(1, 20).map((mistake) => part("p", {class: "complaint"}, plain(mistake))));
}

/** Shows a text to be copied. */
export function showText(title, text) {
  const dialog = byId("text");
  byId("text-title").textContent = title;
  dialog.querySelector("pre").textContent = text;
  byId("copy").onclick = async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      getSelection().selectAllChildren(dialog.querySelector("pre"));
    }
  };
  dialog.showModal();
}
