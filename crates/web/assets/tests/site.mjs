// The program as an operator runs it: `mingbai serve` on a free port, on a day of the test's choice.
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { atTheEnd, settings } from "./browser.mjs";

export const PASSWORD = "mingbai-demo";

// The day that the site was last served on: it stands still at noon in China, and its minutes run.
let served = settings.day;
const seconds = () => Date.parse(`${served}T04:00:00Z`) / 1000 + (Date.now() / 1000) % 3600;

// Serves until `stop` is called. A test that needs another day stops the site and serves it again.
export async function serve(day = settings.day) {
  const args = ["--lang", "en", "serve", "--dir", settings.data, "--listen", "127.0.0.1:0", "--day", day];
  const child = spawn(settings.program, args, { stdio: ["ignore", "pipe", "pipe"] });
  served = day;
  let said = "";
  const address = await new Promise((resolve, reject) => {
    const hear = (bytes) => {
      said += bytes;
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) resolve(found[0]);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => reject(new Error(`serve ended with ${code}: ${said}`)));
  });
  const stop = () => new Promise((resolve) => {
    if (child.exitCode !== null) { resolve(); return; }
    child.removeAllListeners("exit");
    child.on("exit", resolve);
    child.kill("SIGTERM");
  });
  atTheEnd.push(stop);
  return { address, stop };
}

// Six digits of an authenticator app (RFC 6238) for a secret in base 32.
export function code(secret) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = Array.from(secret, (c) => letters.indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds() / 30)));
  const digest = createHmac("sha1", key).update(counter).digest();
  const at = digest[digest.length - 1] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

// Signs somebody in by the forms of the door, without drawing a page.
export async function openDoor(request, login) {
  const form = async (path, fields) => {
    const token = (await (await request.get(path)).text()).match(/name="token" value="(\w+)"/)[1];
    return request.post(path.split("?")[0], { form: { token, back: "", ...fields } });
  };
  const answer = await form("/sign-in", { login, password: PASSWORD });
  const last = answer.url().includes("/sign-in/code") ? await form("/sign-in/code", { code: code(settings.secret) }) : answer;
  if (!last.url().endsWith("/office")) throw new Error(`${login} cannot sign in: ${last.status()}`);
}

// Signs somebody in through the door in a browser; the page then shows the office.
export async function signIn(page, login) {
  await page.goto("/sign-in");
  await page.fill("[name=login]", login);
  await page.fill("[name=password]", PASSWORD);
  await page.click("main form button");
  await page.waitForURL((url) => !url.pathname.endsWith("/sign-in"));
  if (page.url().includes("/sign-in/code")) {
    await page.fill("[name=code]", code(settings.secret));
    await page.click("main form button");
    await page.waitForURL((url) => url.pathname.startsWith("/office"));
  }
}
