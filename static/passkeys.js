// Says in words what went wrong with a passkey: by itself it would stand in the console only.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const note = document.getElementById("passkey-fault");
  if (note) note.hidden = false;
});

// Until allauth listens, which it does from this event on, a click would do nothing or send nothing.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-passkey]")) button.disabled = false;
});
