// A textarea with numbered lines. Tab leaves it, as in any form; Enter keeps the indentation.
"use strict";

const MARKS = { error: "✗", wrong: "✗", open: "…", good: "✓" };

class Editor {
  constructor(area, gutter, onInput) {
    this.area = area;
    this.gutter = gutter;
    this.notes = [];
    area.addEventListener("input", () => {
      this._number();
      onInput();
    });
    area.addEventListener("scroll", () => (gutter.scrollTop = area.scrollTop));
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.isComposing) this._newLine(event);
    });
  }

  get text() {
    return this.area.value;
  }

  set text(value) {
    this.area.value = value;
    this.area.scrollTo(0, 0);
    this.notes = [];
    this._number();
  }

  // notes of the desk: the worst of a line is drawn beside it
  mark(notes) {
    this.notes = notes;
    this._number();
    this.area.setAttribute("aria-invalid", String(notes.some((one) => one.kind === "error" || one.kind === "wrong")));
  }

  goTo(line) {
    const lines = this.text.split("\n");
    const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    this.area.focus();
    this.area.setSelectionRange(from, from + (lines[line - 1] ?? "").length);
    const height = parseFloat(getComputedStyle(this.area).lineHeight);
    this.area.scrollTop = Math.max(0, (line - 4) * height);
  }

  _newLine(event) {
    const before = this.text.slice(0, this.area.selectionStart).split("\n").at(-1);
    const indent = before.match(/^ */)[0] + (/[:([{]\s*$/.test(before) ? "    " : "");
    event.preventDefault();
    // the one way to type that the browser's own Undo can take back
    if (!document.execCommand("insertText", false, `\n${indent}`)) {
      this.area.setRangeText(`\n${indent}`, this.area.selectionStart, this.area.selectionEnd, "end");
      this.area.dispatchEvent(new Event("input"));
    }
  }

  _number() {
    const order = ["good", "open", "wrong", "error"];
    const worst = {};
    for (const { line, kind } of this.notes)
      if (line && order.indexOf(kind) > order.indexOf(worst[line] ?? "")) worst[line] = kind;
    const count = this.text.split("\n").length;
    this.gutter.replaceChildren(
      ...Array.from({ length: count }, (_, n) => {
        const row = document.createElement("span");
        const kind = worst[n + 1];
        row.textContent = kind ? `${MARKS[kind]} ${n + 1}` : `${n + 1}`;
        if (kind) row.className = kind;
        return row;
      }),
    );
    this.area.rows = Math.min(Math.max(count + 1, 8), 34);
    this.gutter.scrollTop = this.area.scrollTop;
  }
}
