// The page that checks a notice in the reader's own browser.
import { Proved, Refused, verify } from "./proof";

const place = document.getElementById("verdict");
const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}") as { [key: string]: string };
const keys = document.getElementById("keys")?.textContent ?? "";
const number = place?.dataset.notice ?? "";

function say(kind: string, key: string, proved?: Proved): void {
  if (!place) return;
  let text = words[`web-verify-${key}`] ?? key;
  if (proved) {
    text = text.replace("{number}", proved.number).replace("{leaf}", String(proved.leaf)).replace("{size}", String(proved.size));
    if (proved.hidden.length > 0) text += ` ${words["web-verify-erased"]}`;
  }
  place.className = `callout ${kind}`;
  place.textContent = text;
}
function check(bundle: string, checkpoint: string | null): void {
  try {
    say("good", "good", verify(bundle, checkpoint, keys));
  } catch (error) {
    say("bad", error instanceof Refused ? error.reason : "format");
  }
}
async function fetched(path: string): Promise<string> {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Error(path);
  return answer.text();
}
async function start(): Promise<void> {
  say("", "working");
  try {
    const bundle = await fetched(`/notices/${encodeURIComponent(number)}/proof`);
    check(bundle, await fetched("/log/checkpoint"));
  } catch {
    say("warn", "network");
  }
}
if (place && number !== "" && place.dataset.known === "1") void start();
const file = document.getElementById("f-file") as HTMLInputElement | null;
file?.addEventListener("change", () => {
  const chosen = file.files?.[0];
  if (!chosen) return;
  const reader = new FileReader();
  reader.onload = () => check(String(reader.result), null);
  reader.readAsText(chosen);
});
document.querySelectorAll("[data-script]").forEach((part) => part.removeAttribute("hidden"));
