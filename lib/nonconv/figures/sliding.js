
(function(){
  const root = document.getElementById("@NAME@"), X = @INPUT@, F = @KERNEL@, S = 26;
  const NS = "http://www.w3.org/2000/svg", ORANGE = "#D55E00";
  const svg = root.querySelector("svg"), say = root.querySelector("p"), go = root.querySelector(".go");
  const sliders = [...root.querySelectorAll("input[type=range]")], flip = root.querySelector("input[type=checkbox]");
  let at = 0, timer = null, shape = null, values = [], squares = [], outs = [];
  function make(name, attributes, text) {
    const e = document.createElementNS(NS, name);
    for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
    if (text !== undefined) e.textContent = text;
    svg.appendChild(e);
    return e;
  }
  function cell(x, y, fill, dash, text) {
    const r = make("rect", {x: x * S + 2, y: y * S + 2, width: S, height: S, fill: fill, stroke: "#888",
      "stroke-dasharray": dash});
    const t = make("text", {x: (x + 0.5) * S + 2, y: (y + 0.5) * S + 6, "text-anchor": "middle", "font-size": 13,
      fill: "#111", "pointer-events": "none"}, text);
    return {square: r, text: t};
  }
  function geometry(size, p, s, P, d, turned) {
    const reach = d * (p - 1) + 1;
    if (turned && P > d * (p - 1)) return {problem: `A transposed convolution has a padding of at most ${d * (p - 1)} here.`};
    const border = turned ? d * (p - 1) - P : P, gap = turned ? s : 1, step = turned ? 1 : s;
    const grid = (size - 1) * gap + 1 + 2 * border;
    if (grid < reach) return {problem: `The kernel spans ${reach} places, the input with its border has ${grid}: no output.`};
    return {grid: grid, border: border, gap: gap, step: step, out: Math.floor((grid - reach) / step) + 1};
  }
  function number(i, j) {
    const a = i - shape.border, b = j - shape.border, g = shape.gap, n = +sliders[0].value;
    const inside = a >= 0 && b >= 0 && a % g === 0 && b % g === 0 && a / g < n && b / g < n;
    return inside ? X[a / g][b / g] : null;
  }
  function taps(n) {
    const p = +sliders[1].value, d = +sliders[4].value, i = Math.floor(n / shape.out), j = n % shape.out, found = [];
    for (let u = 0; u < p; u++) for (let v = 0; v < p; v++) {
      const weight = flip.checked ? F[p - 1 - u][p - 1 - v] : F[u][v];
      const row = i * shape.step + d * u, column = j * shape.step + d * v;
      found.push({row: row, column: column, weight: weight, value: number(row, column)});
    }
    return found;
  }
  function load() {
    const [size, p, s, P, d] = sliders.map(one => +one.value);
    sliders.forEach(one => { one.nextElementSibling.textContent = one.value; });
    shape = geometry(size, p, s, P, d, flip.checked); at = 0; squares = []; outs = []; values = [];
    svg.replaceChildren();
    if (shape.problem) {
      stop(); say.textContent = shape.problem + " Move a slider back."; root.dataset.values = "";
      return;
    }
    const g = shape.grid, out = shape.out, down = Math.max(0, (g - out) / 2), left = g + p + 2;
    const height = Math.max(g, out, p + 1), width = left + out;
    svg.setAttribute("viewBox", `0 0 ${width * S + 4} ${height * S + 4}`);
    svg.style.width = width * S + 4 + "px";
    for (let i = 0; i < g; i++) for (let j = 0; j < g; j++) {
      const x = number(i, j);
      squares.push(cell(j, i, x === null ? "white" : "#CFE3F1", x === null ? "2 2" : "none", x === null ? "" : x));
    }
    const top = Math.max(0, (height - p) / 2);
    for (let u = 0; u < p; u++) for (let v = 0; v < p; v++)
      cell(g + 1 + v, top + u, "#F6E3C5", "none", flip.checked ? F[p - 1 - u][p - 1 - v] : F[u][v]);
    for (let n = 0; n < out * out; n++) {
      values.push(taps(n).reduce((sum, tap) => sum + (tap.value === null ? 0 : tap.value * tap.weight), 0));
      const one = cell(left + n % out, down + Math.floor(n / out), "white", "none", "");
      one.square.style.cursor = "pointer";
      one.square.addEventListener("click", () => { stop(); at = n; draw(); });
      outs.push(one);
    }
    root.dataset.values = values.join(" "); root.dataset.grid = g;
    draw();
  }
  function draw() {
    squares.forEach(one => { one.square.setAttribute("stroke", "#888"); one.square.setAttribute("stroke-width", 1); });
    const under = taps(at);
    for (const tap of under) {
      const one = squares[tap.row * shape.grid + tap.column];
      svg.appendChild(one.square); svg.appendChild(one.text);
      one.square.setAttribute("stroke", ORANGE); one.square.setAttribute("stroke-width", 3);
    }
    outs.forEach((one, n) => {
      one.square.setAttribute("fill", n === at ? "#F4B58A" : n < at ? "#CDEBDF" : "white");
      one.text.textContent = n <= at ? values[n] : "";
    });
    const i = Math.floor(at / shape.out) + 1, j = at % shape.out + 1;
    const sum = under.map(tap => `${tap.value === null ? 0 : tap.value}·${tap.weight}`).join(" + ");
    say.textContent = `Output ${at + 1} of ${outs.length}: row ${i}, column ${j}. ${sum} = ${values[at]}. ` +
      `The output is ${shape.out}×${shape.out}.` + (flip.checked ? " (The kernel is flipped.)" : "");
  }
  function move(by) { if (!shape.problem) { at = (at + by + outs.length) % outs.length; draw(); } }
  function stop() { clearInterval(timer); timer = null; go.textContent = "play"; }
  root.querySelector(".back").onclick = () => { stop(); move(-1); };
  root.querySelector(".on").onclick = () => { stop(); move(1); };
  go.onclick = () => {
    if (timer) stop();
    else if (!shape.problem) { timer = setInterval(() => move(1), 700); go.textContent = "stop"; }
  };
  svg.addEventListener("keydown", event => {
    const step = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -shape.out, ArrowDown: shape.out}[event.key];
    if (!step) return;
    event.preventDefault(); event.stopPropagation(); stop();
    if (at + step >= 0 && at + step < outs.length) move(step);
  });
  for (const one of [...sliders, flip]) one.oninput = () => { stop(); load(); };
  load();
})();
