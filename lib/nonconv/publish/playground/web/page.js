// The page: levels, the text, the verdicts while one types, hand-ins, and the state in the address.
"use strict";

const PAUSE = 500; // milliseconds without a key before a text is checked
const at = (id) => document.getElementById(id);

const page = {
  level: LEVELS[0],
  texts: {}, // of levels that were changed
  results: {}, // by level: {text, result}
  running: false,
  timer: 0,
};

const editor = new Editor(at("text"), at("gutter"), () => {
  keep();
  wait();
});
const textOf = (level) => page.texts[level.id] ?? level.stub;

function keep() {
  if (editor.text === page.level.stub) delete page.texts[page.level.id];
  else page.texts[page.level.id] = editor.text;
  Link.write({ level: page.level.id, texts: page.texts }).then((fragment) => history.replaceState(null, "", fragment));
}

function wait() {
  clearTimeout(page.timer);
  page.timer = setTimeout(check, PAUSE);
}

async function check() {
  clearTimeout(page.timer);
  if (page.running) return; // what is typed meanwhile is checked when this ends
  page.running = true;
  at("check").setAttribute("aria-busy", "true");
  let level, text;
  try {
    do {
      [level, text] = [page.level, textOf(page.level)];
      await judge(level, text);
    } while (level !== page.level || text !== textOf(page.level));
  } finally {
    page.running = false;
    at("check").removeAttribute("aria-busy");
  }
}

async function judge(level, text) {
  if (page.results[level.id]?.text === text && !page.results[level.id].failed) return show(level);
  let late;
  try {
    await engine.ready;
    late = setTimeout(() => say("Checking …"), 1000);
    const began = performance.now();
    const result = await engine.check(level, text);
    page.results[level.id] = { text, result, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    page.results[level.id] = { text, failed: error.message };
  }
  clearTimeout(late);
  show(level);
}

function say(text) {
  if (at("summary").textContent !== text) at("summary").textContent = text;
}

function show(level) {
  drawLevels();
  const { text, result, failed, seconds } = page.results[level.id] ?? {};
  if (level !== page.level || text !== editor.text) return;
  document.body.dataset.checked = level.id;
  if (failed) return say(failed);
  editor.mark(result.notes);
  say(summary(level, result));
  at("summary").className = result.proved ? "good" : "";
  at("problems").replaceChildren(problems(result, (line) => editor.goTo(line)));
  at("points").replaceChildren(earnedPoints(result));
  at("tables").replaceChildren(...result.tables.map(cleaned));
  at("printed").textContent = result.printed;
  at("time").textContent = `Checked in ${seconds.toFixed(2)} s.`;
  at("certificate").disabled = !Object.keys(result.certificates).length;
}

function forget() {
  for (const id of ["problems", "points", "tables", "printed", "time"]) at(id).replaceChildren();
  at("summary").className = "";
  at("certificate").disabled = true;
  editor.mark([]);
  delete document.body.dataset.checked;
}

function drawLevels() {
  at("levels").replaceChildren(
    ...LEVELS.map((level) => {
      const entry = element("li", "");
      const proved = page.results[level.id]?.text === textOf(level) && page.results[level.id].result?.proved;
      const link = element("button", `${proved ? "✓ " : ""}${level.title}`, { type: "button" });
      if (level === page.level) link.setAttribute("aria-current", "step");
      link.addEventListener("click", () => {
        enter(level);
        at("levels").querySelector("[aria-current]").focus();
      });
      entry.append(link);
      return entry;
    }),
  );
}

function enter(level) {
  page.level = level;
  at("title").textContent = level.title;
  at("card").innerHTML = level.card;
  at("hints").innerHTML = level.hints;
  at("statement").textContent = level.statement;
  at("statement").hidden = !level.statement;
  at("given").textContent = level.given;
  at("given-code").hidden = !level.given;
  editor.text = textOf(level);
  forget();
  drawLevels();
  say(engine.started ? "" : at("summary").textContent);
  keep();
  check();
}

function download(name, content) {
  const link = element("a", "", { download: name, href: URL.createObjectURL(new Blob([content], { type: "application/json" })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const bundle = (certificates) => JSON.stringify({ certificates: certificates.map((one) => JSON.parse(one)) });

async function downloadLevel() {
  await check();
  const found = Object.entries(page.results[page.level.id]?.result?.certificates ?? {});
  if (found.length === 1) download(`${found[0][0]}.certificate.json`, found[0][1]);
  else if (found.length) download(`${page.level.id}.certificates.json`, bundle(found.map(([, one]) => one)));
}

async function downloadAll() {
  await check();
  const certificates = [];
  for (const level of LEVELS.filter((one) => one.checks.length && one.id in page.texts)) {
    await judge(level, textOf(level));
    certificates.push(...Object.values(page.results[level.id].result?.certificates ?? {}));
  }
  if (certificates.length) download("proof.certificates.json", bundle(certificates));
  else say("There is nothing to hand in yet: no level returns a proof.");
}

async function copyLink() {
  const link = location.href.split("#")[0] + (await Link.write({ level: page.level.id, texts: page.texts }));
  at("link").value = link;
  at("link-row").hidden = false;
  try {
    await navigator.clipboard.writeText(link);
    say("The link is copied.");
  } catch {
    at("link").select(); // a page from a disk may not use the clipboard
    say("Copy the link that is selected.");
    at("link").focus();
  }
}

function startAgain() {
  if (!confirm("Throw away your text of this level?")) return;
  delete page.texts[page.level.id];
  enter(page.level);
}

async function begin() {
  const state = await Link.read(location.hash);
  if (state) page.texts = Object.fromEntries(Object.entries(state.texts).filter(([id]) => LEVELS.some((one) => one.id === id)));
  enter(LEVELS.find((one) => one.id === state?.level) ?? LEVELS[0]);
}

at("check").addEventListener("click", check);
at("certificate").addEventListener("click", downloadLevel);
at("all").addEventListener("click", downloadAll);
at("share").addEventListener("click", copyLink);
at("again").addEventListener("click", startAgain);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    check();
  }
});
// a link that is pasted into the address of the open page
window.addEventListener("hashchange", async () => (await Link.read(location.hash)) && begin());
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // its target would take the place of the state in the address
  at("text").focus();
});

say("Python is loading …");
const began = performance.now();
const engine = new Engine();
engine.ready.then(
  () => {
    engine.started = true;
    document.body.dataset.ready = ((performance.now() - began) / 1000).toFixed(2);
    if (at("summary").textContent === "Python is loading …") say("");
  },
  (error) => {
    say(`Python could not be started: ${error.message}.`);
    at("disk").hidden = false;
  },
);
begin();
