// Moments on an axis: the frames of an answer, due against sent, and what a judge saw over time.
import {drawn, milliseconds, part} from "./parts.js";

const width = 600;

function axis(to, y, from = 0) {
  const ticks = [];
  for (let tick = 0; tick <= 4; tick++) {
    const x = 10 + (width - 20) * tick / 4;
    ticks.push(drawn("line", {x1: x, x2: x, y1: y - 4, y2: y, class: "tick"}));
    const anchor = tick === 0 ? "start" : tick === 4 ? "end" : "middle";
    ticks.push(drawn("text", {x, y: y + 12, "text-anchor": anchor}, milliseconds(from + (to - from) * tick / 4)));
  }
  return drawn("g", {class: "axis"}, drawn("line", {x1: 10, x2: width - 10, y1: y, y2: y}), ticks);
}

/** Frames `{due, sent, bytes}` and messages `{direction, kind, bytes, at}`, in milliseconds after the call's arrival. */
export function frames(list, messages, ended) {
  const to = Math.max(ended ?? 0, ...list.map((frame) => Math.max(frame.due, frame.sent)), ...messages.map((message) => message.at), 1);
  const x = (time) => 10 + (width - 20) * time / to;
  const marks = [];
  list.slice(0, 2000).forEach((frame) => {
    marks.push(drawn("line", {x1: x(frame.due), x2: x(frame.due), y1: 6, y2: 18, class: "due"}));
    marks.push(drawn("line", {x1: x(frame.sent), x2: x(frame.sent), y1: 20, y2: 32, class: frame.sent - frame.due > 5 ? "sent late" : "sent"}));
  });
  messages.slice(0, 2000).forEach((message) => {
    const isIn = message.direction === "in" || message.direction === "received" || message.direction === "client";
    marks.push(drawn("line", {x1: x(message.at), x2: x(message.at), y1: isIn ? 6 : 20, y2: isIn ? 18 : 32, class: isIn ? "due" : "sent"}));
  });
  const latest = Math.max(0, ...list.map((frame) => frame.sent - frame.due));
  const told = list.length
    ? `${list.length} frames: above when each was due, below when it was sent; the latest by ${milliseconds(latest)}`
    : `${messages.length} messages: above those of the client, below those of the agent`;
  return part("figure", null,
    drawn("svg", {viewBox: `0 0 ${width} 56`, role: "img", "aria-label": told, class: "timeline"}, marks, axis(to, 38)),
    part("figcaption", null, told));
}

/** Intervals `{state, from, to}` as a judge tells them. */
export function intervals(list) {
  const starts = list.map((interval) => Date.parse(interval.from)), ends = list.map((interval) => Date.parse(interval.to ?? interval.from));
  const from = Math.min(...starts), to = Math.max(...ends, from + 1);
  const x = (time) => 10 + (width - 20) * (time - from) / (to - from);
  const bars = list.map((interval, index) => drawn("g", null,
    drawn("rect", {
      x: x(starts[index]), y: 8, height: 20, width: Math.max(1, x(ends[index]) - x(starts[index])),
      class: `state state-${String(interval.state).replace(/[^a-z-]/g, "")}`,
    }, drawn("title", null, `${interval.state} ${interval.from} to ${interval.to ?? ""}`))));
  const told = list.slice(0, 12).map((interval, index) => `${interval.state} for ${milliseconds(ends[index] - starts[index])}`).join(", ");
  return part("figure", null,
    drawn("svg", {viewBox: `0 0 ${width} 56`, role: "img", "aria-label": told, class: "timeline"}, bars, axis(to - from, 38)),
    part("figcaption", null, told));
}
