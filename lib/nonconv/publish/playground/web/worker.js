// CPython in a worker of its own: it can be ended while a student's endless loop runs in it.
// It is made from text, so it has the page's Content-Security-Policy: no network, whatever runs here.
"use strict";

// What student code could reach beyond this worker. `fetch` serves the files below while Python starts.
const TAKEN = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "importScripts", "Worker",
  "SharedWorker", "BroadcastChannel", "indexedDB", "caches", "Notification"];

function takeAway() {
  for (const name of TAKEN)
    for (let where = self; where; where = Object.getPrototypeOf(where))
      if (Object.hasOwn(where, name)) delete where[name];
}

async function start({ loader, asm, wasm, stdlib, lock, modules }) {
  const url = (content, type) => URL.createObjectURL(new Blob([content], { type }));
  importScripts(url(loader, "text/javascript"));
  const { default: createPyodideModule } = await import(url(asm, "text/javascript"));
  self.fetch = async (address) =>
    String(address).endsWith(".wasm")
      ? new Response(wasm, { headers: { "Content-Type": "application/wasm" } })
      : new Response(stdlib);
  const python = await loadPyodide({
    createPyodideModule,
    indexURL: "memory:/",
    stdLibURL: "memory:/python_stdlib.zip",
    lockFileContents: new TextDecoder().decode(lock),
  });
  python.unpackArchive(modules, "zip", { extractDir: "/playground" });
  takeAway();
  return python.runPython(`
import sys
sys.path.insert(0, "/playground")
from nonconv.publish.playground.desk import check_json
check_json`);
}

let check = null;
self.onmessage = async ({ data }) => {
  try {
    if (data.files) {
      check = await start(data.files);
      postMessage({ ready: true });
    } else {
      const judging = () => postMessage({ id: data.id, judging: true });
      postMessage({ id: data.id, result: check(data.level, data.text, judging) });
    }
  } catch (error) {
    postMessage({ id: data.id, failed: String(error) });
  }
};
