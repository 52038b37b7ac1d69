// node judge.mjs PYODIDE ZIP CALLS: what the playground's Python says to each [kind, arguments...], as JSON.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, zip, asked] = process.argv.slice(2);
try {
  const { loadPyodide } = await import(pathToFileURL(path.resolve(folder, "pyodide.mjs")));
  const began = performance.now();
  const python = await loadPyodide({ indexURL: path.resolve(folder) + "/" });
  python.unpackArchive(new Uint8Array(fs.readFileSync(zip)), "zip", { extractDir: "/playground" });
  python.globals.set("calls", fs.readFileSync(asked, "utf8"));
  const answers = python.runPython(`
import json, sys, time
sys.path.insert(0, "/playground")
began = time.perf_counter()
from nonconv.proofs import judge
from nonconv.publish.playground.desk import check
imported = time.perf_counter() - began
answers, seconds = [], []
for kind, *arguments in json.loads(calls):
    began = time.perf_counter()
    answers.append(judge(*arguments) if kind == "judge" else check(*arguments))
    seconds.append(time.perf_counter() - began)
large = sorted({"torch", "numpy", "sympy", "nbconvert"} & set(sys.modules))
json.dumps({"python": sys.version.split()[0], "imported": imported, "seconds": seconds, "large": large, "answers": answers})`);
  const { answers: found, ...rest } = JSON.parse(answers);
  const started = (performance.now() - began) / 1000 - rest.seconds.reduce((sum, one) => sum + one, 0);
  process.stdout.write(JSON.stringify({ ...rest, started, answers: found }));
} catch (error) {
  process.stderr.write(String(error).slice(-2000)); // node would print the whole line of code, which is a megabyte
  process.exitCode = 1;
}
