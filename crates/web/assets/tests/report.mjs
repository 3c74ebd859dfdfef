// A villager asks for help from a phone without scripts, by voice with them, and at the screen of a village office; comes
// back with the receipt, reads the answer, and says that it is not solved.
import { execFileSync } from "node:child_process";
import { look } from "./audit.mjs";
import { hold, reader, run, settings } from "./browser.mjs";
import { send } from "./office.mjs";
import { serve } from "./site.mjs";

const VILLAGE = "990426101201";
// Who handles requests of the township.
const [ROLE, LOGIN] = ["TG", "tg-101"];
const TEXT = "修路的钱少了三千";
const ANSWER = "已经退回三千元";
const WAVE = Buffer.from("52494646320000005741564566" + "6d7420100000000100010080bb00000077010002001000" + "646174610e000000" + Buffer.from("spoken in fear").toString("hex"), "hex");

const act = (args) => execFileSync(settings.program, [...args, "--dir", settings.data, "--day", settings.day], { stdio: ["ignore", "pipe", "pipe"] }).toString();

// The looks need scripts themselves.
async function at(page, path, { scripts = true, ...how }) {
  if (scripts) await look(page, { page: path, as: "villager", ...how });
}

// The three pages up to the one that is written on, each looked at.
async function towards(page, door, how, start = `/report?place=${VILLAGE}`) {
  await page.goto(start);
  await at(page, start, how);
  await send(page, "form.doors", start.includes("kiosk") ? { place: VILLAGE } : {}, door);
  await at(page, "/report/about", how);
  await send(page, 'form[action="/report/write"]', { topic: "collective" });
  await at(page, "/report/write", how);
}

async function shownReceipt(page) {
  const shown = page.locator("[data-receipt]");
  hold((await shown.count()) === 1, "there is no receipt", { page: page.url() });
  return (await shown.innerText()).trim();
}

// Sends the form as a browser with or without scripts does: the one seals it and stays on its page.
async function hands(page, fields, scripts) {
  if (!scripts) { await send(page, 'form[action="/report/send"]', fields); return; }
  await page.waitForSelector("form[data-sealing]");
  if (fields.text) await page.fill("[name=text]", fields.text);
  if (fields.files) await page.setInputFiles("#f-voice", fields.files);
  await page.locator('form[action="/report/send"] button:not([type=button])').last().click();
  await page.waitForSelector("[data-receipt], .callout.bad:visible");
}

async function reports(chrome, site, how) {
  const { scripts = true } = how;
  const page = await (await reader(chrome, site, how)).newPage();
  await towards(page, "request", how);
  await hands(page, { text: "" }, scripts);
  hold((await page.locator(".callout.bad:visible").count()) === 1, "an empty report is not told", { page: page.url() });
  await at(page, "/report/send refused", how);
  await hands(page, { text: TEXT, files: { name: "voice.wav", mimeType: "audio/wav", buffer: WAVE } }, scripts);
  const receipt = await shownReceipt(page);
  const told = await page.locator("main").innerText();
  const words = { "zh-CN": scripts ? "您的设备上加密" : "服务器的内存里加密", en: "sealed on your device" }[how.language];
  hold(told.includes(words), "where it was sealed is not told", { page: page.url(), where: told });
  await at(page, "/report/send", how);
  return receipt;
}

async function comesBack(chrome, site, receipt, how) {
  const page = await (await reader(chrome, site, how)).newPage();
  await page.goto("/report/receipt");
  await send(page, 'form[action="/report/receipt"]', { receipt: "7K2M" });
  hold((await page.locator(".callout.bad").count()) === 1, "a wrong receipt is not told", { page: page.url() });
  await at(page, "/report/receipt refused", how);
  await send(page, 'form[action="/report/receipt"]', { receipt: receipt.toLowerCase() });
  await at(page, "/report/receipt", how);
  hold(!page.url().includes(receipt), "an address has the receipt", { page: page.url() });
  return page;
}

async function byVoice(chrome, site) {
  const page = await (await reader(chrome, site)).newPage();
  const how = { language: "zh-CN", elder: false };
  await towards(page, "request", how);
  const field = () => page.evaluate(async () => {
    const file = document.querySelector("#f-voice").files[0];
    return file ? { name: file.name, size: file.size, head: new TextDecoder().decode((await file.arrayBuffer()).slice(0, 4)) } : null;
  });
  const record = async () => {
    await page.click("[data-record]");
    await page.waitForTimeout(1200);
    await page.click("[data-stop]");
    await page.waitForSelector("[data-delete]:visible");
  };
  await record();
  const first = await field();
  hold(first?.head === "RIFF" && first.size > 10_000, "the recording is no plain sound", { where: JSON.stringify(first) });
  await at(page, "/report/write recorded", how);
  await page.click("[data-delete]");
  hold((await field()) === null, "a deleted recording is still there", { page: page.url() });
  await record();
  await page.waitForFunction(() => document.querySelector('[name="work"]').value !== "");
  await hands(page, {}, true);
  await shownReceipt(page);
}

// What a page holds, also while the browser is still on its way to it.
async function content(page) {
  for (let tries = 0; tries < 40; tries += 1) {
    try { return await page.content(); } catch { await new Promise((done) => { setTimeout(done, 250); }); }
  }
  return "";
}

// A minute and a half is long for a test: its page has seconds instead.
async function soonCleared(page) {
  await page.route("**/report/write", async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace('data-idle="90" data-warn="20"', 'data-idle="3" data-warn="3"');
    await route.fulfill({ response, body });
  });
}

async function atTheScreen(chrome, site) {
  const screen = async () => (await reader(chrome, site, { width: 1280 })).newPage();
  await towards(await screen(), "request", { language: "zh-CN", elder: true }, "/report?kiosk=1");
  const page = await screen();
  await soonCleared(page);
  await towards(page, "request", { scripts: false }, "/report?kiosk=1");
  await page.fill("[name=text]", TEXT);
  await page.locator("main form button").last().scrollIntoViewIfNeeded();
  await page.waitForSelector(".kiosk [role=alert]:visible");
  // Whoever is still there touches it and goes on.
  await page.locator("h1").click();
  hold(!(await page.locator(".kiosk [role=alert]").isVisible()), "a touch does not keep the screen", { page: page.url() });
  await page.waitForURL(/report\?kiosk=1$/);
  hold(!(await content(page)).includes(TEXT), "the screen is not cleared", { page: page.url() });
  await page.goBack().catch(() => null);
  hold(!(await content(page)).includes(TEXT), "going back shows what somebody wrote", { page: page.url() });
}

await run("report", async (chrome) => {
  const person = JSON.parse(act(["user", "list", "--json"])).find((one) => one.login === LOGIN).person;
  const site = await serve();
  const [chinese, english] = [{ language: "zh-CN", elder: false }, { language: "en", elder: true }];
  const numbers = () => JSON.parse(act(["reports", "list", "--person", person, "--role", ROLE, "--json"])).map((one) => one.number);
  const before = numbers();
  const receipt = await reports(chrome, site.address, { ...chinese, scripts: false });
  const number = numbers().find((one) => !before.includes(one));
  await reports(chrome, site.address, english);
  const who = ["--person", person, "--role", ROLE];
  act(["reports", "accept", number, ...who, "--text", "已经受理"]);
  act(["reports", "reply", number, ...who, "--outcome", "support", "--text", ANSWER, "--facts", "核对了账目", "--basis", "《村民委员会组织法》第三十条"]);
  await comesBack(chrome, site.address, receipt, english);
  const page = await comesBack(chrome, site.address, receipt, chinese);
  const told = await page.locator("main").innerText();
  hold(told.includes(ANSWER) && !told.includes(TEXT), "the answer is not shown, or what was reported is", { page: page.url() });
  await send(page, 'form[action="/report/receipt/rate"]', { text: "还差一户" }, "no");
  hold((await page.locator(".callout.good").count()) === 1, "a rating is not taken", { page: page.url() });
  await send(page, 'form[action="/report/receipt/add"]', { text: "还有一张收据" });
  hold((await page.locator(".callout.good").count()) === 1, "an addition is not taken", { page: page.url() });
  await byVoice(chrome, site.address);
  await atTheScreen(chrome, site.address);
});
