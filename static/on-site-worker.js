/* Lets the checklists of one round open where there is no signal. It keeps what the server marked as hers, for one person at a time. */
"use strict";
const PAGES = "on-site-pages-";
const FILES = "on-site-files";
const PATIENCE = 6000;

const pagesOf = async (person) => {
  for (const name of await caches.keys())
    if (name.startsWith(PAGES) && name !== PAGES + person) await caches.delete(name);
  return person ? caches.open(PAGES + person) : undefined;
};

const kept = async (address) => {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES) && name !== FILES) continue;
    const found = await (await caches.open(name)).match(address, { ignoreVary: true });
    if (found) return found;
  }
  return undefined;
};

const plain = (address) => {
  const url = new URL(address, self.location.href);
  url.hash = "";
  return url.href;
};

// Whoever is led elsewhere has no session any more: what is kept for her goes, what waits stays.
const notePage = async (address, answer) => {
  if (answer.type === "opaqueredirect" || answer.redirected) { await pagesOf(""); return; }
  const person = answer.headers.get("X-Kept-For");
  if (answer.ok && person) { await (await pagesOf(person)).put(address, answer); return; }
  if (answer.status < 500)
    for (const name of await caches.keys())
      if (name.startsWith(PAGES)) await (await caches.open(name)).delete(address, { ignoreVary: true });
};

const noteFile = async (address, answer) => {
  if (answer.ok && answer.type === "basic") await (await caches.open(FILES)).put(address, answer);
};

const isPage = (address) => address.startsWith(self.registration.scope);
const isFile = (address) => new URL(address).pathname.startsWith("/static/");

const bring = async (event, note) => {
  const address = plain(event.request.url);
  const fresh = fetch(event.request).then((answer) => {
    event.waitUntil(note(address, answer.clone()).catch(() => {}));
    return answer;
  });
  event.waitUntil(fresh.catch(() => {}));
  const there = await kept(address);
  if (!there) return fresh;
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE, there); });
  return Promise.race([fresh.catch(() => there), late]);
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method !== "GET" || !url.startsWith(self.location.origin)) return;
  if (isPage(url)) event.respondWith(bring(event, notePage));
  else if (isFile(url)) event.respondWith(bring(event, noteFile));
});

// A page names what it is made of, and the pages that lead on from it.
self.addEventListener("message", (event) => {
  const take = async (address) => {
    const note = isPage(address) ? notePage : noteFile;
    await note(plain(address), await fetch(address, { credentials: "same-origin" }));
  };
  const asked = (event.data.keep || []).filter((address) => isPage(address) || isFile(address));
  const tidy = async () => {
    const wanted = new Set(asked.map(plain));
    const files = await caches.open(FILES);
    for (const request of await files.keys()) if (!wanted.has(request.url)) await files.delete(request);
  };
  event.waitUntil((async () => {
    let isWhole = true;
    for (const address of asked) await take(address).catch(() => { isWhole = false; });
    // All pages here are made of the same files: what is left is of an older site.
    if (isWhole) await tidy();
    if (event.ports[0]) event.ports[0].postMessage("kept");
  })());
});
