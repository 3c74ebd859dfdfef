// Stepped-up supervision in the browser: the score is told in words, one puts a village on the list and another
// approves, the notice is out with five ways to report, a helper of the next township records an item, and the
// end says what is missing.
import { look } from "./audit.mjs";
import { hold, run, settings } from "./browser.mjs";
import { desk, refusal, send } from "./office.mjs";
import { serve } from "./site.mjs";

const HERE = "/office/supervision/stepped";

async function theList(page, chair) {
  await page.goto(HERE);
  const open = page.locator(`main a[href^="${HERE}/lists/"]`).first();
  const list = await open.getAttribute("href");
  await page.goto(list);
  await page.locator("details.why summary").first().click();
  const why = await page.locator("details.why li").first().innerText();
  hold(/分 × \d+%/.test(why), "a part of the score is not told", { page: list, where: why });
  const form = 'form[action$="/changes"]';
  const other = await page.locator(`${form} select option`).last().getAttribute("value");
  await send(page, form, { place: other, listed: "1", reason: "群众来信集中，社会反映强烈" });
  hold((await refusal(page)).length === 0, "the list cannot be changed", { page: list });
  hold((await page.locator('form[action$="/approval"]').count()) === 0, "whoever changed the list may approve it", { page: list });
  await chair.goto(list);
  await send(chair, 'form[action$="/approval"]', {});
  return other;
}

async function theNotice(page, chair, place) {
  await page.goto(`${HERE}/new?place=${place}`);
  await look(page, { page: "the proposal", as: "CF", language: "zh-CN", elder: false });
  const leader = await page.locator("select[name=leader] option").nth(1).getAttribute("value");
  const from = new Date(`${settings.day}T00:00:00Z`);
  const until = new Date(from.getTime() + 150 * 86_400_000).toISOString().slice(0, 10);
  const ways = { way_letter: "人民路1号", way_visit: "接待中心", way_phone: "0990-12388", way_night: "村口信箱，周三夜访" };
  await send(page, 'form[action$="/villages"]', { leader, until, reason: "信访集中", ...ways });
  const own = new URL(page.url()).pathname;
  const number = own.split("/").pop();
  hold((await page.request.get(`/stepped-up/${number}`)).status() === 404, "it is public before it is decided", { page: own });
  await chair.goto(own);
  await send(chair, 'form[action$="/steps"]', { agreed: "1", words: "同意" });
  await chair.goto(`/stepped-up/${number}`);
  const notice = await chair.locator("main").innerText();
  for (const said of ["村口信箱", "0990-12388", "网上反映"]) hold(notice.includes(said), `${said} is not in the notice`, { page: own });
  await look(chair, { page: "the notice", as: "anybody", language: "zh-CN", elder: false });
  return own;
}

await run("stepped", async (chrome) => {
  const site = await serve();
  const [style, chair] = [await desk(chrome, site.address, "cf", { width: 375 }), await desk(chrome, site.address, "cl2")];
  const place = await theList(style, chair);
  const own = await theNotice(style, chair, place);
  await style.goto(own);
  await send(style, 'form[action$="/steps"]', { step: "end", words: "看过了" });
  const missing = await refusal(style);
  hold(missing.includes("决策程序"), "the end does not say what is missing", { page: own, where: missing });
  await style.goto(own);
  const people = await style.locator('form[action$="/assignments"] select[name=first] option').evaluateAll((all) => all.map((one) => one.value));
  await send(style, 'form[action$="/assignments"]', { item: "K01", first: people[1], second: people[2] });
  hold((await refusal(style)).length === 0, "an item cannot be given to two people", { page: own });
  await send(style, 'form[action$="/measures"]', { kind: "hear", words: "半年财务情况" });
  hold((await style.locator("#measures").innerText()).includes("半年财务情况"), "the measure is not there", { page: own });
  await look(style, { page: "the village", as: "CF", language: "zh-CN", elder: false });
  await site.stop();
});
