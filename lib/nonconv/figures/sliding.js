
(function(){
  const root = document.getElementById("ID"), all = SHAPES, say = root.querySelector("p");
  const svg = root.querySelector("svg"), pick = root.querySelector("select"), go = root.querySelector("button");
  const NS = "http://www.w3.org/2000/svg", S = 22;
  let at = 0, timer = null, squares = [], outs = [], shape = null;
  function square(x, y, fill, dash) {
    const r = document.createElementNS(NS, "rect");
    for (const [k, v] of Object.entries({x: x * S + 2, y: y * S + 2, width: S, height: S, fill: fill,
         stroke: "#888", "stroke-dasharray": dash})) r.setAttribute(k, v);
    svg.appendChild(r);
    return r;
  }
  function load() {
    shape = all[pick.value]; at = 0; svg.replaceChildren(); squares = []; outs = [];
    const filled = new Set(shape.cells.map(String)), g = shape.grid, down = (g - shape.out) / 2;
    svg.setAttribute("viewBox", `0 0 ${(g + 2 + shape.out) * S + 4} ${g * S + 4}`);
    svg.style.width = (g + 2 + shape.out) * S + 4 + "px";
    for (let i = 0; i < g; i++) for (let j = 0; j < g; j++) {
      const inside = filled.has([i, j].toString());
      squares.push(square(j, i, inside ? "#CFE3F1" : "white", inside ? "none" : "2 2"));
    }
    for (let n = 0; n < shape.out * shape.out; n++)
      outs.push(square(g + 1.5 + n % shape.out, down + Math.floor(n / shape.out), "white", "none"));
    draw();
  }
  function draw() {
    squares.forEach(r => { r.setAttribute("stroke", "#888"); r.setAttribute("stroke-width", 1); });
    for (const [i, j] of shape.steps[at]) {
      const r = squares[i * shape.grid + j];
      svg.insertBefore(r, outs[0]); r.setAttribute("stroke", "#D55E00"); r.setAttribute("stroke-width", 3);
    }
    outs.forEach((r, n) => r.setAttribute("fill", n == at ? "#D55E00" : n < at ? "#CDEBDF" : "white"));
    say.textContent = `output ${at + 1} of ${outs.length}: row ${Math.floor(at / shape.out) + 1}, ` +
      `column ${at % shape.out + 1}`;
  }
  function move(by) { at = (at + by + outs.length) % outs.length; draw(); }
  function stop() { clearInterval(timer); timer = null; go.textContent = "play"; }
  root.querySelector(".back").onclick = () => { stop(); move(-1); };
  root.querySelector(".on").onclick = () => { stop(); move(1); };
  go.onclick = () => { if (timer) stop(); else { timer = setInterval(() => move(1), 600); go.textContent = "stop"; } };
  pick.onchange = () => { stop(); load(); };
  load();
})();
