// The pages that are looked at: of 1, 10, and 300 codes, of inputs that attack, and of what may be
// in a name, written by the program.

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PROGRAM = process.env.PROGRAM;

/** Runs the program in a folder, which must end with this status. */
export function run(folder, status, ...options) {
  const stdio = ["ignore", "ignore", "pipe"];
  const { status: ended, stderr } = spawnSync(PROGRAM, options, { cwd: folder, stdio, encoding: "utf8" });
  if (ended !== status) throw new Error(`status ${ended} of ${options.join(" ")}: ${stderr}`);
}

/** The numbers of the catalog, the same in each run. */
export function catalogCodes() {
  const { stdout } = spawnSync(PROGRAM, ["list", "--format", "tsv"], { encoding: "utf8" });
  const rows = stdout.split("\n").filter((line) => /^[1-9]/.test(line));
  return rows.map((row) => row.split("\t"));
}

/** A log with these codes, one in ten lines, whose clock goes back once. */
function log(rows, lines) {
  let seconds = 10 * 3600;
  const text = [];
  for (let line = 0; line < lines; line += 1) {
    seconds += (line * 7919) % 5;
    if (line === Math.floor((lines * 2) / 3)) seconds -= 3000;
    const part = (number) => String(Math.floor(number)).padStart(2, "0");
    const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(part).join(":");
    const row = rows[line < rows.length ? line : (line / 10) * (line / 10) % rows.length];
    const [code, , , , , message] = line % 10 === 0 || line < rows.length ? row : [];
    const what = code ? `E JMessage: responseCode = ${code}, ${message}` : "D Chat: connected";
    text.push(`03-17 ${clock}.${String(line % 1000).padStart(3, "0")}  1702  2395 ${what}`);
  }
  return text.join("\n") + "\n";
}

/** What a browser would obey, if it were not text. */
const ATTACKS = [
  "<script>owned = 1; alert(1)</script>",
  "<img src=x onerror='owned = 1'>",
  "<svg/onload=owned=1><style>*{display:none}</style>",
  "]]> --> </code></td></table></details><h1>owned</h1> <!-- &lt;b&gt; &amp;amp;",
  "' onmouseover='owned=1' \" onfocus=\"owned=1\" autofocus x=\"",
  "javascript:owned=1 </title><base href=//evil.example><meta http-equiv=refresh content=0;url=//evil.example>",
  "\u202egnp.exe\u2066 \u200b\ufeff \u0007\u001b[31m\u001b]0;title\u0007 ##[error]owned ##vso[task.complete]",
  "{{constructor.constructor('owned=1')()}} ${owned=1} <%= owned %>",
];

/** Writes the pages into a folder, and returns their paths by name. */
export function writePages(folder) {
  const page = (name) => `html=${name}.html`;
  const rows = catalogCodes();
  mkdirSync(join(folder, "logs"));
  writeFileSync(join(folder, "one.log"), log(rows.filter(([code]) => code === "871300"), 300));
  const ten = [...rows.filter((_, at) => at % 37 === 3).slice(0, 9), ["871999", "", "", "", "", ""]];
  writeFileSync(join(folder, "ten.log"), log(ten, 2000));
  writeFileSync(join(folder, "many.log"), log(rows.slice(0, 300), 3300));
  run(folder, 1, "--report", page("one"), "--fail-on", "error", "one.log");
  run(folder, 1, "--report", page("ten"), "--fail-on", "error", "ten.log");
  run(folder, 0, "--report", page("passes"), "--fail-on", "888888", "--catalog", special(folder), "one.log");
  run(folder, 0, "--report", page("many"), "--lang", "zh", "many.log", "one.log", "ten.log");
  run(folder, 2, "--report", page("unread"), "--fail-on", "888888", "--catalog", "team.tsv", "one.log", "gone.log");
  run(folder, 0, "--report", page("none"), "--lang", "en", "one.log", "--codes", "web");
  hostile(folder, page);
  return ["one", "ten", "passes", "unread", "many", "none", "hostile", "huge"];
}

function special(folder) {
  const row = ["888888", "team", "needed", "error", "never found", "", "x", "y"];
  writeFileSync(join(folder, "team.tsv"), row.join("\t") + "\n");
  return "team.tsv";
}

function hostile(folder, page) {
  const names = ATTACKS.map((attack, at) => `${at}${attack.replaceAll("/", "\u2215").replace(/\0/g, "")}.log`);
  const bytes = (attack, at) => Buffer.concat([
    Buffer.from(`${attack} responseCode = ${871300 + at}, `), Buffer.from([0, 0xff, 0xfe, 0xc3, 0x28]),
    Buffer.from(`${attack}\ncode = 871300 ${"<&\"'".repeat(1 << 18)} code = 871301\n`),
  ]);
  names.forEach((name, at) => writeFileSync(join(folder, name), bytes(ATTACKS[at], at)));
  const text = "<script>owned=1</script>&amp;'><img src=x onerror=owned=1>".repeat(9);
  const row = (at) => {
    const cut = text.slice(0, at % 100 === 0 ? 500 : 70).trim();
    return [1_000_000 + at, "team", "sure", "error", cut, cut, cut, cut, cut, cut].join("\t");
  };
  const all = Array.from({ length: 10_000 }, (_, at) => at);
  writeFileSync(join(folder, "huge.tsv"), all.map(row).join("\n") + "\n");
  writeFileSync(join(folder, "huge.log"), all.map((at) => `${ATTACKS[at % 8]} code=${1_000_000 + at}`).join("\n"));
  run(folder, 1, "--report", page("hostile"), "--fail-on", "any", ...names);
  run(folder, 1, "--report", page("huge"), "--fail-on", "any", "--catalog", "huge.tsv", "huge.log");
}
