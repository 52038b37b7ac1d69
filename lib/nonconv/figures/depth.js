
(function(){
  const root = document.getElementById("@ID@"), all = @DATA@, NS = "http://www.w3.org/2000/svg";
  const [phi, init] = root.querySelectorAll("select"), depth = root.querySelector("input");
  const svg = root.querySelector("svg"), say = root.querySelector("p"), out = root.querySelector("output");
  const W = 640, H = 260, LEFT = 46, TOP = 10, LOW = -30, HIGH = 10, DEEPEST = @DEPTH@;
  function draw(name, attributes, text) {
    const e = document.createElementNS(NS, name);
    for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
    if (text !== undefined) e.textContent = text;
    svg.appendChild(e);
    return e;
  }
  const y = v => TOP + (HIGH - Math.max(LOW, Math.min(HIGH, v))) / (HIGH - LOW) * H;
  const x = l => LEFT + l / (DEEPEST + 1) * (W - LEFT);
  const power = v => { const p = Math.floor(v + 1e-9); return `${Math.round(10 ** (v - p))}e${p}`.replace(/^10e(.*)/, (m, q) => `1e${+q + 1}`); };
  function show() {
    const L = +depth.value, data = all[phi.value][init.value], start = L * (L + 1) / 2;
    svg.replaceChildren();
    for (let v = LOW; v <= HIGH; v += 10) {
      draw("line", {x1: LEFT, x2: W, y1: y(v), y2: y(v), stroke: v ? "#ddd" : "#888"});
      draw("text", {x: LEFT - 4, y: y(v) + 4, "text-anchor": "end", "font-size": 11, fill: "currentColor"}, `1e${v}`);
    }
    const line = [];
    for (let l = 0; l <= L; l++) {
      const v = data.norms[start + l] / 10, b = (data.bound[L] - data.bound[l]) / 10, off = v < LOW || v > HIGH;
      const width = (W - LEFT) / (DEEPEST + 1) - 2, from = Math.min(y(0), y(v));
      draw("rect", {x: x(l), y: from, width: width, height: Math.max(2, Math.abs(y(0) - y(v))),
        fill: off ? "#D55E00" : "#56B4E9", class: "bar"});
      if (b >= LOW && b <= HIGH) line.push(`${x(l) + width / 2},${y(b)}`);
    }
    draw("polyline", {points: line.join(" "), fill: "none", stroke: "currentColor", "stroke-width": 2.5, "stroke-dasharray": "6 4"});
    draw("text", {x: x(0), y: TOP + H + 16, "font-size": 11, fill: "currentColor"}, "input, l = 0");
    draw("text", {x: x(L) + 10, y: TOP + H + 16, "font-size": 11, "text-anchor": L > 8 ? "end" : "start", fill: "currentColor"},
      L > 8 ? `l = ${L}` : "");
    const first = data.norms[start] / 10, bound = data.bound[L] / 10;
    out.textContent = L;
    depth.setAttribute("aria-valuetext", `${L} layer${L > 1 ? "s" : ""}`);
    say.textContent = `${phi.value}, ${init.value}, ${L} layer${L > 1 ? "s" : ""}: of the gradient at the top, ` +
      `${power(first)} is left at the input; the bound (dashed) allows ${power(bound)}.` +
      (first < LOW ? " (The bar is cut off.)" : "");
  }
  for (const e of [phi, init, depth]) e.oninput = show;
  show();
})();
