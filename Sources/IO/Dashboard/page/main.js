// The page: which view is shown, which space is meant, and whether the server is there.
import {byId, part, plain} from "./parts.js";
import {ask, chooseSpace, chosenSpace, takeToken} from "./server.js";
import {calls} from "./calls.js";
import {faults} from "./faults.js";
import {people} from "./people.js";
import {verdicts} from "./verdicts.js";

const views = {calls, faults, people, verdicts};
let current;

function show() {
  takeToken();
  const [name, argument] = location.hash.slice(1).split("=");
  const wanted = name === "call" ? "calls" : name in views ? name : name === "view" ? current ?? "calls" : "calls";
  for (const key of Object.keys(views)) {
    byId(key).hidden = key !== wanted;
    const link = document.querySelector(`nav a[href="#${key}"]`);
    if (key === wanted) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (wanted !== current) {
    views[current]?.leave();
    current = wanted;
    views[wanted].enter();
  }
  calls.open(name === "call" ? Number(argument) : undefined);
}

async function listSpaces() {
  const select = byId("space");
  let spaces = [];
  try {
    spaces = (await ask("spaces")).spaces;
  } catch {
    // The link's state says that the server is gone.
  }
  const names = spaces.map((space) => space.name);
  if (chosenSpace() && !names.includes(chosenSpace())) names.push(chosenSpace());
  select.replaceChildren(
    part("option", {value: ""}, "all"),
    ...names.map((name) => part("option", {value: name}, plain(name))));
  select.value = chosenSpace();
}

byId("space").addEventListener("change", () => {
  chooseSpace(byId("space").value);
  for (const view of Object.values(views)) view.moved();
});
byId("space").addEventListener("focus", listSpaces);
addEventListener("hashchange", show);
show();
listSpaces();
