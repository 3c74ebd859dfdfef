// A villager on a phone sees on the scoreboard that a township publishes late, finds the village and the notice that
// came too late, and asks why; the clerk answers within the time; everybody reads the answer.
import { look } from "./audit.mjs";
import { hold, reader, run } from "./browser.mjs";
import { desk, send } from "./office.mjs";
import { serve } from "./site.mjs";

const QUESTION = "这一期为什么晚了才公开？";
const ANSWER = "票据审核耽误了，已向乡镇说明。以后每月10日前公开。";

// The township with the fewest notices in time, as the scoreboard has it.
async function worst(page) {
  const rows = await page.locator("table.heat tbody tr").evaluateAll((all) => all.map((row) => ({
    link: row.querySelector("th a").getAttribute("href"), percent: Number.parseInt(row.querySelector("td").textContent, 10),
  })));
  hold(rows.length > 2, "the scoreboard is empty", { page: page.url() });
  return rows.sort((a, b) => a.percent - b.percent)[0].link;
}

// Opens the first disclosure of the village that came late.
async function openLate(page) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
  const late = page.locator("tr:has(.state.warn) td a").first();
  const title = await late.innerText();
  await late.click();
  await page.waitForURL(/\/notices\//);
  const told = await page.locator("main").innerText();
  hold(told.includes("晚了") && told.includes(title), "the notice does not say that it came late", { page: page.url() });
}

await run("late", async (chrome) => {
  const site = await serve();
  const phone = await (await reader(chrome, site.address)).newPage();
  await phone.goto("/");
  await phone.locator('.tiles a[href="/scoreboard"]').click();
  await phone.goto(await worst(phone));
  await phone.goto(await worst(phone));
  const village = phone.url().split("/").pop();
  hold((await phone.locator(".state.bad, .state.warn").count()) > 0, "nothing is late in the worst village", { page: phone.url() });
  await openLate(phone);
  const notice = new URL(phone.url()).pathname;
  await send(phone, 'form[action$="/questions"]', { text: QUESTION });
  await look(phone, { page: `${notice} when asked`, as: "villager", language: "zh-CN", elder: false });
  const asked = await phone.locator("#questions").innerText();
  hold(asked.includes(QUESTION) && asked.includes("等待答复"), "the question does not wait in public", { page: notice });

  const clerk = await desk(chrome, site.address, `vc-${village.slice(6)}`);
  hold((await clerk.locator('main a[href^="/office/questions"]').count()) > 0, "the clerk is not told of the question", { page: "/office" });
  await clerk.goto("/office/questions");
  await send(clerk, `section.card:has-text("${QUESTION}") form[action$="/answer"]`, { text: ANSWER });
  // A browser may show what it got a moment ago; whoever waits for an answer asks for the page anew.
  await phone.reload();
  const told = await phone.locator("#questions").innerText();
  hold(told.includes(ANSWER) && !told.includes("等待答复"), "the answer is not public", { page: notice });
});
