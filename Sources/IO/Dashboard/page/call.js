// One call opened: all that the journal has of it.
import {byId, bytesText, milliseconds, part, plain, shortAgent, showText, shown, complaint} from "./parts.js";
import {ask} from "./server.js";
import {body} from "./json.js";
import {frames} from "./timeline.js";

const place = byId("opened");
let current;
let again;

export function closeCall() {
  clearTimeout(again);
  current = undefined;
  place.hidden = true;
  place.replaceChildren();
}

export async function openCall(number, attempts) {
  clearTimeout(again);
  current = number;
  place.hidden = false;
  try {
    const call = await ask(`calls/${number}`);
    if (current !== number) return;
    show(call, attempts(call));
    // A call that runs is looked at again until it has ended.
    if (call.outcome === null) again = setTimeout(() => openCall(number, attempts), 1000);
  } catch (error) {
    if (current !== number) return;
    const why = part("div");
    place.replaceChildren(closeButton(), why);
    complaint(why, error);
  }
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && current !== undefined && !document.querySelector("dialog[open]")) leave();
});

function leave() {
  location.hash = "calls";
  document.querySelector(".rows").focus();
}

const closeButton = () => part("button", {type: "button", class: "close", onclick: leave}, "Close");

function show(call, attempts) {
  const scrolled = place.scrollTop;
  const buttons = ["rule", "curl"].map((form) => part("button", {type: "button", onclick: () => showAs(call.number, form)}, `as ${form}`));
  const parts = [
    part("div", {class: "bar"}, part("h3", {tabindex: "-1"}, `Call ${call.number}`), buttons, closeButton()),
    facts(call), timeline(call), misses(call), access(call), faults(call), tries(call, attempts),
    exchange("Request", `${call.request?.method ?? ""} ${plain(call.request?.path ?? "")}`, call.request),
    exchange("Answer", call.status === null ? "none yet" : `${call.status}`, call.reply),
  ];
  place.replaceChildren(...parts.filter((one) => one !== null));
  place.scrollTop = scrolled;
}

async function showAs(number, form) {
  try {
    const found = await ask(`calls/${number}?as=${form}`);
    showText(`Call ${number} as ${form}`, typeof found === "string" ? found : JSON.stringify(found, null, 2));
  } catch (error) {
    showText(`Call ${number} as ${form}`, error.message);
  }
}

function list(pairs) {
  return part("dl", null, pairs.filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => [part("dt", null, name), part("dd", null, value instanceof Node ? value : plain(value))]));
}

function facts(call) {
  return list([
    ["Outcome", call.outcome ?? "still running"], ["Why", call.why], ["Arrived", call.arrived],
    ["Space", call.space], ["Space's clock", call.clock], ["Agent", call.agent], ["Operation", call.operation],
    ["Endpoint", call.qualifier], ["Session", call.session], ["User", call.user], ["Principal", call.principal],
    ["Rule", call.rule], ["Recording", call.recording && JSON.stringify(call.recording)], ["Trace", call.trace],
    ["First byte", milliseconds(call.firstByte)], ["Ended", milliseconds(call.ended)],
    ["Sent", typeof call.bytes === "number" ? bytesText(call.bytes) : ""],
    ["Beside it ran", call.inFlight > 1 ? `${call.inFlight - 1} others` : ""],
    ["Upstream", call.upstream && JSON.stringify(call.upstream)],
  ]);
}

/** The refusal of a call that no rule answers names the nearest rules, and why each did not match. */
function misses(call) {
  const text = typeof call.reply?.body === "string" ? call.reply.body : "";
  if (call.rule !== null || call.status !== 404 || !text.includes("No rule answers")) return null;
  let message = text;
  try {
    const parsed = JSON.parse(text);
    message = parsed.message ?? parsed.error?.message ?? text;
  } catch {
    // Then it is shown as it came.
  }
  const [start, nearest] = message.split(" Nearest: ");
  return section("No rule matched", part("p", null, plain(start)),
    nearest && part("ol", null, nearest.replace(/\.$/, "").split(/; (?=rule ")/).map((miss) => part("li", null, plain(miss)))));
}

function access(call) {
  if (!call.auth) return null;
  const {scheme, verdict, why, canonicalRequest, stringToSign} = call.auth;
  return section("Access",
    list([["Verdict", `${verdict} (${scheme})`], ["Why", why],
      ["Token", call.token && `issued ${call.token.issuedAt ?? "?"}, expires ${call.token.expires ?? "?"}`]]),
    canonicalRequest && comparison("Canonical request", canonicalRequest),
    stringToSign && comparison("String to sign", stringToSign));
}

/** What the server computed, beside what the client says that it did: the first line that differs is where they part. */
function comparison(title, computed) {
  const ours = part("div", {class: "lines", tabindex: "0", role: "group", "aria-label": `${title}, computed here`});
  const theirs = part("textarea", {
    rows: Math.min(14, computed.split("\n").length + 1), spellcheck: "false",
    placeholder: "paste what the client's debug log shows: boto3.set_stream_logger('') prints it as CalculatedCanonicalRequest and StringToSign",
  });
  const told = part("p", {role: "status"});
  const compare = () => {
    const mine = computed.split("\n"), given = theirs.value.replace(/\r/g, "").replace(/\n+$/, "").split("\n");
    const isGiven = theirs.value.trim() !== "";
    const differing = mine.map((line, index) => isGiven && line !== (given[index] ?? ""));
    ours.replaceChildren(...mine.map((line, index) =>
      part(differing[index] ? "mark" : "span", null, shown(line) || " ")));
    const first = differing.indexOf(true);
    told.textContent = !isGiven ? "" : first < 0 && given.length <= mine.length ? "Both are the same."
      : `Line ${(first < 0 ? mine.length : first) + 1} differs: here “${plain(mine[first] ?? "nothing")}”, there “${plain(given[first < 0 ? mine.length : first] ?? "nothing")}”.`;
  };
  theirs.addEventListener("input", compare);
  compare();
  return part("div", {class: "compared"},
    part("div", null, part("h5", null, `${title}, computed here`), ours),
    part("label", null, part("span", {class: "h5"}, "… and by the client"), theirs), told);
}

function faults(call) {
  if (!call.faults?.length) return null;
  return section("Faults", part("ul", null, call.faults.map((fault) => part("li", null,
    typeof fault === "string" ? plain(fault)
      : plain(`${fault.name} (${fault.fault ?? ""})${fault.applied === false ? `, not applied: ${fault.why ?? ""}` : ""}`)))));
}

function tries(call, attempts) {
  if (!call.invocation?.id) return null;
  const {attempt, max} = call.invocation;
  const others = attempts.length > 1 ? part("ol", null, attempts.map((other) => part("li", null,
    other.number === call.number ? part("strong", null, describe(other))
      : part("a", {href: `#call=${other.number}`}, describe(other))))) : null;
  return section("Attempts", part("p", null, `Attempt ${attempt ?? "?"}${max ? ` of ${max}` : ""} of invocation ${plain(call.invocation.id)}`), others);
}

const describe = (call) =>
  `#${call.number} ${call.arrived.slice(11, 23)} ${call.status ?? "…"} ${shortAgent(call.agent)} ${milliseconds(call.ended)}`;

function timeline(call) {
  const messages = call.messages ?? [];
  if (!call.frames?.length && !messages.length) return null;
  return section("On the time axis", frames(call.frames ?? [], messages, call.ended));
}

function exchange(title, line, told) {
  if (!told) return null;
  const fields = Object.entries(told.headers ?? {});
  return section(title, part("p", {class: "line"}, line),
    fields.length > 0 && part("details", {open: fields.length < 9}, part("summary", null, `${fields.length} fields`),
      list(fields)),
    body(told.body, told.bodyBytes));
}

const section = (title, ...parts) => part("section", null, part("h4", null, title), parts);
