// Expectations pasted or read from a file, and what the judges say of the calls: in words, and drawn.
import {byId, complaint, part, plain} from "./parts.js";
import {picture} from "./picture.js";
import {ask} from "./server.js";
import {intervals} from "./timeline.js";

const place = byId("verdicts");
const sample = {expect: [
  {name: "breaker", breaker: {opensAfter: 5, openFor: "60s"}},
  {name: "backoff", backoff: {policy: "full-jitter", base: "1s", factor: 2, cap: "30s"}},
]};
const source = part("textarea", {rows: 12, spellcheck: "false", id: "expectations"});
source.value = JSON.stringify(sample, null, 2);
const file = part("input", {type: "file", accept: ".json,.jsonc,application/json", onchange: async () => {
  if (file.files[0]) source.value = await file.files[0].text();
}});
const results = part("div", {"aria-live": "polite"});
place.append(
  part("form", {"aria-label": "Expectations", onsubmit: judge},
    part("label", {for: "expectations"}, "Expectations (as a file for ", part("code", null, "understudy verify"), ")"), source,
    part("p", null, part("label", null, "or from a file ", file), " ", part("button", null, "Judge the calls"))),
  results);

// What the server draws, by the kind of expectation.
const reports = {
  breaker: ["breaker", "States of the circuit breaker"],
  backoff: ["backoff", "Waits between attempts, and the policy's band"],
  tokenRefresh: ["refresh", "Lives of the tokens"],
};

/** How often it was asked: what an earlier answer would still draw is no longer wanted. */
let turns = 0;

async function judge(event) {
  event.preventDefault();
  const asked = source.value, turn = ++turns;
  results.replaceChildren(part("p", null, "judging …"));
  let place = results;
  try {
    const answer = await ask("verify", {method: "POST", body: asked});
    if (turn !== turns) return;
    show(answer);
    // What cannot be drawn is told below the verdicts, which stay.
    results.append(place = part("div", null));
    for (const kind of new Set(answer.results.map((found) => found.kind))) if (reports[kind]) await draw(kind, asked, turn);
  } catch (error) {
    if (turn === turns) complaint(place, error);
  }
}

async function draw(kind, asked, turn) {
  const [report, title] = reports[kind];
  const drawn = await ask(`reports/${report}`, {method: "POST", body: asked});
  if (turn !== turns) return;
  const shown = picture(drawn, title);
  results.append(part("figure", null,
    part("figcaption", null, title),
    shown ? part("div", {class: "scrolls", tabindex: "0", role: "region", "aria-label": `${title}, drawn`}, shown)
      : part("p", {class: "complaint"}, "The server's picture could not be read.")));
}

const verdict = (word) => part("span", {class: `verdict ${["pass", "fail", "inconclusive"].includes(word) ? word : ""}`}, plain(word));

function show(answer) {
  results.replaceChildren(part("h3", null, "All of it: ", verdict(answer.verdict)), ...(answer.results ?? []).map(result));
}

function result(found) {
  const figures = Object.entries(found.figures ?? {});
  const calls = found.calls ?? [];
  return part("section", null,
    part("h4", null, verdict(found.verdict), ` ${plain(found.name ?? found.kind)}${found.by ? `, ${plain(typeof found.by === "string" ? found.by : JSON.stringify(found.by))}` : ""}`),
    part("p", null, plain(found.because)),
    figures.length > 0 && part("dl", null, figures.map(([name, value]) =>
      [part("dt", null, plain(name)), part("dd", null, plain(typeof value === "object" ? JSON.stringify(value) : value))])),
    calls.length > 0 && part("p", null, "Calls ", calls.slice(0, 50).map((number) => [part("a", {href: `#call=${Number(number)}`}, String(number)), " "]),
      calls.length > 50 && `and ${calls.length - 50} more`),
    found.intervals?.length > 0 && !reports[found.kind] && intervals(found.intervals));
}

export const verdicts = {enter() {}, leave() {}, moved() { turns++; results.replaceChildren(); }};
