// Every public page with all that it loads, as it goes over the wire: at most 100 kB, charts left out. And nothing
// comes from another host.
import { fail, hold, reader, run, settings } from "./browser.mjs";
import { send } from "./office.mjs";
import { serve } from "./site.mjs";

const MOST = 100_000;

// A page of each route that anybody may open: one link of each from a walk through the public site.
async function publicPages(request) {
  const shape = (path) => path.split("?")[0].replace(/[0-9][0-9A-Z-]*/g, "*").replace(/\/[A-H]\*/, "/*");
  const [queue, seen, pages] = [["/"], new Set(["/"]), []];
  const shapes = new Map();
  for (let path = queue.shift(); path; path = queue.shift()) {
    const times = (shapes.get(shape(path)) ?? 0) + 1;
    if (times > 3) continue;
    shapes.set(shape(path), times);
    const answer = await request.get(path, { maxRedirects: 0 });
    if (answer.status() !== 200 || !answer.headers()["content-type"].startsWith("text/html")) continue;
    if (!path.endsWith(".html")) pages.push(path);
    for (const [, link] of (await answer.text()).matchAll(/ href="(\/[^"#]*)"/g))
      if (!seen.has(link) && !/^\/(assets|settings|office|api|log)/.test(link)) { seen.add(link); queue.push(link.replaceAll("&amp;", "&")); }
  }
  return pages;
}

async function weigh(context, site, path) {
  const page = await context.newPage();
  const tools = await context.newCDPSession(page);
  await tools.send("Network.enable");
  await tools.send("Network.setCacheDisabled", { cacheDisabled: true });
  const sizes = new Map();
  tools.on("Network.requestWillBeSent", ({ requestId, request }) => sizes.set(requestId, { url: request.url, bytes: 0 }));
  tools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => { sizes.get(requestId).bytes = encodedDataLength; });
  await page.goto(path, { waitUntil: "networkidle" });
  await page.close();
  const loaded = Array.from(sizes.values()).filter((one) => !one.url.startsWith("data:") && !one.url.includes("/charts.js"));
  for (const one of loaded) hold(one.url.startsWith(`${site}/`), "a page loads something from elsewhere", { page: path, where: one.url });
  return loaded.reduce((sum, one) => sum + one.bytes, 0);
}

// The page that a report is written on is reached by forms alone, and carries what seals it.
async function reportForm(context, site) {
  const page = await context.newPage();
  const tools = await context.newCDPSession(page);
  await tools.send("Network.enable");
  await tools.send("Network.setCacheDisabled", { cacheDisabled: true });
  await page.goto("/report?place=990426101201");
  await send(page, "form.doors", {}, "accusation");
  let bytes = 0;
  tools.on("Network.loadingFinished", ({ encodedDataLength }) => { bytes += encodedDataLength; });
  await send(page, 'form[action="/report/write"]', { topic: "subsidy" });
  await page.waitForSelector("form[data-sealing]");
  await page.close();
  process.stderr.write(`the form of a report: ${bytes} bytes\n`);
  if (bytes > MOST || bytes < 30_000) fail({ page: "/report/write", what: `${bytes} bytes over the wire, not between 30,000 and ${MOST}`, where: site });
}

await run("weight", async (chrome) => {
  const site = await serve();
  const context = await reader(chrome, site.address);
  const pages = await publicPages(context.request);
  hold(pages.length > 25, "too few pages are weighed", { where: String(pages.length) });
  let heaviest = { bytes: 0 };
  for (const path of pages) {
    const bytes = await weigh(context, site.address, path);
    if (bytes > heaviest.bytes) heaviest = { path, bytes };
    if (bytes > MOST || bytes === 0) fail({ page: path, what: `${bytes} bytes over the wire, more than ${MOST}` });
  }
  process.stderr.write(`${pages.length} pages; the heaviest: ${heaviest.path}, ${heaviest.bytes} bytes\n`);
  await reportForm(context, site.address);
  if (settings.tell) process.stderr.write(`${pages.join(" ")}\n`);
});
