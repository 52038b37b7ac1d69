// Python in a worker, with limits of time. A text that takes longer ends the worker, and the next one is started.
"use strict";

let RUN_SECONDS = 5; // for the student's own text
const JUDGE_SECONDS = 60; // the judge has a budget of its own, see nonconv.proofs.budget; a telephone is slow

class Engine {
  constructor() {
    this.files = null;
    this.number = 0;
    this.restart();
  }

  restart() {
    this.worker?.terminate();
    this.ready = this._start();
  }

  async _start() {
    this.files ??= await Engine.unpacked();
    const { worker, ...rest } = this.files;
    const source = URL.createObjectURL(new Blob([worker], { type: "text/javascript" }));
    this.worker = new Worker(source);
    URL.revokeObjectURL(source);
    await new Promise((resolve, reject) => {
      this.worker.onmessage = ({ data }) => (data.ready ? resolve() : reject(new Error(data.failed)));
      this.worker.onerror = (event) => reject(new Error(event.message || "the worker could not be started"));
      this.worker.postMessage({ files: rest });
    });
  }

  static async unpacked() {
    const found = {};
    for (const [name, text] of Object.entries(PYTHON)) {
      const letters = atob(text);
      const bytes = new Uint8Array(letters.length);
      for (let n = 0; n < letters.length; n++) bytes[n] = letters.charCodeAt(n); // Uint8Array.from takes seconds
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      found[name] = new Uint8Array(await new Response(stream).arrayBuffer());
      PYTHON[name] = "";
    }
    return found;
  }

  // the result of desk.py; an Error whose message says which limit was reached
  async check(level, text) {
    await this.ready;
    const id = ++this.number;
    return new Promise((resolve, reject) => {
      let timer;
      const limit = (seconds, what) => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          this.restart();
          reject(new Error(`${what} took longer than ${seconds} seconds and was stopped.`));
        }, seconds * 1000);
      };
      limit(RUN_SECONDS, "Your text");
      this.worker.onmessage = ({ data }) => {
        if (data.id !== id) return;
        if (data.judging) return limit(JUDGE_SECONDS, "The judgement");
        clearTimeout(timer);
        if (data.failed) {
          this.restart();
          reject(new Error(`Python stopped: ${data.failed.split("\n").at(-2) ?? data.failed}`));
        } else resolve(JSON.parse(data.result));
      };
      const { given, answer, checks } = level;
      this.worker.postMessage({ id, level: JSON.stringify({ given, answer, checks }), text });
    });
  }
}
