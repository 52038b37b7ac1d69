// The state as a part of the page's address: it stays behind the #, which no browser sends to a server.
"use strict";

const Link = {
  VERSION: "1",

  async write(state) {
    const packed = await Link._through(new TextEncoder().encode(JSON.stringify(state)), new CompressionStream("deflate-raw"));
    let text = "";
    for (const byte of packed) text += String.fromCharCode(byte);
    return `#${Link.VERSION}.${btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
  },

  // the state, or null for an address without one or with one that cannot be read
  async read(fragment) {
    const [version, text] = fragment.replace(/^#/, "").split(".");
    if (version !== Link.VERSION || !text) return null;
    try {
      const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
      const state = JSON.parse(new TextDecoder().decode(await Link._through(bytes, new DecompressionStream("deflate-raw"))));
      const texts = Object.entries(state.texts ?? {}).filter(([, value]) => typeof value === "string");
      return { level: String(state.level), texts: Object.fromEntries(texts) };
    } catch {
      return null;
    }
  },

  async _through(bytes, stream) {
    return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
  },
};
