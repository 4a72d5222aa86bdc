// Rules.  A list of any length, of which only the rows in sight exist. Rows have one height; the newest is on top. What
//         is added above leaves in place what is being read.
// Theory. A hundred thousand elements cost seconds, forty cost nothing: the scrolled height is a number, and the rows in
//         sight are moved to where they belong and filled anew. One frame draws once, however often it was asked to.
import {part} from "./parts.js";

export class Rows {
  /** `columns` name the cells; `fill(cells, item, row)` writes an item; `chosen(item)` is told what is opened. */
  constructor(place, {label, columns, fill, chosen}) {
    Object.assign(this, {fill, chosen, items: [], active: -1, pool: [], asked: false});
    this.columns = columns;
    this.head = part("div", {role: "row", class: "row head"},
      columns.map((column) => part("span", {role: "columnheader", class: column.class}, column.title)));
    this.body = part("div", {role: "rowgroup", class: "rows-body"});
    this.grid = part("div", {role: "grid", "aria-label": label, tabindex: "0", class: "rows"},
      part("div", {role: "rowgroup", class: "rows-head"}, this.head), this.body);
    place.replaceChildren(this.grid);
    this.grid.addEventListener("scroll", () => this.draw(), {passive: true});
    this.grid.addEventListener("keydown", (event) => this.press(event));
    this.body.addEventListener("click", (event) => {
      const row = event.target.closest(".row");
      if (row) this.choose(row.index);
    });
    new ResizeObserver(() => { this.height = 0; this.draw(); }).observe(this.grid);
  }

  /** Item at a row: rows go from the newest, items from the oldest. */
  at(row) { return this.items[this.items.length - 1 - row]; }

  /** Other items, of which so many are new on top. */
  show(items, added = 0) {
    this.items = items;
    const scrolled = this.grid.scrollTop;
    if (this.active >= 0) this.active = Math.min(this.active + added, items.length - 1);
    if (added > 0 && scrolled > 4) {
      this.resize();
      this.grid.scrollTop = scrolled + added * this.rowHeight();
    }
    this.draw();
  }

  rowHeight() {
    this.height ||= parseFloat(getComputedStyle(this.grid).getPropertyValue("--row")) || 28;
    return this.height;
  }

  resize() { this.body.style.height = `${this.items.length * this.rowHeight()}px`; }

  draw() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.drawNow();
    });
  }

  drawNow() {
    const height = this.rowHeight(), count = this.items.length;
    this.resize();
    this.grid.setAttribute("aria-rowcount", count + 1);
    const first = Math.max(0, Math.floor(this.grid.scrollTop / height) - 4);
    const last = Math.min(count, first + Math.ceil(this.grid.clientHeight / height) + 8);
    while (this.pool.length < last - first) this.pool.push(this.newRow());
    this.visible = {first, last};
    this.before?.(first, last);
    this.pool.forEach((row, offset) => {
      const index = first + offset;
      row.element.hidden = index >= last;
      if (index < last) this.drawRow(row, index, height);
    });
    this.grid.dataset.drawn = count;
  }

  newRow() {
    const cells = this.columns.map((column) => part("span", {role: "gridcell", class: column.class}));
    const element = part("div", {role: "row", class: "row", id: `row-${this.pool.length}`}, cells);
    this.body.append(element);
    return {element, cells};
  }

  drawRow({element, cells}, index, height) {
    element.style.transform = `translateY(${index * height}px)`;
    element.index = index;
    element.setAttribute("aria-rowindex", index + 2);
    element.setAttribute("aria-selected", index === this.active);
    if (index === this.active) this.grid.setAttribute("aria-activedescendant", element.id);
    this.fill(cells, this.at(index), element);
  }

  press(event) {
    const page = Math.max(1, Math.floor(this.grid.clientHeight / this.rowHeight()) - 2);
    const steps = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity};
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (this.active >= 0) this.choose(this.active);
    } else if (event.key in steps) {
      event.preventDefault();
      this.move(Math.min(this.items.length - 1, Math.max(0, this.active + steps[event.key])));
    }
  }

  move(row) {
    this.active = row;
    const height = this.rowHeight(), top = row * height, headHeight = this.head.offsetHeight;
    if (top < this.grid.scrollTop) this.grid.scrollTop = top;
    const bottom = top + height + headHeight - this.grid.clientHeight;
    if (bottom > this.grid.scrollTop) this.grid.scrollTop = bottom;
    this.draw();
  }

  choose(row) {
    this.active = row;
    this.draw();
    const item = this.at(row);
    if (item) this.chosen(item);
  }
}
