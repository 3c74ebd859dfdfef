// The clear card of every power item on paper: one sheet of A4 in each language, with its QR code.
import { LANGUAGES, fail, hold, reader, run } from "./browser.mjs";
import { serve } from "./site.mjs";

// Sheets of a PDF: its objects of the type "page".
const sheets = (pdf) => (pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;

await run("print", async (chrome) => {
  const site = await serve();
  for (const language of LANGUAGES) {
    const context = await reader(chrome, site.address, { language });
    const page = await context.newPage();
    const list = await (await context.request.get("/powers")).text();
    const cards = [...new Set(Array.from(list.matchAll(/ href="(\/powers\/[A-Z]\d\d)"/g), (one) => one[1]))];
    hold(cards.length === 40, "not all power items have a card", { language, where: String(cards.length) });
    for (const path of cards) {
      await page.goto(path);
      const count = sheets(await page.pdf({ format: "A4", preferCSSPageSize: true }));
      if (count !== 1) fail({ page: path, language, what: `the card takes ${count} sheets of paper` });
      const code = page.locator(".qr svg");
      await page.emulateMedia({ media: "print" });
      hold(await code.isVisible(), "the card has no QR code on paper", { page: path, language });
      await page.emulateMedia({ media: null });
    }
    await context.close();
  }
});
