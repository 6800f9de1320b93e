/** The built page as a zip to be served from anywhere: `npm run zip` after a build. */
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { strToU8, zipSync, type Zippable } from "fflate";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
export const DIST = here("dist");

const SERVE = `kvscope, a page that is files and nothing else.

Unpack it into any folder of any web server; every address in it is relative. To try it here:

    python3 -m http.server --bind 127.0.0.1 8000

and open http://127.0.0.1:8000/. Opened from the disk (file://) it cannot run: browsers start no
module and no worker there. With https, or on this machine, it installs as an app and works offline.
To host it: a new build is the new files in the place of the old.
`;

/** The same build gives the same bytes. */
export function zipOf(folder: string): Uint8Array {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files: Zippable = { "SERVE.txt": strToU8(SERVE) };
  for (const name of names) {
    const path = join(folder, name);
    if (statSync(path).isFile()) files[name.replaceAll("\\", "/")] = readFileSync(path);
  }
  return zipSync(files, { level: 9, mtime: "1980-01-01T00:00:00" });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(here("kvscope-page.zip"), zipOf(DIST));
}
