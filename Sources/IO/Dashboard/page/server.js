// The server, as the page asks it: the control API, with its token where one is wanted, in the space that was chosen.
import {byId} from "./parts.js";

const place = location.pathname.match(/^(.*?\/)(?:_space\/([^/]+)\/)?_understudy\//);
const root = place ? place[1] : "/";
/** Empty for all of them: then faults, sessions and the clock are those of the usual one. */
let space = place?.[2] ?? "";
let token = sessionStorage.getItem("understudy-token") ?? "";

/** `#token=…` is taken once, and does not stay where others could read it. */
export function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given === null) return;
  keepToken(given);
  history.replaceState(null, "", location.pathname + location.search);
}

function keepToken(given) {
  token = given;
  sessionStorage.setItem("understudy-token", given);
}

export const chosenSpace = () => space;
export function chooseSpace(name) { space = name; }

const address = (path) => `${root}${space ? `_space/${encodeURIComponent(space)}/` : ""}_understudy/${path}`;

/** `?a=b` of the members that have a value. */
export function query(members) {
  const given = Object.entries(members).filter(([, value]) => value !== "" && value !== undefined);
  return given.length ? "?" + new URLSearchParams(given) : "";
}

export class Refusal extends Error {
  constructor(status, message, mistakes) {
    super(message);
    this.status = status;
    this.mistakes = mistakes;
  }
}

async function fetched(path, options) {
  for (;;) {
    const shownToken = token;
    const headers = shownToken ? {...options.headers, Authorization: `Bearer ${shownToken}`} : options.headers;
    const answer = await fetch(address(path), {...options, headers, cache: "no-store"});
    if (answer.status !== 401) return answer;
    // Of many requests that were refused at once, one asks.
    if (token === shownToken) await askForToken();
  }
}

let asking;
function askForToken() {
  asking ??= new Promise((done) => {
    const dialog = byId("token");
    dialog.addEventListener("close", () => {
      keepToken(dialog.querySelector("input").value.trim());
      asking = undefined;
      done();
    }, {once: true});
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.showModal();
  });
  return asking;
}

/** One answer: JSON as a value, anything else as text. */
export async function ask(path, options = {}) {
  const sent = {...options};
  if (options.body !== undefined && typeof options.body !== "string") sent.body = JSON.stringify(options.body);
  if (sent.method !== undefined) sent.headers = {"Content-Type": "application/json"};
  const answer = await fetched(path, sent);
  const text = await answer.text();
  const isJSON = answer.headers.get("Content-Type")?.startsWith("application/json");
  let value = text;
  if (isJSON) {
    try { value = JSON.parse(text); } catch { throw new Refusal(answer.status, "the server's answer is not JSON"); }
  }
  if (!answer.ok) throw new Refusal(answer.status, value.error ?? text, value.mistakes);
  return value;
}

const pause = (time, signal) => new Promise((done) => {
  const timer = setTimeout(done, time);
  signal.addEventListener("abort", () => { clearTimeout(timer); done(); }, {once: true});
});

/** Server-sent events by `fetch`, as EventSource shows no token; opened again whenever it ends, until it is aborted. */
export async function follow(path, {opened, happened, lost, refused}, signal) {
  let wait = 250;
  while (!signal.aborted) {
    try {
      const answer = await fetched(path, {signal});
      if (!answer.ok) {
        refused(new Refusal(answer.status, (await answer.json()).error));
        return;
      }
      wait = 250;
      opened();
      await read(answer.body.pipeThrough(new TextDecoderStream()).getReader(), happened);
    } catch (error) {
      if (signal.aborted) return;
    }
    lost();
    await pause(wait, signal);
    wait = Math.min(wait * 2, 5000);
  }
}

/** HTML standard 9.2.6, as far as this server writes it: one data line an event. */
async function read(reader, happened) {
  let held = "";
  for (;;) {
    const {value, done} = await reader.read();
    if (done) return;
    const events = (held + value).split("\n\n");
    held = events.pop();
    for (const event of events) {
      let name = "message", data;
      for (const line of event.split("\n")) {
        if (line.startsWith("event: ")) name = line.slice(7);
        else if (line.startsWith("data: ")) data = line.slice(6);
      }
      if (data !== undefined) happened(name, JSON.parse(data));
    }
  }
}
