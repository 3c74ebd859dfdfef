import { chromium } from "playwright-core";
const base = "http://127.0.0.1:8103";
const [,, login, ...paths] = process.argv;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const context = await browser.newContext({ viewport: { width: 375, height: 800 } });
const page = await context.newPage();
await page.goto(base + "/sign-in");
await page.fill("#f-login", login); await page.fill("#f-password", "mingbai-demo");
await Promise.all([page.waitForNavigation(), page.click("form[action='/sign-in'] button")]);
for (const path of paths) {
  for (const width of [375, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const t = Date.now();
    const r = await page.goto(base + path);
    const ms = Date.now() - t;
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    const name = `/tmp/shots/${login}${path.replace(/[^a-z0-9]/gi, "_").slice(0, 60)}_${width}.png`;
    const h = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.screenshot({ path: name, clip: { x: 0, y: 0, width, height: Math.min(h, 2600) }, fullPage: true });
    console.log(r.status(), ms + "ms", wide > width ? "WIDE " + wide : "", h, name);
  }
}
await browser.close();
