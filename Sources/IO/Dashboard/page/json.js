// A body to be read: JSON folded, anything else as it is.
import {bytesText, part, shown} from "./parts.js";

const mostChildren = 200, mostText = 20000;

/** A number as it was written: what JavaScript makes of it may be another. */
class Written {
  constructor(source) { this.source = source; }
}

export function body(value, size) {
  if (value === null || value === undefined || value === "") return part("p", {class: "none"}, "No body.");
  if (typeof value === "object") {
    return part("div", null, part("p", {class: "none"}, `${bytesText(size ?? 0)}, not text; in base64:`), raw(value.base64 ?? ""));
  }
  const parsed = parse(value);
  const text = raw(value);
  if (parsed === undefined) return text;
  const source = part("details", {class: "source"}, part("summary", null, "as it was sent"), text);
  return part("div", {class: "json"}, node(parsed, true), source);
}

function parse(text) {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text, (_, value, context) =>
      typeof value === "number" && context?.source ? new Written(context.source) : value);
  } catch {
    return undefined;
  }
}

function raw(text) {
  const pre = part("pre", {tabindex: "0"}, shown(text.slice(0, mostText)));
  if (text.length <= mostText) return pre;
  const more = part("button", {type: "button", onclick: () => {
    pre.textContent = shown(text);
    more.remove();
  }}, `all ${bytesText(text.length)}`);
  return part("div", null, pre, more);
}

function node(value, isOpen) {
  if (value instanceof Written) return part("span", {class: "n"}, value.source);
  if (typeof value === "string") return part("span", {class: "s"}, JSON.stringify(shown(value)));
  if (value === null || typeof value !== "object") return part("span", {class: "k"}, String(value));
  const isList = Array.isArray(value), entries = Object.entries(value);
  if (entries.length === 0) return part("span", null, isList ? "[]" : "{}");
  const count = entries.length === 1 ? "1" : entries.length;
  const details = part("details", {open: isOpen},
    part("summary", null, isList ? `[ ${count} ]` : `{ ${count} }`));
  // Children are made when they are looked at: a body may have a hundred thousand.
  let isMade = false;
  const make = () => {
    if (isMade || !details.open) return;
    isMade = true;
    details.append(children(entries, isList, 0));
  };
  details.addEventListener("toggle", make);
  make();
  return details;
}

function children(entries, isList, from) {
  const list = part("ul");
  const add = (start) => {
    for (const [name, value] of entries.slice(start, start + mostChildren)) {
      list.append(part("li", null, isList ? null : part("span", {class: "name"}, `${shown(name)}: `), node(value, false)));
    }
    const next = start + mostChildren;
    if (next >= entries.length) return;
    const more = part("button", {type: "button", onclick: () => {
      more.parentElement.remove();
      add(next);
    }}, `${entries.length - next} more`);
    list.append(part("li", null, more));
  };
  add(from);
  return list;
}
