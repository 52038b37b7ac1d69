
(function(){
  const root = document.getElementById("@NAME@"), NS = "http://www.w3.org/2000/svg";
  const FIRST = {q: @QUERIES@, k: @KEYS@}, VALUES = @VALUES@, R = @REACH@, STEP = @STEP@;
  const svg = root.querySelector("svg"), say = root.querySelector("p"), heat = root.querySelector(".heat");
  const degrees = root.querySelector(".degrees"), scaled = root.querySelector(".root"), mask = root.querySelector(".mask");
  // on a narrow page the matrix stands under the plane
  const narrow = root.clientWidth > 0 && root.clientWidth < 520;
  const S = 60, O = 10 + R * S, LEFT = narrow ? 30 : 2 * O + 60, TOP = narrow ? 2 * O + 60 : 60, CELL = 62, COLOUR = {q: "@ORANGE@", k: "@BLUE@"};
  let points, forbidden, chosen = ["q", 0], held = null;
  const handles = {q: [], k: []}, arrows = {q: [], k: []}, cells = [], sums = [];
  const n = FIRST.q.length, m = FIRST.k.length;
  function make(name, values, text) {
    const element = document.createElementNS(NS, name);
    for (const [k, v] of Object.entries(values)) element.setAttribute(k, v);
    if (text !== undefined) element.textContent = text;
    svg.appendChild(element);
    return element;
  }
  const words = {"font-family": "sans-serif", "font-size": 14, fill: "currentColor", "text-anchor": "middle"};
  svg.setAttribute("viewBox", `0 0 ${LEFT + m * CELL + 90} ${narrow ? TOP + n * CELL + 10 : 2 * O}`);
  make("rect", {x: 10, y: 10, width: 2 * R * S, height: 2 * R * S, fill: "white", stroke: "#999"});
  for (let t = -2; t <= 2; t++) {
    make("line", {x1: O + t * S, y1: 10, x2: O + t * S, y2: 2 * O - 10, stroke: t ? "#eee" : "#bbb"});
    make("line", {y1: O + t * S, x1: 10, y2: O + t * S, x2: 2 * O - 10, stroke: t ? "#eee" : "#bbb"});
  }
  for (let j = 0; j < m; j++)
    make("text", {...words, x: LEFT + (j + 0.5) * CELL, y: TOP - 24}, `k${j + 1}`),
    make("text", {...words, "font-size": 12, x: LEFT + (j + 0.5) * CELL, y: TOP - 8}, `value ${VALUES[j]}`);
  for (let i = 0; i < n; i++) {
    const y = TOP + i * CELL;
    make("text", {...words, x: LEFT - 16, y: y + CELL / 2 + 5}, `q${i + 1}`);
    for (let j = 0; j < m; j++) {
      const box = make("rect", {x: LEFT + j * CELL, y: y, width: CELL - 2, height: CELL - 2, stroke: "#999",
        role: "button", tabindex: 0, style: "cursor:pointer"});
      const label = make("text", {...words, x: LEFT + (j + 0.5) * CELL, y: y + CELL / 2 + 5, "pointer-events": "none"});
      const turn = () => { forbidden[i][j] = !forbidden[i][j]; mask.value = "none"; chosen = ["q", i]; draw(); };
      box.addEventListener("click", turn);
      box.addEventListener("keydown", event => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault(); event.stopPropagation(); turn();
      });
      cells.push([box, label]);
    }
    sums.push(make("text", {...words, x: LEFT + m * CELL + 8, y: y + CELL / 2 + 5, "text-anchor": "start"}));
  }
  for (const kind of ["k", "q"]) FIRST[kind].forEach((_, i) => {
    arrows[kind].push(make("line", {x1: O, y1: O, stroke: COLOUR[kind], "stroke-width": 2, "pointer-events": "none"}));
    const handle = make("circle", {r: 11, fill: COLOUR[kind], role: "button", tabindex: 0,
      style: "cursor:move;touch-action:none"});
    const name = make("text", {...words, "font-size": 11, fill: "white", "pointer-events": "none"}, `${kind}${i + 1}`);
    handles[kind].push([handle, name]);
    handle.addEventListener("pointerdown", event => {
      held = [kind, i]; chosen = held; handle.setPointerCapture(event.pointerId); draw();
    });
    handle.addEventListener("pointermove", event => {
      if (!held) return;
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      place(kind, i, (at.x - O) / S, (O - at.y) / S);
    });
    handle.addEventListener("pointerup", () => { held = null; });
    handle.addEventListener("focus", () => { chosen = [kind, i]; draw(); });
    handle.addEventListener("keydown", event => {
      const step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[event.key];
      if (!step) return;
      event.preventDefault(); event.stopPropagation();
      chosen = [kind, i];
      place(kind, i, points[kind][i][0] + STEP * step[0], points[kind][i][1] + STEP * step[1]);
    });
  });
  function place(kind, i, x, y) {
    points[kind][i] = [x, y].map(t => Math.min(R, Math.max(-R, Math.round(t / STEP) * STEP)));
    draw();
  }
  function weights(i, T) {
    const scores = points.k.map(k => (k[0] * points.q[i][0] + k[1] * points.q[i][1]) / T);
    const seen = scores.filter((_, j) => !forbidden[i][j]);
    if (!seen.length) return scores.map(() => 0);
    const top = Math.max(...seen), powers = scores.map((s, j) => forbidden[i][j] ? 0 : Math.exp(s - top));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map(p => p / sum);
  }
  function draw() {
    const T = 2 ** Number(heat.value), divisor = T * (scaled.checked ? Math.SQRT2 : 1);
    degrees.textContent = T.toPrecision(3);
    const A = points.q.map((_, i) => weights(i, divisor));
    const Y = A.map(row => row.reduce((s, a, j) => s + a * VALUES[j], 0));
    for (const kind of ["k", "q"]) points[kind].forEach(([x, y], i) => {
      const [handle, name] = handles[kind][i], px = O + x * S, py = O - y * S;
      arrows[kind][i].setAttribute("x2", px); arrows[kind][i].setAttribute("y2", py);
      handle.setAttribute("cx", px); handle.setAttribute("cy", py);
      handle.setAttribute("stroke", kind === chosen[0] && i === chosen[1] ? "black" : "white");
      handle.setAttribute("stroke-width", 2);
      handle.setAttribute("aria-label", `${kind === "q" ? "query" : "key"} ${i + 1} at ${x}, ${y}`);
      name.setAttribute("x", px); name.setAttribute("y", py + 4);
    });
    A.forEach((row, i) => row.forEach((a, j) => {
      const [box, label] = cells[i * m + j], off = forbidden[i][j];
      box.setAttribute("fill", off ? "#ddd" : `rgb(${[8, 81, 156].map(c => Math.round(255 - a * (255 - c))).join(",")})`);
      box.setAttribute("aria-pressed", off);
      box.setAttribute("aria-label", `weight of key ${j + 1} for query ${i + 1}: ${off ? "forbidden" : a.toFixed(2)}`);
      label.textContent = off ? "×" : a.toFixed(2);
      label.setAttribute("fill", a > 0.5 ? "white" : "black");
    }));
    sums.forEach((text, i) => { text.textContent = `y${i + 1} = ${Y[i].toFixed(1)}`; });
    const i = chosen[0] === "q" ? chosen[1] : A.map(row => row[chosen[1]]).reduce((b, a, r, all) => a > all[b] ? r : b, 0);
    const parts = A[i].map((a, j) => `${a.toFixed(2)} · ${VALUES[j]}`).join(" + ");
    say.textContent = forbidden[i].every(Boolean) ? `Query ${i + 1} may look at nothing: all its weights are 0, y${i + 1} = 0.`
      : `Query ${i + 1}: y${i + 1} = ${parts} = ${Y[i].toFixed(1)}.`;
    root.dataset.weights = A.flat().map(a => a.toPrecision(6)).join(" ");
    root.dataset.outputs = Y.map(y => y.toPrecision(6)).join(" ");
  }
  function start() {
    points = {q: FIRST.q.map(p => [...p]), k: FIRST.k.map(p => [...p])};
    forbidden = FIRST.q.map(() => FIRST.k.map(() => false));
    heat.value = 0; scaled.checked = true; mask.value = "none"; chosen = ["q", 0];
    draw();
  }
  heat.oninput = draw; scaled.onchange = draw;
  mask.onchange = () => {
    forbidden = FIRST.q.map((_, i) => FIRST.k.map((_, j) => mask.value === "causal" && j > i));
    draw();
  };
  root.querySelector(".reset").onclick = start;
  start();
})();
