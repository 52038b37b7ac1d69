
(function(){
  const root = document.getElementById("@NAME@"), DATA = @PHOTOGRAPHS@, N = @GRID@, P = @SIDE@, WAVES = @WAVES@;
  const NS = "http://www.w3.org/2000/svg", S = 24, L = N * S;
  const svg = root.querySelector("svg"), say = root.querySelector("p");
  const photo = root.querySelector(".photo"), kind = root.querySelector(".kind");
  const heat = root.querySelector(".heat"), root_d = root.querySelector(".root");
  let at = @START@, features = [], bytes = null, cells = [], tiles = [];
  function make(name, values, parent) {
    const element = document.createElementNS(NS, name);
    for (const [k, v] of Object.entries(values)) element.setAttribute(k, v);
    (parent || svg).appendChild(element);
    return element;
  }
  svg.setAttribute("viewBox", `0 0 ${2 * L + 20} ${L + 4}`);
  const images = [2, L + 18].map(x => make("image", {x: x, y: 2, width: L, height: L, preserveAspectRatio: "none"}));
  const left = make("g", {}), right = make("g", {});
  for (let n = 0; n < N * N; n++) {
    const i = Math.floor(n / N), j = n % N;
    const place = {x: 2 + j * S, y: 2 + i * S, width: S, height: S};
    const cell = make("rect", {...place, fill: "transparent", stroke: "white", "stroke-opacity": 0.25, role: "button",
      tabindex: -1, "aria-label": `patch in row ${i + 1}, column ${j + 1}`, style: "cursor:pointer"}, left);
    cell.addEventListener("click", () => choose(n, true));
    cell.addEventListener("keydown", event => {
      const step = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}[event.key];
      if (!step) return;
      event.preventDefault(); event.stopPropagation();
      const row = Math.min(N - 1, Math.max(0, i + step[0])), column = Math.min(N - 1, Math.max(0, j + step[1]));
      choose(row * N + column, true);
    });
    cells.push(cell);
    tiles.push(make("rect", {...place, x: L + 18 + j * S, fill: "black"}, right));
  }
  const frames = [0, L + 16].map(x => make("rect", {width: S, height: S, fill: "none", stroke: "@ORANGE@", "stroke-width": 3,
    "pointer-events": "none"}));
  function load() {
    const raw = atob(DATA[photo.value]), side = N * P;
    bytes = Uint8Array.from(raw, c => c.charCodeAt(0));
    const canvas = document.createElement("canvas"); canvas.width = canvas.height = side;
    const context = canvas.getContext("2d"), picture = context.createImageData(side, side);
    for (let n = 0; n < side * side; n++) {
      for (let c = 0; c < 3; c++) picture.data[4 * n + c] = bytes[3 * n + c];
      picture.data[4 * n + 3] = 255;
    }
    context.putImageData(picture, 0, 0);
    images.forEach(image => image.setAttribute("href", canvas.toDataURL()));
    look();
  }
  function mean(top, leftmost, size) {
    const sum = [0, 0, 0], side = N * P;
    for (let u = 0; u < size; u++) for (let v = 0; v < size; v++)
      for (let c = 0; c < 3; c++) sum[c] += bytes[3 * ((top + u) * side + leftmost + v) + c];
    return sum.map(s => s / size / size);
  }
  function look() {
    const seen = [], waves = [];
    for (let i = 0; i < N; i++) for (let j = 0; j < N; j++) {
      let row = [], wave = [];
      if (kind.value.includes("colour")) row = row.concat(mean(i * P, j * P, P));
      if (kind.value === "pixels")
        for (let u = 0; u < P; u += 2) for (let v = 0; v < P; v += 2) row = row.concat(mean(i * P + u, j * P + v, 2));
      if (kind.value.includes("position"))
        for (const place of [i, j]) for (const w of WAVES) {
          const angle = w * (place + 0.5) * Math.PI / N;
          wave.push(Math.SQRT2 * Math.cos(angle), Math.SQRT2 * Math.sin(angle));
        }
      seen.push(row); waves.push(wave);
    }
    for (let f = 0; f < seen[0].length; f++) {
      const m = seen.reduce((s, r) => s + r[f], 0) / seen.length;
      const v = seen.reduce((s, r) => s + (r[f] - m) ** 2, 0) / seen.length;
      seen.forEach(r => { r[f] = (r[f] - m) / Math.sqrt(v); });
    }
    features = seen.map((r, n) => r.concat(waves[n]));
    draw();
  }
  function draw() {
    const d = features[0].length, T = Number(heat.value), scale = (root_d.checked ? Math.sqrt(d) : 1) * T;
    const scores = features.map(k => k.reduce((s, x, f) => s + x * features[at][f], 0) / scale);
    const top = Math.max(...scores), powers = scores.map(s => Math.exp(s - top));
    const sum = powers.reduce((s, p) => s + p, 0), weights = powers.map(p => p / sum);
    const largest = Math.max(...weights), where = weights.indexOf(largest);
    tiles.forEach((tile, n) => tile.setAttribute("fill-opacity", (0.85 * (1 - weights[n] / largest)).toFixed(3)));
    cells.forEach((cell, n) => {
      cell.setAttribute("tabindex", n === at ? 0 : -1);
      cell.setAttribute("aria-pressed", n === at);
    });
    frames.forEach((frame, n) => {
      frame.setAttribute("x", (n ? L + 18 : 2) + at % N * S); frame.setAttribute("y", 2 + Math.floor(at / N) * S);
    });
    const many = weights.slice().sort((a, b) => b - a);
    let seen = 0, half = 0;
    while (half < 0.5) half += many[seen++];
    const own = where === at ? "itself" : `row ${Math.floor(where / N) + 1}, column ${where % N + 1}`;
    say.textContent = `Patch in row ${Math.floor(at / N) + 1}, column ${at % N + 1}, by ${kind.value} (d = ${d}), scores` +
      ` divided by ${root_d.checked ? "√d · " : ""}${T}: it looks most at ${own}, with weight ${largest.toPrecision(3)}` +
      ` (evenly spread: ${(1 / N / N).toPrecision(3)}). Half of the weight lies on ${seen} of ${N * N} patches.`;
    root.dataset.weights = weights.map(w => w.toPrecision(6)).join(" ");
  }
  function choose(n, focus) { at = n; draw(); if (focus) cells[n].focus(); }
  photo.onchange = load; kind.onchange = look; heat.onchange = draw; root_d.onchange = draw;
  load();
})();
