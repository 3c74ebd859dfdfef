// Convenience for the office (htmx): pages do the same without it. A form that names a draft is saved
// quietly some seconds after typing stops, so that a time-out or an empty battery costs nothing.
import htmx from "htmx.org";
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;

const QUIET_MS = 4000;

async function keep(form: HTMLFormElement): Promise<void> {
  const fields = new URLSearchParams();
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string") fields.append(name, value);
  });
  const said = form.querySelector<HTMLElement>("[data-kept]");
  try {
    const answer = await fetch("/office/drafts", { method: "POST", body: fields, headers: { "x-quiet": "1" }, redirect: "manual" });
    if (said && answer.status === 204) said.textContent = `${said.dataset.kept} ${new Date().toTimeString().slice(0, 5)}`;
  } catch {
    // No network: what is typed is still on the page.
  }
}

document.querySelectorAll<HTMLFormElement>("form[data-draft]").forEach((form) => {
  let waiting = 0;
  form.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void keep(form), QUIET_MS);
  });
  // What is sent is not saved once more behind it.
  form.addEventListener("submit", () => window.clearTimeout(waiting));
});

// A page that waits for something is drawn anew while it does: without scripts it loads itself again.
function poll(part: HTMLElement): void {
  window.setTimeout(async () => {
    try {
      const answer = await fetch(window.location.href, { redirect: "manual" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
      if (!fresh) return;
      part.replaceWith(fresh);
      if (fresh.dataset.poll) poll(fresh);
    } catch {
      poll(part);
    }
  }, Number(part.dataset.poll));
}
document.querySelectorAll<HTMLElement>("[data-poll]").forEach(poll);
