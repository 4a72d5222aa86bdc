// What is armed, what it will do, and a form to arm more.
import {byId, complaint, milliseconds, part, plain, table} from "./parts.js";
import {ask} from "./server.js";
import {faults as parameters, places} from "./parameters.js";

const place = byId("faults");
const armed = part("div"), strips = part("div"), told = part("div", {"aria-live": "polite"});
const fields = part("span", {class: "fields"});
const chosen = part("select", {name: "fault", onchange: () => drawFields()},
  Object.keys(parameters).map((word) => part("option", null, word)));
/** The name of the fault that the form changes; without one it arms another. */
let changing;
const arm = part("button", null, "Arm");
const leaveAlone = part("button", {type: "button", hidden: true, onclick: () => begin(undefined)}, "Do not change");
const form = part("form", {"aria-label": "Arm a fault"},
  part("fieldset", null, part("legend", null, "Arm a fault"), part("label", null, "Fault", chosen), fields),
  part("fieldset", null, part("legend", null, "When, and whom"), places.map(field)),
  arm, " ", leaveAlone, told);
place.append(armed, form, part("h3", null, "The calls to come"), strips);

function field({name, kind, hint, choices, given}) {
  if (kind === "switch") {
    return part("label", {class: "switch"}, part("input", {type: "checkbox", name}), label(name));
  }
  const list = choices && part("datalist", {id: `choices-${name}`}, choices.map((choice) => part("option", {value: choice})));
  return part("label", null, label(name),
    part("input", {
      name, placeholder: hint, value: given, size: 14, spellcheck: "false", autocomplete: "off",
      inputmode: kind === "number" ? "decimal" : null, "data-kind": kind, list: choices ? `choices-${name}` : null,
    }), list);
}

function label(name) {
  return name.replace(/^on\./, "").replace(/\./g, ": ").replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase());
}

function drawFields(values) {
  fields.replaceChildren(...parameters[chosen.value].map((parameter) => field(values ? {...parameter, given: undefined} : parameter)));
}

/** What is no number and no JSON goes as it stands: the server says what is wrong with it. */
function read(text, kind) {
  if (kind !== "number" && kind !== "seconds" && kind !== "json") return text;
  try {
    return kind === "json" ? JSON.parse(text) : Number.isNaN(Number(text)) ? text : Number(text);
  } catch {
    return text;
  }
}

/** The fault object that the form describes. */
function described() {
  const fault = {fault: chosen.value};
  for (const input of form.elements) {
    if (!input.name || input === chosen) continue;
    const value = input.type === "checkbox" ? (input.checked ? true : "") : input.value.trim();
    if (value === "") continue;
    const path = input.name.split(".");
    const last = path.pop();
    let object = fault;
    for (const step of path) object = object[step] ??= {};
    object[last] = value === true ? value : read(value, input.dataset.kind);
  }
  return fault;
}

/** The form, empty or with what a fault says. */
function begin(fault) {
  changing = fault?.name;
  form.reset();
  if (fault) chosen.value = fault.fault;
  drawFields(fault);
  for (const input of fault ? form.elements : []) {
    if (!input.name || input === chosen) continue;
    let value = fault;
    for (const step of input.name.split(".")) value = value?.[step];
    if (input.type === "checkbox") input.checked = value === true;
    else if (input.dataset.kind === "json" && value !== undefined) input.value = JSON.stringify(value);
    else if (typeof value !== "object" && value !== undefined) input.value = value;
  }
  arm.textContent = fault ? `Change “${plain(fault.name)}”` : "Arm";
  leaveAlone.hidden = !fault;
  told.replaceChildren();
  if (fault) chosen.focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const wanted = described(), old = changing;
  try {
    // Another is armed first under a name of its own, so that what is refused leaves the old one in place.
    if (old !== undefined) {
      const trial = await ask("faults", {method: "POST", body: {...wanted, name: `${old} (changed)`}});
      await ask(`faults/${encodeURIComponent(trial.name)}`, {method: "DELETE"});
      await ask(`faults/${encodeURIComponent(old)}`, {method: "DELETE"});
    }
    const fault = await ask("faults", {method: "POST", body: wanted});
    begin(undefined);
    told.replaceChildren(part("p", null, `“${plain(fault.name)}” is armed.`));
  } catch (error) {
    complaint(told, error);
  }
  refresh();
});

async function change(name, method, body) {
  try {
    await ask(`faults/${encodeURIComponent(name)}`, {method, body});
  } catch (error) {
    complaint(told, error);
  }
  refresh();
}

function row(fault) {
  const {name, fault: word, struck, enabled, agent, on, ...rest} = fault;
  const isOn = enabled !== false;
  return [
    plain(name), word, plain(JSON.stringify(rest)).replace(/^\{\}$/, ""), plain([agent, on && JSON.stringify(on)].filter(Boolean).join(" ")),
    String(struck),
    part("button", {type: "button", role: "switch", "aria-checked": String(isOn), "aria-label": `${plain(name)} strikes`, onclick: () => change(name, "PATCH", {enabled: !isOn})}, isOn ? "on" : "off"),
    part("span", null,
      part("button", {type: "button", "aria-label": `Change ${plain(name)}`, onclick: () => begin(fault)}, "Change"), " ",
      part("button", {type: "button", "aria-label": `Disarm ${plain(name)}`, onclick: () => change(name, "DELETE")}, "Disarm")),
  ];
}

/** The decisions of the next calls, an agent a strip. */
function strip(plan) {
  const byAgent = Map.groupBy ? Map.groupBy(plan.calls, (call) => call.agent ?? "") : grouped(plan.calls);
  const strips = [];
  for (const [agent, calls] of byAgent) {
    if (strips.length === 10) {
      strips.push(part("p", {class: "none"}, `and ${byAgent.size - 10} more agents`));
      break;
    }
    strips.push(part("h4", null, agent ? plain(agent) : "an agent not called yet"),
      part("ol", {class: "strip"}, calls.map((call) => {
        const names = call.strikes.map((strike) => plain(strike.name)
          + (strike.delay !== undefined ? ` (${milliseconds(strike.delay)})` : "") + (strike.if ? " (if its condition holds)" : ""));
        const isSure = call.strikes.some((strike) => !strike.if);
        return part("li", {class: names.length === 0 ? "calm" : isSure ? "struck" : "perhaps", title: names.join(", ") || "nothing strikes"},
          String(call.call), part("span", {class: "heard"}, names.length ? `: ${names.join(", ")}` : ": nothing"));
      })));
  }
  return strips;
}

function grouped(calls) {
  const groups = new Map();
  for (const call of calls) groups.set(call.agent ?? "", [...(groups.get(call.agent ?? "") ?? []), call]);
  return groups;
}

let lastDrawn = "";

async function refresh() {
  try {
    const [list, plan] = await Promise.all([ask("faults"), ask("plan?calls=40")]);
    const drawn = JSON.stringify([list, plan]);
    // What is being read or pressed is not drawn anew for nothing.
    if (drawn === lastDrawn) return;
    lastDrawn = drawn;
    const focus = document.activeElement?.getAttribute("aria-label");
    armed.replaceChildren(table("Armed faults", ["Name", "Fault", "Parameters", "When, whom", "Struck", "Strikes", ""],
      list.faults.map(row), "No fault is armed here."));
    if (focus) armed.querySelector(`[aria-label="${CSS.escape(focus)}"]`)?.focus();
    strips.replaceChildren(...(list.faults.length ? strip(plan) : [part("p", {class: "none"}, "Nothing will strike.")]));
  } catch (error) {
    lastDrawn = "";
    complaint(armed, error);
  }
}

let timer;
export const faults = {
  enter() {
    if (!fields.firstChild) begin(undefined);
    refresh();
    timer = setInterval(refresh, 1500);
  },
  leave() { clearInterval(timer); },
  moved() { if (!place.hidden) refresh(); },
};
