/* Files on their way in: one after the other, each with its bar, cancelled, or taken up again where the network broke off. */
"use strict";
(() => {
  const PART_BYTES = 8 * 1024 * 1024;
  const PAUSES = [0, 1000, 3000, 6000, 12000, 20000, 30000, 60000];
  const NO_ROOM = 507;

  const token = (form) =>
    (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || form.querySelector("[name=csrfmiddlewaretoken]").value;

  // Only who sends a file needs the library.
  let library;
  const loaded = (form) => {
    library = library || new Promise((ready, failed) => {
      const script = document.createElement("script");
      script.src = form.dataset.library;
      script.addEventListener("load", () => ready(window.tus));
      script.addEventListener("error", () => { library = undefined; script.remove(); failed(new Error(script.src)); });
      document.head.append(script);
    });
    return library;
  };

  const button = (word) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "linkish";
    made.textContent = word;
    return made;
  };

  const row = (form, name) => {
    const item = document.createElement("li");
    const label = document.createElement("span");
    const bar = document.createElement("progress");
    const says = document.createElement("span");
    const stop = button(form.dataset.cancel);
    label.textContent = name;
    label.className = "name";
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", name);
    says.className = "says";
    says.setAttribute("role", "status");
    stop.setAttribute("aria-label", `${form.dataset.cancel} ${name}`);
    item.append(label, bar, says, stop);
    form.querySelector("[data-progress]").append(item);
    says.textContent = form.dataset.waiting;
    return { item, bar, says, stop };
  };

  const read = (html) => new DOMParser().parseFromString(html, "text/html");
  const sentences = (html, kind) => [...read(html).querySelectorAll(kind)].map((part) => part.textContent.trim()).join(" ");

  const swap = (html) => {
    for (const part of read(html).querySelectorAll("[data-part]")) {
      const old = document.getElementById(part.id);
      if (!old) continue;
      const now = document.importNode(part, true);
      old.replaceWith(now);
      if (window.htmx) window.htmx.process(now);
    }
  };

  const limitOf = (form, file) =>
    Number((/\.(mp4|mov)$/i.test(file.name) && form.dataset.videoLimit) || form.dataset.limit || 0);

  const metadataOf = (form, file) => {
    const told = { filename: file.name };
    for (const field of form.querySelectorAll("input[type=date]")) if (field.value) told[field.name] = field.value;
    return told;
  };

  // With other dates it is another upload, so that what was typed last counts.
  const fingerprint = (file, options) =>
    Promise.resolve(["ule", options.endpoint, file.size, file.lastModified, JSON.stringify(options.metadata)].join("-"));

  // What goes by itself: no answer at all, a server that stumbles, or two requests that met.
  const passes = (status) => status === 0 || status === 409 || status === 423 || (status >= 500 && status !== NO_ROOM);

  let goOn = () => {};
  window.addEventListener("online", () => goOn());

  const job = (form, file) => {
    const { item, bar, says, stop } = row(form, file.name);
    let upload;
    let isOver = false;
    let isCut = false;
    let finished;
    const end = new Promise((done) => { finished = done; });

    const close = (sentence, kind) => {
      if (isOver) return;
      isOver = true;
      const hadFocus = document.activeElement === stop;
      item.className = kind;
      bar.remove();
      stop.remove();
      says.textContent = sentence;
      if (kind) {
        const again = button(form.dataset.again);
        again.addEventListener("click", () => { item.remove(); sendAll(form, [file]); });
        item.append(again);
        if (hadFocus) again.focus();
      }
      finished();
    };
    const fail = (sentence) => close(sentence || form.dataset.failed, "failed");

    const show = async () => {
      try {
        const answer = await fetch(upload.url, { headers: { "HX-Request": "true" } });
        const html = await answer.text();
        if (!answer.ok) { close(sentences(html, ".errors, .note") || form.dataset.taken, "told"); return; }
        const said = sentences(html, ".same-bytes");
        swap(html);
        close(said, "");
        if (!said) item.remove();
      } catch {
        close(form.dataset.taken, "");
      }
    };

    const begin = async (tus) => {
      upload = new tus.Upload(file, {
        endpoint: form.dataset.uploads,
        chunkSize: PART_BYTES,
        retryDelays: PAUSES,
        metadata: metadataOf(form, file),
        fingerprint,
        removeFingerprintOnSuccess: true,
        headers: { "HX-Request": "true" },
        onBeforeRequest: (request) => request.setHeader("X-CSRFToken", token(form)),
        onShouldRetry: (fault) => {
          isCut = passes(fault.originalResponse ? fault.originalResponse.getStatus() : 0);
          if (isCut) says.textContent = form.dataset.cut;
          return isCut;
        },
        onProgress: (sent, total) => {
          isCut = false;
          bar.value = (100 * sent) / total;
          stop.hidden = sent === total;
          says.textContent = sent === total ? form.dataset.checked : "";
        },
        onError: (fault) => fail(fault.originalResponse ? sentences(fault.originalResponse.getBody(), ".errors, .note") : ""),
        onSuccess: show,
      });
      const [before] = await upload.findPreviousUploads();
      if (isOver) return;
      if (before) upload.resumeFromPreviousUpload(before);
      upload.start();
    };

    stop.addEventListener("click", () => {
      close(form.dataset.cancelled, "told");
      // What can't be told to the server now is forgotten there by itself.
      if (upload) upload.abort(true).catch(() => {});
    });

    const run = () => {
      if (isOver) return end;
      says.textContent = "";
      goOn = () => { if (isCut && !isOver) upload.abort().then(() => upload.start()); };
      loaded(form).then(begin).catch(() => fail());
      return end;
    };
    const limit = limitOf(form, file);
    if (limit && file.size > limit) fail(form.dataset.tooBig);
    return run;
  };

  // One after the other: a phone's network carries one file well and five badly.
  let queue = Promise.resolve();
  const sendAll = (form, files) => {
    for (const run of files.map((file) => job(form, file))) queue = queue.then(run);
  };

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
})();
