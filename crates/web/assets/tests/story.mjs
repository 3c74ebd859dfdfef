// Story 03 in a browser. A villager speaks into a phone about the secretary of the village, whose cousin is the clerk
// of the township, and gives no name; neither of the two ever sees it, another area answers it in time, the villager
// objects, the county reviews it. Another one gives her name and is told by when she will hear whether it is accepted.
// Both read every step with their receipts.
import { execFileSync } from "node:child_process";
import { look } from "./audit.mjs";
import { hold, reader, run, settings } from "./browser.mjs";
import { desk, refusal, send } from "./office.mjs";
import { serve } from "./site.mjs";
import { tap } from "./tap.mjs";

const VILLAGE = "990426101201";
const [SECRETARY, CLERK, BESIDE] = ["vps-101201", "tg-101", "tdi-101"];
const PASSPHRASE = "mingbai-demo-key";
const TEXT = "低保名额给了亲戚，名单没有上公开栏";
const WHOM = "会计也知道";
const [ACCEPTED, ANSWER, UNFAIR, REVIEWED] = ["已经受理，依规核查", "已经取消两户的名额，名单重新公示", "处理不公，还有一户", "该户名额取消"];
const BASIS = "《社会救助暂行办法》第十一条";
const [NAME, CONTACT, SEEN] = ["周试验", "13900001234", "我看见了名单"];
// Filed on the 15th of September: five working days for an office that was not told a name (JJ-04), fifteen for a real
// name (JJ-10). Counted on a calendar by hand: the 20th of September and the 10th of October are worked on, the 25th to
// the 27th and the first week of October are not.
const [WITHOUT_NAME, WITH_NAME] = ["2026年9月21日", "2026年10月12日"];
const LATER = "2026-09-24";

const machine = (...args) => execFileSync(settings.program,
  ["--lang", "en", ...args, "--dir", settings.data, "--day", settings.day, "--quiet"], { encoding: "utf8" });

const persons = new Map(JSON.parse(machine("user", "list", "--json")).map((one) => [one.login, one.person]));

// The secretary and the clerk become cousins: their fathers are brothers.
function cousins() {
  const [one, other] = ["1", "2"].map((number) =>
    machine("people", "add", `父${number}`, "--village", VILLAGE, "--household", `99${number}`).trim());
  machine("people", "relate", one, "sibling", other);
  machine("people", "relate", one, "parent", persons.get(SECRETARY));
  machine("people", "relate", other, "parent", persons.get(CLERK));
}

const about = () => ["--door", "accusation", "--place", VILLAGE, "--topic", "subsidy", "--post", "village_cadre", "--named", persons.get(SECRETARY)];

// The office of another area that gets the next report: of those that may, the one with the least to do.
function routed() {
  const office = machine("reports", "offer", ...about()).trim();
  hold(/^TDI@990426(?!101)/.test(office), "it is not routed to another area", { where: office });
  return `tdi-${office.slice(-3)}`;
}

const secretary = () => JSON.parse(machine("post", "list", "--place", VILLAGE, "--json"))
  .find((post) => post.person === persons.get(SECRETARY)).name;

// The three pages up to the one that is written on.
async function towards(page, name) {
  await page.goto(`/report?place=${VILLAGE}`);
  await send(page, "form.doors", {}, "accusation");
  await page.locator("details").first().evaluate((part) => { part.open = true; });
  await page.locator(`label.choice:has([name=seat]):has-text("${name}")`).first().click();
  await send(page, 'form[action="/report/write"]', { topic: "subsidy" });
  hold((await page.locator("main").innerText()).includes(name), "who never sees it is not told", { page: page.url() });
}

// Speaks for a moment: the browser has a microphone that plays a tone.
async function speaks(page) {
  await page.click("[data-record]");
  await page.waitForTimeout(1200);
  await page.click("[data-stop]");
  await page.waitForSelector("[data-delete]:visible");
}

// Sends what was written and waits for the receipt. The phone seals it before it leaves, and the page says so.
async function filed(page) {
  await page.waitForFunction(() => document.querySelector('[name="work"]').value !== "" && document.querySelector("form[data-sealing]"));
  hold((await page.locator("[data-where]").innerText()).includes("先在这台设备上加密再提交"), "where it is sealed is not told", { page: "/report/write" });
  await page.locator('form[action="/report/send"] button:not([type=button])').last().click();
  await page.waitForSelector("[data-receipt], .callout.bad");
  const shown = page.locator("[data-receipt]");
  if ((await shown.count()) !== 1) throw new Error(`not filed: ${await refusal(page)}`);
  const told = await page.locator("main").innerText();
  hold(told.includes("是在您的设备上加密以后才提交的"), "where it was sealed is not told", { page: "/report/send", where: told });
  return { receipt: (await shown.innerText()).trim(), told };
}

// What went over the line: age files, and not a word, name or sound.
function sentSealed(bytes, words) {
  const sent = bytes.subarray(bytes.indexOf("POST /report/send"));
  hold(sent.includes("age-encryption.org/v1") && sent.includes('name="content_wrap"'), "nothing sealed was sent", { page: "/report/send" });
  hold(!sent.includes("RIFF"), "the voice was sent open", { page: "/report/send" });
  for (const word of words) hold(!bytes.includes(word) && !bytes.includes(encodeURIComponent(word)), `${word} was sent open`, { page: "/report/send" });
}

async function phone(chrome, site) {
  return (await reader(chrome, site.address)).newPage();
}

// What a receipt shows; the page stays there for whoever goes on.
async function comesBack(chrome, site, receipt) {
  const page = await phone(chrome, site);
  await page.goto("/report/receipt");
  await send(page, 'form[action="/report/receipt"]', { receipt: receipt.toLowerCase().replaceAll("-", " ") });
  hold(!page.url().includes(receipt), "an address has the receipt", { page: "/report/receipt" });
  await page.evaluate(() => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
  const told = await page.locator("main").innerText();
  hold(![TEXT, SEEN, NAME, CONTACT].some((word) => told.includes(word)), "a receipt shows what was reported", { page: "/report/receipt" });
  return { page, told };
}

function holds(told, words, where) {
  for (const word of words) hold(told.includes(word), `${word} is not told`, { page: where, where: told.slice(0, 1500) });
}

// Numbers of the reports that a page lists.
async function numbers(page) {
  await page.goto("/office/reports");
  const links = page.locator('main a[href^="/office/reports/J"]');
  return [...new Set(await links.evaluateAll((all) => all.map((one) => one.pathname)))];
}

// Neither the queue nor the address knows of it, and nothing tells that there is something that is not shown.
async function seesNothing(chrome, site, login, path) {
  const page = await desk(chrome, site.address, login);
  const number = path.split("/").pop();
  for (const queue of ["/office", "/office/reports", "/office/reports?show=all", "/office/reports?show=late"]) {
    const answer = await page.request.get(queue);
    hold(!(await answer.text()).includes(number), `${login} finds it`, { page: queue });
  }
  const [there, nowhere] = [await page.request.get(path), await page.request.get(path.replace(/.$/, (last) => (last === "2" ? "3" : "2")))];
  hold([403, 404].includes(there.status()), `${login} opens it`, { page: path });
  hold(there.status() === nowhere.status(), `${login} is told that there is one`, { page: path });
}

async function reads(page, path, purpose, words) {
  await page.goto(path);
  await send(page, 'form[action$="/opening"]', { purpose, passphrase: "not the passphrase" });
  hold((await refusal(page)).length > 0, "a wrong passphrase is not told", { page: path });
  await send(page, 'form[action$="/opening"]', { purpose, passphrase: PASSPHRASE });
  holds(await page.locator("#content").innerText(), words, path);
}

// The voice is plain sound, and there is something to hear.
async function hears(page, path) {
  const source = await page.locator("#content audio").getAttribute("src");
  const sound = await (await page.request.get(source)).body();
  const loudest = Math.max(...new Int16Array(sound.buffer.slice(sound.byteOffset + 44, sound.byteOffset + sound.length - (sound.length % 2))).map(Math.abs));
  hold(sound.subarray(0, 4).toString() === "RIFF" && sound.length > 10_000 && loudest > 500, "the voice cannot be heard", { page: path, where: `${sound.length} ${loudest}` });
}

const replies = (page, path, text) => page.goto(path).then(() =>
  send(page, 'form[action$="/reply"]', { outcome: "support", text, facts: "核对了名单和入户记录", basis: BASIS }));

// The first day: both file, the office of the other area finds the two and accepts the first.
async function firstDay(chrome, site) {
  const office = routed();
  const far = await desk(chrome, site.address, office, { width: 375 });
  const before = await numbers(far);
  const name = secretary();
  const line = await tap(site.address);
  const voice = await phone(chrome, line);
  await towards(voice, name);
  await voice.fill("[name=text]", TEXT);
  await voice.fill("[name=about]", WHOM);
  await speaks(voice);
  const first = await filed(voice);
  sentSealed(line.sent(), [TEXT, WHOM]);
  holds(first.told, [WITHOUT_NAME], "/report/send");
  const path = (await numbers(far)).find((one) => !before.includes(one));
  if (!path) throw new Error("the report did not arrive in the other area");
  for (const login of [SECRETARY, CLERK, BESIDE]) await seesNothing(chrome, site, login, path);

  const nextOffice = routed();
  const near = nextOffice === office ? far : await desk(chrome, site.address, nextOffice);
  const known = await numbers(near);
  const other = await tap(site.address);
  const hers = await phone(chrome, other);
  await towards(hers, name);
  await hers.fill("[name=text]", SEEN);
  await hers.locator('[name=identity][value=named]').check();
  await hers.locator("fieldset details").evaluate((part) => { part.open = true; });
  await hers.fill("[name=name]", NAME);
  await hers.fill("[name=contact]", CONTACT);
  const second = await filed(hers);
  sentSealed(other.sent(), [SEEN, NAME, CONTACT]);
  holds(second.told, [WITH_NAME], "/report/send");
  const next = (await numbers(near)).find((one) => !known.includes(one));
  if (!next) throw new Error("the report with a name did not arrive in the other area");

  await far.goto("/office");
  hold((await far.locator(`main a[href="${path}"]`).count()) === 1, "it is not on the to-do list", { page: "/office" });
  hold(!(await far.content()).includes(TEXT), "the to-do list tells what was reported", { page: "/office" });
  await reads(far, path, "初步核实", [TEXT, WHOM]);
  await hears(far, path);
  await look(far, { page: "an opened report", as: "TDI", language: "zh-CN", elder: false });
  await far.goto(path);
  await send(far, 'form[action$="/acceptance"]', { text: ACCEPTED });
  const { told } = await comesBack(chrome, site, first.receipt);
  holds(told, [ACCEPTED, "已办到"], "/report/receipt accepted");
  return { first, second, path, other: next, office, nextOffice };
}

// Nine days later: the first is answered in time, objected to and reviewed.
async function answered(chrome, site, { first, path, office }) {
  const far = await desk(chrome, site.address, office, { width: 375 });
  await replies(far, path, ANSWER);
  const { page, told } = await comesBack(chrome, site, first.receipt);
  holds(told, [ACCEPTED, ANSWER, BASIS], "/report/receipt answered");
  hold(!told.includes("超期"), "something was late", { page: "/report/receipt", where: told });
  await send(page, 'form[action="/report/receipt/review"]', { text: UNFAIR });
  holds(await page.locator("main").innerText(), ["复查申请收到了"], "/report/receipt/review");
  hold((await far.request.get(path)).status() === 404, "whoever decided still sees it", { page: path });

  const county = await desk(chrome, site.address, "cx");
  await reads(county, path, "复查", [TEXT, UNFAIR]);
  await replies(county, path, REVIEWED);
  const { told: last } = await comesBack(chrome, site, first.receipt);
  holds(last, [ACCEPTED, ANSWER, REVIEWED], "/report/receipt reviewed");
  for (const login of [SECRETARY, CLERK]) await seesNothing(chrome, site, login, path);
}

// She is told in time that it was accepted; who she is stays sealed.
async function accepted(chrome, site, { second, other, nextOffice }) {
  holds((await comesBack(chrome, site, second.receipt)).told, [WITH_NAME, "15", "还没到"], "/report/receipt with a name");
  const far = await desk(chrome, site.address, nextOffice, { width: 375 });
  await reads(far, other, "初步核实", [SEEN]);
  const shown = await far.content();
  hold(![NAME, CONTACT].some((word) => shown.includes(word)), "the office reads who she is", { page: other });
  await far.goto(other);
  await send(far, 'form[action$="/acceptance"]', { text: ACCEPTED });
  holds((await comesBack(chrome, site, second.receipt)).told, [ACCEPTED, WITH_NAME, "已办到", "实名"], "/report/receipt with a name, accepted");
}

await run("story", async (chrome) => {
  cousins();
  const site = await serve();
  const done = await firstDay(chrome, site);
  await site.stop();
  const later = await serve(LATER);
  await answered(chrome, later, done);
  await accepted(chrome, later, done);
  await later.stop();
});
