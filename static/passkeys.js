// Says in words what went wrong with a passkey: by itself it would stand in the console only.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const note = document.getElementById("passkey-fault");
  if (note) note.hidden = false;
});
