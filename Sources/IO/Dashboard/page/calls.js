// The calls as they come: the journal's list, newest first, kept up by its stream. The filters are the query of `calls`,
// so that what a row matches is decided in one place, the server.
import {byId, milliseconds, plain, shortAgent, timeOfDay} from "./parts.js";
import {ask, follow, query} from "./server.js";
import {Rows} from "./rows.js";
import {closeCall, openCall} from "./call.js";

const firstPage = 200, nextPage = 4000, catchUpPage = 1000, most = 200000;

const columns = [
  {title: "#", class: "number"}, {title: "Time", class: "time"}, {title: "Agent", class: "agent"},
  {title: "Operation", class: "operation"}, {title: "Session", class: "session"}, {title: "Status", class: "status"},
  {title: "Duration", class: "duration"}, {title: "Faults", class: "faults"}, {title: "Rule", class: "rule"},
  {title: "Waterfall", class: "waterfall"},
];

const form = byId("filters");
/** Ascending by number. */
let items = [];
let abort = new AbortController();
let rows;
let added = 0;
let isDirty = false;
let catchingUp = false;
let missedAt = 0;

const moment = (call) => Date.parse(call.arrived);
const isRunning = (call) => call.outcome === null;

function filters() {
  const found = {};
  for (const element of form.elements) {
    if (element.type === "checkbox") found[element.name] = element.checked ? "true" : "";
    else if (element.name) found[element.name] = element.value.trim();
  }
  return found;
}

// MARK: Rows

/** What the waterfall of the rows in sight spans. */
let span = {from: 0, to: 1};

function measure(first, last) {
  let from = Infinity, to = -Infinity;
  const now = Date.now();
  for (let row = first; row < last; row++) {
    const call = rows.at(row);
    call.at ??= moment(call);
    from = Math.min(from, call.at);
    to = Math.max(to, isRunning(call) ? Math.min(now, call.at + 60000) : call.at + (call.ended ?? 0));
  }
  span = {from, to: Math.max(to, from + 1)};
}

function fill(cells, call, row) {
  const refused = call.auth?.verdict === "refused";
  const texts = [
    call.number, timeOfDay(call.arrived), shortAgent(call.agent), call.operation ?? `${call.request?.method ?? ""} ${plain(call.request?.path ?? "")}`,
    plain(call.session), call.status ?? "…", isRunning(call) ? "running" : milliseconds(call.ended),
    (call.faults ?? []).map((fault) => plain(fault?.name ?? fault)).join(", "),
    call.rule !== null ? plain(call.rule) : refused ? plain(call.auth.why ?? "refused") : plain(call.why ?? ""),
  ];
  texts.forEach((text, index) => {
    if (cells[index].textContent !== String(text)) cells[index].textContent = text;
  });
  row.className = `row ${isRunning(call) ? "running" : call.status >= 500 ? "bad" : call.status >= 400 ? "refused" : "good"}`
    + (isRunning(call) || call.outcome === "completed" ? "" : " broken");
  drawBar(cells[9], call);
}

function drawBar(cell, call) {
  let bar = cell.firstChild;
  if (!bar) {
    bar = document.createElement("i");
    bar.append(document.createElement("b"));
    cell.append(bar);
  }
  const width = span.to - span.from, took = call.ended ?? Math.max(0, span.to - call.at);
  bar.style.left = `${100 * (call.at - span.from) / width}%`;
  bar.style.width = `${Math.max(0.4, 100 * took / width)}%`;
  bar.firstChild.style.width = `${took > 0 ? Math.min(100, 100 * (call.firstByte ?? took) / took) : 100}%`;
}

/** However much happens between two frames, it is drawn once. */
function changed() {
  if (isDirty) return;
  isDirty = true;
  requestAnimationFrame(() => {
    isDirty = false;
    if (items.length > most) items = items.slice(-most);
    rows.show(items, added);
    added = 0;
    byId("found").textContent = items.length === 1 ? "1 call" : `${items.length.toLocaleString("en")} calls`;
  });
}

// MARK: What is held

/** The place of the first item whose number is not smaller. */
function placeOf(number) {
  let low = 0, high = items.length;
  if (high && items[high - 1].number < number) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle].number < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

function put(call) {
  const place = placeOf(call.number);
  if (items[place]?.number === call.number) items[place] = call;
  else {
    items.splice(place, 0, call);
    added += 1;
  }
}

/** Many at once, in their order. */
function merge(calls) {
  if (calls.length === 0) return;
  const from = placeOf(calls[0].number), to = placeOf(calls[calls.length - 1].number + 1);
  const between = items.slice(from, to);
  const numbers = new Set(calls.map((call) => call.number));
  const all = calls.concat(between.filter((call) => !numbers.has(call.number))).sort((a, b) => a.number - b.number);
  if (to === items.length) added += all.length - between.length;
  items = items.slice(0, from).concat(all, items.slice(to));
}

// MARK: From the server

const list = (more, signal) => ask("calls" + query({...filters(), as: "summary", ...more}), {signal});

async function load(signal) {
  const first = (await list({limit: firstPage}, signal)).calls;
  if (signal.aborted) return;
  items = [];
  merge(first);
  added = 0;
  rows.grid.scrollTop = 0;
  changed();
  let page = first;
  for (let size = firstPage; page.length === size && page[0].number > 1 && items.length < most;) {
    size = nextPage;
    page = (await list({until: page[0].number - 1, limit: size}, signal)).calls;
    if (signal.aborted) return;
    merge(page);
    added = 0;
    changed();
  }
}

/**
 * Changes were left out, as they came too fast: what is new, and what was running, is asked for a little at a time, once
 * it has become quieter. Until then the server has better things to do.
 */
async function catchUp(signal) {
  missedAt = performance.now();
  if (catchingUp) return;
  catchingUp = true;
  tell("live; what came too fast follows when it is quieter");
  const running = items.find(isRunning);
  let after = (running ?? items[items.length - 1] ?? {number: 1}).number - 1;
  try {
    await untilQuiet();
    const newest = (await list({limit: 1}, signal)).calls[0]?.number ?? 0;
    while (after < newest && !signal.aborted) {
      merge((await list({since: after, until: after + catchUpPage}, signal)).calls);
      after += catchUpPage;
      changed();
      await untilQuiet();
    }
    if (!signal.aborted) tell("live");
  } catch (error) {
    if (!signal.aborted) tell(error.message);
  } finally {
    catchingUp = false;
  }
}

async function untilQuiet() {
  do await new Promise((done) => setTimeout(done, 100)); while (performance.now() - missedAt < 600);
}

const tell = (text) => { byId("link").textContent = text; };

function begin() {
  abort.abort();
  abort = new AbortController();
  const {signal} = abort;
  performance.mark("filter");
  const loaded = () => load(signal).catch((error) => { if (!signal.aborted) byId("found").textContent = plain(error.message); });
  follow("calls/stream" + query({...filters(), as: "summary", events: "all"}), {
    opened() {
      tell("live");
      loaded();
    },
    happened(name, data) {
      if (name === "arrived" || name === "ended") put(data);
      else if (name === "cleared") {
        items = [];
        added = 0;
      } else if (name === "missed") catchUp(signal);
      changed();
    },
    lost() { tell("the server does not answer; trying again …"); },
    refused(error) {
      tell("live");
      items = [];
      changed();
      requestAnimationFrame(() => requestAnimationFrame(() => { byId("found").textContent = plain(error.message); }));
    },
  }, signal);
}

let typing;
form.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(begin, 120);
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(begin));

rows = new Rows(byId("list"), {
  label: "Calls", columns, fill, chosen: (call) => { location.hash = `call=${call.number}`; },
});
rows.before = measure;
begin();

/** The calls of one invocation, which an SDK made of one wish. */
export function attempts(call) {
  const id = call.invocation?.id;
  return id ? items.filter((other) => other.invocation?.id === id) : [];
}

export const calls = {
  enter() { rows.draw(); },
  leave() {},
  moved: begin,
  open(number) {
    if (number) openCall(number, attempts);
    else closeCall();
    rows.draw();
  },
};
