// The workbench of supervision: a screening is started and followed to its end, counts are cut, charts have their
// tables, the report fits paper, and a subject is walked through, on a phone and on a desk.
import { look } from "./audit.mjs";
import { fail, hold, run, settings } from "./browser.mjs";
import { desk, send } from "./office.mjs";
import { serve } from "./site.mjs";

const PART = "/office/supervision";
const loginOf = (role) => settings.accounts.find((one) => one.role === role).login;

// Sheets of a PDF: its objects of the type "page".
const sheets = (pdf) => (pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;

async function shown(page, path, name) {
  if (path) await page.goto(path);
  for (const width of [375, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) fail({ page: name, what: `it is ${wide} pixels wide on a screen of ${width}` });
    if (settings.images) await page.screenshot({ path: `${settings.images}/${name}-${width}.png`, fullPage: true });
  }
}

await run("bench", async (chrome) => {
  const site = await serve();
  const page = await desk(chrome, site.address, loginOf("CF"));
  await shown(page, PART, "board");
  await shown(page, `${PART}/findings`, "findings");
  await shown(page, `${PART}/months`, "months");
  hold((await page.locator("table.heat td.n5").count()) > 0, "the heat map has no hot cell");
  await shown(page, `${PART}/overdue`, "overdue");
  await shown(page, `${PART}/money`, "money");
  const boxes = await page.locator("svg.sankey rect").count();
  const rows = await page.locator("main tbody tr").count();
  hold(boxes >= 6 && rows >= 6, "the chart of money is poor", { where: `${boxes} boxes, ${rows} rows` });
  // One township and one year, by the form of the cut.
  await page.goto(`${PART}/money`);
  const town = await page.locator("#c-place option").nth(1).getAttribute("value");
  await page.selectOption("#c-place", town);
  await Promise.all([page.waitForEvent("load"), page.click("form.seek button")]);
  hold(page.url().includes(`place=${town}`), "the cut does not stand in the address");
  // The report on paper: nothing of the site around it, and no form.
  await shown(page, `${PART}/report`, "report");
  await page.emulateMedia({ media: "print" });
  hold(!(await page.locator(".nav").isVisible()) && !(await page.locator("main form").first().isVisible()), "paper shows what belongs to the screen");
  const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
  const count = sheets(pdf);
  hold(count >= 1 && count <= 12, `the report takes ${count} sheets of paper`);
  await page.emulateMedia({ media: null });
  // A file with its purpose.
  const form = page.locator("form[action$=exports]").first();
  await form.locator("[name=purpose]").fill("季度汇总");
  const [file] = await Promise.all([page.waitForEvent("download"), form.locator("button").click()]);
  hold(file.suggestedFilename().endsWith(".xlsx"), "the export is no workbook");
  // Everything about one subject, by whoever supervises.
  await page.goto(`${PART}/findings?state=checked`);
  await page.goto(await page.locator("main a.row").first().getAttribute("href"));
  await shown(page, "", "finding");
  await page.setViewportSize({ width: 1280, height: 800 });
  await send(page, "form[action='/office/subjects']", { purpose: "核对领取情况" });
  await shown(page, "", "subject");
  hold(page.url().match(/\/office\/subjects\/[0-9a-f]{100,}$/), "the address of a subject tells something", { where: page.url() });
  const links = page.locator("main ul.rows a.row[href^='/office/subjects/']");
  hold((await links.count()) > 0, "the subject is tied to nothing");
  if ((await links.count()) > 0) {
    await page.goto(await links.first().getAttribute("href"));
    await shown(page, "", "subject-next");
    await look(page, { as: "CF", language: "zh-CN" });
  }
  // A screening: started by a form, followed by the page itself.
  await page.setViewportSize({ width: 1280, height: 800 });
  await shown(page, `${PART}/screening`, "screening");
  await send(page, "form[action$=screening]", {});
  await page.waitForSelector("progress", { timeout: 120_000 });
  if (settings.images) await page.screenshot({ path: `${settings.images}/screening-runs.png` });
  await page.waitForSelector("#screening:not([data-poll])", { timeout: 600_000 });
  await shown(page, "", "screening-done");
  const told = await page.locator("#screening .rows li").first().innerText();
  hold(told.includes("已完成"), "the screening did not end well", { where: told });
});
