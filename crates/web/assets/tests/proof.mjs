// A notice checked in the reader's own browser, by the offline page without any network, and by the Python script, none
// of which trusts the server; and a forged copy that all of them refuse.
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { look } from "./audit.mjs";
import { LANGUAGES, hold, reader, settings } from "./browser.mjs";

// The worker signs the log every two seconds: until then there is no proof.
async function proof(request, number) {
  for (let tries = 0; tries < 60; tries += 1) {
    const answer = await request.get(`/notices/${number}/proof`);
    if (answer.ok()) return answer.text();
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error("the log does not prove the notice");
}

async function inTheBrowser(chrome, site, number) {
  for (const language of LANGUAGES) {
    const page = await (await reader(chrome, site, { language })).newPage();
    await page.goto(`/verify?notice=${number}`);
    await page.waitForSelector("#verdict.good");
    hold((await page.locator("#verdict").innerText()).includes(number), "the browser does not say which notice it checked");
    await look(page, { page: "/verify when checked", as: "villager", language, elder: false });
  }
}

// What the page that needs no network says of three files.
async function offline(chrome, files) {
  const page = await (await chrome.newContext({ offline: true })).newPage();
  await page.goto(pathToFileURL(files.page).href);
  for (const name of ["bundle", "checkpoint", "keys"]) {
    await page.setInputFiles(`#${name}-file`, files[name]);
    await page.waitForFunction((id) => document.getElementById(id).value !== "", name);
  }
  await page.click("#go");
  return page.locator("#verdict").innerText();
}

function script({ bundle, checkpoint, keys }) {
  const own = join(settings.root, "target/tools/python/bin/python");
  const python = process.env.MINGBAI_PYTHON ?? own;
  hold(existsSync(python), `no ${python}: run scripts/setup.sh python`);
  return spawnSync(python, [join(settings.root, "verify/mingbai_verify.py"), bundle, checkpoint, keys], { encoding: "utf8" });
}

export async function proved(chrome, site, number) {
  const { request } = await reader(chrome, site);
  const kept = { bundle: await proof(request, number) };
  for (const [name, path] of [["checkpoint", "/log/checkpoint"], ["keys", "/log/keys"], ["page", "/verify/offline.html"]])
    kept[name] = await (await request.get(path)).text();
  const files = {};
  for (const [name, text] of Object.entries(kept)) {
    files[name] = join(settings.folder, name === "page" ? "verify.html" : name === "bundle" ? "proof.json" : name);
    writeFileSync(files[name], text);
  }
  await inTheBrowser(chrome, site, number);
  const said = await offline(chrome, files);
  hold(said.includes("属实") && said.includes(number), "the offline page does not prove the notice", { where: said });
  const checked = script(files);
  hold(checked.status === 0, "the Python script does not prove the notice", { where: checked.stdout + checked.stderr });

  const forged = { ...files, bundle: join(settings.folder, "forged.json") };
  writeFileSync(forged.bundle, kept.bundle.replace(/村东头/, "村西头"));
  hold(kept.bundle.includes("村东头"), "the proof does not hold the content");
  const refused = await offline(chrome, forged);
  hold(refused.includes("不能证明"), "the offline page takes a forged notice", { where: refused });
  hold(script(forged).status !== 0, "the Python script takes a forged notice");
}
