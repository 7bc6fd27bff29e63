/* What the pages can't do as plain HTML: uploads with progress, keys for the reviewer, forms that find their fresh token. */
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

  // Uploads -------------------------------------------------------------------------------------
  const row = (form, name) => {
    const item = document.createElement("li");
    const label = document.createElement("span");
    const bar = document.createElement("progress");
    const says = document.createElement("span");
    label.textContent = name;
    label.className = "name";
    bar.max = 100;
    bar.value = 0;
    says.className = "says";
    says.setAttribute("role", "status");
    item.append(label, bar, says);
    form.querySelector("[data-progress]").append(item);
    return { item, bar, says };
  };

  const swap = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const part of fresh.querySelectorAll("[data-part]")) {
      const old = document.getElementById(part.id);
      if (!old) continue;
      const now = document.importNode(part, true);
      old.replaceWith(now);
      if (window.htmx) window.htmx.process(now);
    }
  };

  const refusal = (html) => {
    const said = new DOMParser().parseFromString(html, "text/html").querySelectorAll(".errors, .note");
    return [...said].map((part) => part.textContent.trim()).join(" ");
  };

  const hint = (html) => {
    const said = new DOMParser().parseFromString(html, "text/html").querySelectorAll(".same-bytes");
    return [...said].map((part) => part.textContent.trim()).join(" ");
  };

  const send = (form, file) => new Promise((done) => {
    const { item, bar, says } = row(form, file.name);
    const fail = (sentence) => {
      item.className = "failed"; bar.remove(); says.textContent = sentence;
      const again = document.createElement("button");
      again.type = "button"; again.className = "linkish"; again.textContent = form.dataset.again;
      again.addEventListener("click", () => { item.remove(); send(form, file); });
      item.append(again); done();
    };
    const isVideo = /\.(mp4|mov)$/i.test(file.name);
    const limit = Number((isVideo && form.dataset.videoLimit) || form.dataset.limit || 0);
    if (limit && file.size > limit) { fail(form.dataset.tooBig); return; }
    refresh(form);
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    for (const field of form.querySelectorAll("input[type=date]")) data.append(field.name, field.value);
    data.append("files", file, file.name);
    const call = new XMLHttpRequest();
    call.open("POST", form.action);
    call.setRequestHeader("HX-Request", "true");
    call.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
    });
    call.addEventListener("load", () => {
      if (call.status === 200) {
        const said = hint(call.responseText);
        swap(call.responseText);
        if (said) { bar.remove(); says.textContent = said; } else { item.remove(); }
        done();
        return;
      }
      fail(refusal(call.responseText) || form.dataset.failed);
    });
    call.addEventListener("error", () => fail(form.dataset.failed));
    call.send(data);
  });

  // One after the other: a phone's network carries one file well and five badly.
  const sendAll = async (form, files) => { for (const file of files) await send(form, file); };

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-upload]");
    if (!form || event.target.type !== "file") return;
    const files = [...event.target.files];
    event.target.value = "";
    sendAll(form, files);
  });
  const over = (event) => event.target.closest && event.target.closest("form[data-upload]");
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const form = over(event);
      const hasFiles = event.dataTransfer && [...event.dataTransfer.types].includes("Files");
      if (kind !== "dragleave" && hasFiles) event.preventDefault();
      if (!form) return;
      form.classList.toggle("over", kind === "dragover");
      if (kind === "drop") sendAll(form, [...event.dataTransfer.files]);
    });
  }

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
