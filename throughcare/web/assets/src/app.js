// What the pages do beyond plain HTML. Each part makes a page easier and none is needed: everything works without it.

const body = document.body;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const WARN_BEFORE = 2 * MINUTE; // a session's end is announced this long ahead
const KEPT_ALIVE = 60_000; // browsers finish sending this much, in bytes, after the page is left
const DRAFT_PAUSE = 2 * SECOND; // long text is saved this long after the last key

// A form sent to the service in the background, under the reader's own session, which counts as using it.
async function send(address, values) {
  const form = new URLSearchParams(values);
  form.set("csrf_token", body.dataset.csrf);
  const answer = await fetch(address, {
    method: "POST",
    body: form,
    credentials: "same-origin",
    redirect: "error",
    keepalive: form.toString().length < KEPT_ALIVE,
  });
  if (!answer.ok) throw new Error(answer.status);
  document.dispatchEvent(new Event("throughcare:used"));
}

// A question that hangs on another's answer is hidden, and not sent, until that answer is given.
function follow(block) {
  const form = block.closest("form");
  const asks = () => [...form.elements].filter((control) => control.name === block.dataset.whenField);
  const answered = (control) =>
    !control.disabled && control.value === block.dataset.whenValue && (control.checked || !["radio", "checkbox"].includes(control.type));
  const show = () => {
    const shown = asks().some(answered);
    block.hidden = !shown;
    for (const control of block.querySelectorAll("input, select, textarea")) control.disabled = !shown;
  };
  form.addEventListener("change", show);
  show();
}

// Long text saves itself, so that a lost connection or a session's end costs nothing.
function keepDraft(form) {
  const status = form.querySelector("[data-draft-status]");
  let waiting = 0;
  let saved = "";
  const typed = () => [...form.querySelectorAll("textarea")].map((area) => [area.name, area.value]);
  const save = async () => {
    clearTimeout(waiting);
    waiting = 0;
    const boxes = typed();
    if (JSON.stringify(boxes) === saved) return;
    try {
      await send("/drafts", [["draft_key", form.dataset.draftKey], ...boxes]);
      saved = JSON.stringify(boxes);
      if (status) status.textContent = "What you have written is saved as a draft.";
    } catch {
      if (status) status.textContent = "We could not save a draft. Copy what you have written before you leave the page.";
    }
  };
  saved = JSON.stringify(typed());
  form.addEventListener("input", (event) => {
    if (event.target.tagName !== "TEXTAREA") return;
    clearTimeout(waiting);
    waiting = setTimeout(save, DRAFT_PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    waiting = 0;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && waiting) save();
  });
}

// Two minutes before the session ends the reader may keep it. Another tab's use of the service counts as use.
function watchSession(dialog, idle) {
  const left = dialog.querySelector("[data-timeout-left]");
  let ends = 0;
  const used = () => {
    ends = Date.now() + idle;
    if (dialog.open) dialog.close();
  };
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("throughcare-session") : null;
  const tell = () => {
    used();
    if (tabs) tabs.postMessage("used");
  };
  if (tabs) tabs.onmessage = used;
  const leave = () => location.assign(location.pathname + location.search); // signing in leads back here
  const stay = async () => {
    try {
      await send("/session/stay", []);
    } catch {
      leave();
    }
  };
  dialog.querySelector("[data-timeout-stay]").addEventListener("click", stay);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
  });
  const look = () => {
    const rest = ends - Date.now();
    if (rest > WARN_BEFORE) return;
    if (rest <= 0) {
      leave();
      return;
    }
    const minutes = Math.ceil(rest / MINUTE);
    const words = minutes === 1 ? "1 minute" : `${minutes} minutes`;
    if (left.textContent !== words) left.textContent = words;
    if (!dialog.open) dialog.showModal();
  };
  tell();
  document.addEventListener("throughcare:used", tell);
  setInterval(look, 5 * SECOND);
}

for (const block of document.querySelectorAll("[data-when-field]")) follow(block);
for (const form of document.querySelectorAll("form[data-draft-key]")) keepDraft(form);

const dialog = document.getElementById("tc-timeout");
if (dialog && body.dataset.idleMinutes) watchSession(dialog, Number(body.dataset.idleMinutes) * MINUTE);

// A thread of messages opens at the latest one.
for (const thread of document.querySelectorAll(".moj-message-list")) thread.scrollTop = thread.scrollHeight;

if (body.dataset.govuk) {
  const { initAll } = await import(body.dataset.govuk);
  initAll();
}
