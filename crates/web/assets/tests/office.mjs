// What people of the office do, by the forms that they see.
import { reader } from "./browser.mjs";
import { signIn } from "./site.mjs";

// A page of somebody who has signed in.
export async function desk(chrome, site, login, how = {}) {
  const context = await reader(chrome, site, { width: 1280, ...how });
  const page = await context.newPage();
  await signIn(page, login);
  return page;
}

// Fills the fields of a form by their names and sends it as a person would. `button` is the value of the one that is
// pressed, where there are several.
export async function send(page, form, fields, button) {
  const sheet = page.locator(form).first();
  if ((await sheet.count()) === 0) {
    const missing = (await page.locator(".callout").allInnerTexts()).join(" ").replace(/\s+/g, " ");
    throw new Error(`${new URL(page.url()).pathname} has no ${form}: ${missing}`);
  }
  // What lies in a folded part is unfolded first.
  await sheet.evaluate((node) => { for (let at = node; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true; });
  for (const [name, value] of Object.entries(fields)) {
    const field = sheet.locator(`[name="${name}"]`).first();
    const kind = await field.evaluate((node) => (node.tagName === "SELECT" ? "select" : node.type));
    if (kind === "select") await choose(field, value);
    else if (kind === "radio") await sheet.locator(`[name="${name}"][value="${value}"]`).check();
    else if (kind === "checkbox") await field.setChecked(Boolean(value));
    else if (kind === "file") await field.setInputFiles(value);
    else if (kind !== "hidden") await field.fill(String(value));
  }
  // Other buttons of a form keep it as a draft, or give the draft up.
  const press = button ? sheet.locator(`button[value="${button}"]`) : sheet.locator("button:not([formaction])").last();
  await Promise.all([page.waitForEvent("load"), press.click()]);
}

// An option by its value, or by how its value begins: `VRM` finds `VRM` and `VRM` with who presides.
async function choose(field, value) {
  const values = await field.evaluate((node) => Array.from(node.options, (one) => one.value));
  const found = values.find((one) => one === value) ?? values.find((one) => one.split(" ")[0] === value);
  if (found === undefined) throw new Error(`there is no choice ${value} among ${values.join(", ")}`);
  await field.selectOption(found);
}

// Every refusal that the page shows, in one text; empty where there is none.
export async function refusal(page) {
  return (await page.locator(".callout.bad, .wrong").allInnerTexts()).join(" ").trim();
}

// The least that is a PDF, with its own content for each kind of paper.
export const PAPER = (code) => ({
  name: `${code}.pdf`, mimeType: "application/pdf",
  buffer: Buffer.from(`%PDF-1.4\n% ${code}\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n`),
});

// Somebody at a matter; he signs in when his turn comes.
export class Desk {
  #page;

  constructor(chrome, site, login, number) { Object.assign(this, { chrome, site, login, number }); }

  async page() {
    this.#page ??= await desk(this.chrome, this.site, this.login);
    return this.#page;
  }

  async open() {
    const page = await this.page();
    await page.goto(`/office/matters/${this.number}`);
    return page;
  }

  async #sent(page, what) {
    const no = await refusal(page);
    if (no) throw new Error(`${this.login}: ${what} was refused: ${no}`);
  }

  // Sends the form of a step whose address ends so.
  async #act(end, step, fields) {
    const page = await this.open();
    await send(page, `form[action$="/${end}"]:has([name="step"][value="${step}"])`, fields);
    await this.#sent(page, `${end} of ${step}`);
  }

  async file(...codes) {
    const page = await this.open();
    for (const code of codes) {
      await send(page, 'form[action$="/documents"]', { code, file: PAPER(code) });
      await this.#sent(page, code);
    }
  }

  async step(code, role, more = {}) { await this.#act("steps", code, { role, ...more }); }

  async check(code) { await this.#act("checks", code, { answer: "agree" }); }

  async sign(code) { await this.#act("signatures", code, {}); }

  async meet(code, minutes) { await this.#act("meetings", code, minutes); }
}

// Opens a matter from a power item; its number.
export async function openMatter(page, fields) {
  await page.goto("/office/matters/new");
  await send(page, 'form[action="/office/matters"]', fields);
  return page.url().split("/").pop();
}

// The number of the prepared notice that the page shows.
const prepared = (page) => page.url().match(/prepared\/([\w-]+)/)?.[1];

// A notice by three people: prepared, checked, published. Returns its public number.
export async function publish(three, fields) {
  const [preparer, checker, publisher] = three;
  await preparer.goto("/office/notices/new");
  await send(preparer, 'form[action="/office/notices"]', fields);
  const id = prepared(preparer);
  if (!id) throw new Error(`not prepared: ${await refusal(preparer)}`);
  await checker.goto(`/office/notices/prepared/${id}`);
  await send(checker, 'form[action$="/check"]', { answer: "agree" });
  await publisher.goto(`/office/notices/prepared/${id}`);
  await send(publisher, 'form[action$="/publication"]', {});
  const number = publisher.url().match(/\/notices\/([0-9-]+)/)?.[1];
  if (!number) throw new Error(`not published: ${await refusal(publisher)}`);
  return { id, number };
}
