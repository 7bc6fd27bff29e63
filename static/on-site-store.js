/* What was seen on site and is not sent yet, kept on the phone; and its way to the server. */
"use strict";
window.onSiteStore = (() => {
  const NAME = "on-site";
  const LOOKS = "looks";
  // Apart from the looks, so that to show what waits no picture is read.
  const PHOTOS = "photos";
  // What goes by itself: nobody answers, not signed in, too slow, too much at once, no room.
  const PASSES = new Set([401, 408, 425, 429, 507]);

  const asked = (request) => new Promise((ready, failed) => {
    request.addEventListener("success", () => ready(request.result));
    request.addEventListener("error", () => failed(request.error));
  });
  let opened;
  const open = () => {
    opened = opened || new Promise((ready, failed) => {
      const request = indexedDB.open(NAME, 1);
      request.addEventListener("upgradeneeded", () => {
        request.result.createObjectStore(LOOKS, { keyPath: "token" });
        request.result.createObjectStore(PHOTOS, { keyPath: "key" });
      });
      request.addEventListener("success", () => ready(request.result));
      request.addEventListener("error", () => failed(request.error));
    });
    return opened;
  };
  const store = async (name, mode) => (await open()).transaction(name, mode).objectStore(name);
  const all = async () => {
    const looks = await asked((await store(LOOKS, "readonly")).getAll());
    return looks.sort((one, other) => (one.checked_at || "").localeCompare(other.checked_at || ""));
  };
  const put = async (look) => asked((await store(LOOKS, "readwrite")).put(look));
  const drop = async (look) => asked((await store(LOOKS, "readwrite")).delete(look.token));
  const keepPhoto = async (file) => {
    const photo = { key: token(), name: file.name, type: file.type };
    const bytes = await file.arrayBuffer();
    await asked((await store(PHOTOS, "readwrite")).put({ key: photo.key, bytes }));
    return photo;
  };
  const readPhoto = async (photo) => {
    const found = await asked((await store(PHOTOS, "readonly")).get(photo.key));
    return new Blob([found.bytes], { type: photo.type });
  };
  const dropPhotos = async (photos) => {
    for (const photo of photos) await asked((await store(PHOTOS, "readwrite")).delete(photo.key));
  };

  // Made by hand where the browser makes none outside of https.
  const token = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  };

  class Waits extends Error {}
  class Refused extends Error {}

  const sentence = async (answer) => {
    const text = await answer.text();
    try { return JSON.parse(text); } catch { /* a page or a note of ours */ }
    const parts = new DOMParser().parseFromString(text, "text/html").querySelectorAll(".note");
    return { reason: [...parts].map((part) => part.textContent.trim()).join(" ") };
  };

  const knock = async (address, body, headers = {}) => {
    const csrf = (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";
    // Who has no token has no session either, and would only be told that the form was too old.
    if (!csrf) throw Object.assign(new Waits(""), { status: 401 });
    let answer;
    try {
      answer = await fetch(address, {
        method: "POST",
        body,
        credentials: "same-origin",
        headers: { "X-CSRFToken": csrf, "HX-Request": "true", ...headers },
      });
    } catch {
      throw new Waits("");
    }
    if (answer.ok) return answer.json().catch(() => { throw new Waits(""); });
    const said = await sentence(answer);
    const passes = said.waits || PASSES.has(answer.status) || answer.status >= 500;
    const fault = passes ? new Waits(said.reason || "") : new Refused(said.reason || String(answer.status));
    fault.status = answer.status;
    throw fault;
  };

  const sendPhotos = async (look) => {
    for (const photo of look.photos) {
      if (photo.id) continue;
      const body = new FormData();
      body.append("person", look.person);
      body.append("photo", await readPhoto(photo), photo.name);
      photo.id = (await knock(look.photoDoor, body)).photo;
      await put(look);
    }
  };

  const FIELDS = ["token", "item", "result", "note", "remedy", "remedy_due_on", "checked_at"];
  const sendLook = async (look) => {
    await sendPhotos(look);
    const told = Object.fromEntries(FIELDS.map((name) => [name, look[name]]));
    told.photos = look.photos.map((photo) => photo.id);
    const body = JSON.stringify({ person: Number(look.person), looks: [told] });
    const answer = await knock(look.door, body, { "Content-Type": "application/json" });
    const { state, reason } = (answer.looks || {})[look.token] || {};
    if (state === "refused") throw new Refused(reason);
    if (state !== "sent") throw new Waits("");
  };

  return { all, put, drop, keepPhoto, readPhoto, dropPhotos, token, sendLook, Waits, Refused };
})();
