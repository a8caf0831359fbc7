// The picture of a page in the docs: what it shows, and whether it is still what the program writes.
// The page is compared, and not the picture: fonts differ between machines.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogCodes, run } from "./pages.mjs";

/** The size of the picture, in pixels. */
export const viewport = { width: 1130, height: 790 };

/** A session of an hour and a half, in which a phone loses its login. */
const CODES = [871300, 871300, 871300, 871300, 871308, 871201, 871102, 871311, 871311, 871201];
const LINES = 9000;

/** The same numbers in each run, below `end`. */
function numbers() {
  let state = 20170317;
  return (end) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

function log() {
  const below = numbers();
  const messages = new Map(catalogCodes().map(([code, , , , , message]) => [Number(code), message]));
  const text = [];
  let millis = (9 * 60 + 40) * 60_000;
  for (let line = 0; line < LINES; line += 1) {
    millis += below(1120);
    const isBad = line > 3000 && line < 4700;
    const chance = isBad ? 90 : line > 7500 ? 45 : 15;
    const code = CODES[isBad ? below(8) : 9 - below(6)];
    const what = below(1000) < chance
      ? `W JMessage: responseCode = ${code}, responseMessage = ${messages.get(code)}`
      : "D Chat    : sync finished, 0 new messages";
    const clock = new Date(millis).toISOString().slice(11, 23);
    text.push(`03-17 ${clock}  4021  4055 ${what}`);
  }
  return text.join("\n") + "\n";
}

const sha256 = (content) => createHash("sha256").update(content).digest("hex");

/** What the picture shows of a page: its style and its body, without the version at the end. */
function shown(page) {
  const [, style, body] = /<style>([^]*)<\/style>[^]*<body>([^]*)<footer>/.exec(page);
  return style + body;
}

/** Writes the page into a folder, as `picture.html`. */
export function writePage(folder) {
  writeFileSync(join(folder, "device.log"), log());
  run(folder, 1, "--report", "html=picture.html", "--lang", "en", "--fail-on", "error", "device.log");
}

/** The hashes of the page in a folder and of a picture, as `sha256sum` writes them. */
export function hashes(folder, picture) {
  const page = readFileSync(join(folder, "picture.html"), "utf8");
  return `${sha256(shown(page))}  page\n${sha256(readFileSync(picture))}  docs/report.png\n`;
}
