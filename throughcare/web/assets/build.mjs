// Dresses the service: takes the npm packages beside this file and writes ../static, which is never committed.
//
// The GOV.UK Design System may be used anywhere; its crown, crest, logotype and the typeface GDS Transport may not. So every
// rule that draws a mark is dropped, the typeface is replaced with Source Sans (SIL Open Font Licence; it has Welsh w and y
// with circumflex), and the build fails if a trace of them is left. Each file's name carries the hash of its bytes, so that
// a browser may keep it for ever; manifest.json tells the name a page asks for from the name it is served under.
//
// Usage: node build.mjs [folder to write]

import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "node_modules");
const source = join(here, "src");
const target = resolve(process.argv[2] ?? join(here, "..", "static"));
const draft = `${target}.draft`;

const govuk = join(packages, "govuk-frontend", "dist", "govuk");
const moj = join(packages, "@ministryofjustice", "frontend", "moj");
const sans = join(packages, "source-sans");

const FAMILY = '"Source Sans 3"';
const SCREEN = { Regular: [400, "normal"], It: [400, "italic"], Bold: [700, "normal"], BoldIt: [700, "italic"] };
const MARKS = /crown|crest|copyright-logo|logotype|govuk-logo|probation-common|GDS Transport/i;
const UNUSED = /rich-text-editor|moj-header|moj-cookie-banner|moj-organisation-nav/;

const manifest = {};

const read = (...path) => readFileSync(join(...path));
const text = (...path) => read(...path).toString("utf8");

function put(name, bytes) {
  const print = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const ending = extname(name);
  const kept = `${name.slice(0, -ending.length)}.${print}${ending}`;
  mkdirSync(dirname(join(draft, kept)), { recursive: true });
  writeFileSync(join(draft, kept), bytes);
  manifest[name] = kept;
  return kept;
}

// A style sheet as the list of its top-level rules; braces inside strings are text.
function rules(css) {
  const found = [];
  let [start, depth, quote] = [0, 0, ""];
  for (let at = 0; at < css.length; at += 1) {
    const sign = css[at];
    if (quote) {
      if (sign === "\\") at += 1;
      else if (sign === quote) quote = "";
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === "{") depth += 1;
    else if (sign === "}") depth -= 1;
    else if (sign !== ";") continue;
    if (!quote && depth === 0 && (sign === "}" || sign === ";")) {
      found.push(css.slice(start, at + 1).trim());
      start = at + 1;
    }
  }
  return found;
}

const unwanted = (head) => MARKS.test(head) || UNUSED.test(head);

// A rule without what we may not or do not use: a group loses those of its rules, a rule those of its selectors.
function keep(rule) {
  const opening = rule.indexOf("{");
  if (opening < 0) return rule.startsWith("@charset") ? "" : rule;
  const head = rule.slice(0, opening);
  const body = rule.slice(opening + 1, -1);
  if (head.startsWith("@font-face")) return MARKS.test(body) ? "" : rule;
  if (/^@(media|supports|layer|container)/.test(head)) {
    const kept = rules(body).map(keep).join("");
    return kept && `${head}{${kept}}`;
  }
  const selectors = head.split(/,(?![^(]*\))/).filter((selector) => !unwanted(selector));
  return selectors.length ? `${selectors.join(",")}{${body}}` : "";
}

const clean = (css) =>
  rules(css.replace(/\/\*[\s\S]*?\*\//g, "").replaceAll(/font-family:GDS Transport,/g, `font-family:${FAMILY},`))
    .map(keep)
    .join("");

const faces = () =>
  Object.entries(SCREEN)
    .map(([cut, [weight, style]]) => {
      const name = put(`fonts/SourceSans3-${cut}.woff2`, read(sans, "WOFF2", "TTF", `SourceSans3-${cut}.ttf.woff2`));
      return `@font-face{font-family:${FAMILY};font-weight:${weight};font-style:${style};font-display:fallback;src:url(${name}) format("woff2")}`;
    })
    .join("");

// Pictures that the rules still ask for, by the name they ask; found in the MoJ package.
const pictures = (css) =>
  css.replace(/url\(["']?\/assets\/images\/([^)"']+)["']?\)/g, (_, name) => {
    const asked = `images/${name}`;
    return `url(${manifest[asked] ?? put(asked, read(moj, "assets", "images", name))})`;
  });

const unmapped = (script) => script.replace(/\/\/# sourceMappingURL=\S+\s*$/, "");

// The same typeface for printed pages, in files that typst reads.
function paper() {
  for (const cut of Object.keys(SCREEN)) {
    const file = `SourceSans3-${cut}.ttf`;
    mkdirSync(join(draft, "paper"), { recursive: true });
    cpSync(join(sans, "TTF", file), join(draft, "paper", file));
  }
}

// Whose work is in here, from the packages' own words; the font's licence asks to travel with it.
function notices() {
  const named = ["govuk-frontend", "@ministryofjustice/frontend", "source-sans"].map((name) => {
    const { version, license } = JSON.parse(text(packages, name, "package.json"));
    return `${name} ${version}: ${license}`;
  });
  writeFileSync(join(draft, "NOTICES.txt"), `${named.join("\n")}\n\n${text(sans, "LICENSE.md")}`);
}

function check(name, content) {
  const trace = content.match(/.{0,40}(GDS Transport|govuk-crest|logotype-crown|logotype-crest|url\(\/).{0,40}/);
  if (trace) throw new Error(`${name} still holds what may not be shipped: ${trace[0]}`);
}

function sheet(name, style) {
  const served = pictures(style);
  check(name, served);
  put(name, served);
}

function build() {
  rmSync(draft, { recursive: true, force: true });
  sheet("govuk-frontend.min.css", `@charset "UTF-8";${faces()}${clean(text(govuk, "govuk-frontend.min.css"))}`);
  sheet("moj-frontend.min.css", `@charset "UTF-8";${clean(text(moj, "moj-frontend.min.css"))}`);
  put("govuk-frontend.min.js", unmapped(text(govuk, "govuk-frontend.min.js")));
  put("moj-frontend.min.js", unmapped(text(moj, "moj-frontend.min.js")));
  for (const name of readdirSync(source).sort()) {
    if (name.endsWith(".css")) sheet(name, text(source, name));
    else put(name, read(source, name));
  }
  paper();
  notices();
  writeFileSync(join(draft, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
  rmSync(target, { recursive: true, force: true });
  renameSync(draft, target);
  console.log(`${Object.keys(manifest).length} files in ${basename(target)}`);
}

build();
