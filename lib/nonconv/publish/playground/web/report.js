// What a check found, drawn. The tables come from the worker, in which student code runs (also that of a link which
// somebody sent): only the elements and attributes that a proof's table has are taken over.
"use strict";

const ELEMENTS = new Set(("table caption thead tbody tr th td p b br code math mrow mi mn mo ms mtext mspace msub msup msubsup " +
  "munder mover munderover mfrac msqrt mroot mstyle mpadded mphantom mtable mtr mtd").split(" "));
const ATTRIBUTES = new Set(("scope display mathvariant stretchy fence form separator lspace rspace minsize maxsize width " +
  "movablelimits displaystyle linethickness columnalign").split(" "));
// on a telephone a row is drawn as a block, and would be no row of a table to a screen reader without its role
const ROLES = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell" };
const STYLES = new Set(["text-align:left", "text-align:left;white-space:nowrap"]);

function cleaned(html) {
  const source = new DOMParser().parseFromString(html, "text/html").body;
  const copy = (from, to) => {
    for (const node of from.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
      else if (node.nodeType === Node.ELEMENT_NODE && ELEMENTS.has(node.localName)) {
        const made = document.createElementNS(node.namespaceURI, node.localName);
        for (const { name, value } of node.attributes) {
          if (ATTRIBUTES.has(name)) made.setAttribute(name, value);
          if (name === "style" && STYLES.has(value)) made.style.cssText = value;
        }
        if (node.localName in ROLES) made.setAttribute("role", ROLES[node.localName]);
        if (node.localName === "th") made.setAttribute("role", node.getAttribute("scope") === "row" ? "rowheader" : "columnheader");
        copy(node, made);
        to.append(made);
      }
    }
    return to;
  };
  return copy(source, document.createDocumentFragment());
}

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const points = (number) => `${Number(number.toFixed(2))}`;

// one sentence for the live region: what a screen reader says after each check
function summary(level, result) {
  const wrong = result.notes.filter((one) => one.kind === "error" || one.kind === "wrong").length;
  const worth = level.checks.reduce((sum, one) => sum + one.points, 0);
  const earned = result.checks.reduce((sum, one) => sum + one.earned, 0);
  const share = worth ? ` ${points(earned)} of ${worth} point${worth === 1 ? "" : "s"}.` : "";
  if (result.proved) return `✓ Proved.${share}`;
  if (result.todo) return `Not written yet. ${result.todo}`;
  if (wrong) return `${wrong === 1 ? "One place is" : `${wrong} places are`} wrong.${share}`;
  return `Not yet proved.${share}`;
}

// the list of what is wrong; each entry leads to its line
function problems(result, goTo) {
  const list = document.createDocumentFragment();
  for (const { line, kind, text } of result.notes) {
    if (kind !== "error" && kind !== "wrong") continue;
    const entry = element("li", "");
    if (line) {
      const button = element("button", `Line ${line}`, { type: "button" });
      button.addEventListener("click", () => goTo(line));
      entry.append(button, " ");
    }
    entry.append(element("span", text));
    list.append(entry);
  }
  return list;
}

function earnedPoints(result) {
  const list = document.createDocumentFragment();
  for (const { name, points: worth, earned } of result.checks) {
    const mark = earned >= worth ? "✓" : earned > 0 ? "~" : "✗";
    list.append(element("li", `${mark} ${name}: ${points(earned)} of ${worth}`));
  }
  return list;
}
