// Every page of the site, found by following links from the first page and from the office of each role, and
// looked at in both languages, in normal and elder mode. A page that shows nothing new in its form (the same
// elements, classes and forms as pages before it) is not looked at again. In the end every route that anybody may
// GET must have been reached: a page that no link leads to is a failure, too.
import { look } from "./audit.mjs";
import { LANGUAGES, fail, reader, run, settings } from "./browser.mjs";
import { findsWhatIsWrong } from "./selftest.mjs";
import { openDoor, serve } from "./site.mjs";

// Pages of one route that are looked at for their different forms, of all visitors together, and those that each
// of them fetches to find them.
const FORMS_OF_ROUTE = 3;
const FETCHED_OF_ROUTE = 16;
// Looks at the same time: as many as the machine has to spare.
const AT_ONCE = 2;
// Reached by a form and not by a link, and looked at by the stories; or an answer that is no page.
const NOT_BY_LINK = [
  "/sign-in/code", "/sign-in/start", "/my/benefits", "/settings", "/log/tile/{*path}", "/notices/{number}/photos/{digest}",
  "/office/matters/{number}/documents/{id}", "/office/supervision/duties/{number}/documents/{id}", "/office/reports/{number}/files/{part}",
  "/office/imports/uploads/{id}", "/office/imports/uploads/{id}/problems.csv", "/office/subjects/{subject}",
];

const patterns = settings.routes.filter((route) => route.method === "GET").map(({ path }) => ({
  path,
  test: new RegExp(`^${path.replace(/\{\*\w+\}/g, ".+").replace(/\{\w+\}/g, "[^/]+")}$`),
}));
// A route without a gap goes before one with: `/office/matters/new` is not the matter `new`.
patterns.sort((a, b) => (a.path.match(/\{/g)?.length ?? 0) - (b.path.match(/\{/g)?.length ?? 0));
const routeOf = (path) => patterns.find((one) => one.test.test(path.split("?")[0]))?.path;

const reached = new Map();
const forms = new Set();
const looked = new Map();

// What a page is made of, without its words.
function formOf(route, html) {
  const body = html.slice(html.indexOf("<main"));
  const tags = body.match(/<(?!\/)[a-z0-9]+(?: (?:class|type|action|role)="[^"]*")*/g) ?? [];
  const plain = tags.map((tag) => tag.replace(/\/[0-9A-Za-z-]*\d[0-9A-Za-z-]*/g, "/*"));
  return `${route} ${[...new Set(plain)].sort().join(" ")}`;
}

// Links, and the searches of its forms: every village has a 村 in its name.
function linksOf(html) {
  const found = Array.from(html.matchAll(/ href="(\/[^"#]*)/g), (one) => one[1].replaceAll("&amp;", "&"));
  for (const [, action] of html.matchAll(/<form class="seek" action="(\/[^"]*)" role="search"/g)) found.push(`${action}?q=村`);
  return found.filter((path) => !path.startsWith("/assets/") && !path.startsWith("/settings"));
}

// Follows links by fetching pages; returns those that show something new.
async function crawl(request, as, starts, inside) {
  const [queue, seen, fetched, fresh] = [[...starts], new Set(starts), new Map(), []];
  for (let path = queue.shift(); path; path = queue.shift()) {
    const route = routeOf(path) ?? path.split("?")[0];
    const times = (fetched.get(route) ?? 0) + 1;
    if (times > FETCHED_OF_ROUTE) continue;
    fetched.set(route, times);
    const answer = await request.get(path, { maxRedirects: 0 });
    const type = answer.headers()["content-type"] ?? "";
    if (answer.status() >= 400) {
      fail({ page: path, as, what: `a link leads to ${answer.status()}` });
      continue;
    }
    reached.set(route, (reached.get(route) ?? 0) + 1);
    const next = answer.headers().location;
    if (next?.startsWith("/") && !seen.has(next)) { seen.add(next); queue.push(next); }
    if (answer.status() !== 200 || !type.startsWith("text/html") || path.endsWith(".html")) continue;
    const html = await answer.text();
    for (const link of linksOf(html)) if (!seen.has(link) && link.startsWith(inside)) { seen.add(link); queue.push(link); }
    const form = formOf(route, html);
    const known = looked.get(route) ?? 0;
    if (!forms.has(form) && known < FORMS_OF_ROUTE) {
      forms.add(form);
      looked.set(route, known + 1);
      fresh.push({ path, route });
    }
  }
  return fresh;
}

// All looks of a visitor, in both languages and modes, two of them at a time.
async function lookAt(chrome, site, as, pages, cookies) {
  const jobs = LANGUAGES.flatMap((language) => [false, true].map((elder) => ({ language, elder })));
  const one = async () => {
    for (let how = jobs.shift(); how && pages.length > 0; how = jobs.shift()) {
      const context = await reader(chrome, site, { ...how, cookies });
      const page = await context.newPage();
      page.on("pageerror", (error) => fail({ page: page.url(), what: `a script fails: ${error.message}` }));
      for (const { path } of pages) {
        await page.goto(path);
        await look(page, { page: path, as, ...how });
      }
      await context.close();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

await run("walk", async (chrome) => {
  await findsWhatIsWrong(chrome);
  const site = await serve();
  const visit = async (as, login, starts) => {
    const context = await reader(chrome, site.address);
    if (login) await openDoor(context.request, login);
    const pages = await crawl(context.request, as, starts, login ? "/office" : "/");
    const cookies = (await context.cookies()).filter((one) => one.name === "mb_session");
    await lookAt(chrome, site.address, as, pages, cookies.map(({ name, value }) => ({ name, value })));
    if (settings.tell) process.stderr.write(`${as}: ${pages.map((one) => one.path).join(" ")}\n`);
    await context.close();
  };
  await visit("anybody", null, ["/"]);
  if (settings.public) return;
  for (const { role, login } of settings.accounts) await visit(role, login, ["/office"]);
  process.stderr.write(`${Array.from(looked.values()).reduce((sum, one) => sum + one, 0)} pages\n`);
  for (const { path } of patterns)
    if (!reached.has(path) && !NOT_BY_LINK.includes(path)) fail({ page: path, what: "no link leads to this page" });
});
