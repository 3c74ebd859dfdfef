// Seals a report where it is written: text, name and files go out as age files for the office that the server named
// after the facts for routing; the server checks that they are for that office and no other, and reads none of it.
// Without scripts, or where a browser cannot do it, the server seals, and the page says so.
import { Encrypter, generateIdentity, identityToRecipient } from "age-encryption";
import { cleaned } from "./bare";

// Texts are filled up to a multiple of this, as the server does it: their length tells less.
const FILL = 2048;

const sealed = async (recipient: string, bytes: Uint8Array): Promise<Uint8Array> => {
  const to = new Encrypter();
  to.addRecipient(recipient);
  return to.encrypt(bytes);
};

function filled(value: unknown): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(value));
  const bytes = new Uint8Array(Math.ceil(text.length / FILL) * FILL).fill(32);
  bytes.set(text);
  return bytes;
}

const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const words = (list: string | undefined): string[] => (list ?? "").split(" ").filter((word) => word !== "");

// A key of its own for a part; its secret goes to the recipients, each by himself.
async function key(body: FormData, part: string, to: string[]): Promise<string> {
  const secret = await generateIdentity();
  const recipient = await identityToRecipient(secret);
  body.append(`${part}_key`, recipient);
  for (const one of to) body.append(`${part}_wrap`, `${one}:${base64(await sealed(one, new TextEncoder().encode(secret)))}`);
  return recipient;
}

const file = (body: FormData, bytes: Uint8Array): void => body.append("files", new Blob([bytes as Uint8Array<ArrayBuffer>]), "sealed.age");

// What is wrong with a form, in the words of the page.
class Wrong extends Error {}

async function packed(form: HTMLFormElement): Promise<FormData> {
  const value = (name: string): string => {
    const field = form.querySelector<HTMLInputElement>(`[name="${name}"]:not([type=radio]), [name="${name}"]:checked`);
    return (field?.value ?? "").trim();
  };
  const wrong = (code: string): Wrong => new Wrong(form.dataset[code] ?? "");
  const files = Array.from(form.querySelectorAll<HTMLInputElement>("input[type=file]"), (input) => Array.from(input.files ?? []));
  const given = ([] as File[]).concat(...files);
  if (value("text") === "" && given.length === 0) throw wrong("empty");
  const named = value("identity") === "named";
  if (named && (value("name") === "" || value("contact") === "")) throw wrong("partial");
  if (given.length > Number(form.dataset.most)) throw wrong("many");
  const clean = [];
  for (let at = 0; at < given.length; at++) {
    const one = await cleaned(given[at], at);
    if (typeof one === "string") throw wrong(one);
    if (one.bytes.length > Number(form.dataset.bytes)) throw wrong("large");
    clean.push(one);
  }
  const body = new FormData();
  form.querySelectorAll<HTMLInputElement>("input[type=hidden]").forEach((field) => body.append(field.name, field.value));
  body.append("sealed", "1");
  const to = await key(body, "content", words(form.dataset.content));
  const attachments = clean.map(({ name, kind }) => ({ name, kind }));
  file(body, await sealed(to, filled({ text: value("text"), about: value("about"), attachments })));
  if (named) {
    const who = await key(body, "identity", words(form.dataset.identity));
    file(body, await sealed(who, filled({ name: value("name"), contact: value("contact"), address: value("address") })));
  }
  for (const one of clean) file(body, await sealed(to, one.bytes));
  return body;
}

// The page that came back, in the place of the form: no step back leads to what was written.
function show(page: Document): void {
  document.querySelector("main")?.replaceWith(page.querySelector("main") as HTMLElement);
  document.title = page.title;
  window.scrollTo(0, 0);
  document.documentElement.dispatchEvent(new Event("shown"));
}

async function sent(form: HTMLFormElement): Promise<void> {
  for (let tries = 0; ; tries++) {
    const body = await packed(form);
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" })
      .catch(() => { throw new Wrong(form.dataset.offline ?? ""); });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok) { show(page); return; }
    const next = page.querySelector<HTMLFormElement>("form[data-content]");
    const moved = next && (next.dataset.content !== form.dataset.content || next.dataset.identity !== form.dataset.identity);
    if (!next || !moved || tries > 0) throw new Wrong((page.querySelector<HTMLElement>(".callout.bad") ?? page.querySelector("main"))?.textContent ?? "");
    // Meanwhile it would go to another office: sealed anew for that one, once.
    form.dataset.content = next.dataset.content;
    form.dataset.identity = next.dataset.identity;
  }
}

function start(form: HTMLFormElement): void {
  const [told, wrong] = ["[data-where]", "[data-wrong]"].map((name) => form.querySelector<HTMLElement>(name) as HTMLElement);
  const [server, buttons] = [told.textContent ?? "", Array.from(form.querySelectorAll("button"))];
  let here = true;
  told.textContent = told.dataset.where ?? "";
  form.dataset.sealing = "here";
  form.addEventListener("submit", (event) => {
    if (!here) return;
    event.preventDefault();
    wrong.hidden = true;
    buttons.forEach((button) => { button.disabled = true; });
    sent(form).catch((error: unknown) => {
      if (!(error instanceof Wrong)) {
        // This browser cannot do it after all: the next press sends it to be sealed by the server.
        here = false;
        told.textContent = server;
        delete form.dataset.sealing;
      }
      wrong.textContent = error instanceof Wrong ? error.message : form.dataset.failed ?? "";
      wrong.hidden = false;
      wrong.scrollIntoView({ block: "center" });
    }).then(() => buttons.forEach((button) => { button.disabled = false; }));
  });
}

const form = document.querySelector<HTMLFormElement>("form[data-content]");
const first = words(form?.dataset.content)[0];
// What cannot seal a word seals no report.
if (form && first) sealed(first, filled("")).then(() => start(form), () => undefined);
