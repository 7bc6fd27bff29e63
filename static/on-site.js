/* A round's checklist on a phone: what is entered is kept at once, shown, and sent when there is a signal. */
"use strict";
(() => {
  const site = document.querySelector("[data-on-site]");
  const phone = window.onSiteStore;
  if (!site || !phone || !window.indexedDB) return;
  const { person, door, photoDoor, page: here } = site.dataset;
  const PAUSES = [5000, 10000, 30000, 60000];
  // What was sent from this page stands there until it is opened anew.
  const sent = new Map();
  let why = "";
  let hint = "";
  let isSending = false;

  const mine = (look) => look.person === person;
  const waits = (look) => look.state === "waiting";
  const forms = () => [...document.querySelectorAll("form[data-item]")];
  const formOf = (item) => document.querySelector(`form[data-item="${item}"]`);
  const word = (name) => site.dataset[name] || "";
  const counted = (one, many, count) => word(count === 1 ? one : many).replace("{n}", count);

  const make = (kind, text, classes = "") => {
    const made = document.createElement(kind);
    made.textContent = text;
    if (classes) made.className = classes;
    return made;
  };
  const button = (text, act) => {
    const made = make("button", text, "btn btn-plain");
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };

  // What is shown ------------------------------------------------------------------------------
  const resultWord = (look) => {
    const form = formOf(look.item);
    const box = form && form.querySelector(`[name=result][value="${look.result}"]`);
    return box ? box.closest("label").textContent.trim() : look.resultWord;
  };
  const told = (look) => {
    const at = new Date(look.checked_at);
    const clock = at.toLocaleTimeString("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
    const photos = look.photos.length ? counted("photo", "photos", look.photos.length) : "";
    return [resultWord(look), clock, photos, look.note].filter(Boolean).join(" · ");
  };
  const away = async (look) => {
    await phone.drop(look);
    await phone.dropPhotos(look.photos);
  };
  const line = (look) => {
    const item = make("li", "", `kept ${look.state}`);
    const says = { waiting: word(isSending && navigator.onLine ? "sending" : "waiting"), refused: word("refused"), sent: word("sent") };
    item.append(make("b", says[look.state]), make("span", told(look)));
    if (look.state !== "refused") return item;
    item.append(make("p", look.reason, "errors"));
    if (look.page !== here) {
      const link = make("a", word("open"), "btn btn-plain");
      link.href = look.page;
      item.append(link);
    }
    item.append(button(word("again"), () => renew(look)));
    if (look.page === here && formOf(look.item)) item.append(button(word("change"), () => change(look)));
    item.append(button(word("remove"), async () => { await away(look); await show(); }));
    return item;
  };
  const place = (look) =>
    (look.page === here && document.querySelector(`[data-kept="${look.item}"]`)) || document.querySelector("[data-kept='']");

  const show = async () => {
    const looks = await phone.all();
    const others = looks.filter((look) => !mine(look) && look.state !== "draft").length;
    const waiting = looks.filter((look) => mine(look) && waits(look)).length;
    const of = looks.filter((look) => mine(look) && (look.state === "refused" || (waits(look) && look.page === here)));
    for (const list of document.querySelectorAll("[data-kept]")) list.replaceChildren();
    for (const look of [...sent.values(), ...of]) place(look).append(line(look));
    const parts = [];
    if (waiting) parts.push(counted("oneWaits", "manyWait", waiting), why || (navigator.onLine ? "" : word("noSignal")));
    else if (sent.size) parts.push(word("allSent"));
    if (hint) parts.push(hint);
    if (others) parts.push(counted("oneOther", "manyOthers", others));
    const text = parts.filter(Boolean).join(" ");
    const all = document.querySelector("[data-all]");
    if (all.firstChild.data !== `${text} `) all.firstChild.data = `${text} `;
    all.hidden = !text;
    document.querySelector("[data-sign-in]").hidden = why !== word("signedOut");
  };

  // What is being entered ----------------------------------------------------------------------
  const drafts = new Map();
  const empty = (form) => ({
    token: phone.token(), person, page: here, door, photoDoor, item: form.dataset.item, state: "draft", photos: [],
  });
  const read = (form) => {
    const draft = drafts.get(form) || empty(form);
    const data = new FormData(form);
    for (const name of ["result", "note", "remedy", "remedy_due_on"]) draft[name] = data.get(name) || "";
    draft.resultWord = draft.result ? resultWord(draft) : "";
    drafts.set(form, draft);
    return draft;
  };
  const photoLine = async (form, draft, photo) => {
    const item = document.createElement("li");
    const image = document.createElement("img");
    image.alt = photo.name;
    image.src = URL.createObjectURL(await phone.readPhoto(photo));
    const remove = button(word("remove"), async () => {
      draft.photos = draft.photos.filter((each) => each !== photo);
      await phone.put(draft);
      await phone.dropPhotos([photo]);
      await showPhotos(form);
    });
    remove.setAttribute("aria-label", `${word("remove")} ${photo.name}`);
    item.append(image, remove);
    return item;
  };
  const showPhotos = async (form) => {
    const list = form.querySelector("[data-photos]");
    const draft = drafts.get(form);
    const items = [];
    for (const photo of draft ? draft.photos : []) items.push(await photoLine(form, draft, photo));
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(...items);
  };
  const fill = (form, draft) => {
    drafts.set(form, draft);
    for (const box of form.querySelectorAll("[name=result]")) box.checked = box.value === draft.result;
    for (const name of ["note", "remedy", "remedy_due_on"]) form.elements[name].value = draft[name] || "";
    showPhotos(form);
  };
  const say = (form, text) => {
    const fault = form.querySelector("[data-fault]");
    fault.textContent = text;
    fault.hidden = !text;
  };
  const takePhotos = async (form, field) => {
    const files = [...field.files];
    field.value = "";
    for (const file of files) {
      // Some phones name no type; the server looks into the file in any case.
      if (file.type && !file.type.startsWith("image/")) { say(form, word("onlyPhotos")); continue; }
      const draft = read(form);
      draft.photos.push(await phone.keepPhoto(file));
      await phone.put(draft);
    }
    await showPhotos(form);
  };

  const finish = async (form) => {
    const draft = read(form);
    const isFault = draft.result === "fault";
    if (!draft.result) { say(form, word("chooseResult")); return; }
    if (isFault && !draft.note.trim()) { say(form, word("sayWhat")); form.elements.note.focus(); return; }
    const look = { ...draft, state: "waiting", checked_at: new Date().toISOString() };
    if (!isFault) Object.assign(look, { remedy: "", remedy_due_on: "" });
    try {
      await phone.put(look);
    } catch {
      // No room on the phone: the form itself still holds it.
      say(form, word("notKept"));
      return;
    }
    drafts.delete(form);
    form.reset();
    say(form, "");
    await showPhotos(form);
    await show();
    send();
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  };

  const renew = async (look) => {
    await phone.put({ ...look, state: "waiting", reason: "" });
    await show();
    send();
  };
  const change = async (look) => {
    const form = formOf(look.item);
    const photos = look.photos.map(({ key, name, type }) => ({ key, name, type }));
    const draft = { ...look, token: phone.token(), state: "draft", reason: "", photos };
    await phone.put(draft);
    await phone.drop(look);
    fill(form, draft);
    await show();
    form.elements.note.focus();
  };

  // What is sent -------------------------------------------------------------------------------
  const renewSeen = async (item) => {
    if (!document.getElementById(`seen-${item}`)) return;
    const answer = await fetch(here, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById(`seen-${item}`);
    if (now) document.getElementById(`seen-${item}`).replaceWith(document.importNode(now, true));
  };
  const sendOne = async (look) => {
    try {
      await phone.sendLook(look);
    } catch (fault) {
      if (!(fault instanceof phone.Refused)) throw fault;
      await phone.put({ ...look, state: "refused", reason: fault.message });
      return;
    }
    await away(look);
    if (look.page !== here) return;
    sent.set(look.token, { ...look, state: "sent" });
    await renewSeen(look.item).catch(() => {});
  };
  const sendAll = async () => {
    why = "";
    isSending = true;
    try {
      for (const look of (await phone.all()).filter((each) => mine(each) && waits(each))) {
        await show();
        await sendOne(look);
      }
    } catch (fault) {
      why = fault.status === 401 ? word("signedOut") : fault.message;
    } finally {
      isSending = false;
    }
    await show();
    return (await phone.all()).some((look) => mine(look) && waits(look));
  };

  // Two tabs would only send the same twice, which counts once; one is enough.
  const alone = (act) =>
    navigator.locks ? navigator.locks.request("on-site-send", { ifAvailable: true }, (lock) => (lock ? act() : true)) : act();
  let timer;
  let tries = 0;
  const send = async () => {
    clearTimeout(timer);
    if (isSending) return;
    if (!(await alone(sendAll))) { tries = 0; return; }
    timer = setTimeout(send, PAUSES[Math.min(tries, PAUSES.length - 1)]);
    tries += 1;
  };
  const hurry = () => { tries = 0; show().then(send); };
  window.addEventListener("online", hurry);
  window.addEventListener("offline", () => show());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) hurry(); });

  // The page itself, for where there is no signal ----------------------------------------------
  const keepPages = async () => {
    if (!navigator.serviceWorker || !site.dataset.scope) return;
    await navigator.serviceWorker.register(site.dataset.worker, { scope: site.dataset.scope });
    const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((part) => part.href || part.src);
    const icons = [...document.querySelectorAll("use")].map((part) => new URL(part.getAttribute("href"), location.href).href.split("#")[0]);
    const pages = [...document.querySelectorAll("[data-keep]")].map((part) => part.href);
    const keep = [new URL(here, location.href).href, ...new Set([...files, ...icons]), ...pages];
    const { active } = await navigator.serviceWorker.ready;
    const channel = new MessageChannel();
    channel.port1.addEventListener("message", () => { document.documentElement.dataset.keptHere = "yes"; });
    channel.port1.start();
    active.postMessage({ keep }, [channel.port2]);
  };

  const begin = async () => {
    const looks = await phone.all();
    for (const form of forms()) {
      const draft = looks.find((look) => mine(look) && look.state === "draft" && look.page === here && look.item === form.dataset.item);
      if (draft && !form.querySelector("[role=alert]:not([hidden])")) fill(form, draft);
      form.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); finish(form); });
      form.addEventListener("input", (event) => {
        if (event.target.type === "file") return;
        say(form, "");
        phone.put(read(form)).catch(() => say(form, word("notKept")));
      });
      form.addEventListener("change", (event) => { if (event.target.type === "file") takePhotos(form, event.target).catch(() => say(form, word("notKept"))); });
    }
    await show();
    send();
  };
  // A source or a remedy goes the plain way: without a signal it would end at the browser's own page.
  document.addEventListener("submit", (event) => {
    if (navigator.onLine || event.target.dataset.item || event.target.method !== "post") return;
    event.preventDefault();
    event.stopPropagation();
    hint = word("needsSignal");
    show();
  }, true);
  window.addEventListener("online", () => { hint = ""; });
  // Where the phone keeps nothing, the forms go the plain way.
  begin().then(keepPages).catch(() => {});
})();
