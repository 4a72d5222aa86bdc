// Expectations pasted or read from a file, and what the judges say of the calls.
import {byId, complaint, part, plain} from "./parts.js";
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

async function judge(event) {
  event.preventDefault();
  results.replaceChildren(part("p", null, "judging …"));
  try {
    show(await ask("verify", {method: "POST", body: source.value}));
  } catch (error) {
    complaint(results, error);
  }
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
    found.intervals?.length > 0 && intervals(found.intervals));
}

export const verdicts = {enter() {}, leave() {}, moved() { results.replaceChildren(); }};
