// What the HTML report does in Chromium: nothing that its policy forbids, no message on the
// console, no request. The switch, the order, and the filter work; without a script everything is
// there; axe finds nothing in light and dark; html-validate finds nothing.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { HtmlValidate } from "html-validate";
import { writePages } from "./pages.mjs";
import { hashes, viewport, writePage } from "./picture.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = process.argv[2];
const names = writePages(folder);
const file = (name) => join(folder, `${name}.html`);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });

let checks = 0;
async function check(what, act) {
  const begun = Date.now();
  await act();
  checks += 1;
  console.log(`ok: ${what} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
}

/** Opens a page, and closes it when `act` is done: then nothing must have gone wrong. */
async function open(name, options, act) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const wrong = [];
  page.on("console", (message) => wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("dialog", (dialog) => { wrong.push("a dialog"); dialog.dismiss(); });
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(file(name)).href) wrong.push(request.url());
  });
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
      window.violations.push(event.violatedDirective + " " + event.blockedURI));
  });
  await page.goto(pathToFileURL(file(name)).href);
  await act(page);
  if (options.javaScriptEnabled !== false) {
    assert.deepEqual(await page.evaluate(() => window.violations), [], `${name}: violations`);
    assert.equal(await page.evaluate(() => typeof window.owned), "undefined", name);
  }
  assert.deepEqual(wrong, [], name);
  await context.close();
}

const firstCells = (page) =>
  page.$$eval("#codes tbody:not([hidden])", (bodies) => bodies.map((body) => body.querySelector("b").textContent));
const isShown = (page, selector) => page.locator(selector).first().isVisible();

for (const name of names) {
  await check(`${name}: it opens, and nothing happens that should not`, () =>
    open(name, {}, async (page) => {
      assert.ok((await page.title()).includes("JMessage error codes"));
      assert.equal(await page.locator("h1").count(), 1);
      const codes = await page.locator("#codes tbody").count();
      if (name === "huge") assert.equal(codes, 10_000);
      if (name === "hostile") assert.equal(codes, 8);
      assert.ok(statSync(file(name)).size <= 100 * 1024 + 2048 * codes, `${name} is too large`);
      const links = await page.$$eval("[href], [src], form", (all) => all.map((one) => one.href ?? one.tagName));
      assert.ok(links.every((link) => link.startsWith("https://docs.jiguang.cn/jmessage/")), links.join(" "));
      assert.equal(await page.locator("img, iframe, base, link, object, [style], [onclick]").count(), 0);
    }));
}

await check("the language can be switched, and is forgotten", () =>
  open("ten", {}, async (page) => {
    const shown = async () => [await isShown(page, "h1 [lang=en]"), await isShown(page, "h1 [lang=zh-Hans]")];
    assert.deepEqual(await shown(), [true, true]);
    await page.getByText("English", { exact: true }).click();
    assert.deepEqual(await shown(), [true, false]);
    await page.locator("label[for=lang-zh]").click();
    assert.deepEqual(await shown(), [false, true]);
    await page.keyboard.press("ArrowLeft");
    assert.deepEqual(await shown(), [true, false]);
    await page.reload();
    assert.deepEqual(await shown(), [true, true]);
  }));

await check("--lang picks the first language", () =>
  open("many", {}, async (page) => {
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-Hans");
    assert.deepEqual([await isShown(page, "h1 [lang=en]"), await isShown(page, "h1 [lang=zh-Hans]")], [false, true]);
  }));

await check("the table is sorted by each column, and back", () =>
  open("ten", {}, async (page) => {
    const before = await firstCells(page);
    assert.equal(before.length, 10);
    const byNumber = [...before].sort((left, right) => Number(left) - Number(right));
    await page.locator("thead button").first().click();
    assert.deepEqual(await firstCells(page), byNumber);
    assert.equal(await page.locator("#codes thead th").first().getAttribute("aria-sort"), "ascending");
    await page.locator("thead button").first().click();
    assert.deepEqual(await firstCells(page), byNumber.reverse());
    await page.locator("#codes thead button").nth(3).click();
    const counts = await page.$$eval("#codes tbody td:nth-child(4)", (cells) => cells.map((cell) => parseInt(cell.textContent, 10)));
    assert.deepEqual(counts, [...counts].sort((left, right) => right - left));
    await page.locator("#codes thead button").nth(1).click();
    const ranks = ["error", "warning", "info"];
    const severities = await page.$$eval("#codes tbody", (bodies) => bodies.map((body) => body.classList[0]));
    assert.deepEqual(severities, [...severities].sort((left, right) => ranks.indexOf(left) - ranks.indexOf(right)));
  }));

await check("a phone sorts too", () =>
  open("ten", { viewport: { width: 390, height: 844 } }, async (page) => {
    const before = await firstCells(page);
    await page.locator("#codes thead button").first().click();
    assert.notDeepEqual(await firstCells(page), before);
  }));

await check("the filter finds words, numbers, and severities", () =>
  open("ten", {}, async (page) => {
    await page.fill("#filter", "871999");
    assert.deepEqual(await firstCells(page), ["871999"]);
    assert.equal(await page.locator("#found").textContent(), "1 / 10");
    await page.fill("#filter", "unknown CODE");
    assert.deepEqual(await firstCells(page), ["871999"]);
    await page.fill("#filter", "no such words");
    assert.deepEqual(await firstCells(page), []);
    await page.fill("#filter", "");
    await page.locator("#tools input[value=error]").uncheck();
    assert.equal(await page.locator("#codes tbody.error:visible").count(), 0);
    assert.ok((await firstCells(page)).length > 0);
  }));

await check("a code opens its lines, with the number marked", () =>
  open("ten", {}, async (page) => {
    const body = page.locator("#codes tbody").first();
    assert.equal(await body.locator("mark").first().isVisible(), false);
    await body.locator("summary").click();
    assert.equal(await body.locator("mark").first().isVisible(), true);
    assert.equal(await body.locator("mark").first().textContent(), await body.locator("b").textContent());
    assert.equal(await body.locator("mark").count(), 4);
    await page.click("#open");
    assert.equal(await page.locator("#codes details[open]").count(), 10);
  }));

await check("without a script everything is there, and what needs one is not", () =>
  open("ten", { javaScriptEnabled: false }, async (page) => {
    assert.equal(await page.locator("#codes tbody:visible").count(), 10);
    assert.equal(await page.locator("#codes details").count(), 10);
    assert.equal(await isShown(page, "#tools"), false);
    assert.equal(await page.locator("button:visible").count(), 0);
    assert.equal(await isShown(page, "svg.chart"), true);
    await page.locator("#codes summary").first().click();
    assert.equal(await isShown(page, "#codes mark"), true);
    await page.locator("label[for=lang-zh]").click();
    assert.equal(await isShown(page, "h1 [lang=en]"), false);
  }));

await check("the chart says its codes, and shows that the times go back", () =>
  open("ten", {}, async (page) => {
    const titles = await page.$$eval("svg.chart title", (all) => all.map((title) => title.textContent));
    assert.ok(titles.length > 10 && titles.every((title) => /^[12] · 03-17 [0-9:]+–[0-9:]+: [0-9]+ ×[0-9]+/.test(title)), titles[0]);
    assert.equal(await page.locator("svg.chart line.jump").count(), 1);
    assert.ok((await page.locator(".jumps").textContent()).includes("The times go back here."));
    assert.equal(await page.locator(".numbers tbody tr").count(), titles.length + 2);
  }));

for (const width of [1280, 390]) {
  await check(`nothing is wider than a screen of ${width} pixels`, async () => {
    for (const name of ["one", "ten", "many", "passes", "unread", "none", "hostile"]) {
      await open(name, { viewport: { width, height: 844 } }, async (page) => {
        await page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(over <= 0, `${name} is ${over} pixels too wide`);
      });
    }
  });
}

await check("on paper, the lines of what fails are open", () =>
  open("ten", {}, async (page) => {
    await page.emulateMedia({ media: "print" });
    assert.equal(await isShown(page, "#codes tbody.fails mark"), true);
    assert.equal(await isShown(page, ".languages"), false);
  }));

for (const colorScheme of ["light", "dark"]) {
  await check(`axe finds nothing in ${colorScheme}`, async () => {
    for (const [name, width] of [["one", 1280], ["ten", 1280], ["ten", 390], ["passes", 1280], ["none", 390], ["hostile", 1280]]) {
      await open(name, { colorScheme, viewport: { width, height: 900 } }, async (page) => {
        await page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run());
        const found = violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html + " " + node.failureSummary).join("; ")}`);
        assert.deepEqual(found, [], name);
      });
    }
  });
}

await check("html-validate finds nothing", async () => {
  const validator = new HtmlValidate({ extends: ["html-validate:recommended"] });
  for (const name of names.filter((name) => name !== "huge")) {
    const report = await validator.validateFile(file(name));
    const found = report.results.flatMap((result) => result.messages);
    assert.deepEqual(found.map((one) => `${one.line}:${one.column} ${one.ruleId}: ${one.message}`), [], name);
  }
});

const picture = join(process.env.ROOT, "docs/report.png");
const known = join(process.env.ROOT, "tests/browser/picture.sha256");
writePage(folder);
if (process.env.JM_ANNOTATE_REWRITE) {
  await open("picture", { viewport }, (page) => page.screenshot({ path: picture }));
  writeFileSync(known, hashes(folder, picture));
}
await check("the picture in the docs shows what the program writes", () => {
  const is = hashes(folder, picture);
  assert.equal(is, readFileSync(known, "utf8"), "draw it again: JM_ANNOTATE_REWRITE=1 tests/browser/run");
});

if (process.env.SCREENSHOTS) {
  for (const name of names.filter((name) => name !== "huge")) for (const width of [1280, 390]) for (const colorScheme of ["light", "dark"]) {
    await open(name, { colorScheme, viewport: { width, height: 1400 } }, (page) =>
      page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}-${width}-${colorScheme}.png`) }));
  }
}
await browser.close();
console.log(`${checks} checks of the page passed`);
