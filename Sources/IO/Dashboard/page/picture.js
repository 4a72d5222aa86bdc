// A picture that the server drew, as nodes of this page, so that its words are read aloud and follow its colours. Markup is
// never handed to the page: each piece is read here, and only the shapes and attributes that reports are made of pass.
import {drawn, plain} from "./parts.js";

const shapes = new Set(["svg", "text", "tspan", "rect", "line", "title"]);
const attributes = new Set(["viewBox", "class", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "text-anchor"]);
const pieces = /<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
const characters = {amp: "&", lt: "<", gt: ">", quot: '"', apos: "'"};

const unescaped = (text) => text
  .replace(/&#(x?)([0-9a-f]+);/gi, (_, hex, digits) => String.fromCodePoint(parseInt(digits, hex ? 16 : 10)))
  .replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => characters[name]);

function begun(name, written) {
  if (!shapes.has(name)) return null;
  const given = {};
  for (const [, key, value] of written.matchAll(/([\w:-]+)="([^"<]*)"/g)) if (attributes.has(key)) given[key] = unescaped(value);
  if (name !== "svg") return drawn(name, given);
  return drawn("svg", {viewBox: given.viewBox ?? "", class: "picture", role: "group"});
}

/** Nil where the text is no picture of that kind. */
export function picture(markup, label) {
  const open = [];
  let root = null;
  pieces.lastIndex = 0;
  for (let found; pieces.lastIndex < markup.length && (found = pieces.exec(markup));) {
    const [, isEnd, name, written, isEmpty, text] = found;
    if (text !== undefined) {
      const inner = open.at(-1);
      // White space between shapes is none of the picture's, and what stands in what was left out is left out.
      if (inner && !["svg", "rect"].includes(inner.localName)) inner.append(plain(unescaped(text)));
    } else if (isEnd) {
      open.pop();
    } else {
      const shape = begun(name, written);
      if (shape) (open.length ? open.at(-1) : null)?.append(shape);
      root ??= shape;
      if (!isEmpty) open.push(shape);
    }
  }
  if (!root || open.length > 0) return null;
  root.setAttribute("aria-label", label);
  return root;
}
