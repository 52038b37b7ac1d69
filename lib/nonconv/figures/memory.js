(function(){
  const root = document.getElementById("gated-memory"), PRESETS = @PRESETS@, T = @STEPS@, COLOURS = @COLOURS@;
  const NS = "http://www.w3.org/2000/svg", S = 22, LEFT = 44, TOP = 18, NAMES = ["C̃", "i", "f", "o"];
  const WORDS = ["candidate", "input gate", "forget gate", "output gate"];
  const ORDER = [[0, 1, -1], [-5, 0, 5], [-5, 0, 5], [-5, 0, 5]];
  const SIGNS = {"-5": "0", "0": "½", "5": "1"}, PLOT = TOP + 4 * S + 16, HIGH = 150;
  const svg = root.querySelector("svg"), choice = root.querySelector("select"), say = root.querySelector("p");
  let set = [], at = [2, 0], cells = [];
  function make(name, values, text) {
    const element = document.createElementNS(NS, name);
    for (const [k, v] of Object.entries(values)) element.setAttribute(k, v);
    if (text !== undefined) element.textContent = text;
    svg.appendChild(element);
    return element;
  }
  const x = t => LEFT + t * S, sigma = z => 1 / (1 + Math.exp(-z));
  svg.setAttribute("viewBox", `0 0 ${LEFT + T * S + 6} ${PLOT + HIGH + 22}`);
  for (let t = 0; t < T; t += 1)
    if (t === 0 || t % 5 === 4) make("text", {x: x(t) + S / 2, y: 12, "font-size": 11, "text-anchor": "middle"}, t + 1);
  NAMES.forEach((name, r) => {
    make("text", {x: LEFT - 8, y: TOP + r * S + 15, "font-size": 13, "text-anchor": "end", "font-style": "italic"}, name);
    cells.push([]);
    for (let t = 0; t < T; t += 1) {
      const box = make("rect", {x: x(t) + 1, y: TOP + r * S + 1, width: S - 2, height: S - 2, stroke: "#777", role: "button",
        tabindex: -1, style: "cursor:pointer"});
      const word = make("text", {x: x(t) + S / 2, y: TOP + r * S + 15, "font-size": 11, "text-anchor": "middle",
        "pointer-events": "none"}, "");
      box.addEventListener("click", () => { at = [r, t]; turn(); });
      box.addEventListener("keydown", event => {
        const step = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}[event.key];
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.stopPropagation(); turn(); return; }
        if (!step) return;
        event.preventDefault(); event.stopPropagation();
        at = [Math.min(3, Math.max(0, r + step[0])), Math.min(T - 1, Math.max(0, t + step[1]))];
        draw(); cells[at[0]][at[1]].box.focus();
      });
      cells[r].push({box, word});
    }
  });
  const y = v => PLOT + HIGH / 2 - Math.max(-2, Math.min(2, v)) * HIGH / 4;
  for (const v of [-2, -1, 0, 1, 2]) {
    make("line", {x1: LEFT, x2: LEFT + T * S, y1: y(v), y2: y(v), stroke: v ? "#ddd" : "#888"});
    make("text", {x: LEFT - 8, y: y(v) + 4, "font-size": 11, "text-anchor": "end"}, v < 0 ? "−" + -v : v);
  }
  const lines = [0, 1].map(k => make("polyline", {fill: "none", stroke: COLOURS[k], "stroke-width": k ? 1.6 : 2.6}));
  make("text", {x: LEFT + 6, y: PLOT + 12, "font-size": 13, fill: COLOURS[0]}, "C (cut off beyond ±2)");
  make("text", {x: LEFT + 160, y: PLOT + 12, "font-size": 13, fill: COLOURS[1]}, "h");
  function turn() {
    const order = ORDER[at[0]], now = order.indexOf(set[at[0]][at[1]]);
    set[at[0]][at[1]] = order[(now + 1) % order.length];
    draw(); cells[at[0]][at[1]].box.focus();
  }
  function draw() {
    const C = [], h = [];
    let c = 0, kept = 1;
    for (let t = 0; t < T; t += 1) {
      c = sigma(set[2][t]) * c + sigma(set[1][t]) * set[0][t];
      if (t) kept *= sigma(set[2][t]);
      C.push(c); h.push(sigma(set[3][t]) * Math.tanh(c));
    }
    cells.forEach((row, r) => row.forEach((cell, t) => {
      const value = set[r][t], share = r ? sigma(value) : Math.abs(value);
      const sign = r ? SIGNS[value] : value > 0 ? "+" : value < 0 ? "−" : "0";
      const dark = share > 0.7, colour = r ? "0,114,178" : value < 0 ? "213,94,0" : "0,158,115";
      cell.box.setAttribute("fill", `rgba(${colour},${(0.9 * share).toFixed(2)})`);
      cell.word.setAttribute("fill", dark ? "white" : "#222"); cell.word.textContent = sign;
      cell.box.setAttribute("tabindex", r === at[0] && t === at[1] ? 0 : -1);
      const level = r ? {"-5": "shut", "0": "half open", "5": "open"}[value] : value;
      cell.box.setAttribute("aria-label", `${WORDS[r]} at step ${t + 1}: ${level}`);
    }));
    [C, h].forEach((values, k) => lines[k].setAttribute("points",
      values.map((v, t) => `${x(t) + S / 2},${y(v).toFixed(1)}`).join(" ")));
    say.textContent = `C after ${T} steps: ${C[T - 1].toPrecision(3)}, h: ${h[T - 1].toPrecision(3)}. Of what C held after step 1,` +
      ` the forget gates of steps 2 to ${T} leave the share ${kept.toPrecision(3)}.`;
    root.dataset.cells = C.map(v => v.toPrecision(8)).join(" ");
    root.dataset.outputs = h.map(v => v.toPrecision(8)).join(" ");
  }
  choice.onchange = () => { set = PRESETS[choice.value].map(row => row.slice()); draw(); };
  choice.onchange();
})();
