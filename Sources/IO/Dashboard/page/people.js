// Who is there: sessions, agents, spaces, and what time it is for them.
import {byId, complaint, milliseconds, part, plain, shortAgent, table} from "./parts.js";
import {ask, chooseSpace, chosenSpace} from "./server.js";

const place = byId("people");
const clock = part("div", {class: "clock"}), sessions = part("div"), agents = part("div"), spaces = part("div");
const told = part("div", {"aria-live": "polite"});
const now = part("output", {"aria-label": "The space's clock"});
const frozen = part("button", {type: "button", onclick: () => turn({freeze: !isFrozen})}, "Freeze");
let isFrozen = false;

const text = (name, title, hint, size = 12) =>
  part("label", null, title, part("input", {name, placeholder: hint, size, required: true, spellcheck: "false", autocomplete: "off"}));

function form(label, button, inputs, send) {
  return part("form", {"aria-label": label, onsubmit: async (event) => {
    event.preventDefault();
    await send(Object.fromEntries(new FormData(event.target)));
  }}, part("fieldset", null, part("legend", null, label), inputs, part("button", null, button)));
}

clock.append(
  part("h3", null, "Clock"), part("p", null, now, " ", frozen),
  part("div", {class: "columns"},
    form("Advance the clock", "Advance", text("advance", "By", "59m"), turn),
    form("Set the clock", "Set", text("set", "To", "2026-01-15T12:00:00Z", 24), turn),
    form("Speed of waiting", "Use", text("speed", "Times as fast", "10, or max"), ({speed}) => turn({speed: factor(speed.trim())}))));
const make = form("Make a space", "Make", text("name", "Name", "worker-1"), async ({name}) => {
  await attempt(() => ask(`spaces/${encodeURIComponent(name)}`, {method: "PUT"}));
});
const reset = part("button", {type: "button", onclick: () => {
  if (confirm(chosenSpace() ? `Reset the space “${chosenSpace()}”?` : "Reset everything, the journal too?")) attempt(() => ask("reset", {method: "POST"}));
}}, "Reset");
place.append(clock, told, sessions, part("div", {class: "columns"}, agents, part("div", null, spaces, make, reset)));

async function attempt(work) {
  told.replaceChildren();
  try {
    await work();
  } catch (error) {
    complaint(told, error);
  }
  refresh();
}

function turn(change) { return attempt(() => ask("clock", {method: "PUT", body: change})); }

/** A number, or the word `max`: the server says what is wrong with another. */
function factor(speed) { return Number.isNaN(Number(speed)) ? speed : Number(speed); }

const auth = (value) => typeof value === "string" ? value : Object.keys(value ?? {}).join(", ");

function until(moment, current) {
  if (!moment) return "";
  const left = Date.parse(moment) - Date.parse(current);
  return left > 0 ? `in ${milliseconds(left)}` : "now";
}

async function refresh() {
  try {
    const [face, living, known, made] = await Promise.all(["clock", "sessions", "agents", "spaces"].map((path) => ask(path)));
    isFrozen = face.frozen;
    now.textContent = `${face.now}${isFrozen ? " (frozen)" : ""}, ${face.speed === "max" ? "waiting takes no time" : `waiting passes ${face.speed} times as fast`}`;
    frozen.textContent = isFrozen ? "Let it run" : "Freeze";
    const more = living.count > living.sessions.length ? ` (the latest ${living.sessions.length} of ${living.count})` : "";
    keepFocus(sessions, table(`Sessions${more}`, ["Agent", "Session", "State", "Calls", "Begun", "Ends if idle", "Ends"],
      living.sessions.map((session) => [
        shortAgent(session.agent), plain(session.session), plain(session.state) + (session.provisioning ? " (its machine is being made)" : ""),
        String(session.calls), session.created.slice(0, 19) + "Z",
        until(session.idleEnd, face.now), until(session.lifetimeEnd, face.now),
      ]), "No session lives."));
    keepFocus(agents, table("Agents", ["Agent", "Protocol", "Access", "Endpoints", "Sessions", "Calls"],
      known.agents.map((agent) => [
        plain(agent.arn), agent.protocol, auth(agent.auth), plain((agent.endpoints ?? ["DEFAULT"]).join(", ")),
        String(agent.sessions ?? ""), String(agent.calls ?? ""),
      ])));
    keepFocus(spaces, table("Spaces", ["Space", "Sessions", "Faults", "Clock", ""],
      made.spaces.map((space) => [
        plain(space.name), String(space.sessions), String(space.faults), space.now.slice(0, 19) + "Z",
        part("span", null,
          part("button", {type: "button", "aria-label": `Look at ${plain(space.name)}`, onclick: () => look(space.name)}, "Look"), " ",
          space.name !== "default" && part("button", {type: "button", "aria-label": `Drop ${plain(space.name)}`,
            onclick: () => attempt(() => ask(`spaces/${encodeURIComponent(space.name)}`, {method: "DELETE"}))}, "Drop")),
      ])));
  } catch (error) {
    complaint(told, error);
  }
}

function keepFocus(holder, content) {
  const focus = holder.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
  holder.replaceChildren(content);
  if (focus) holder.querySelector(`[aria-label="${CSS.escape(focus)}"]`)?.focus();
}

function look(name) {
  const select = byId("space");
  if (![...select.options].some((option) => option.value === name)) select.append(part("option", {value: name}, plain(name)));
  select.value = name;
  chooseSpace(name);
  select.dispatchEvent(new Event("change"));
}

let timer;
export const people = {
  enter() {
    refresh();
    timer = setInterval(refresh, 2000);
  },
  leave() { clearInterval(timer); },
  moved() { if (!place.hidden) refresh(); },
};
