
(function(){
  const root = document.getElementById("@ID@"), X = @IMAGE@, PRESETS = @PRESETS@, NS = "http://www.w3.org/2000/svg";
  const fields = [...root.querySelectorAll("table")].map(t => [...t.querySelectorAll("input")]);
  const preset = root.querySelector(".preset"), border = root.querySelector(".border");
  const composed = root.querySelector(".composed"), pictures = root.querySelector(".pictures");
  const [sum, verdict] = root.querySelectorAll("p"), BLUE = "0,114,178", RED = "213,94,0", S = 40, C = 17;
  let at = [1, 1], cells = [], O = [];
  function make(parent, name, values, text) {
    const element = document.createElementNS(NS, name);
    for (const [k, v] of Object.entries(values)) element.setAttribute(k, v);
    if (text !== undefined) element.textContent = text;
    parent.appendChild(element);
    return element;
  }
  const read = n => [0, 1, 2].map(i => [0, 1, 2].map(j => Number(fields[n][3 * i + j].value) || 0));
  const short = v => String(Math.round(v * 100) / 100).replace("-", "\u2212");
  const shade = (v, most) => `rgba(${v < 0 ? RED : BLUE},${most ? 0.75 * Math.abs(v) / most : 0})`;
  function compose(F, G) {
    const T = Array.from({length: 5}, () => Array(5).fill(0));
    for (let u = 0; u < 3; u++) for (let v = 0; v < 3; v++)
      for (let w = 0; w < 3; w++) for (let z = 0; z < 3; z++) T[u + w][v + z] += F[u][v] * G[w][z];
    return T;
  }
  function place(i, n, mode) {  // where row or column i of the padded image comes from; null: a zero
    if (i >= 0 && i < n) return i;
    if (mode === "circle") return (i + n) % n;
    if (mode === "mirror") return i < 0 ? -i : 2 * (n - 1) - i;
    return null;
  }
  function convolve(A, K, mode) {
    const n = A.length, p = K.length, P = mode === "none" ? 0 : (p - 1) / 2, size = n + 2 * P - p + 1, B = [];
    for (let i = 0; i < size; i++) {
      B.push([]);
      for (let j = 0; j < size; j++) {
        let s = 0;
        for (let u = 0; u < p; u++) for (let v = 0; v < p; v++) {
          const r = place(i + u - P, n, mode), c = place(j + v - P, n, mode);
          if (r !== null && c !== null) s += A[r][c] * K[u][v];
        }
        B[i].push(s);
      }
    }
    return B;
  }
  function panel(x, title, A, colour) {
    const n = A.length, left = x + (8 - n) / 2 * C, top = 22 + (8 - n) / 2 * C;
    make(pictures, "text", {x: x + 4 * C, y: 14, "text-anchor": "middle", "font-size": 12, fill: "currentColor"}, title);
    A.forEach((row, i) => row.forEach((value, j) => {
      const cell = make(pictures, "rect", {x: left + j * C, y: top + i * C, width: C, height: C, fill: colour(value),
        stroke: "#bbb", "stroke-width": 0.5});
      make(cell, "title", {}, `row ${i + 1}, column ${j + 1}: ${short(value)}`);
    }));
  }
  function grey(...all) {
    const flat = all.flat(2), low = Math.min(...flat), high = Math.max(...flat);
    return v => { const g = Math.round(255 * (high > low ? (v - low) / (high - low) : 0.5)); return `rgb(${g},${g},${g})`; };
  }
  function draw() {
    const F = read(0), G = read(1), mode = border.value;
    O = compose(F, G);
    const most = Math.max(...O.flat().map(Math.abs));
    cells.forEach((cell, n) => {
      const value = O[Math.floor(n / 5)][n % 5];
      cell.rect.setAttribute("fill", shade(value, most));
      cell.text.textContent = short(value);
      cell.rect.setAttribute("aria-label", `O in row ${Math.floor(n / 5) + 1}, column ${n % 5 + 1}: ${short(value)}`);
    });
    fields.forEach((those, n) => {
      const largest = Math.max(...read(n).flat().map(Math.abs));
      those.forEach((one, k) => { one.style.backgroundColor = shade(read(n).flat()[k], largest); });
    });
    point();
    const twice = convolve(convolve(X, F, mode), G, mode), once = convolve(X, O, mode);
    const gap = twice.map((row, i) => row.map((value, j) => Math.abs(value - once[i][j])));
    const largest = Math.max(...gap.flat()), scale = grey(twice, once);
    pictures.replaceChildren();
    panel(4, "image", X, grey(X));
    panel(164, "F, then G", twice, scale);
    panel(324, "O alone", once, scale);
    panel(484, "difference", gap, v => `rgba(${RED},${largest > 1e-9 ? v / largest : 0})`);
    make(pictures, "text", {x: 484 + 4 * C, y: 22 + 8 * C + 16, "text-anchor": "middle", "font-size": 11, fill: "currentColor"},
      `white 0, orange ${short(largest)}`);
    const inside = Math.max(0, ...gap.slice(2, -2).map(row => Math.max(0, ...row.slice(2, -2))));
    verdict.textContent = largest < 1e-9 ? "The two layers and the one are equal at every place."
      : `The largest difference is ${short(largest)}, at the border. Inside, from the third row and column on, it is ${short(inside)}.`;
  }
  function point() {
    const [t, r] = at, F = read(0), G = read(1), terms = [];
    fields.flat().forEach(one => { one.style.outline = ""; });
    for (let u = 0; u < 3; u++) for (let v = 0; v < 3; v++) {
      const w = t - u, z = r - v;
      if (w < 0 || w > 2 || z < 0 || z > 2) continue;
      fields[0][3 * u + v].style.outline = fields[1][3 * w + z].style.outline = "3px solid #D55E00";
      terms.push(`${short(F[u][v])}\u00b7${short(G[w][z])}`);
    }
    cells.forEach((cell, n) => {
      const here = n === 5 * t + r;
      cell.rect.setAttribute("stroke", here ? "#D55E00" : "#888");
      cell.rect.setAttribute("stroke-width", here ? 3 : 1);
      cell.rect.setAttribute("tabindex", here ? 0 : -1);
      if (here) composed.append(cell.rect, cell.text);
    });
    sum.textContent = `O in row ${t + 1}, column ${r + 1} = ${terms.join(" + ")} = ${short(O[t][r])}`;
  }
  for (let n = 0; n < 25; n++) {
    const i = Math.floor(n / 5), j = n % 5;
    const rect = make(composed, "rect", {x: 2 + j * S, y: 2 + i * S, width: S, height: S, stroke: "#888", role: "button",
      tabindex: -1, style: "cursor:pointer"});
    const text = make(composed, "text", {x: 2 + (j + 0.5) * S, y: 7 + (i + 0.5) * S, "text-anchor": "middle", "font-size": 13,
      fill: "currentColor", "pointer-events": "none"});
    const go = (row, column) => { at = [row, column]; point(); cells[5 * row + column].rect.focus(); };
    rect.addEventListener("click", () => go(i, j));
    rect.addEventListener("keydown", event => {
      const step = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}[event.key];
      if (!step) return;
      event.preventDefault(); event.stopPropagation();
      go(Math.min(4, Math.max(0, i + step[0])), Math.min(4, Math.max(0, j + step[1])));
    });
    cells.push({rect, text});
  }
  fields.flat().forEach(one => one.addEventListener("input", () => { preset.value = "own"; draw(); }));
  preset.onchange = () => {
    if (preset.value === "own") return;
    PRESETS[preset.value].forEach((kernel, n) => kernel.flat().forEach((value, k) => { fields[n][k].value = value; }));
    draw();
  };
  border.onchange = draw;
  draw();
})();
