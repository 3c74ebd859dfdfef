// What everybody must be able to do on an old phone whose browser runs no scripts: find a village, read a notice,
// ask, look at the own money, sign in, take a step, publish.
import { hold, reader, run, settings } from "./browser.mjs";
import { PAPER, desk, openMatter, publish, refusal, send } from "./office.mjs";
import { serve } from "./site.mjs";

const VILLAGE = "青石村";
const QUESTION = "这个月的路灯修了几盏？";
const PHONE = { scripts: false, width: 375 };

async function readAndAsk(page) {
  await page.goto("/");
  await send(page, "form.seek", { q: "qsc" });
  hold((await page.locator("h1").innerText()) === VILLAGE, "a village is not found by its letters", { page: page.url() });
  const link = page.locator('a[href^="/notices/"] .row-title').first();
  const title = await link.innerText();
  await link.click();
  await page.waitForURL(/\/notices\//);
  hold((await page.locator("h1").innerText()) === title, "a notice does not open", { page: page.url() });
  await send(page, 'form[action$="/questions"]', { text: QUESTION });
  hold((await page.locator("#questions").innerText()).includes(QUESTION), "a question is not shown", { page: page.url() });
}

async function ownMoney(page) {
  const { id, name, four } = settings.villager;
  await page.goto("/my");
  await send(page, 'form[action="/my"]', { id_number: id, name: "别人", last_four: four });
  hold((await page.locator(".callout.bad").count()) === 1, "a wrong name is not told", { page: "/my" });
  await send(page, 'form[action="/my"]', { id_number: id, name, last_four: four });
  const text = await page.locator("main").innerText();
  hold(text.includes("420.00") && text.includes("240.00"), "own money is not shown without scripts", { page: "/my/benefits" });
}

async function office(chrome, site) {
  const [clerk, committee, member] = await Promise.all(
    ["vac-101201", "vsc-101201", "vc-101201"].map((login) => desk(chrome, site, login, PHONE)));
  const { number } = await publish([clerk, committee, member], {
    duty: "F3", period: "2026-08", title: "2026年8月路灯维修支出明细", lines: "村东头路灯3盏 540.00", text: "票据在村部可看。",
  });
  await clerk.goto(`/notices/${number}`);
  hold((await clerk.locator("main").innerText()).includes("540.00"), "a published notice is not public", { page: clerk.url() });
  const matter = await openMatter(member, { power: "B06", title: "购置打印机", amount: "1800" });
  hold(/^990426101201-2026-\d{5}-\d$/.test(matter), "a matter is not opened", { where: `${matter} ${await refusal(member)}` });
  for (const code of ["purchase_request", "interest_declaration"])
    await send(member, 'form[action$="/documents"]', { code, file: PAPER(code) });
  await send(member, 'form[action$="/steps"]:has([name="step"][value="propose"])', { role: "VC" });
  hold((await member.locator("ol.steps li.done").count()) === 1, "a step is not taken", { page: member.url() });
}

await run("flows", async (chrome) => {
  const site = await serve();
  const phone = await reader(chrome, site.address, PHONE);
  const page = await phone.newPage();
  await readAndAsk(page);
  await ownMoney(page);
  await office(chrome, site.address);
});
