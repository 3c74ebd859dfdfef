// Ten main pages as pictures for the READMEs: a test takes them into a folder of its own,
// `make docs` into docs/images.
import { desk, send } from "./office.mjs";
import { reader, run, settings } from "./browser.mjs";
import { serve } from "./site.mjs";

const VILLAGE = "990426101201";
const PHONE = 375;
const SCREEN = 1280;

async function save(page, name, { height = 812, scale = "css" } = {}) {
  const { width } = page.viewportSize();
  await page.setViewportSize({ width, height });
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(400);
  await page.screenshot({ path: `${settings.images}/${name}.png`, scale, animations: "disabled" });
}

// Where the first link leads that fits.
async function first(page, selector) {
  const link = page.locator(selector).first();
  if ((await link.count()) === 0) throw new Error(`${page.url()} has no ${selector}`);
  return link.getAttribute("href");
}

async function villager(chrome, site) {
  const phone = await (await reader(chrome, site, { width: PHONE })).newPage();
  const see = async (path, name) => { await phone.goto(path); await save(phone, name); };
  await see("/", "home");
  await see(`/villages/${VILLAGE}`, "village");
  await see(`/powers/F27?place=${VILLAGE}`, "power");
  await phone.goto(`/villages/${VILLAGE}`);
  await see(await first(phone, 'main a[href^="/notices/"]'), "notice");
  await phone.goto("/my");
  await phone.waitForFunction(() => document.querySelector('[name="work"]').value !== "");
  const { id, name, four } = settings.villager;
  await send(phone, 'form[action="/my"]', { id_number: id, name, last_four: four });
  await save(phone, "own");
  const elder = await (await reader(chrome, site, { width: PHONE, elder: true })).newPage();
  await elder.goto("/");
  await save(elder, "elder");
  const screen = await (await reader(chrome, site, { width: SCREEN })).newPage();
  await screen.goto("/scoreboard");
  await save(screen, "scoreboard", { height: 900 });
}

async function office(chrome, site) {
  const clerk = await desk(chrome, site, `vc-${VILLAGE.slice(6)}`, { width: PHONE });
  await save(clerk, "todo");
  const committee = await desk(chrome, site, `vsc-${VILLAGE.slice(6)}`, { width: PHONE });
  await committee.goto("/office/checks");
  await save(committee, "checks");
  const township = await desk(chrome, site, "tg-101", { width: SCREEN });
  await township.goto("/office/board/" + VILLAGE.slice(0, 9));
  await save(township, "board", { height: 900 });
}

await run("pictures", async (chrome) => {
  const site = await serve();
  await villager(chrome, site.address);
  await office(chrome, site.address);
  await site.stop();
});
