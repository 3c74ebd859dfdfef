// What a browser with scripts does more for a reporter: record his voice, print, and clear the screen of a village
// office. What is heard is what is sent.
import { plain } from "./sound";

const LONGEST_MS = 4 * 60_000;

const on = (node: Element | null, what: string, act: () => void): void => node?.addEventListener(what, act);

function voice(box: HTMLElement): void {
  const part = <T extends Element>(name: string): T => box.querySelector(name) as T;
  const [record, stop, remove] = ["[data-record]", "[data-stop]", "[data-delete]"].map((name) => part<HTMLButtonElement>(name));
  const [said, audio] = [part<HTMLElement>("[data-said]"), part<HTMLAudioElement>("audio")];
  const field = document.getElementById("f-voice") as HTMLInputElement;
  let recorder: MediaRecorder | null = null;
  const show = (state: "none" | "records" | "ready"): void => {
    record.hidden = state === "records"; stop.hidden = state !== "records";
    remove.hidden = state !== "ready"; audio.hidden = state !== "ready";
    said.textContent = state === "records" ? box.dataset.state ?? "" : state === "ready" ? box.dataset.ready ?? "" : "";
  };
  const clear = (): void => {
    if (audio.src) URL.revokeObjectURL(audio.src);
    audio.removeAttribute("src"); field.value = ""; show("none");
  };
  const take = async (parts: Blob[]): Promise<void> => {
    const sound = await plain(new Blob(parts, { type: parts[0]?.type ?? "" }));
    const files = new DataTransfer();
    files.items.add(new File([sound], "voice.wav", { type: "audio/wav", lastModified: 0 }));
    field.files = files.files;
    audio.src = URL.createObjectURL(sound);
    show("ready");
  };
  const failed = (): void => { clear(); said.textContent = box.dataset.failed ?? ""; };
  on(record, "click", async () => {
    clear();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const parts: Blob[] = [];
      recorder = new MediaRecorder(stream);
      recorder.ondataavailable = ({ data }) => { parts.push(data); };
      recorder.onstop = () => { stream.getTracks().forEach((track) => track.stop()); take(parts).catch(failed); };
      recorder.start();
      setTimeout(() => { if (recorder?.state === "recording") recorder.stop(); }, LONGEST_MS);
      show("records"); stop.focus();
    } catch { failed(); }
  });
  on(stop, "click", () => recorder?.stop());
  on(remove, "click", () => { clear(); record.focus(); });
  box.hidden = false;
}

// Nobody has touched the screen for a while: a warning, then everything goes and the first page comes. The page that
// is left is replaced, not kept: going back finds nothing.
function kiosk(form: HTMLFormElement): void {
  const [idle, warn] = [form.dataset.idle, form.dataset.warn].map((seconds) => Number(seconds) * 1000);
  const warning = form.querySelector("[role=alert]") as HTMLElement;
  let timers: number[] = [];
  const end = async (): Promise<void> => {
    document.querySelectorAll("form").forEach((one) => one.reset());
    const fields = new URLSearchParams();
    new FormData(form).forEach((value, name) => { if (typeof value === "string") fields.append(name, value); });
    // Whatever is answered, also when somebody has ended it in another window: the first page comes.
    try { await fetch(form.action, { method: "POST", body: fields, redirect: "manual" }); } catch { /* No network. */ }
    window.location.replace("/report?kiosk=1");
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); void end(); });
  const wait = (): void => {
    timers.forEach((timer) => window.clearTimeout(timer));
    warning.hidden = true;
    timers = [window.setTimeout(() => { warning.hidden = false; }, idle), window.setTimeout(end, idle + warn)];
  };
  // Not scrolling: the page does that by itself too.
  ["pointerdown", "keydown", "input", "wheel", "touchmove"].forEach((what) => document.addEventListener(what, wait, { passive: true }));
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.replace("/report?kiosk=1"); });
  wait();
}

const printed = (): void => document.querySelectorAll<HTMLButtonElement>("[data-print]").forEach((button) => {
  button.hidden = false;
  on(button, "click", () => window.print());
});
printed();
// A receipt that came without a new page.
on(document.documentElement, "shown", printed);
document.querySelectorAll<HTMLFormElement>("form[data-once]").forEach((form) => {
  on(form, "submit", () => { form.querySelectorAll("button").forEach((button) => { button.disabled = true; }); });
});
const box = document.querySelector<HTMLElement>("[data-voice]");
if (box && "MediaRecorder" in window && "DataTransfer" in window && navigator.mediaDevices) voice(box);
const end = document.querySelector<HTMLFormElement>("form.kiosk");
if (end) kiosk(end);
