// A line between a browser and the site that keeps every byte that the browser sends.
import { connect, createServer } from "node:net";
import { atTheEnd } from "./browser.mjs";

export async function tap(address) {
  const kept = [];
  const port = Number(new URL(address).port);
  const open = new Set();
  const server = createServer((browser) => {
    const site = connect(port, "127.0.0.1");
    for (const one of [browser, site]) { open.add(one); one.on("error", () => one.destroy()); one.on("close", () => open.delete(one)); }
    browser.on("data", (bytes) => kept.push(bytes));
    browser.pipe(site);
    site.pipe(browser);
  });
  await new Promise((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  atTheEnd.push(() => { for (const one of open) one.destroy(); return new Promise((resolve) => { server.close(resolve); }); });
  return { address: `http://127.0.0.1:${server.address().port}`, sent: () => Buffer.concat(kept) };
}
