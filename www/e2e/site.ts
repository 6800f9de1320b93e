/** The built page and a browser for the tests of one file: there before the first, gone after the
 *  last. A file that serves something beside the page has a site of its own. */
import { after, before } from "node:test";
import type { Browser } from "playwright-core";
import { launch, serve, type Served } from "./harness.ts";

export let browser: Browser;
export let served: Served;
before(async () => {
  [browser, served] = await Promise.all([launch(), serve()]);
});
after(async () => {
  await browser?.close();
  await served?.close();
});
