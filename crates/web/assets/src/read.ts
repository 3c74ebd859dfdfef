// Reads a page aloud in elder mode, with a voice of the reader's own device: nothing is sent anywhere. Where the
// device has none, the button stays hidden.
const button = document.getElementById("read") as HTMLButtonElement | null;
const main = document.getElementById("main");
const blocks = "h1, h2, h3, p, li, dt, dd, td, th, caption, figcaption, summary, legend, label";

interface Piece { text: string; place: HTMLElement; lang: string }

// Pieces in the order of the page; what lies inside another piece is read with it.
function pieces(): Piece[] {
  const found: Piece[] = [];
  for (const place of Array.from(main?.querySelectorAll<HTMLElement>(blocks) ?? [])) {
    const inner = place.querySelector(blocks);
    const hidden = place.offsetParent === null || place.closest("noscript, script, .no-read") !== null;
    const text = (place.textContent ?? "").replace(/\s+/g, " ").trim();
    if (hidden || inner || text === "") continue;
    const label = place.dataset.label ? `${place.dataset.label}：` : "";
    const lang = place.closest<HTMLElement>("[lang]")?.lang ?? "zh-CN";
    // Some voices stop in the middle of a long text.
    for (const part of `${label}${text}`.match(/[^。！？；.!?;]{1,120}[。！？；.!?;]?/g) ?? []) found.push({ text: part, place, lang });
  }
  return found;
}

let at = -1;
let queue: Piece[] = [];
function mark(place: HTMLElement | null): void {
  document.querySelectorAll(".reading").forEach((one) => one.classList.remove("reading"));
  place?.classList.add("reading");
  place?.scrollIntoView({ block: "center" });
}
function show(reading: boolean): void {
  if (!button) return;
  button.setAttribute("aria-pressed", String(reading));
  button.textContent = (reading ? button.dataset.stop : button.dataset.start) ?? "";
}
function next(): void {
  at += 1;
  const piece = queue[at];
  mark(piece?.place ?? null);
  if (!piece) { show(false); at = -1; return; }
  const said = new SpeechSynthesisUtterance(piece.text);
  said.lang = piece.lang;
  said.rate = 0.85;
  const mine = at;
  said.onend = () => { if (at === mine) next(); };
  said.onerror = said.onend;
  speechSynthesis.speak(said);
}
function stop(): void {
  at = -1;
  queue = [];
  speechSynthesis.cancel();
  mark(null);
  show(false);
}
if (button && "speechSynthesis" in window && "SpeechSynthesisUtterance" in window) {
  button.hidden = false;
  button.addEventListener("click", () => {
    if (at >= 0) { stop(); return; }
    speechSynthesis.cancel();
    queue = pieces();
    show(true);
    next();
  });
  window.addEventListener("pagehide", stop);
}
