/* What the pages can't do as plain HTML: keys for the reviewer, forms that find their fresh token. */
"use strict";
(() => {
  const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1];

  // A person who signed in again in another tab has a new token; the form she left open takes it.
  const refresh = (form) => {
    const field = form.querySelector("[name=csrfmiddlewaretoken]");
    if (field && token()) field.value = token();
  };
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    refresh(event.target);
    if (event.target.dataset.once === undefined) return;
    const button = event.submitter;
    setTimeout(() => { if (button) button.disabled = true; });
    setTimeout(() => { if (button) button.disabled = false; }, 4000);
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.parameters.csrfmiddlewaretoken && token()) event.detail.parameters.csrfmiddlewaretoken = token();
  });

  // What a phone keeps of pages for where there is no signal is for who is signed in, and nobody else.
  const keptFor = `on-site-pages-${document.body ? document.body.dataset.person || "" : ""}`;
  if ("caches" in window)
    caches.keys().then((names) => {
      for (const name of names) if (name.startsWith("on-site-pages-") && name !== keptFor) caches.delete(name);
    }).catch(() => {});

  // Filters send themselves; without this script there is a button for it.
  document.documentElement.classList.add("js");

  // Paper shows what is folded; a browser that can't do that by its style sheet alone opens it here.
  const folded = [];
  window.addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details.later:not([open]), details.settled:not([open])")) {
      fold.open = true;
      folded.push(fold);
    }
  });
  window.addEventListener("afterprint", () => { while (folded.length) folded.pop().open = false; });

  // Review by keyboard --------------------------------------------------------------------------
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
  const press = (selector) => {
    const found = document.querySelector(selector);
    if (found) found.click();
    return Boolean(found);
  };
  const keys = {
    j: () => press("[data-key=next]"),
    k: () => press("[data-key=previous]"),
    a: () => press("[data-key=accept]"),
    r: () => {
      const field = document.querySelector("[data-key=reason]");
      if (field) field.focus();
      return Boolean(field);
    },
    o: () => press("[data-key=open]"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (!document.querySelector("[data-review]")) return;
    if (keys[event.key] && keys[event.key]()) event.preventDefault();
  });
})();
