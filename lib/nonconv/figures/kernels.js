
(function(){
  const root = document.getElementById("@NAME@"), DATA = @PHOTOGRAPHS@, FILTERS = @FILTERS@, N = @SIDE@;
  const photo = root.querySelector(".photo"), preset = root.querySelector(".filter"), say = root.querySelector("p");
  const border = root.querySelector(".border"), shown = root.querySelector(".shown");
  const inputs = [...root.querySelectorAll(".tap")];
  const before = root.querySelector(".before"), after = root.querySelector(".after");
  let grey = [], kernel = [], result = [], at = [Math.floor(N / 2), Math.floor(N / 2)];
  FILTERS.identity = ["0", "0", "0", "0", "1", "0", "0", "0", "0"];
  function parsed(text) {
    const found = /^\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*(?:\/\s*(\d+\.?\d*|\.\d+))?\s*$/.exec(text.replace("−", "-").replace(",", "."));
    if (!found) return NaN;
    return Number(found[1]) / (found[2] === undefined ? 1 : Number(found[2]));
  }
  function load() {
    const bytes = Uint8Array.from(atob(DATA[photo.value]), c => c.charCodeAt(0));
    grey = Array.from({length: N * N}, (_, n) => (bytes[3 * n] + bytes[3 * n + 1] + bytes[3 * n + 2]) / 3);
    read();
  }
  function place(i) {
    if (i >= 0 && i < N) return i;
    if (border.value === "mirror") return i < 0 ? -i : 2 * N - 2 - i;
    if (border.value === "repeat") return i < 0 ? 0 : N - 1;
    if (border.value === "circle") return (i + N) % N;
    return -1;
  }
  function number(i, j) {
    const a = place(i), b = place(j);
    return a < 0 || b < 0 ? 0 : grey[a * N + b];
  }
  function read() {
    const numbers = inputs.map(one => parsed(one.value));
    inputs.forEach((one, n) => one.setAttribute("aria-invalid", !Number.isFinite(numbers[n])));
    const wrong = numbers.findIndex(one => !Number.isFinite(one));
    if (wrong >= 0) {
      const where = `row ${Math.floor(wrong / 3) + 1}, column ${wrong % 3 + 1}`;
      say.textContent = `Kernel, ${where}: “${inputs[wrong].value}” is no number yet. Write 2, -0.5 or 1/16.`;
      return;
    }
    kernel = numbers;
    result = new Array(N * N);
    for (let i = 0; i < N; i++) for (let j = 0; j < N; j++) {
      let sum = 0;
      for (let u = 0; u < 3; u++) for (let v = 0; v < 3; v++) sum += number(i + u - 1, j + v - 1) * kernel[3 * u + v];
      result[i * N + j] = sum;
    }
    root.result = result;
    draw();
  }
  function paint(canvas, values) {
    const context = canvas.getContext("2d"), picture = context.createImageData(N, N);
    values.forEach((value, n) => {
      const level = Math.max(0, Math.min(255, value));
      picture.data.set([level, level, level, 255], 4 * n);
    });
    context.putImageData(picture, 0, 0);
    context.strokeStyle = "#D55E00";
    context.strokeRect(at[1] - 1.5, at[0] - 1.5, 4, 4);
  }
  function draw() {
    const sum = kernel.reduce((a, b) => a + b, 0);
    const how = shown.value === "what fits" ? (Math.abs(sum) < 1e-9 ? "0 is grey" : "0 to 255") : shown.value;
    const level = {"0 to 255": y => y, "0 is grey": y => 128 + y / 2, "size only": y => Math.abs(y)}[how];
    paint(before, grey);
    paint(after, result.map(level));
    const short = x => Number(x.toFixed(2)).toString();
    const [i, j] = at, terms = [];
    for (let u = 0; u < 3; u++) for (let v = 0; v < 3; v++)
      if (kernel[3 * u + v]) {
        const written = inputs[3 * u + v].value.trim(), weight = kernel[3 * u + v] < 0 ? `(${written})` : written;
        terms.push(`${short(number(i + u - 1, j + v - 1))}·${weight}`);
      }
    const low = result.reduce((a, b) => Math.min(a, b)), high = result.reduce((a, b) => Math.max(a, b));
    say.textContent = `Row ${i + 1}, column ${j + 1}: ${terms.join(" + ") || "0"} = ${short(result[i * N + j])}. ` +
      `The kernel's sum is ${short(sum)}; the outputs go from ${short(low)} to ${short(high)}, drawn: ${how}.`;
  }
  preset.onchange = () => {
    if (FILTERS[preset.value]) inputs.forEach((one, n) => { one.value = FILTERS[preset.value][n]; });
    read();
  };
  inputs.forEach(one => { one.oninput = () => { preset.value = "my own"; read(); }; });
  photo.onchange = load; border.onchange = read; shown.onchange = draw;
  after.addEventListener("click", event => {
    const box = after.getBoundingClientRect();
    at = [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width]
      .map(share => Math.max(0, Math.min(N - 1, Math.floor(share * N))));
    draw();
  });
  after.addEventListener("keydown", event => {
    const step = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}[event.key];
    if (!step) return;
    event.preventDefault(); event.stopPropagation();
    at = at.map((one, n) => Math.max(0, Math.min(N - 1, one + step[n])));
    draw();
  });
  load();
})();
