// A villager looks at the own money, sees a month with a wrong amount and says so; the township answers; he reads
// the answer, and who has looked at his data.
import { look } from "./audit.mjs";
import { LANGUAGES, hold, reader, run, settings } from "./browser.mjs";
import { desk, send } from "./office.mjs";
import { serve } from "./site.mjs";

const CLAIM = "七月份应该是420元，只到账240元。";
const ANSWER = "已核对，七月少发180元，随九月一起补发。";

async function recognise(page) {
  const { id, name, four } = settings.villager;
  await page.goto("/my");
  // The browser has done its work for the form before anybody can fill it in.
  await page.waitForFunction(() => document.querySelector('[name="work"]').value !== "");
  await send(page, 'form[action="/my"]', { id_number: id, name, last_four: four });
  hold(new URL(page.url()).pathname === "/my/benefits", "the villager is not recognised", { page: "/my" });
}

// The page that may not be reached by a link, in every language and mode.
async function lookInAllWays(page, site, path) {
  for (const language of LANGUAGES)
    for (const elder of [false, true]) {
      const cookies = [["lang", language], ["elder", elder ? "1" : "0"]];
      await page.context().addCookies(cookies.map(([name, value]) => ({ name, value, url: site })));
      await page.goto(path);
      await look(page, { page: path, as: "villager", language, elder });
    }
  await page.context().addCookies([["lang", "zh-CN"], ["elder", "0"]].map(([name, value]) => ({ name, value, url: site })));
  await page.goto(path);
}

const of = (language) => ({ as: "villager", language, elder: false });

await run("own", async (chrome) => {
  const site = await serve();
  const phone = await (await reader(chrome, site.address)).newPage();
  await recognise(phone);
  await lookInAllWays(phone, site.address, "/my/benefits");
  const wrong = 'li:has(b:text-is("240.00"))';
  hold((await phone.locator(wrong).count()) === 1, "the month with the wrong amount is not shown", { page: "/my/benefits" });
  await send(phone, `${wrong} form[action="/my/requests/new"]`, {}, "wrong_amount");
  await look(phone, { page: "/my/requests/new", ...of("zh-CN") });
  await send(phone, 'form[action="/my/requests"]', { text: CLAIM });
  await look(phone, { page: "/my/requests", ...of("zh-CN") });
  const number = await phone.locator(".callout.good b").innerText();
  hold(number.length > 6, "the request has no number", { page: "/my/requests" });

  const township = await desk(chrome, site.address, "tg-101");
  await township.goto("/office/requests");
  const card = `section.card:has-text("${number}")`;
  const told = await township.locator(card).innerText();
  hold(told.includes(CLAIM) && told.includes("240.00"), "the township does not see what is claimed", { page: "/office/requests" });
  const { id, name } = settings.villager;
  hold(!told.includes(id) && !told.includes(name), "the township sees who claims it", { page: "/office/requests" });
  await send(township, `${card} form[action$="/answer"]`, { text: ANSWER, settles: "1" });

  await phone.goto("/my/benefits");
  const page = await phone.locator("main").innerText();
  hold(page.includes(ANSWER) && page.includes("已答复"), "the villager does not see the answer", { page: "/my/benefits" });
  hold(page.includes("复核低保发放名单") && page.includes("本人查询"), "it is not shown who looked", { page: "/my/benefits" });
  await send(phone, 'form[action="/my/end"]', {});
  await phone.goto("/my/benefits");
  hold(!(await phone.locator("main").innerText()).includes("420.00"), "own money is shown to whoever comes next", { page: "/my/benefits" });
});
