
(function(){
  const root = document.getElementById("@ID@"), all = @DATA@, FILL = @FILL@, NS = "http://www.w3.org/2000/svg";
  const pick = root.querySelector("select"), bar = root.querySelector("input"), svg = root.querySelector("svg");
  const [back, on] = root.querySelectorAll("button"), say = root.querySelector("p"), stays = root.querySelector("ul");
  const X = 132, Y = 36, BOX = 112, HIGH = 22;
  let net = null, at = 0;
  function make(name, values, text) {
    const element = document.createElementNS(NS, name);
    for (const [k, v] of Object.entries(values)) element.setAttribute(k, v);
    if (text !== undefined) element.textContent = text;
    svg.appendChild(element);
    return element;
  }
  const count = n => n.toLocaleString("en-US");
  function draw() {
    const stage = net.stages[at], next = net.stages[at + 1];
    const x = c => (c - net.left) * X + BOX / 2 + 6, y = r => r * Y + HIGH / 2 + 6;
    svg.replaceChildren();
    for (const points of stage.arrows) {
      const p = points.map(([c, r]) => [x(c), y(r)]), [ex, ey] = p[p.length - 1];
      p[0][1] += HIGH / 2; p[p.length - 1][1] = ey - HIGH / 2;
      make("polyline", {points: p.map(q => q.join(",")).join(" "), fill: "none", stroke: "#888", "stroke-width": 1.2});
      make("path", {d: `M${ex - 4},${ey - HIGH / 2 - 7} l4,7 l4,-7 z`, fill: "#888"});
    }
    for (const [name, kind, label, c, r] of stage.nodes) {
      const taken = next && next.taken.includes(name), made = stage.made.includes(name);
      const dark = ["convolution", "batch norm", "average"].includes(kind);
      const box = make("rect", {x: x(c) - BOX / 2, y: y(r) - HIGH / 2, width: BOX, height: HIGH, rx: 5, fill: FILL[kind],
        stroke: taken ? "#000" : made ? "#009E73" : "none", "stroke-width": taken || made ? 3 : 0,
        "stroke-dasharray": taken ? "5 3" : "none", class: `${taken ? "taken " : ""}${made ? "made" : "node"}`});
      const title = document.createElementNS(NS, "title");
      title.textContent = `${name}: ${kind === "other" ? label : kind + ", " + label}`;
      box.appendChild(title);
      make("text", {x: x(c), y: y(r) + 4, "text-anchor": "middle", "font-size": 11, "pointer-events": "none",
        fill: dark ? "white" : "black"}, label);
    }
    const last = at === net.stages.length - 1;
    let words = at === 0 ? "The network as it was written, in use. "
      : `Step ${at} of ${net.stages.length - 1}, ${stage.rule}: ${stage.formula}. `;
    words += `${stage.nodes.length} nodes, ${count(stage.macs)} multiply\u2013adds.`;
    words += last ? (net.stays.length ? " No further step. What stays, and why:" : " No further step.")
      : ` Next: ${next.rule} (the dashed boxes).`;
    say.textContent = words;
    stays.replaceChildren(...(last ? net.stays : []).map(text => {
      const item = document.createElement("li"); item.textContent = text; return item; }));
    bar.value = at; bar.setAttribute("aria-valuetext", `step ${at} of ${net.stages.length - 1}`);
    back.disabled = at === 0; on.disabled = last;
    svg.setAttribute("aria-label", `${pick.value}, ${at === 0 ? "as written" : "after step " + at}: ` +
      stage.nodes.map(node => node[2]).join(", "));
  }
  function load() {
    net = all[pick.value]; at = 0; bar.max = net.stages.length - 1;
    const width = (net.right - net.left) * X + BOX + 12, height = (net.rows - 1) * Y + HIGH + 12;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.style.width = `${width}px`;
    draw();
  }
  back.onclick = () => { at = Math.max(0, at - 1); draw(); };
  on.onclick = () => { at = Math.min(net.stages.length - 1, at + 1); draw(); };
  bar.oninput = () => { at = Number(bar.value); draw(); };
  pick.onchange = load;
  load();
})();
