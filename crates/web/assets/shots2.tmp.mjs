import { chromium } from "playwright-core";
const [,, base, out] = process.argv;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const shot = async (page, name) => {
  for (const width of [375, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const [w, h] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]);
    await page.screenshot({ path: `${out}/${name}_${width}.png`, clip: { x: 0, y: 0, width, height: Math.min(h, 2400) }, fullPage: true });
    console.log(name, width, w > width ? "WIDE " + w : "", h);
  }
};
const sign = async (login) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(base + "/sign-in");
  if (login) {
    await page.fill("#f-login", login); await page.fill("#f-password", "mingbai-demo");
    await Promise.all([page.waitForNavigation(), page.click("form[action='/sign-in'] button")]);
  }
  return page;
};
const tdi = await sign("tdi-101");
for (const [name, path] of [["list", "/office/reports"], ["keys", "/office/keys"], ["new", "/office/reports/new?place=990426101201"], ["ident", "/office/reports/identities"], ["todo", "/office"]]) {
  await tdi.goto(base + path); await shot(tdi, "tdi_" + name);
}
await tdi.goto(base + "/office/reports");
const one = await tdi.locator('main a[href^="/office/reports/J"]').first().getAttribute("href");
await tdi.goto(base + one); await shot(tdi, "tdi_one");
await tdi.fill("#f-purpose", "初核"); await tdi.fill("[name=passphrase]", "mingbai-demo-key");
await Promise.all([tdi.waitForNavigation(), tdi.click("#opening button")]);
await tdi.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
await shot(tdi, "tdi_opened");
const cx = await sign("cx");
for (const [name, path] of [["list", "/office/reports"], ["clusters", "/office/reports/clusters"]]) { await cx.goto(base + path); await shot(cx, "cx_" + name); }
const cl1 = await sign("cl1");
for (const [name, path] of [["charges", "/office/charges"], ["visits", "/office/visits"], ["ident", "/office/reports/identities"]]) { await cl1.goto(base + path); await cl1.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; })); await shot(cl1, "cl1_" + name); }
const vc = await sign("vc-101201");
await vc.goto(base + "/office/topics"); await shot(vc, "vc_topics");
const sys = await sign("sys");
await sys.goto(base + "/office/outbox"); await shot(sys, "sys_outbox");
const anyone = await sign(null);
for (const [name, path] of [["stat", "/statistics"], ["topics", "/villages/990426101201/topics"], ["village", "/villages/990426101201"]]) { await anyone.goto(base + path); await shot(anyone, "pub_" + name); }
const cg = await sign("cg");
for (const [name, path] of [["offices", "/office/office-keys"], ["office", "/office/office-keys/TDI@990426101"]]) { await cg.goto(base + path); await shot(cg, "cg_" + name); }
await browser.close();
